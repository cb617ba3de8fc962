"""The telemetry of the pack `iot`: the house and the yard, their batteries, and the faults laid over what they sent.

Called by `domain.py`. Planted beside those of `house.py`: cells of the box room valve that empty too fast, a hub that was dark for
six hours, rows sent six times after a rejoin, values that no sensor can measure, a lock whose clock kept summer time's hour after the
change. Ordinary spells that look like faults come from people, weather and machines; `ordinary.txt` names them. Both kinds go into
`gold/domain.toml`."""
import numpy as np
import house, yard
from world import DAYS, N, Log, at, stamp, weather

BOX_FIRST, BOX_MOVE = 71., .0287  # per cent at the beginning, per cent that a full move of a stiff pin costs
GAP = ('2026-10-28', '2:37'), ('2026-10-28', '8:52')
BURST = ('2026-10-29', '14:00'), ('2026-10-29', '16:15')
CLOCK_OFF = ('2026-10-25', '2:00'), ('2026-10-29', '11:20')
IMPOSSIBLE = (('cold-store', 'temperature', '2026-10-24', '3:15', '4:15', '-127.0'),
              ('bedroom-air', 'co2', '2026-10-19', '15:30', '16:00', '65535'))
BEHIND_B = ('hub-b', 'office-stat', 'canteen-air', 'corridor-lights')


def batteries(log, table, moves, T):
    "Once a day at six: steady cells, those whose figures were written by hand, and the valve that hunts"
    for device, text in table:
        figures = [float(x) for x in text.split()]
        if len(figures) == 2: figures = [figures[0] + figures[1] * (13 - k) for k in range(14)]
        for day, figure in zip(DAYS, figures):
            cold = 1.6 * max(0, 3 - T[at(day, '6:00')]) if device == 'front-keypad' else 0
            log.event(device, at(day, '6:00') * 60 + 20, 'battery', round(figure - cold))
    for k, day in enumerate(DAYS):
        spent = BOX_MOVE * (moves[DAYS[k - 1]] if k else 0)
        log.event('box-valve', at(day, '6:00') * 60 + 20, 'battery', round(BOX_FIRST - .18 * k - spent))
    log.fault('battery_drain', ['box-valve'], 'battery', at(*house.HUNTING), N,
              'a stiff pin: the valve runs to and fro and empties its cells in two weeks instead of 18 months')


def floors(log, T):
    "The discs measure the floor they lie on, between the house and the ground"
    for device, warm, start in (('leak-washer', 19.5, 17.), ('plant-leak', 24.5, 21.5)):
        floor = np.full(N, start)
        for i in range(1, N): floor[i] = floor[i - 1] + (.72 * warm + .28 * T[i] - floor[i - 1]) / 420
        log.series(device, 'temperature', floor, 1, 60)


def hub_story(log):
    "The office hub before and after its dark hours: the backup battery ran down unseen after a fuse had gone"
    log.event('hub-b', 5, 'backup_battery', 97)
    for when, metric, value in (('0:52', 'backup_battery', 96), ('1:40', 'backup_battery', 55), ('2:30', 'backup_battery', 6),
                                ('8:52', 'ring', 'white'), ('8:54', 'ring', 'green'), ('9:00', 'backup_battery', 4),
                                ('12:30', 'backup_battery', 61), ('16:10', 'backup_battery', 97)):
        log.event('hub-b', at(GAP[0][0], when) * 60 + 5, metric, value)


def spoilt(log):
    "Rows lost, rows repeated, figures that cannot be; each row that is left with how often it came and how far its clock was off"
    for device, metric, day, start, end, figure in IMPOSSIBLE:
        i, j = at(day, start), at(day, end)
        for k in log.touched(device, metric, i, j): log.rows[k] = (*log.rows[k][:3], figure)
        log.fault('impossible', [device], metric, i, j, 'a figure that no room has: the sensor answered with its error value', value=figure)
    a, b = (at(*x) for x in GAP)
    lost = {k for device in BEHIND_B for k in log.touched(device, '', a, b)}
    log.fault('gap', list(BEHIND_B), '', a, b,
              'the office hub was dark: nothing behind it was recorded, and nothing is handed in later', rows=len(lost))
    a, b = (at(*x) for x in BURST)
    again = {k for device in BEHIND_B[1:3] for k in log.touched(device, '', a, b)}
    log.fault('duplicate_burst', list(BEHIND_B[1:3]), '', a, b,
              'each row was sent six times with the same time after a rejoin', rows=5 * len(again))
    a, b = (at(*x) for x in CLOCK_OFF)
    late = set(log.touched('entrance-lock', '', a, b))
    log.fault('clock_off', ['entrance-lock'], '', a, b,
              'its clock did not go back: stamps are an hour ahead of the contact on the same door, until a restart', hours=1)
    return [(*row, 6 if k in again else 1, 3600 if k in late else 0) for k, row in enumerate(log.rows) if k not in lost]


def fortnight(rng, written, order):
    "Rows of telemetry.csv, device after device in the order of devices.json, as they arrived; and what was planted"
    log, home_days, site_days = Log(), written('home_days.txt', 12), written('site_days.txt', 8)
    T, sun, rain = weather(home_days)
    moves = house.house(log, rng, home_days, T, sun, rain)
    yard.yard(log, rng, site_days, T, rain)
    batteries(log, written('batteries.txt', 2), moves, T)
    floors(log, T)
    hub_story(log)
    for row in written('ordinary.txt', 5): log.ordinary(*row)
    place = {device: k for k, device in enumerate(order)}
    rows = sorted(spoilt(log), key=lambda row: (place[row[0]], row[1]))
    sent = [(device, stamp(second + off), metric, value) for device, second, metric, value, times, off in rows for _ in range(times)]
    planted = sorted(log.planted, key=lambda p: (p[0], p[1]['start'], p[1]['kind']))
    return sent, planted
