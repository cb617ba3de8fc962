"""The site of the pack `iot` during fourteen days: offices, joinery, canteen, cold store, forklift charger, compressor, pumps and street
door (`site_days.txt`).

Called by `telemetry.py`. No fault is planted here (they are laid on top there). Ordinary spells that look like one: weekend with the
bank holiday, half an hour of flowers carried into the cold store, its defrosting every six hours, the long charge on Saturdays, the
pit pump on a wet night."""
from datetime import date
from math import sin
import numpy as np
from world import CLOCK, DAYS, N, WALL, Room, at, door, items, marked, spell


def presence(days, r):
    "Persons inside and at table in each minute, and the seconds at which the street door is used"
    inside, table, front = np.zeros(N), np.zeros(N), []
    for d in days:
        for text in items(d[7]): front += [s * 60 + 20 for s in spell(d[0], text.split()[1])]
        if not d[1]: continue
        (a, b), n = spell(d[0], d[1]), int(d[2])
        comes = sorted(a + int(100 * r.beta(1.6, 2.4)) for _ in range(n))
        goes = sorted(b - int(150 * r.beta(1.2, 2.6)) for _ in range(n))
        comes[0], goes[-1] = a, b
        for i, j in zip(comes, goes): inside[i:j] += 1
        front += [i * 60 + int(r.integers(0, 59)) for i in comes + goes] + [60 * int(r.integers(a + 110, b - 60)) for _ in range(n // 3)]
        for when, share in (('10:20-10:40', .5), ('12:35-13:15', .8)): table[slice(*spell(d[0], when))] = int(d[3]) * share
    return inside, table, front


def rooms(log, r, inside, table, pressing, T):
    "Office and joinery with their heating, the canteen's air, supply air of the air handler; what the heating pump draws"
    office, joinery, canteen = Room(420, 210, 15000, 19.), Room(600, 420, 7000, 15.), Room(90, 70, 1400, 19.)
    coil, kept, fans = 4., {k: np.zeros(N) for k in ('office', 'joinery', 'canteen', 'supply', 'pump')}, np.zeros(N)
    for i, t in enumerate(WALL):
        work = t.weekday() < 5 and t.date() != date(2026, 10, 26)
        fan, want = 70 if work and 6.5 <= CLOCK[i] < 18.5 else 20, 20.5 if work and 5.8 <= CLOCK[i] < 18 else 16.5
        for q, wanted, heads, watts, changes in ((office, want, inside[i] * .55, 110, .9 if fan > 20 else .3),
                                                 (canteen, want, table[i], 75, 2.2 if fan > 20 else .6),
                                                 (joinery, min(want, 16), inside[i] * .3, 140, .5 + .6 * pressing[i])):
            q.step(T[i], q.mass, heads * watts, 44 + .5 * (10 - T[i]), changes, 18 * heads, 45 * heads, 7)
            if i % 3 == 0: q.look(wanted, q.air)
        kept['office'][i], kept['joinery'][i], kept['canteen'][i], fans[i] = office.air, joinery.air, canteen.co2, fan
        fresh = .28 if fan > 20 else .1
        mixed = (1 - fresh) * office.air + fresh * T[i]  # used air with fresh air; the coil hunts a little
        coil = min(9., max(0., coil + .11 * ((19. if fan > 20 else 15.5) - kept['supply'][i - 4])))
        kept['supply'][i] = mixed + coil + .12 * r.standard_normal()
        kept['pump'][i] = 26 + 118 * min(1, (office.open + joinery.open) / 90)
    kept['canteen'] += 7 * r.standard_normal(N)
    for device, metric, name, digits in (('office-stat', 'temperature', 'office', 1), ('workshop-stat', 'temperature', 'joinery', 1),
                                         ('canteen-air', 'co2', 'canteen', 0), ('air-handler-1', 'supply', 'supply', 1)):
        log.series(device, metric, kept[name], digits)
    log.power('heating-pump', kept['pump'])
    for i in np.flatnonzero(np.diff(fans, prepend=0)): log.event('air-handler-1', i * 60 + 2, 'fan', int(fans[i]))


def cold_store(log, chill, T):
    "Room air cooled between two marks, flowers that follow slowly, a heater on the coil every six hours, warm air through the open door"
    air, flowers, cooling, kept = 5., 5., False, np.zeros(N)
    for i, t in enumerate(WALL):
        defrost = (t.hour * 60 + t.minute + 70) % 360 < 22
        cooling = not defrost and (air > 5.6 or cooling and air > 4.2)
        air += .0015 * (16 - air) + .05 * (flowers - air) + .11 * chill[i] * (T[i] + 4 - air) + .16 * defrost - .16 * cooling
        flowers += .006 * (air - flowers) + .012 * chill[i]
        kept[i] = air
    log.series('cold-store', 'temperature', kept)


def machines(log, trips, pressing, rain):
    "Charger (full current, then tapering; a long charge on Saturdays), compressor in bursts, pit pump between two levels"
    empty, water, charger, compressor, sump = 0., 20., np.zeros(N), np.zeros(N), np.zeros(N)
    for i, t in enumerate(WALL):
        h, work = CLOCK[i], t.weekday() < 5 and t.date() != date(2026, 10, 26)
        empty = min(26., empty + .034 * trips[i])
        plugged = not trips[i] and (h >= 16.6 or h < 7.2 or not work) and empty > .05
        equal = t.weekday() == 5 and h >= 14 or t.weekday() == 6 and h < 3
        charger[i] = (2880 if empty > 5 else 420 + 490 * empty) if plugged else 610 + 90 * sin(i / 60) if equal else 6
        empty = max(0., empty - charger[i] / 72e3 * plugged)
        compressor[i] = 2150 if pressing[i] and (i * 7 % 23) < 9 + 5 * sin(i / 37) else 0
        water += .004 + 90 * np.mean(rain[max(0, i - 50):i + 1])
        sump[i] = 690 if water > 60 or i and sump[i - 1] and water > 12 else 0
        water -= 5.5 * (sump[i] > 0)
    for device, watts in (('forklift-charger', charger), ('compressor', compressor), ('sump-pump', sump)): log.power(device, watts)


def yard(log, rng, days, T, rain):
    "Everything that the site sent"
    r = rng('yard')
    inside, table, front = presence(days, r)
    trips, pressing, chill = (marked(spell(d[0], x) for d in days for x in items(d[c])) for c in (4, 5, 6))
    rooms(log, r, inside, table, pressing, T)
    cold_store(log, chill, T)
    machines(log, trips, pressing, rain)
    door(log, 'entrance-lock', 'entrance-contact', front, r)
    for day in DAYS:
        for when, level in (('6:45', 60), ('22:00', 20)): log.event('corridor-lights', at(day, when) * 60 + 3, 'level', level)
