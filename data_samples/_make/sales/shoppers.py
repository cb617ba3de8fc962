"""The people of the shop of `sales` and what they want: read by domain.py, which books it.

Nobody is drawn from a factor model. People have lives (lives.txt) and projects (projects.txt), own bicycles that wear with the
kilometres, get wet, give presents and wait for a sale; firms run crews, classes and fleets. Planted here: the three suspicious accounts
and the people who only look like them, the evening of a wrong price, and the rising returns of the battery under recall (returns.txt)."""
import tomllib, zlib
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
import numpy as np

HERE = Path(__file__).parent
PACK = HERE.parents[1] / 'sales'
ZONE, SEED = ZoneInfo('Europe/Dublin'), 20251101
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
DAYS = [FIRST + timedelta(i) for i in range((LAST - FIRST).days + 1)]
HOLIDAYS = '2025-12-25 2025-12-26 2026-01-01 2026-02-02 2026-03-17 2026-04-06 2026-05-04 2026-06-01 2026-08-03 2026-10-26'
CLOSED = {date.fromisoformat(d) for d in HOLIDAYS.split()}
GROUPS = dict(private=280, club=123, trade=84, newcomer=73)
FIRMS = dict(joiner=20, fitter=12, painter=9, school=10, courier=9, centre=8, council=6, farm=6, festival=4)
AREAS = dict(IE='T12 T12 T23 T45 P31 P25 P43 P51 P72 P75 V94 V93 V35 H91 N37 N37 R95 X91 Y35 D04 D08 D15 A98 F91'.split(),
             NI='BT7 BT9 BT47 BT35 BT74'.split(), NL='48 48 48 49 47 50 51 30 35 66 97'.split(), BE='20 23 90 30 10 33'.split())
GIVES_OUT = 'gas and fuel|tyres and tubes|care|protection|drill accessories|drivetrain|brakes|cut lengths|safety boots|workwear'.split('|')
GIVES_OUT += 'socks sockswool patchkit bottlecage lockk headtorch moss8 slab helmetchild pegs guylines poleseg earplugs'.split()
GIVES_OUT += 'solo bat18l bat18m pannier pb500'.split()
RISING = '26-05-21 26-06-29 26-07-09 26-07-30 26-08-06 26-08-13 26-08-20 26-08-27 26-09-08'.split()  # the battery under recall comes back
ODD = 'wardrobe voucher empty threesizes unlucky crew'.split()


def rng(name): return np.random.default_rng([SEED, zlib.crc32(name.encode())])
def pick(r, seq): return seq[int(r.integers(len(seq)))]
def work(day): return day.weekday() < 5 and day not in CLOSED


def later(day, n):
    "The n-th working day after `day`"
    while n > 0:
        day += timedelta(1)
        n -= work(day)
    return day


def written(name, width):
    "The rows of a table written by hand, fields parted by `|`"
    rows = [line.split('|') for line in (HERE / name).read_text(encoding='utf-8').splitlines() if line.strip() and not line.startswith('#')]
    for row in rows: assert len(row) in (width, width + (name == 'lives.txt')), (name, row)
    return [[field.strip() for field in row] for row in rows]


HEAD = 'key id name category brand price was weight sizes returnable months from until text'.split()
SHELF = {row[0]: dict(zip(HEAD, row)) for row in written('products.txt', 14)}
PRICES = [(k, date.fromisoformat(a), date.fromisoformat(b), float(p)) for k, a, b, p, _ in written('prices.txt', 5)]
RULES = tomllib.loads((PACK / 'domain' / 'rules.toml').read_text(encoding='utf-8'))
WEEKENDS = [w['from'] for w in RULES['sale_weekend']]
LASTPIECES = ('springvest', 'oldlamp')


def cat(k): return SHELF[k]['category']
def gas(k): return k.startswith('gas')
def bulky(k): return cat(k) == 'e-bikes' or (cat(k) == 'bicycles' and k != 'pip12') or k in ('childtrailer', 'b120', 'toolchest', 'roofbox')
def byroad(k): return gas(k) or k in ('pb400', 'pb500', 'pb625')
def blade(k): return k in ('pocketknife', 'campknife', 'multitoolblade', 'hatchet', 'foldsaw')
def cents(x): return round(float(x) + 1e-9, 2)


def shelf_price(k, day):
    "The price on the shelf that day, and whether it was reduced"
    low = [p for key, a, b, p in PRICES if key == k and a <= day <= b]
    return (min(low), True) if low else (float(SHELF[k]['price']), bool(SHELF[k]['was']))


def sold(k, day): return SHELF[k]['from'] <= day.isoformat()[:7] and (not SHELF[k]['until'] or day.isoformat()[:7] <= SHELF[k]['until'])


def weather():
    "Pressure systems pass: wetness (0..1) and mean temperature of each day"
    r, wet, warm, left, kind = rng('weather'), [], [], 0, 0
    for d in DAYS:
        if left <= 0: kind, left = (1 - kind if r.random() < .8 else kind), 2 + r.gamma(2, 1.8)
        left -= 1
        season = np.cos((d.timetuple().tm_yday - 205) / 365 * 2 * np.pi)
        wet.append(float(np.clip((.75 if kind else .22) - .12 * season + r.normal(0, .12), 0, 1)))
        warm.append(10.2 + 5.4 * season + (1.6 * season if not kind else .8 - 1.2 * season) + r.normal(0, 1.4))
    return np.convolve(wet, np.ones(7) / 7)[:len(DAYS)], np.array(warm)


def customers():
    "Who buys: a group, a country, a purse, a day of joining; firms have a trade and a size"
    r, people = rng('customers'), []
    kinds = [k for k, n in FIRMS.items() for _ in range(n)]
    for group, n in GROUPS.items():
        for i in range(n):
            dutch = r.random() < (.24 if group != 'newcomer' else .3)
            country = pick(r, ['NL', 'NL', 'NL', 'BE']) if dutch else 'NI' if r.random() < .065 else 'IE'
            if group == 'newcomer': joined = FIRST + timedelta(int(r.integers(0, 352)))
            elif r.random() < .86: joined = FIRST - timedelta(int(r.gamma(1.6, 800)) % 3600)
            else: joined = FIRST + timedelta(int(r.integers(0, 330)))
            who = kinds[i] if group == 'trade' else group
            people.append(dict(joined=joined, group=group, who=who, language='nl' if dutch and r.random() < .64 else 'en', country=country,
                               area=f'{country}-{pick(r, AREAS[country])}', purse=r.beta(2.2, 2.6), born=int(r.integers(1, 13)),
                               owned=set(), past=r.gamma(2, 2200) if group == 'trade' else 0,
                               level='' if group != 'club' else ('path', 'ridge', 'summit')[int(np.searchsorted([.64, .92], r.random()))],
                               marketing=r.random() < (.62 if group == 'newcomer' else .5), recommend=r.random() < .89,
                               keen=r.gamma(2, .5)))
    people.sort(key=lambda p: p['joined'])
    number = 101200
    for p in people:
        number += int(r.integers(180, 1450))
        p['id'] = f'C-{number}'
    return people


def one(r, text, p):
    "One of a/b/c by the purse, as often as the text says"
    name, _, n = pick_by_purse(r, text.split('/'), p).partition('*')
    return name, max(1, round(int(n or 1) * (r.uniform(.6, 1.5) if p['group'] == 'trade' and n else 1)))


def pick_by_purse(r, options, p): return options[min(len(options) - 1, int(np.clip(p['purse'] + r.normal(0, .22), 0, .999) * len(options)))]


def needs(people):
    "What people want and when, out of their projects, presents, weather and worn parts: (day, person, articles)"
    wet, warm = weather()
    projects, lives = written('projects.txt', 5), written('lives.txt', 5)
    beside = {row[1]: row[4].split() for row in lives if row[0] == 'with'}
    for p in people:
        r = rng('life ' + p['id'])
        first = max(FIRST, p['joined'])
        mine = [x for x in projects if p['who'] in x[1].split()]
        weight = np.array([float(x[3]) for x in mine])
        many = int(r.poisson(3.9 if p['group'] == 'trade' else .5 + .95 * p['keen'])) + (p['group'] == 'newcomer' and r.random() < .7)
        for i in r.choice(len(mine), min(len(mine), many), replace=p['group'] == 'trade', p=weight / weight.sum()):
            days = [d for d in DAYS if str(d.month) in mine[i][2].split() and d >= first]
            if days: yield from project(r, p, mine[i], pick(r, days), beside)
        for kind, months, chance, who, things in (row for row in lives if row[0] not in ('with', 'wear')):
            if p['who'] not in who.split(): continue
            for m in range(12):
                month = [d for d in DAYS if (d - FIRST).days // 30.45 == m and str(d.month) in months.split() and d >= first]
                if kind in ('wet', 'frost', 'warm'):
                    fits = wet > .62 if kind == 'wet' else warm < 5 if kind == 'frost' else warm > 15.5
                    month = [d for d in month if fits[(d - FIRST).days]]
                if month and r.random() < float(chance) * p['keen']:
                    many = 1 + (r.random() < (.45 if kind in ('small', 'gift') else .3))
                    yield pick(r, month), p, [one(r, pick(r, things.split()), p) for _ in range(many)]
        if p['group'] == 'trade' and p['who'] != 'courier': continue
        for _, bikes, still, km, chance, parts in (row for row in lives if row[0] == 'wear'):
            for n in range(4 if p['who'] == 'courier' and 'toure3' in bikes else 1):
                fleet = p['who'] == 'courier'
                if fleet and 'toure3' not in bikes or r.random() > float(chance) * (8 if fleet else 1): continue
                yield from wear(r, p, still, km, parts, wet, first, beside)


def along(r, beside, things, share=1.):
    "What goes into the basket beside a thing"
    return [(a, 1) for t, _ in things for a, c in zip(beside.get(t, [])[::2], beside.get(t, [])[1::2]) if r.random() < float(c) * share]


def project(r, p, row, day, beside):
    for k, stage in enumerate(row[4].split('>')):
        gap, _, text = stage.partition(':')
        things = [one(r, x.split('@')[0], p) for x in text.split() if r.random() < float(x.split('@')[1]) * .95]
        at = day + timedelta(int(int(gap) * r.uniform(.7, 1.6)))
        if k and r.random() < .17: return
        if things: yield at, p, things + along(r, beside, things, .6)


def wear(r, p, still, km, parts, wet, first, beside):
    "Kilometres add up; a part that is through is bought, or the workshop does it"
    low, high = map(float, km.split('-'))
    week, life = r.uniform(low, high), {x.split(':')[0]: float(x.split(':')[1]) * r.uniform(.6, 1.4) for x in parts.split()}
    gone = {k: r.random() * v for k, v in life.items()}
    for d in DAYS[::7]:
        if d < first or str(d.month) in still.split(): continue
        ridden = week * (1.15 if 4 <= d.month <= 10 else .7) * (1.25 - .5 * wet[(d - FIRST).days]) * r.uniform(.4, 1.5)
        for k in life:
            gone[k] += ridden * (1.5 if k.startswith(('pad', 'rim', 'ch')) and wet[(d - FIRST).days] > .6 else 1)
            if gone[k] < life[k]: continue
            gone[k] = 0
            if r.random() < .5:
                things = [one(r, k, p)]
                yield d + timedelta(int(r.integers(0, 7))), p, things + along(r, beside, things)


def drafts(people):
    "Baskets: needs of the same days together, waiting for a sale, nothing durable twice"
    wanted, out = {}, []
    for day, p, things in needs(people):
        r = rng(f'{p["id"]} {day} {things[0]}')
        coming = [w for w in WEEKENDS if 0 < (w - day).days <= 24]
        if coming and p['marketing'] and r.random() < .55 and any(k == t and a == coming[0] for t, _ in things for k, a, *_ in PRICES):
            day = coming[0] + timedelta(int(r.integers(0, 3)))
        wanted.setdefault((p['id'], (day - FIRST).days // 3), (p, day, []))[2].extend(things)
    for p, day, things in patient(wanted.values()):
        basket, cans = {}, 12
        for k, n in things:
            has = k in p['owned'] and cat(k) not in GIVES_OUT and k not in GIVES_OUT
            has |= cat(k) == 'e-bikes' and any(cat(x) == 'e-bikes' for x in p['owned'])
            if not sold(k, day) or p['country'] == 'NI' and byroad(k) or has and p['group'] != 'trade': continue
            if gas(k): n = min(n, cans); cans -= n
            if n: basket[k] = basket.get(k, 0) + n; p['owned'].add(k)
        if basket and day <= LAST: out.append(dict(p=p, day=day, items=[dict(k=k, n=n) for k, n in basket.items()]))
    return out


def patient(wanted):
    "For a tube nobody pays postage: small wishes wait for the next basket, or are met on the way home"
    out, waiting = [], {}
    for p, day, things in sorted(wanted, key=lambda x: (x[1], x[0]['id'])):
        since, kept = waiting.pop(p['id'], (day, []))
        things = things + (kept if (day - since).days < 45 else [])
        worth = sum(n * float(SHELF[k]['price']) for k, n in things)
        if worth > 24 or p['group'] == 'trade' or rng(f'{p["id"]} {day} waits').random() < .12: out.append((p, day, things))
        else: waiting[p['id']] = (day, things)
    return out


def mark_returns(orders, people):
    "Each written reason finds a line of somebody who may have typed it; where nobody bought it, somebody does, by mistake or in hope"
    used, spots = {}, iter(RISING)
    bad = {x['id'] for x in people if x.get('odd')}  # the accounts of `special` have their own
    for keys, kind, lang, text in written('returns.txt', 4):
        if kind in ODD: continue
        r, winter = rng('return ' + text), (date(2025, 11, 20), date(2025, 12, 23))
        ends = (date(2025, 11, 1), date(2026, 4, 28)) if kind == 'recall' else winter if kind == 'gift' else (FIRST, date(2026, 10, 5))
        def may(p): return p['language'] == lang and p['id'] not in bad and (p['group'] != 'trade' or kind in ('size', 'fit'))
        fits = [(o, i) for o in orders if ends[0] <= o['day'] <= ends[1] and may(o['p']) and used.get(o['p']['id'], 0) < 3
                for i in o['items'] if i['k'] in keys.split() and 'back' not in i]
        if not fits:
            day, k = ends[0] + timedelta(int(r.integers(3, (ends[1] - ends[0]).days))), keys.split()[0]
            if not sold(k, day): day = FIRST + timedelta(int(r.integers(5, 100)))
            able = [p for p in people if p['joined'] < day and may(p) and p['group'] != 'trade' and p['country'] != 'NI']
            p = pick(r, [p for p in able if not used.get(p['id'])])
            fits = [(dict(p=p, day=day, items=[dict(k=k, n=1)]), None)]
            orders.append(fits[0][0])
            fits[0] = fits[0][0], fits[0][0]['items'][0]
        o, item = pick(r, fits)
        item['back'] = dict(kind=kind, text=text, on=date.fromisoformat('20' + next(spots)) if kind == 'recall' else None)
        used[o['p']['id']] = used.get(o['p']['id'], 0) + 1


def special(people):
    "The accounts that are wrong, and those that only look so: (account, why, in order?) and their baskets"
    def somebody(name, **facts):
        p = next(p for p in people if not p.get('odd') and p['joined'] < date(2025, 6, 1) and p['group'] == facts['group']
                 and p['language'] == 'en' and p['country'] == 'IE' and p['level'] == facts.get('level', ''))
        p.update(facts, odd=name)
        return p
    def basket(p, day, text, **more):
        items = [dict(k=k, n=int(n or 1)) for k, _, n in (t.partition('*') for t in text.split())]
        return dict(p=p, day=date.fromisoformat(day), items=items, **more)
    def baskets(p, rows, **more): return [basket(p, *x.split(' ', 1), **more) for x in rows]
    said = {kind: [(k, t) for k, x, _, t in written('returns.txt', 4) if x == kind] for kind in ODD}
    def returned(orders, kind):
        for (k, text), o in zip(said[kind], orders):
            next(i for i in o['items'] if i['k'] == k)['back'] = dict(kind=kind, text=text, on=None)
        return orders
    w, v, e = somebody('wardrobe', group='club', level='path'), somebody('voucher', group='private'), somebody('empty', group='private')
    parent, unlucky = somebody('threesizes', group='private'), somebody('unlucky', group='club', level='ridge')
    crew = somebody('crew', group='trade', who='council')
    v['joined'] = date(2025, 10, 28)
    out = returned(baskets(w, WARDROBE), 'wardrobe')
    out += [basket(w, '2026-04-02', 'gas450*2'), basket(w, '2026-07-01', 'sockswool earplugs')]
    out += returned(baskets(v, VOUCHER, way='welcome'), 'voucher')
    out += returned(baskets(e, EMPTY), 'empty') + [basket(e, '2025-12-08', 'patchkit bell'), basket(e, '2026-06-02', 'gas230')]
    sizes = basket(parent, '2026-04-09', 'helmetcity helmetred helmettour')
    out += returned([sizes, sizes], 'threesizes')[:1] + returned(baskets(unlucky, UNLUCKY), 'unlucky')
    out += returned(baskets(crew, CREW), 'crew')
    calm = [p for p in people if p['group'] in ('private', 'club') and not p.get('odd') and p['joined'] < date(2025, 9, 1)]
    calm = [p for p in calm if p['country'] == 'IE' and p['language'] == 'en']
    out.append(basket(calm[11], '2026-03-05', 'd18set', way='replacement'))
    out += [basket(calm[40 + 9 * i], '2026-05-16', 'stanr2', way='slip', minute=1255 + 31 * i) for i in range(5)]
    notes = [(w, 'serial_returner', 'orders before free days and returns nearly all of it, used, shortly before the 60 days end'),
             (v, 'voucher_abuse', 'takes the welcome code of one use eight times just above 75 euro and sends the dear part back'),
             (e, 'refund_without_goods', 'five delivered parcels are claimed as empty or lost, each time the dearest thing')]
    fine = [(parent, 'three sizes ordered, one kept: what the size guide invites to'),
            (unlucky, 'four faults in a year, each confirmed by goods in'),
            (crew, 'a crew measured by the council: whole sizes go back unworn within 14 days')]
    return out, notes, fine


WARDROBE = ['2025-11-06 skerrow3', '2025-11-27 membrane', '2026-03-30 hollin4', '2026-04-29 skerrow2', '2025-12-19 moss1',
            '2026-02-12 pack60', '2026-05-28 drift pumpsack',
            '2026-07-29 duo', '2026-01-28 membrane', '2026-03-12 fellgate', '2026-07-30 skerrow3', '2026-06-25 roofbox',
            '2026-05-13 childtrailer', '2026-08-13 powerstation']
VOUCHER = ['2025-11-12 pannier sockswool', '2026-01-08 fleece sockswool', '2026-02-03 lightset headtorch earplugs',
           '2026-03-04 cookset headtorch',
           '2026-05-06 daypack28 socks',
           '2026-06-10 helmettour bell', '2026-07-15 headtorchr sockswool', '2026-09-02 glasses*4 helmetcity']
EMPTY = ['2025-12-03 headtorchr', '2026-02-17 powerbank tape5', '2026-04-14 d12set', '2026-07-07 membrane socks',
         '2026-09-08 torquewrench grease']
UNLUCKY = ['2025-11-20 drift', '2026-02-24 lightset', '2026-05-19 trekpoles', '2026-08-25 powerbank']
CREW = ['2026-03-24 vest*30', '2026-03-26 polo*18']
