"""The shop of the pack `sales`: products, what fits what, customers, a year of orders, returns and repairs.

    python data_samples/_make/sales/domain.py

Texts stand in files beside this program, fields parted by |; who wants what and why is in shoppers.py; what it costs, how it travels and
what may come back in domain/rules.toml. Planted and listed in gold/domain.toml (gold.py): 6 inconsistent orders, a battery under recall
whose returns and repairs rise, 3 suspicious accounts, 2 price errors, a stock mismatch, and look-alikes that are in order. Seeded: the
same bytes every time."""
import csv
from datetime import date, datetime, time, timedelta
import numpy as np
from gold import spoil, tell
from shoppers import (CLOSED, FIRST, LAST, LASTPIECES, PACK, RULES, SHELF, ZONE, blade, bulky, byroad, cat, cents, customers, drafts, gas,
                      later, mark_returns, pick, rng, shelf_price, special, work, written)

# numbers that tests, articles and utterances give to orders, returns and repairs of their own: never given out here
GIVEN = set('''100001 101377 102294 104482 104917 106060 106604 108816 108845 109120 109983 110021 110110 110220 111092 112233 112468 113256
113906 113999 114400 114410 115330 115501 116003 116620 116789 117001 117002 117120 117345 117650 117777 117902 118204 118413
118430 118431 118800 118893 119333 119365 119840 119955 120001 120010 120077 120655 121187 121212 122609 123345 125518 125570
127713 127730 128846 129031 130951 131207 132250 133020 133784 136615 137745 139916 140218 141155 144091 271847'''.split())
TAKEN = set('20714 20877 20988 21007 21034 21077 21190 21266 21550 39922 40219 40229 40318 40655 40871 41007 41350 41877 44398'.split())
NEAR = dict(cork='T12 T23 T45 P31 P25 P43 P51 P72 P75'.split(), breda='48 47 49 50 51 20 23'.split())
HOURS = np.array([.3, .1, .1, 0, 0, .2, .8, 2, 3, 3, 3, 3.5, 5, 4, 3, 3, 3, 4, 5, 6, 9, 9, 5, 2])
SCARCE = dict(gas450w=(0, 0, 0), tarp=(0, 0, 0), pannier24=(0, 0, 0), toure3old=(0, 0, 0), gravelcustom=(0, 0, 0),
              cargoc1=(2, 1, 0), childtrailer=(5, 2, 0), hammock=(0, 2, 0), springvest=(3, 0, 0), oldlamp=(7, 1, 0), roofbox=(4, 1, 0))


def house(p): return next((s for s, near in NEAR.items() if p['area'].split('-')[1] in near and p['country'] != 'NI'), '')
def stamp(day, minute): return datetime.combine(day, time(int(minute) // 60, int(minute) % 60), ZONE)
def text(at): return at.isoformat(timespec='minutes')
def money(x): return f'{x:.2f}'


def channel(o, r):
    "Where it is ordered, and when"
    p, day, keys = o['p'], o['day'], [i['k'] for i in o['items']]
    way, shop = '', house(p)
    dear = max(i['n'] * shelf_price(i['k'], day)[0] for i in o['items'])
    if o.get('way') in ('welcome', 'slip'): way = 'web'
    elif o.get('way') == 'replacement': way = 'phone'
    elif p['group'] == 'trade':
        large = max(i['n'] for i in o['items']) >= 5 or dear > 620
        way = 'trade_desk' if large and r.random() < .6 else pick(r, ['web', 'web', 'phone'])
    elif p['country'] == 'NI' and any(map(bulky, keys)): way = 'click_collect'
    else: way = str(r.choice(['web', 'app', 'showroom', 'click_collect', 'phone'], p=[.5, .2, .16, .1, .04]))
    if p.get('odd') in ('wardrobe', 'empty'): way = 'app'
    shut = day in CLOSED or day.weekday() in ((0, 6) if shop == 'breda' else ())
    if way == 'showroom' and (shut or not shop) or way == 'click_collect' and not shop and p['country'] != 'NI': way = 'web'
    if way == 'showroom': way, minute = f'showroom_{shop}', r.integers(*((735, 1005) if day.weekday() == 6 else (605, 1070)))
    elif way == 'trade_desk' or p['group'] == 'trade':
        while not work(o['day']): o['day'] += timedelta(1)
        minute = r.integers(455, 1015)
    elif way == 'phone': minute = r.integers(490, 1190); o['day'] += timedelta(o['day'].weekday() == 6)
    else: minute = 60 * int(r.choice(24, p=HOURS / HOURS.sum())) + r.integers(60)
    o['channel'], o['at'] = way, stamp(min(o['day'], LAST), min(o.get('minute', minute), 1195 if o['day'] >= LAST else 1439))


def level(p, day):
    "The level of the club, looked at on the first of each month"
    first = day.replace(day=1)
    points = sum(n for d, n in p.setdefault('points', []) if first - timedelta(365) <= d < first)
    now = 'summit' if points >= 1500 else 'ridge' if points >= 500 else 'path'
    if p['group'] == 'club' and ('path', 'ridge', 'summit').index(now) > ('path', 'ridge', 'summit').index(p['level']): p['level'] = now
    return p['level']


def trade_share(p, day):
    "The step of a firm, set on 1 January and 1 July after the net purchases of 12 months"
    spent = p.setdefault('net', [])
    since, kept = max((d, k) for d, k in ((FIRST, 1), (date(2026, 1, 1), 10 / 12), (date(2026, 7, 1), 4 / 12)) if d <= day)
    net = p['past'] * kept + sum(n for d, n in spent if d < since)
    return max([s['share'] for s in RULES['trade']['step'] if net >= s['net_12_months']], default=0)


def discount(o, r):
    "The sum taken off each line; one code an order, shared out by value"
    p, day, lines = o['p'], o['at'].date(), o['items']
    value = [cents(i['n'] * i['unit']) for i in lines]
    plain = not any(gas(i['k']) or i['k'] in LASTPIECES for i in lines)
    off = 0.
    if o.get('way') == 'replacement': return value
    if p['group'] == 'trade':
        step = trade_share(p, day)
        def full(i): return gas(i['k']) or i['low'] or cat(i['k']) == 'e-bikes' and i['unit'] > 3500
        def pieces(n): return .15 if n >= 50 else max([s['share'] for s in RULES['quote']['step'] if n >= s['pieces']], default=0)
        usual = [0 if full(i) else cents(v * step) for i, v in zip(lines, value)]
        quote = [0 if gas(i['k']) else cents(v * pieces(i['n'])) for i, v in zip(lines, value)]
        return quote if o['channel'] == 'trade_desk' and sum(quote) > sum(usual) else usual
    fresh = 0 <= (day - p['joined']).days <= 30 and p['marketing'] and 'welcomed' not in p
    if plain and sum(value) >= 75 and (o.get('way') == 'welcome' or fresh and r.random() < .8): off, p['welcomed'] = 10., day
    elif plain and p['group'] == 'club' and day.month == p['born'] and 'birthday' not in p and r.random() < .5:
        off, p['birthday'] = cents(sum(value) * .1), day
    elif plain and p.get('sorry', LAST) < day and not p.get('odd') and sum(value) > 20: off = 10.; p.pop('sorry')
    shares = [cents(off * v / sum(value)) for v in value]
    shares[int(np.argmax(value))] = cents(shares[int(np.argmax(value))] + off - sum(shares))
    return shares


def ship(o, r):
    "Postage, promise and arrival; a bicycle travels apart from small things"
    p, at, where = o['p'], o['at'], o['p']['country']
    sent = at.date() if work(at.date()) and at.hour < 14 else later(at.date(), 1)
    value = sum(i['n'] * i['unit'] - i['off'] for i in o['items'])
    rough = at.month == 12 and at.day > 5 or (at.month == 1 and 20 < at.day < 28)
    express = (where == 'IE' and at.weekday() < 4 and at.hour < 14 and o['channel'] in ('web', 'app') and r.random() < .05
               and not any(byroad(i['k']) or blade(i['k']) or bulky(i['k']) or i['k'] == 'powerstation' for i in o['items']))
    for apart in (False, True):
        lines = [i for i in o['items'] if bulky(i['k']) == apart]
        slow, cost = 30 if any(i['k'] == 'gravelcustom' for i in lines) else 0, 0.
        late = int(r.choice([1, 2, 3, 5, 7, 9])) if r.random() < (.16 if rough else .05) else 0
        if not lines: continue
        if o['channel'].startswith('showroom'):
            promised = got = later(at.date(), slow or 4) if apart else at.date()
        elif o['channel'] == 'click_collect':
            promised = later(sent, slow or (4 if apart else 5 if house(p) == 'breda' else 3))
            got = later(promised, int(r.integers(0, 5)) + late)
        elif apart:
            cost = 0. if level(p, at.date()) == 'summit' else float(RULES['delivery']['bulky']['cost'][where])
            promised, got = later(sent, 8 + slow), later(sent, slow + int(r.integers(5, 9)) + late)
        else:
            rule = RULES['delivery']['express' if express else 'parcel'][where]
            low, high = rule['working_days']
            more = RULES['delivery']['dangerous']['extra_working_days'].get(where, 0) if any(byroad(i['k']) for i in lines) else 0
            cost = 0. if not express and value >= rule.get('free_from', 1e9) or o.get('way') == 'replacement' else rule['cost']
            promised, got = later(sent, high + more), later(sent, max(1, int(r.integers(low - (r.random() < .2), high + 1))) + more + late)
        if late >= 3 and r.random() < .5: p['sorry'] = got
        for n, i in enumerate(lines): i.update(ship=cost if n == 0 else 0., promised=promised, got=got, sent=sent, state='Delivered')
    off = o['channel'] in ('web', 'app') and not any('back' in i for i in o['items']) and 'way' not in o and r.random() < .035
    hold = r.random() < .07
    for i in o['items']:
        if off: i.update(state='Cancelled', got=None)
        elif i['got'] > LAST:
            if o['channel'] == 'click_collect' and i['promised'] <= LAST: i['state'] = 'Ready for you'
            elif o['channel'].startswith('showroom') or i['k'] == 'gravelcustom': i['state'] = 'Paid'
            elif i['sent'] < LAST: i['state'] = 'On hold' if hold else 'Handed over'
            else: i['state'] = pick(r, ['Received', 'Paid', 'Paid', 'Picking', 'Packed'])
            i['got'] = None


def book(baskets):
    "Baskets become orders with numbers, in the order of time"
    for n, o in enumerate(baskets): channel(o, rng(f'channel {o["p"]["id"]} {o["day"]} {o["items"][0]["k"]} {n}'))
    baskets.sort(key=lambda o: (o['at'], o['p']['id']))
    last = 0
    for n, o in enumerate(baskets):
        r, day = rng(f'order {n}'), o['at'].date()
        start, begin, pace = (94800, FIRST, 160.) if day.year == 2025 else (100030, date(2026, 1, 1), 146.)
        due = int(start + pace * ((day - begin).days + (o['at'].hour * 60 + o['at'].minute) / 1440))
        last = max(last + 1, due) if n and baskets[n - 1]['at'].year == day.year else due
        while f'{last:06d}' in GIVEN: last += 1
        o['id'] = f'TW{day:%y}-{last:06d}'
        for i in o['items']: i['unit'], i['low'] = (15.9, True) if o.get('way') == 'slip' else shelf_price(i['k'], day)
        for i, off in zip(o['items'], discount(o, r)): i['off'] = off
        ship(o, r)
        paid = sum(i['n'] * i['unit'] - i['off'] for i in o['items'] if i['state'] != 'Cancelled' and 'back' not in i)
        if o['p']['group'] == 'trade': o['p']['net'].append((day, paid / 1.23))
        elif o['items'][0]['got']: o['p'].setdefault('points', []).append((o['items'][0]['got'] + timedelta(31), int(paid)))
    return baskets


LAG = dict(size=(1, 12), fit=(1, 14), mind=(3, 27), fault=(12, 150), damage=(0, 3), wrong=(0, 4), wardrobe=(39, 56),
           voucher=(4, 12), empty=(0, 5), threesizes=(2, 5), unlucky=(9, 70), crew=(4, 9))


def returns(baskets):
    "What came back, why, and what became of it"
    rows = []
    for o in baskets:
        for line, i in enumerate(o['items'], 1):
            if 'back' not in i: continue
            kind, r, p = i['back']['kind'], rng('back ' + i['back']['text']), o['p']
            if i['back']['on']: on = max(i['back']['on'], i['got'] + timedelta(3))
            elif kind == 'gift': on = date(2025, 12, 27) + timedelta(int(r.integers(0, 31)))
            else:
                slow = 20 if kind == 'mind' and p['group'] == 'club' and r.random() < .4 else 0
                on = min(i['got'] + timedelta(int(r.integers(*LAG[kind])) + slow), LAST - timedelta(2))
            if p['group'] == 'trade' and kind in ('size', 'fit', 'mind'): on = min(on, i['got'] + timedelta(13))
            ours = kind in ('fault', 'damage', 'wrong', 'recall', 'empty', 'unlucky')
            net, where, by_hand = i['n'] * i['unit'] - i['off'], p['country'], house(p) and r.random() < .3
            label = 29 if bulky(i['k']) else 0 if p['level'] in ('ridge', 'summit') or where == 'NI' else RULES['return']['cost'][where]
            post = 0 if ours or by_hand else label
            whole = len(o['items']) == 1 and not bulky(i['k']) and (ours or (on - i['got']).days <= 14)
            outward = min(i['ship'], RULES['delivery']['parcel'][where]['cost'])
            state = 'refunded'
            if kind == 'size' and r.random() < .62: state = 'exchanged'
            elif kind in ('fault', 'unlucky', 'damage', 'wrong') and r.random() < .5: state = 'replaced'
            elif kind == 'mind' and r.random() < .1: state = 'refused' if r.random() < .3 else 'refunded in part'
            elif kind == 'wardrobe' and r.random() < .35: state = 'refunded in part'
            share = dict(refunded=1., refused=0.).get(state, cents(1 - pick(r, [.1, .15, .2, .3, .4])) if 'part' in state else 0.)
            refund = max(0., cents(net * share - post * (share > 0) + outward * (whole and share == 1)))
            decided = later(on, int(r.integers(5, 8)) + 3 * (on.month == 1)) if kind != 'empty' else later(on, 3)
            if decided > LAST: state, refund, decided = ('received' if later(on, 4) < LAST else 'registered'), 0., ''
            rows.append(dict(order=o, line=line, item=i, at=stamp(on, r.integers(440, 1400)), reason=i['back']['text'], state=state,
                             refund=refund, decided=decided, kind=kind))
    rows.sort(key=lambda x: x['at'])
    number = 31040
    for x in rows:
        number += int(rng(x['reason']).integers(31, 90))
        while str(number) in TAKEN: number += 1
        x['id'] = f'RT-{number}'
    return rows


def repairs(baskets, people):
    "The workshop's book; who brought a thing has bought it here where the year knows of it"
    rows, number, seen = [], 17110, set()
    for k, brought, days, place, labour, parts, fault, did in sorted(written('repairs.txt', 8), key=lambda x: x[1]):
        day, r = date.fromisoformat('20' + brought), rng(brought + fault)
        lands = ('IE', 'NI') if place == 'C' else ('NL', 'BE')
        def near(p): return p['country'] in lands and p['group'] != 'newcomer' and not p.get('odd')
        kinds = (k, 'toure3old') if 'PB5' in did else (k,)
        def his(i): return i['k'] in kinds and i['got'] and i['got'] < day - timedelta(4) and 'back' not in i
        own = [o['p'] for o in baskets if near(o['p']) for i in o['items'] if his(i)]
        own = [p for p in own if (p['id'], k) not in seen]
        if not own or r.random() < .4: own = [p for p in people if p['joined'] < day and near(p) and p['group'] != 'trade']
        p = pick(r, own)
        seen.add((p['id'], k))
        ready, n = day, 0 if days == '-' else int(days)
        while n or ready.weekday() in (0, 6): ready += timedelta(1); n -= n > 0 and ready.weekday() not in (0, 6)
        share = (.96 if place == 'B' else 1) * (1 - dict(ridge=.1, summit=.15).get(p['level'], 0))
        number += int(r.integers(20, 70))
        while str(number) in TAKEN: number += 1
        ready = '' if days == '-' or ready > LAST else ready
        cost = money(float(labour) * share + float(parts)) if ready else ''
        rows.append((f'WS-{number}', SHELF[k]['id'], p['id'], day, ready, fault, did, cost))
    return rows


def stock():
    "Pieces in Athlone by size, and on the two shelves; dear things are few"
    for k, x in SHELF.items():
        r, price = rng('stock ' + k), float(x['price'])
        have = int(r.gamma(1.7, 1) * min(160, 1500 / (price + 8))) if price < 900 else int(r.integers(0, 9))
        have, cork, breda = SCARCE.get(k, (have, int(r.integers(0, 7 if price < 100 else 3)), int(r.integers(0, 6 if price < 100 else 3))))
        sizes = x['sizes'].split()
        middle = np.array([1 + 2 * min(i, len(sizes) - 1 - i) for i in range(len(sizes))], float)
        if k == 'fellgate': middle[sizes.index('43')] = 0
        counts = r.multinomial(have, middle / middle.sum()) if sizes else []
        price = 189. if k == 'sockswool' else price  # the price error
        was, split = money(float(x['was'])) if x['was'] else '', '|'.join(f'{s}={n}' for s, n in zip(sizes, counts))
        have += 27 * (k == 'ironstep')  # the stock mismatch
        yield k, dict(x, price=money(price), was=was, sizes=split, warranty_months=x['months'], stock=have,
                      store_stock=f'Cork={cork}|Breda={breda}')


def write(name, head, rows):
    with open(PACK / 'domain' / name, 'w', newline='', encoding='utf-8') as f:
        csv.writer(f, lineterminator='\n').writerows([head.split(), *rows])


def main():
    people = customers()
    extra, notes, fine = special(people)
    baskets = [o for o in drafts(people) if not o['p'].get('odd')]
    mark_returns(baskets, people)
    book(baskets := baskets + extra)
    for p in people: level(p, LAST)
    back, mended = returns(baskets), repairs(baskets, people)
    lines = [dict(id=o['id'], line=n, user=o['p']['id'], at=o['at'], product=SHELF[i['k']]['id'], quantity=i['n'], unit=i['unit'],
                  off=i['off'], ship=i['ship'], status=i['state'], channel=o['channel'], promised=i['promised'], got=i['got'], o=o, i=i)
             for o in baskets for n, i in enumerate(o['items'], 1)]
    planted, goods = spoil(lines, back, people), dict(stock())
    head = 'id name category brand price was weight sizes text stock store_stock returnable warranty_months from until'
    write('products.csv', head, [[x[c] for c in head.split()] for x in goods.values()])
    write('compatibility.csv', 'product with fits why',
          [(SHELF[a]['id'], SHELF[b]['id'] if b in SHELF else b, c, d) for a, b, c, d in written('compatibility.txt', 4)])
    write('customers.csv', 'id joined group language postcode_area club marketing recommendations',
          [(p['id'], p['joined'], p['group'], p['language'], p['area'], p['level'], 'yes' if p['marketing'] else 'no',
            'yes' if p['recommend'] else 'no') for p in people])
    write('orders.csv', 'id line user at product quantity unit_price discount shipping status channel promised delivered',
          [(x['id'], x['line'], x['user'], text(x['at']), x['product'], x['quantity'], money(x['unit']), money(x['off']), money(x['ship']),
            x['status'], x['channel'], x['promised'], x['got'] or '') for x in lines])
    write('returns.csv', 'id order line at reason state refund decided',
          [(x['id'], x['order']['id'], x['line'], text(x['at']), x['reason'], x['state'], money(x['refund']), x['decided']) for x in back])
    write('repairs.csv', 'id product user brought ready fault work cost', mended)
    (PACK / 'gold' / 'domain.toml').write_text(tell(lines, back, mended, notes, fine, planted, goods), encoding='utf-8')


if __name__ == '__main__': main()
