"""What is wrong in the shop of `sales`, put in on purpose, and the list of it for gold/domain.toml: read by domain.py."""
from collections import Counter
from datetime import timedelta
from shoppers import SHELF


def net(b): return b['item']['n'] * b['item']['unit'] - b['item']['off']


def spoil(lines, back, people):
    "Six orders that cannot be; each is the first that suits, and nothing else of it is touched"
    found, used = [], {x['order']['id'] for x in back}
    count = Counter(x['id'] for x in lines)
    def first(test, start):
        x = next(x for x in lines[start:] + lines[:start] if not x['o']['p'].get('odd') and 'way' not in x['o'] and test(x))
        used.add(x['id'])
        return x
    def note(x, kind, why, file='domain/orders.csv'): found.append(dict(file=file, order=x['id'], line=x['line'], kind=kind, why=why))
    def calm(x): return x['id'] not in used and x['status'] == 'Delivered' and x['channel'] in ('web', 'app')
    x = first(lambda x: calm(x) and count[x['id']] == 1, 410)
    x['got'] = x['at'].date() - timedelta(3)
    note(x, 'delivered_before_ordered', f'ordered {x["at"].date()}, delivered {x["got"]}')
    x = first(lambda x: x['status'] == 'Cancelled' and x['id'] not in used, 900)
    x['got'] = x['promised']
    note(x, 'cancelled_but_delivered', 'cancelled, yet the carrier has a day of delivery')
    x = first(lambda x: calm(x) and count[x['id']] == 3 and x['line'] == 2, 1500)
    x['user'] = next(p['id'] for p in people[200:] if p['joined'] < x['at'].date() and p['id'] != x['user'])
    note(x, 'two_users_in_one_order', f'line 2 belongs to {x["user"]}, lines 1 and 3 to {x["o"]["p"]["id"]}')
    x = first(lambda x: calm(x) and x['o']['p']['country'] == 'NI' and x['line'] == count[x['id']], 700)
    y = dict(x, line=x['line'] + 1, product=SHELF['gas230']['id'], quantity=2, unit=7.5, off=0., ship=0., i=dict(x['i'], k='gas230'))
    lines.insert(lines.index(x) + 1, y)
    note(y, 'gas_to_northern_ireland', 'cartridges are never sent there (delivery-times-and-costs#dangerous-goods)')
    b = next(b for b in back[60:] if b['state'] == 'refunded' and b['kind'] == 'fit' and 30 < b['refund'] < 90)
    paid = net(b) + b['item']['ship']
    b['refund'] = round(b['refund'] + 90, 2)
    why = f'{b["id"]}: refunded {b["refund"]:.2f}, paid with postage {paid:.2f}'
    note(dict(id=b['order']['id'], line=b['line']), 'refund_above_paid', why, 'domain/returns.csv')
    b = next(b for b in back[130:] if b['kind'] == 'mind' and b['state'] == 'refunded' and not b['order']['p'].get('odd'))
    b['at'] -= timedelta((b['at'].date() - b['item']['got']).days + 4)
    why = f'{b["id"]}: registered {b["at"].date()}, delivered {b["item"]["got"]}'
    note(dict(id=b['order']['id'], line=b['line']), 'returned_before_delivery', why, 'domain/returns.csv')
    assert len(found) == 6
    return found


def ordinary(lines, back, mended, fine):
    "What looks wrong and is in order"
    count = Counter(x['id'] for x in lines)
    bad = {x['order']['id'] for x in back}
    def one(test): return next(x for x in lines[300:] if x['id'] not in bad and test(x))
    x = one(lambda x: x['channel'] == 'showroom_cork' and x['got'] == x['at'].date())
    yield dict(order=x['id'], kind='delivered_on_the_day', why='bought in the showroom and carried out')
    x = one(lambda x: x['got'] and (x['got'] - x['promised']).days > 8 and x['channel'] in ('web', 'app'))
    yield dict(order=x['id'], kind='late', why=f'promised {x["promised"]}, delivered {x["got"]}: late, not impossible')
    x = next(x for x in lines if x['o'].get('way') == 'replacement')
    yield dict(order=x['id'], kind='discount_of_all', why='replacement under guarantee, nothing to pay')
    b = next(b for b in back if net(b) < b['refund'] < net(b) + 10)
    yield dict(order=b['order']['id'], returned=b['id'], kind='refund_above_line',
               why='the whole order came back, outward postage paid back too')
    b = next(b for b in back if b['kind'] == 'gift' and (b['at'].date() - b['item']['got']).days > 31)
    yield dict(order=b['order']['id'], returned=b['id'], kind='late_return', why='bought before Christmas, may come back until 31 January')
    x = one(lambda x: x['off'] > 0 and x['channel'] == 'trade_desk' and x['quantity'] >= 20)
    yield dict(order=x['id'], kind='large_discount', why='a quote by steps of quantity')
    x = one(lambda x: x['product'] == SHELF['springvest']['id'] and x['unit'] == 27)
    yield dict(order=x['id'], kind='low_price', why='last pieces, from 69 to 45 to 27')
    x = one(lambda x: x['quantity'] >= 12 and x['o']['p']['group'] == 'trade' and count[x['id']] < 4)
    yield dict(order=x['id'], kind='bulk_buyer', why=f'trade ({x["o"]["p"]["who"]}): bought for a crew or a class')
    x = one(lambda x: x['o']['p']['country'] == 'NI' and x['channel'] == 'click_collect')
    yield dict(order=x['id'], kind='bulky_to_northern_ireland', why='not delivered there, collected in Cork')
    firsts = [x['o']['p'] for x in lines if x['o']['p'].get('welcomed') == x['at'].date() and not x['o']['p'].get('odd')]
    pair = next((a['id'], b['id']) for a in firsts for b in firsts if a['id'] < b['id'] and a['area'] == b['area'])
    yield dict(users=list(pair), kind='same_area', why='neighbours, each with a first code of ten euro')
    codes = Counter()
    for x in lines: codes[x['id']] += x['off']
    ten = [x for x in lines if x['line'] == 1 and round(codes[x['id']], 2) == 10 and x['o']['p']['group'] != 'trade']
    several = Counter(x['user'] for x in ten if not x['o']['p'].get('odd')).most_common(1)[0]
    yield dict(user=several[0], kind='many_codes', orders=several[1],
               why='ten euro off more than once, each by a rule of its own: first code, birthday of a basket of 100, or apology')
    n = Counter(x['order']['p']['id'] for x in back)
    for p, why in fine: yield dict(user=p['id'], kind='account', returns=n[p['id']], why=why)
    narrow, often = sum(x['item']['k'] == 'fellgate' for x in back), sum(m[1] == SHELF['citye2']['id'] for m in mended)
    yield dict(product=SHELF['fellgate']['id'], kind='many_returns', returns=narrow,
               why='runs narrow, always did: sizes, no fault, no rise')
    yield dict(product=SHELF['citye2']['id'], kind='many_repairs', repairs=often, why='services and punctures of a bicycle sold often')
    yield dict(product=SHELF['jetneedle']['id'], kind='low_price', why='two euro is the price of a needle')
    yield dict(product=SHELF['hammock']['id'], kind='showroom_only', why='none in Athlone, two in Cork: the black ring')
    yield dict(product=SHELF['fellgate']['id'], kind='size_gone', why='no 43 although there is stock in other sizes')


def toml(table, facts):
    def value(v):
        if isinstance(v, list): return '[' + ', '.join(map(value, v)) + ']'
        return str(v) if isinstance(v, (int, float)) else f'"{v}"'
    return '\n'.join(['', f'[[{table}]]'] + [f'{k} = {value(v)}' for k, v in facts.items()])


def tell(lines, back, mended, notes, fine, planted, goods):
    out = ['# Written by _make/sales/domain.py: what was planted in domain/, and what only looks like it. Read by tests and benches only.']
    out += [toml('inconsistent', x) for x in planted]
    ids = [SHELF[k]['id'] for k in ('pb500', 'toure3', 'toure3old')]
    months = ['2025-11', '2025-12'] + [f'2026-{m:02d}' for m in range(1, 11)]
    came = Counter(x['at'].strftime('%Y-%m') for x in back if x['kind'] == 'recall')
    book = [m for m in mended if m[1] in ids and 'PB5-25' in m[6]]
    seen = Counter(f'{m[3]:%Y-%m}' for m in book)
    sold = Counter(x['at'].strftime('%Y-%m') for x in lines if x['product'] in ids and x['status'] == 'Delivered')
    out.append(toml('recall', dict(product=ids[0], also=ids[1:], months=months, sold=[sold[m] for m in months],
                                   returned=[came[m] for m in months], repaired=[seen[m] for m in months],
                                   returns=[x['id'] for x in back if x['kind'] == 'recall'], repairs=[m[0] for m in book],
                                   announced='2026-09-15',
                                   why='moisture in the cell holder, serials PB5-2514 to PB5-2531: cases rise from spring to the recall')))
    for p, kind, why in notes:
        mine = [x for x in back if x['order']['p']['id'] == p['id']]
        orders = sorted({x['id'] for x in lines if x['user'] == p['id']})
        out.append(toml('suspicious', dict(user=p['id'], kind=kind, orders=orders, returns=[x['id'] for x in mine],
                                           refunded=round(sum(x['refund'] for x in mine), 2), why=why)))
    slip = [x['id'] for x in lines if x['o'].get('way') == 'slip']
    stand, wool = SHELF['stanr2']['id'], SHELF['sockswool']['id']
    out.append(toml('price_error', dict(file='domain/orders.csv', product=stand, wrong=15.9, right=159.0, orders=slip,
                                        why='the decimal point slipped on the evening of 2026-05-16')))
    out.append(toml('price_error', dict(file='domain/products.csv', product=wool, wrong=189.0, right=18.9,
                                        why='nobody ever paid this; orders stand at 18.90')))
    boots = goods['ironstep']
    out.append(toml('stock_mismatch', dict(file='domain/products.csv', product=boots['id'], stock=boots['stock'],
                                           by_size=boots['stock'] - 27, why='the sizes do not add up to the stock')))
    out += [toml('ordinary', x) for x in ordinary(lines, back, mended, fine)]
    return '\n'.join(out) + '\n'
