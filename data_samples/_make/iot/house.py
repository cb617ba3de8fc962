"""The home of the pack `iot` during fourteen days: what its rooms, machines, doors, lamps and water sent, given what people did
(`home_days.txt`).

Called by `telemetry.py`. Planted: a thermostat that froze (its valve follows the dead figure), a valve that hunts from 19 October on,
the freezer's lid ajar for a night, a dripping hose. Ordinary beside them: a party, a holiday with lamps by chance and a helper's
visit, goods put into the freezer, a mop over the sensor."""
import numpy as np
from world import CLOCK, DAYS, N, WALL, Room, at, damp, door, items, lamp, marked, spell

AWAY = ('2026-10-24', '10:21'), ('2026-10-27', '18:36')
FROZEN, HUNTING = (('2026-10-19', '22:04'), ('2026-10-21', '11:10')), ('2026-10-19', '6:00')
SENT = (('living-stat', 'temperature', 'living t', 1), ('bedroom-stat', 'temperature', 'bedroom t', 1),
        ('nursery-stat', 'temperature', 'read', 1), ('nursery-stat', 'humidity', 'nursery rh', 0), ('living-air', 'co2', 'living co2', 0),
        ('living-air', 'humidity', 'living rh', 0), ('bedroom-air', 'co2', 'bedroom co2', 0),
        ('bathroom-air', 'humidity', 'bathroom rh', 0), ('nursery-valve', 'position', 'nursery open', 0),
        ('box-valve', 'position', 'box open', 0), ('heat-pump', 'flow', 'flow', 1))
DAY, NIGHT = (dict(zip(('living', 'bedroom', 'nursery', 'bathroom', 'box'), x)) for x in ((20.5, 18, 19, 21, 16), (17, 16.5, 18.5, 18, 16)))


def persons(days):
    "Who is out, when the house sleeps: arrays of minutes, and the passages of the front door"
    out, asleep, passages = {p: np.zeros(N) for p in ('Orla', 'Mateo', 'Rory')}, np.ones(N), set()
    for d in days:
        for text in items(d[6]):
            who, when = text.split()
            i, j = spell(d[0], when)
            out[who][i:j + when.endswith('23:59')] = 1
            passages |= {k for k, edge in zip((i, j), when.split('-')) if edge not in ('0:00', '23:59')}
        if d[7]: asleep[slice(*spell(d[0], d[7]))] = 0
    return out, asleep, passages


def diary(days):
    "What is done when, by kind, from the columns of home_days.txt"
    doing = {k: [] for k in ('cook', 'shower', 'wash', 'kitchen-window', 'bedroom-window', 'back', 'goods', 'mop', 'drip', 'ajar', 'visit')}
    for d in days:
        doing['cook'] += [spell(d[0], x) for x in items(d[8])]
        doing['shower'] += [(at(d[0], x), at(d[0], x) + 9) for x in items(d[9])]
        doing['wash'] += [at(d[0], x) for x in items(d[10])]
        for word, when in (x.split() for x in items(d[11])):
            if word.isdigit(): doing['visit'].append((int(word), *spell(d[0], when)))
            elif word == 'shut': doing['ajar'].append(at(d[0], when))
            else: doing[word].append(spell(d[0], when) if '-' in when else at(d[0], when))
    return doing


def freezer(ajar, goods, room):
    "Air and food in the chest, the compressor between its two marks"
    air, food, on, T, watts = -19., -18.7, False, np.zeros(N), np.zeros(N)
    for i in range(N):
        on = True if air > -17.3 else False if air < -21.2 else on
        food += 60 * (7 * (air - food) + 1500 * (i in goods)) / 115e3
        air += 60 * ((1.05 + 4.4 * ajar[i] + 30 * (i in goods)) * (room - air) + 7 * (food - air) - 118 * on) / 13e3
        T[i], watts[i] = air, 89 * on + 1
    return T, watts


def washing(starts):
    "Fill, heat, turn, spin; one watt while it waits"
    watts = np.ones(N)
    for s in starts:
        watts[s:s + 104] = [60] * 4 + [2060] * 21 + [190 if m % 4 < 3 else 45 for m in range(25, 88)] + [430] * 12 + [30] * 4
    return watts


def house(log, rng, days, T, sun, rain):
    "Runs the rooms and logs everything; the moves of the hunting valve so far, day by day"
    r, doing, (out, asleep, passages) = rng('house'), diary(days), persons(days)
    home, left, back = sum(1 - o for o in out.values()), *(at(*x) for x in AWAY)
    guests = sum(n * marked([(i, j)]) for n, i, j in doing['visit'])
    moves = rooms(log, r, doing, home, guests, asleep, (left, back - 165), T, sun, rain)
    log.power('washer-socket', washing(doing['wash']))
    ajar = tuple(doing['ajar'])
    cold, watts = freezer(marked([ajar]), {i + m for i in doing['goods'] for m in range(4)}, 17.)
    log.series('freezer-probe', 'temperature', cold)
    log.power('freezer-socket', watts)
    doors(log, rng('doors'), doing, passages, 2 - out['Orla'] - out['Mateo'])
    lamps(log, rng('lamps'), days, passages, home)
    water(log, doing)
    moisture = 37. + np.zeros(N)
    for i in range(1, N): moisture[i] = min(47., moisture[i - 1] + 1.1 * rain[i] * (1 - moisture[i - 1] / 52)) - .00009 * max(0, T[i])
    log.series('soil', 'moisture', moisture, 0, 60)
    log.fault('door_ajar', ['freezer-probe', 'freezer-socket'], '', *ajar,
              'lid of the chest freezer ajar overnight: it warms while its compressor never rests')
    return moves


def rooms(log, r, doing, home, guests, asleep, gone, T, sun, rain):
    "Heat, air and moisture of five rooms; the figure of the nursery stands still for a while, the valve of the box room hunts"
    cook, shower, wkitchen, wbed = (marked(doing[k]) for k in ('cook', 'shower', 'kitchen-window', 'bedroom-window'))
    frozen, hunting = [at(*x) for x in FROZEN], at(*HUNTING)
    q = dict(living=Room(62, 58, 1500, 19.6), bedroom=Room(38, 30, 800, 17.6), nursery=Room(25, 23, 650, 18.7),
             bathroom=Room(14, 15, 500, 20.4), box=Room(22, 25, 500, 16.2))
    kept = {f'{k} {m}': np.zeros(N) for k in q for m in ('t', 'co2', 'rh', 'open')} | {k: np.zeros(N) for k in ('power', 'flow', 'read')}
    read, before, moves, heat, daily = 18.7, [], 0., 0., {}
    for i in range(N):
        day, night, away = 6.25 <= CLOCK[i] < 22.5, asleep[i] and home[i], gone[0] <= i < gone[1]
        wanted = dict.fromkeys(q, 15.) if away else DAY if day else NIGHT
        flow, mean = 37 + .8 * max(0, 10 - T[i]) if any(x.open > 3 for x in q.values()) else 24., np.mean([x.mass for x in q.values()])
        down = (home[i] + guests[i] + .4 * (home[i] > 0)) * (not asleep[i] or guests[i] > 0)
        heads = dict(living=down * .85, bedroom=min(2, home[i]) if night else 0, nursery=.5 if night else 0, bathroom=shower[i], box=0)
        fan = .24 if away else .73 if q['living'].co2 > 1400 else .48
        air = dict(living=.28 + fan + 2.6 * wkitchen[i], bedroom=.4 + 9 * wbed[i] + .4 * (not night), nursery=.42, box=.3,
                   bathroom=3.3 if q['bathroom'].wet > .72 * damp(q['bathroom'].air) else 1.6)
        steam = dict(living=480 * cook[i] + 20, bathroom=1500 * shower[i] + 14, nursery=16 * (home[i] > 0), bedroom=6, box=4)
        took, outside = 0., damp(T[i]) * (.83 + .1 * (rain[i] > 0))
        for k, x in q.items():
            watts = 75 * heads[k] + dict(living=1040, nursery=460, bedroom=240).get(k, 0) * sun[i]
            if k == 'living' and home[i]: watts += 650 * cook[i] + 90
            took += x.step(T[i], mean, watts, flow, air[k], (18 if k == 'living' else 12) * heads[k], steam[k] + 48 * heads[k], outside)
            for m, now in (('t', x.air), ('co2', x.co2), ('rh', 100 * x.wet / damp(x.air)), ('open', x.open)): kept[f'{k} {m}'][i] = now
        if not frozen[0] <= i < frozen[1]: read = round(q['nursery'].air, 1)
        kept['read'][i], before = read, (before + [q['bedroom'].air])[-5:]
        if wbed[i] and before[0] - before[-1] >= 1.5: q['bedroom'].rest = 20
        for k, x in q.items() if i % 3 == 0 else ():
            if k != 'box' or i < hunting: x.look(wanted[k], read if k == 'nursery' else x.air)
            elif r.random() < .31: moves, x.open = moves + 1, 4. if x.open > 50 else 95.
        if WALL[i].weekday() == 5 and WALL[i].hour == 11 and WALL[i].minute == 0: kept['nursery open'][i] = kept['box open'][i] = 100
        tank = (4.1 <= CLOCK[i] < 4.9 or 13.5 <= CLOCK[i] < 14.2) and not away
        heat += (took - heat) / 12
        kept['power'][i], kept['flow'][i] = 14 + heat / (2.7 + .07 * (T[i] + 5)) + 2150 * tank, 51.5 if tank else flow
        daily[WALL[i].date()] = moves
    for device, metric, name, digits in SENT: log.series(device, metric, kept[name] + 6 * r.standard_normal(N) * (metric == 'co2'), digits)
    log.power('heat-pump', kept['power'])
    true = kept['nursery t'][slice(*frozen)]
    log.fault('frozen', ['nursery-stat'], 'temperature', *frozen,
              'its temperature stands still; humidity goes on and the valve follows the dead figure',
              true_low=round(float(true.min()), 1), true_high=round(float(true.max()), 1))
    return daily


def doors(log, r, doing, passages, telephones):
    "Front and back door, windows, the bell, and how many telephones of the owners the hub sees"
    front = [i * 60 + int(r.integers(0, 50)) for i in sorted(passages)]
    for n, i, j in doing['visit']:
        wide = 600 if n > 1 else 40
        for k in range(n): front += [i * 60 + 60 * k + int(r.integers(0, wide)), j * 60 - int(r.integers(0, 4 * wide))]
        for k in range(n // 2): log.event('bell', i * 60 - 20 + 170 * k, 'ring', 1)
    door(log, 'front-lock', 'front-contact', front, r)
    door(log, 'back-lock', 'back-contact', [i * 60 + int(r.integers(0, 50)) for i in doing['back']], r)
    for window in ('kitchen-window', 'bedroom-window'):
        for i, j in doing[window]:
            log.event(window, i * 60 + 25, 'contact', 'open')
            log.event(window, j * 60 + 40, 'contact', 'closed')
    for i in np.flatnonzero(np.diff(telephones, prepend=-1)): log.event('hub', i * 60 + 50, 'people_home', int(telephones[i]))


def lamps(log, r, days, passages, home):
    "Porch by sunset, floor lamp till bed, hall lamp when somebody passes after dark; by chance up to 25 minutes off while away"
    for k, (day, row) in enumerate(zip(DAYS, days)):
        dusk, away = at(day, '18:22') - int(2.1 * k) - 60 * (k >= 8), home[at(day, '20:00')] == 0
        shift = int(r.integers(-25, 26)) if away else 0
        bed = at(day, '22:45') if away or not row[7] else spell(row[0], row[7])[1] - int(r.integers(4, 14))
        lamp(log, 'porch-lamp', [(dusk + shift, at(day, '22:15') + shift)])
        lamp(log, 'floor-lamp', [(dusk + 15 + shift, bed + shift)], None if away else 55)
        lamp(log, 'hall-lamp', [(i, i + int(r.integers(3, 17))) for i in sorted(passages) if dusk < i < dusk + 330], 60)


def water(log, doing):
    "Two wet reports, each closes the main within eight seconds; an owner in the house opens it again"
    drip, mop = doing['drip'][0], doing['mop'][0]
    for disc, (i, j), again in (('leak-washer', drip, drip[1] + 18), ('leak-sink', mop, mop[0] + 143)):
        log.event(disc, i * 60 + 31, 'leak', 'wet')
        log.event('water-main', i * 60 + 37, 'water', 'closed')
        log.event(disc, j * 60 + 12, 'leak', 'dry')
        log.event('water-main', again * 60, 'water', 'open')
    log.fault('leak', ['leak-washer'], 'leak', *drip, 'hose of the washing machine drips during the wash; the main closed 6 seconds later')
