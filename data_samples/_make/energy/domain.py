"""The numbers of the pack `energy`: a year of weather, exchange prices and hourly meters of 20 homes, and the tables written by hand beside them.

    python data_samples/_make/energy/domain.py

Nothing is drawn from a forecasting model. Weather comes from pressure systems that pass; the price from demand, wind and sun through a cost curve; use from
people who wake, leave, cook, wash, drive and heat, day by day. What is planted (gaps, clock changes, Watt-hours, a stuck meter, anomalies) is listed in
`gold/domain.toml`. Texts (work orders, outages) and prices of tariffs stand in files beside this program, fields parted by |. Seeded: the same bytes every time."""
import csv, zlib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo
import numpy as np

HERE = Path(__file__).parent
PACK = HERE.parents[1] / 'energy'
ZONE, SEED = ZoneInfo('Europe/Berlin'), 20251001
FIRST, LAST = datetime(2025, 9, 30, 22, tzinfo=timezone.utc), datetime(2026, 9, 30, 22, tzinfo=timezone.utc)
WHEN = [(FIRST + timedelta(hours=i)).astimezone(ZONE) for i in range(int((LAST - FIRST).total_seconds() // 3600))]
STAMP = [t.isoformat(timespec='minutes') for t in WHEN]
HOUR = np.array([t.hour for t in WHEN])
DAYS = sorted({t.date() for t in WHEN})
OF_DAY = {d: [] for d in DAYS}
for i, t in enumerate(WHEN): OF_DAY[t.date()].append(i)
HOLIDAYS = {date.fromisoformat(d) for d in '2025-10-03 2025-10-31 2025-12-25 2025-12-26 2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25'.split()}
SCHOOL_OFF = [('2025-10-20', '2025-10-31'), ('2025-12-22', '2026-01-05'), ('2026-03-30', '2026-04-10'), ('2026-07-13', '2026-08-22')]


def rng(name): return np.random.default_rng([SEED, zlib.crc32(name.encode())])
def within(day, spells): return any(date.fromisoformat(a) <= day <= date.fromisoformat(b) for a, b in spells)
def mask(start, end): return np.array([start <= s[:16] < end for s in STAMP])


# id, kind, people, heating, tariff, floor area, who lives there, what they own, when they are away
HOMES = [
    ('EM4471820', 'family', 4, 'gas', 'Varn Fix 24', 142, 'worker parttime pupil pupil', dict(dryer=1, standby=.11), [('2025-10-20', '2025-10-25'), ('2026-07-18', '2026-08-01')]),
    ('EM5528140', 'couple', 2, 'district heat', 'Varn Fix 12', 78, 'worker worker', dict(standby=.05), [('2026-02-14', '2026-02-21'), ('2026-06-05', '2026-06-14')]),
    ('EM1180342', 'single', 1, 'district heat', 'Varn Basis', 34, 'student', dict(standby=.03), [('2025-12-20', '2026-01-04'), ('2026-08-01', '2026-08-30')]),
    ('EM1203777', 'retired', 2, 'gas', 'Varn Basis', 118, 'retired retired', dict(freezer=1, standby=.07), [('2026-05-17', '2026-05-30')]),
    ('EM1264018', 'heat pump', 4, 'heat pump', 'Varn Flow', 156, 'worker homeoffice pupil pupil', dict(hp=.13, standby=.13, timer=1), [('2026-03-30', '2026-04-08'), ('2026-07-25', '2026-08-12')]),
    ('EM1310955', 'heat pump', 2, 'heat pump', 'Varn Fix 12', 128, 'worker parttime', dict(hp=.21, standby=.08), [('2026-08-15', '2026-08-29')]),
    ('EM1377206', 'heat pump meter', 3, 'heat pump', 'Varn Warm', 164, '', dict(hp=.18, only_hp=3, standby=.012), [('2025-12-27', '2026-01-02')]),
    ('EM1402681', 'wallbox', 4, 'gas', 'Varn Fix 12', 131, 'worker worker pupil pupil', dict(km=64, box=11, dryer=1, standby=.1), [('2025-12-22', '2025-12-29'), ('2026-07-13', '2026-07-27')]),
    ('EM1459330', 'all electric', 3, 'heat pump', 'Varn Flow', 149, 'worker homeoffice pupil', dict(hp=.14, km=41, box=11, pv=11.2, bat=10, standby=.12, timer=1), [('2026-08-03', '2026-08-17')]),
    ('EM1518874', 'prosumer', 2, 'gas', 'Varn Natur', 125, 'retired parttime', dict(pv=9.8, standby=.08, freezer=1), [('2026-05-04', '2026-05-16')]),
    ('EM1560129', 'prosumer', 3, 'district heat', 'Varn Fix 12', 122, 'worker worker pupil', dict(pv=7.0, bat=8, standby=.09), [('2026-04-01', '2026-04-09'), ('2026-07-30', '2026-08-14')]),
    ('EM1623405', 'prosumer', 5, 'oil', 'Varn Natur', 168, 'worker parttime pupil pupil pupil', dict(pv=9.2, km=38, box=11, dryer=1, standby=.14), [('2026-07-20', '2026-08-08')]),
    ('EM1688712', 'single', 1, 'district heat', 'Varn Natur', 56, 'homeoffice', dict(standby=.06), [('2025-11-14', '2025-11-18'), ('2026-06-20', '2026-07-05')]),
    ('EM1730096', 'single', 1, 'gas', 'Varn Fix 12', 49, 'shift', dict(standby=.035), [('2026-03-07', '2026-03-15'), ('2026-09-05', '2026-09-19')]),
    ('EM1795543', 'shared flat', 4, 'gas', 'Varn Fix 12', 104, 'student student student worker', dict(standby=.09, freezer=1), [('2025-12-22', '2026-01-02')]),
    ('EM1842260', 'bakery', 6, 'gas', 'Varn Fix 12', 145, 'bakery', dict(standby=1.1), [('2026-08-03', '2026-08-16')]),
    ('EM1906618', 'shop', 3, 'district heat', 'Varn Natur', 95, 'grocery', dict(standby=1.6), []),
    ('EM1951447', 'salon', 4, 'district heat', 'Varn Fix 24', 72, 'salon', dict(standby=.14), [('2025-12-24', '2026-01-03'), ('2026-07-27', '2026-08-08')]),
    ('EM2017735', 'weekend home', 2, 'electric', 'Varn Basis', 61, 'guest guest', dict(radiators=1, standby=.025), []),
    ('EM2084109', 'family', 6, 'district heat', 'Varn Flow', 112, 'worker parttime pupil pupil pupil retired', dict(boiler=1, dryer=1, standby=.12), [('2026-07-14', '2026-08-05')]),
]
# meter, kind, start, end (local, end not included), kilowatts; what happened
ANOMALIES = [
    ('EM4471820', 'freezer_defect', '2026-05-09T14:00', '2026-06-03T11:00', .17, 'freezer in the cellar never switches off after its seal tore'),
    ('EM5528140', 'standby_leak', '2025-11-22T19:00', '2025-12-19T20:00', .14, 'old console and amplifier left on after a party'),
    ('EM1180342', 'double_heating', '2026-01-08T16:00', '2026-01-27T09:00', 1.6, 'fan heater beside a cold radiator'),
    ('EM1203777', 'night_rise', '2026-02-03T22:00', '2026-02-24T06:00', .42, 'timer of the garden pump turned by twelve hours'),
    ('EM1264018', 'double_heating', '2025-12-05T02:00', '2025-12-16T13:00', 2.6, 'heating rod released by a wrong bivalence point'),
    ('EM1310955', 'double_heating', '2026-01-19T05:00', '2026-02-02T15:00', 3.4, 'rod carries the house while the outdoor unit trips'),
    ('EM1402681', 'night_rise', '2026-04-18T22:00', '2026-05-08T06:00', .55, 'hot tap drips, the small electric tank reheats at night'),
    ('EM1688712', 'standby_leak', '2026-03-10T09:00', '2026-04-21T17:00', .19, 'workstation no longer goes to sleep after an update'),
    ('EM1795543', 'freezer_defect', '2026-06-26T08:00', '2026-07-24T18:00', .21, 'icebox compressor runs through in the heat'),
    ('EM1906618', 'freezer_defect', '2026-08-07T03:00', '2026-08-19T10:00', .95, 'ice chest loses refrigerant'),
    ('EM1951447', 'night_rise', '2026-05-28T22:00', '2026-06-13T06:00', .8, 'water heater of the wash basins without its clock'),
    ('EM2084109', 'standby_leak', '2026-09-01T12:00', '2026-09-26T22:00', .22, 'circulation pump hand-switched to permanent'),
]
GAPS = [('EM1730096', '2026-01-13T07:00', '2026-01-13T08:00', 'missing'), ('EM1560129', '2025-11-30T18:00', '2025-12-01T00:00', 'missing'), ('EM1377206', '2026-02-17T09:00', '2026-02-18T14:00', 'empty'),
        ('EM1842260', '2026-06-10T00:00', '2026-06-13T00:00', 'missing'), ('EM4471820', '2026-02-03T16:00', '2026-02-14T11:00', 'missing')]
WATTS = [('EM1518874', '2026-03-03T00:00', '2026-03-07T00:00'), ('EM1951447', '2026-02-16T00:00', '2026-02-25T00:00')]
STUCK = ('EM1623405', '2026-04-20T19:00', '2026-04-25T15:00')
CLOCK = [('EM1402681', '2025-10-26', 'missing', 'the repeated hour 02:00+01:00 was dropped'), ('EM1310955', '2025-10-26', 'duplicate', 'both hours carry 02:00+02:00'),
         ('EM1310955', '2026-03-29', 'duplicate', 'the hour that does not exist, written as 02:00+01:00, repeats 03:00+02:00')]


def weather():
    "Temperature, minutes of sunshine, height of the sun and wind: lows and highs pass one after the other"
    r, n = rng('weather'), len(WHEN)
    kind, left, warm, cloud, wind = 'low', 0, 0., .5, .5
    temperature, sunshine, height, breeze, anomaly = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), 0.
    for i, t in enumerate(WHEN):
        year = 2 * np.pi * ((utc := t.astimezone(timezone.utc)).timetuple().tm_yday - 172) / 365.25
        tilt, angle = np.radians(23.4 * np.cos(year)), np.radians(15 * (utc.hour + .5 - 12) + 11)
        height[i] = max(0., np.sin(np.radians(53.7)) * np.sin(tilt) + np.cos(np.radians(53.7)) * np.cos(tilt) * np.cos(angle))
        if left <= 0:
            kind = 'high' if kind == 'low' and r.random() < .7 else 'low'
            left, summer = int(r.gamma(3, 30)) + 20, np.cos(year)
            warm = (r.normal(5.2, 2) if summer > 0 else r.normal(-5.6, 2.6)) if kind == 'high' else (r.normal(-2.4, 1.6) if summer > 0 else r.normal(2.8, 2.2))
            cloud, wind = (np.clip(r.normal(.28, .16), 0, 1), np.clip(r.normal(.25, .1), .03, 1)) if kind == 'high' else (np.clip(r.normal(.8, .13), 0, 1), np.clip(r.normal(.62, .2), .1, 1.1))
        left, anomaly = left - 1, anomaly + (warm - anomaly) / 19
        shade = np.clip(cloud + .22 * np.sin(i / 5.7) + r.normal(0, .12), 0, 1)
        temperature[i] = 9.6 + 8.3 * np.cos(year - .55) + anomaly + (1.2 + 4.6 * (1 - cloud) * (.45 + .55 * (np.cos(year) + 1) / 2)) * np.cos(2 * np.pi * (utc.hour - 13.5) / 24)
        sunshine[i] = round(60 * (1 - shade) ** .8 * min(1, height[i] / .06)) if height[i] > 0 else 0
        breeze[i] = np.clip((breeze[i - 1] if i else wind) * .93 + wind * .07 + r.normal(0, .025), 0, 1.2)
    return np.round(temperature, 1), sunshine, height, breeze


def prices(temperature, sunshine, height, breeze):
    "Day-ahead price in ct/kWh with VAT: what is left after wind and sun meets a cost curve"
    r, price, fuel = rng('prices'), np.zeros(len(WHEN)), 1.
    shape = np.array([.71, .69, .68, .68, .7, .74, .81, .91, .96, .95, .93, .92, .9, .88, .87, .88, .92, 1.01, 1.07, 1.04, .95, .87, .8, .75])
    for d in DAYS:
        fuel = np.clip(fuel + r.normal(0, .018), .85, 1.2)
        quiet = .84 if d in HOLIDAYS or d.weekday() == 6 else .92 if d.weekday() == 5 else 1.
        for i in OF_DAY[d]:
            rest = shape[HOUR[i]] * quiet + .004 * max(0, 14 - temperature[i]) - .46 * breeze[i] - .62 * height[i] * (.3 + .7 * sunshine[i] / 60)
            price[i] = fuel * (8.6 + 13 * max(.16, rest - .16) + 3.5 * min(0, rest - .16) + 26 * max(0, rest - .68) ** 2 + 90 * max(0, rest - .92) ** 3) + r.normal(0, .35)
    summer = np.array([t.month in (6, 7, 8) for t in WHEN])  # the article on Varn Flow: 20 kWh from 18:00 to 13:00 saved EUR 3.10 on the average summer day
    def bent(k): p = 10.6 + (price - price.mean()) * k; return np.where(p < 4, 4 - .3 * (4 - p), np.where(p > 26, 26 + .45 * (p - 26), p))  # plants switch off, storage steps in
    def spread(k): return (p := bent(k))[summer & (HOUR == 18)].mean() - p[summer & (HOUR == 13)].mean()
    low, high = .2, 12.
    for _ in range(40): low, high = (low, k) if spread(k := (low + high) / 2) > 15.5 else (k, high)
    return np.round(bent(low), 2)


def person(who, day, free, away, r):
    "24 hours of one person: 0 out, 1 asleep, 2 awake at home"
    s, late = np.full(24, 0 if away else 2), int(r.random() < .3)
    if away: return s
    off = free or (who == 'pupil' and within(day, SCHOOL_OFF))
    up, bed = {'retired': (7, 22), 'student': (9, 24), 'pupil': (6, 21)}.get(who, (6, 23))
    up, bed = (up + 2 if off and who != 'retired' else up) + late, min(24, bed + late)
    if who == 'guest' and not (day.weekday() >= 4 or day in HOLIDAYS): return np.zeros(24, int)
    if who == 'guest' and zlib.crc32(f'{SEED} {day.isocalendar()[1]}'.encode()) % 5 < (3 if day.month in (11, 12, 1, 2) else 1): return np.zeros(24, int)
    s[:up], s[bed:] = 1, 1
    if who == 'guest': s[:18] = 0 if day.weekday() == 4 else s[:18]; s[17:] = 0 if day.weekday() == 6 else s[17:]
    elif who == 'shift':
        turn = (day.toordinal() // 7) % 3
        if day.weekday() < 6 and not free: s[:] = 2; s[[slice(5, 14), slice(13, 22), slice(21, 24)][turn]] = 0; s[slice(22, 24) if turn == 0 else slice(0, 8)] = 1 if turn < 2 else 0; s[8:14] = 1 if turn == 2 else s[8:14]; s[:4] = 1 if turn == 0 else s[:4]
    elif off: s[int(r.integers(10, 16)):][:int(r.integers(0, 5))] = 0
    elif who == 'worker' and r.random() > .12: s[7:int(r.choice([16, 17, 17, 18]))] = 0
    elif who == 'parttime': s[8:13] = 0
    elif who == 'pupil': s[7:int(r.choice([13, 14, 15, 16]))] = 0
    elif who == 'student' and r.random() < .75: s[10:int(r.integers(14, 19))] = 0
    elif who == 'retired' and r.random() < .5: s[9:12] = 0
    if r.random() < .13: s[19:22] = 0
    return s


def trade(who, day, hours, T, r, own):
    "A shop's day: machines follow opening hours and the warmth"
    open_ = dict(bakery=(6, 18, 6), grocery=(7, 20, 6), salon=(9, 18, 6))[who]
    shut = day in HOLIDAYS or day.weekday() >= open_[2] or (who == 'salon' and day.weekday() == 0)
    use = []
    for h, t in zip(hours, T):
        k = own['standby'] * (1 + .018 * max(0, t - 12))
        if not shut and open_[0] <= h < (13 if day.weekday() == 5 and who != 'grocery' else open_[1]): k += dict(bakery=1.7, grocery=1.5, salon=1.1)[who] + (.7 * r.random() + .3 * (h in (10, 11, 16, 17)) if who != 'grocery' else .3 * max(0, t - 20) / 5)
        if who == 'bakery' and not shut and 2 <= h < 9: k += [4.2, 9.6, 11.4, 10.8, 7.2, 4.5, 2.2][h - 2] * (1.25 if day.weekday() == 5 else 1) * r.uniform(.92, 1.06)
        use.append(k * r.uniform(.96, 1.04))
    return use


def household(home, T, sun, height, price, extra):
    "Kilowatt-hours taken from the network, hour by hour"
    meter, kind, people, heating, tariff, area, who, own, away = home
    r, load, who = rng(meter), np.zeros(len(WHEN)), who.split()
    laundry, dishes, empty, mild, stored, tank = r.random(), r.random(), 0., 10., 0., 0.
    for d in DAYS:
        idx, hours = OF_DAY[d], HOUR[OF_DAY[d]]
        free, gone = d.weekday() >= 5 or d in HOLIDAYS, within(d, away)
        if kind in ('bakery', 'shop', 'salon'):
            load[idx] = trade(who[0], d, hours, T[idx], r, own) if not gone else own['standby'] * r.uniform(.55, .6, len(idx))
            continue
        states = np.array([person(w, d, free, gone, r) for w in who]) if who else np.zeros((1, 24), int)
        awake, home_ = (states == 2).sum(0), (states > 0).sum(0)
        guests = 1.8 if (d.month, d.day) in ((12, 24), (12, 25), (12, 31)) and not gone else 1.
        cheap = sorted(range(len(idx)), key=lambda j: price[idx[j]]) if own.get('timer') else None
        plan = np.zeros(len(idx))
        if who and home_.any():
            laundry, dishes = laundry + .17 * people, dishes + .22 * awake.max() * guests
            day = [j for j, h in enumerate(hours) if 8 <= h <= 20 and awake[h]]
            if laundry > 1 and day and (free or r.random() < .45):
                j = max(day, key=lambda j: sun[idx[j]] * height[idx[j]]) if own.get('pv') else min(day, key=lambda j: price[idx[j]]) if tariff == 'Varn Flow' else int(r.choice(day))
                laundry -= 1
                plan[j:j + 2] += .45 * r.uniform(.8, 1.2)
                if own.get('dryer') and (T[idx].mean() < 12 or sun[idx].mean() < 8): plan[j + 2:j + 4] += .8
            if dishes > 1 and day: dishes -= 1; plan[min(len(idx) - 1, day[-1]):][:2] += .5
            for j, h in enumerate(hours):
                n = awake[h]
                plan[j] += (.055 + .05 * (h >= 18)) * n * r.uniform(.6, 1.4) + (.035 * min(n, 3) if height[idx[j]] < .08 else 0)
                plan[j] += .09 * sum(w == 'homeoffice' and 8 <= h < 17 and not free and states[k, h] == 2 for k, w in enumerate(who))
                first = n and h and awake[h - 1] < n and h < 11
                if first: plan[j] += .13 + (.9 * (n - awake[h - 1]) * r.uniform(.7, 1.3) if own.get('boiler') else 0)
                if n and h in (12, 18, 19) and r.random() < (.75 if free and h == 12 else .35 if h == 12 else .48): plan[j] += (.35 + .17 * n) * r.uniform(.7, 1.3) * guests
                if n and own.get('boiler') and 17 <= h <= 21: plan[j] += .3 * n * r.random()
                if n and free and h in (9, 15) and r.random() < .22: plan[j] += 1.1
                if own.get('radiators') and home_[h]: plan[j] += min(4.5, .17 * max(0, 19 - T[idx[j]])) * r.uniform(.85, 1.1)
        if own.get('km') and not gone:
            come, drive = int(r.choice([16, 17, 17, 18, 18, 19, 20])), own['km'] * r.uniform(.8, 1.3) if not free else own['km'] * r.gamma(1.2, .7)
            empty = min(62, empty + .18 * drive * (1 + .012 * max(0, 15 - T[idx].mean())))
            back = [j for j, h in enumerate(hours) if h < 6 or h >= come]
            if own.get('pv'): back += [j for j, h in enumerate(hours) if free and 10 <= h < 16]
            order = sorted(back, key=lambda j: (price[idx[j]] if cheap else -sun[idx[j]] * height[idx[j]] if own.get('pv') else (hours[j] < come, hours[j])))
            if empty > 9 or free:
                for j in order[:8]: c = min(own['box'] * .97, empty); plan[j] += c; empty -= c
        for j, i in enumerate(idx):
            mild += (T[i] - mild) / 16
            cold = own['standby'] + (.042 + .035 * own.get('freezer', 0)) * (1 + .02 * (T[i] - 12)) * r.uniform(.6, 1.4) * ('only_hp' not in own)
            heat = 0.
            if own.get('hp'):
                need = max(0., own['hp'] * ((17.5 if gone else 20.5) - mild) - .8 * (sun[i] / 60) * height[i] - .4) if mild < 15 else 0
                if cheap: need *= 1.3 if j in cheap[:10] else .8
                if 23 <= hours[j] or hours[j] < 5: need *= .8
                cop = np.clip(2.1 + .085 * (T[i] + 10), 1.7, 4.9) * (.92 if -3 <= T[i] <= 4 else 1)
                heat = min(need, 8.5) / cop + max(0, need - 8.5) + (0 if gone else (own.get('only_hp', people) * .75 / 2.9 * r.uniform(.7, 1.2) if hours[j] in (4, 13) else 0))
            load[i] = cold + heat + plan[j]
    load += extra
    if own.get('pv'):
        for i in range(len(load)):
            made = own['pv'] * .86 * height[i] * (.18 + .82 * sun[i] / 60)
            rest = load[i] - made
            if rest < 0: tank = min(own.get('bat', 0), tank - rest * .94); rest = 0.
            else: used = min(rest, tank, 4.); tank -= used; rest -= used
            load[i] = max(rest, load[i] * r.uniform(.01, .09))  # no battery follows every switch
    return load


def write(name, head, rows):
    with open(PACK / 'domain' / name, 'w', newline='', encoding='utf-8') as f:
        csv.writer(f, lineterminator='\n').writerows([head, *rows])


def written(name, width):
    "The rows of a table written by hand, fields parted by `|`"
    rows = [line.split('|') for line in (HERE / name).read_text(encoding='utf-8').splitlines() if line.strip() and not line.startswith('#')]
    for row in rows: assert len(row) == width, (name, row)
    return [[field.strip() for field in row] for row in rows]


def main():
    for name in ('domain', 'gold'): (PACK / name).mkdir(exist_ok=True)
    T, sun, height, breeze = weather()
    price = prices(T, sun, height, breeze)
    hot, gold, rows, orders = {}, ['# Written by _make/energy/domain.py. Times are local, the end is not included.'], [], list(work_orders())
    def note(table, **what): gold.extend(['', f'[[{table}]]'] + [f'{k} = {v}' if isinstance(v, (int, float)) else f'{k} = "{v}"' for k, v in what.items()])
    for home in HOMES:
        meter, extra = home[0], np.zeros(len(WHEN))
        r = rng(meter + ' anomaly')
        for _, kind, start, end, kw, why in (a for a in ANOMALIES if a[0] == meter):
            on = mask(start, end)
            shape = {'night_rise': (HOUR >= 22) | (HOUR < 6), 'double_heating': (T < 7) & (r.random(len(T)) < .8)}.get(kind, np.ones(len(T), bool))
            extra += on * shape * kw * r.uniform(.85, 1.15, len(T))
            note('anomaly', file='domain/meters.csv', meter=meter, kind=kind, start=start, end=end, kw=kw, extra_kwh=round(float(extra.sum()), 1), why=why)
        kwh = household(home, T, sun, height, price, extra)
        hot[meter] = round(float(kwh.sum()))  # before a meter sticks
        if meter == STUCK[0]: kwh[mask(*STUCK[1:])] = kwh[np.argmax(mask(*STUCK[1:]))]
        text = [f'{max(0, k):.3f}' for k in kwh]
        for m, start, end in WATTS:
            if m == meter: text = [f'{k * 1000:.3f}' if on else t for k, t, on in zip(kwh, text, mask(start, end))]
        drop = set()
        for m, start, end, form in GAPS:
            if m == meter and form == 'empty': text = ['' if on else t for t, on in zip(text, mask(start, end))]
            if m == meter and form == 'missing': drop |= set(np.flatnonzero(mask(start, end)).tolist())
        for i, (stamp, value) in enumerate(zip(STAMP, text)):
            for m, day, fault, _ in CLOCK:
                if m == meter and day == '2025-10-26' and stamp == '2025-10-26T02:00+01:00':
                    if fault == 'missing': drop.add(i)
                    else: stamp = '2025-10-26T02:00+02:00'
                if m == meter and day == '2026-03-29' and stamp == '2026-03-29T03:00+02:00': rows.append((meter, '2026-03-29T02:00+01:00', value))
            if i not in drop: rows.append((meter, stamp, value))
        for a, b in home[8]: note('ordinary', meter=meter, kind='away', start=a, end=(date.fromisoformat(b) + timedelta(1)).isoformat(), why='nobody at home, not a fault')
    for m, start, end, form in GAPS: note('gap', file='domain/meters.csv', meter=m, start=start, end=end, hours=int(mask(start, end).sum()), form=form)
    for m, start, end in WATTS: note('unit', file='domain/meters.csv', meter=m, start=start, end=end, hours=int(mask(start, end).sum()), why='Wh in place of kWh')
    note('stuck', file='domain/meters.csv', meter=STUCK[0], start=STUCK[1], end=STUCK[2], hours=int(mask(*STUCK[1:]).sum()), why='repeats its last value')
    for m, day, fault, why in CLOCK: note('clock', file='domain/meters.csv', meter=m, day=day, fault=fault, why=why)
    number = {(o[1], o[2].isoformat()[2:]): o[0] for o in orders}
    for asset, first, again, why in written('repeats.txt', 4): note('repeat', file='domain/work_orders.csv', asset=asset, first=number[asset, first], again=number[asset, again], why=why)
    gold.extend(['', '[true_use]  # kWh of the year, with the anomalies, before the faults of metering'] + [f'{k} = {v}' for k, v in hot.items()])
    write('meters.csv', ('meter_id', 'at', 'kwh'), rows)
    write('weather.csv', ('at', 'temperature', 'sunshine'), [(s, f'{t:.1f}', int(m)) for s, t, m in zip(STAMP, T, sun)])
    write('prices.csv', ('at', 'ct_kwh'), [(s, f'{p:.2f}') for s, p in zip(STAMP, price)])
    write('homes.csv', ('meter_id', 'kind', 'people', 'heating', 'tariff', 'floor_area', 'pv_kwp', 'battery_kwh', 'wallbox_kw'),
          [(*h[:6], h[7].get('pv', ''), h[7].get('bat', ''), h[7].get('box', '')) for h in HOMES])
    write('tariffs.csv', ('tariff', 'energy', 'base_month', 'ct_kwh', 'rule', 'capacity_kw_year', 'term_months', 'valid_from', 'valid_to'), written('tariffs.txt', 9))
    write('outages.csv', ('id', 'energy', 'district', 'planned', 'announced', 'start', 'expected_end', 'end', 'homes', 'cause', 'text'), outages())
    write('work_orders.csv', ('id', 'asset', 'opened', 'closed', 'kind', 'text'), orders)
    (PACK / 'gold' / 'domain.toml').write_text('\n'.join(gold) + '\n', encoding='utf-8')


def outages():
    "Start, minutes promised and minutes needed, as written; an empty end still lasts"
    def at(text, minutes=0): return (datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(timezone.utc) + timedelta(minutes=int(minutes))).astimezone(ZONE).isoformat(timespec='minutes')
    for i, (energy, district, announced, start, promised, needed, homes, cause, text) in enumerate(sorted(written('outages.txt', 9), key=lambda r: r[3]), 1):
        yield (f'OUT-{260400 + 7 * i}', energy, district, 'yes' if announced else 'no', announced, at(start), at(start, promised) if promised else '', at(start, needed) if needed else '', homes, cause, text)


def work_orders():
    "Numbers in the order of opening; the closing day is the opening plus the days that the note needed, `-` is open"
    rows, number, r = sorted(written('work_orders.txt', 5), key=lambda r: (r[1], r[0])), 443100, rng('orders')
    for asset, opened, days, kind, text in rows:
        number += int(r.integers(5, 28))
        day = date.fromisoformat('20' + opened)
        yield f'WO-{number}', asset, day, '' if days == '-' else day + timedelta(days=int(days)), kind, text


if __name__ == '__main__': main()
