"""The clock, weather, rooms and log that the house and the yard of the pack `iot` share; imported by `house.py`, `yard.py` and
`telemetry.py`.

Fourteen local days, minute by minute; the clocks go back on 25 October. A room has air, walls, a radiator with its valve, breath and
moisture: heat and air are reckoned, nothing is drawn from a model of series. A door log follows from passages, a lamp log from
spells. Nothing is planted here."""
from datetime import date, datetime, timedelta, timezone
from math import cos, exp, pi, sin
from zoneinfo import ZoneInfo
import numpy as np

ZONE, START = ZoneInfo('Europe/Dublin'), datetime(2026, 10, 16, 23, tzinfo=timezone.utc)
N = 14 * 1440 + 60
WALL = [(START + timedelta(minutes=i)).astimezone(ZONE) for i in range(N)]
CLOCK = np.array([t.hour + t.minute / 60 for t in WALL])
DAYS = sorted({t.date() for t in WALL})
MINUTE = {('2026-10-31', 0, 0): N}
for i, t in enumerate(WALL): MINUTE.setdefault((t.date().isoformat(), t.hour, t.minute), i)


def at(day, text): return MINUTE[(str(day), *map(int, text.split(':')))]
def stamp(second): return (START + timedelta(seconds=int(second))).astimezone(ZONE).isoformat()
def items(text): return [x.strip() for x in text.split(';') if x.strip()]


def spell(day, text):
    "'6:40-22:50' as minutes of the fortnight; an end before its start is past midnight"
    a, b = text.split('-')
    i, j = at(day, a), at(day, b)
    return (i, j) if j >= i else (i, at(date.fromisoformat(day) + timedelta(1), b))


def marked(pairs):
    "How many of the spells hold in each minute"
    out = np.zeros(N)
    for i, j in pairs: out[i:j] += 1
    return out


def weather(days):
    "Temperature, sun and rain of each minute from the lowest, highest, cloud and showers of each day"
    knots = [(-600, float(days[0][1]) + 2)]
    for d in days: knots += [(at(d[0], '6:10'), float(d[1])), (at(d[0], '14:30'), float(d[2]))]
    T, sun, rain = np.zeros(N), np.zeros(N), np.zeros(N)
    for (i, a), (j, b) in zip(knots, knots[1:] + [(N + 400, 1.)]):
        for m in range(max(i, 0), min(j, N)): T[m] = a + (b - a) * (1 - cos(pi * (m - i) / (j - i))) / 2
    cloud = {d[0]: float(d[3]) for d in days}
    for i, t in enumerate(WALL):
        tilt, angle = np.radians(-9.6 - .33 * i / 1440), np.radians(15 * ((i / 60 + 23) % 24 - 12) - 2.3)
        height = max(0., sin(.931) * sin(tilt) + cos(.931) * cos(tilt) * cos(angle))
        sun[i] = height * (1 - .85 * min(1, max(0, cloud[t.date().isoformat()] + .3 * sin(i / 41) + .2 * sin(i / 13.7))))
    for d in days:
        for text in items(d[5]):
            when, mm = text.split()
            i, j = spell(d[0], when)
            rain[i:j] += float(mm) / (j - i)
    return np.round(T + .35 * np.sin(np.arange(N) / 190) + .15 * np.sin(np.arange(N) / 47), 2), sun, rain


def damp(t):
    "Grams of water that a cubic metre of air can hold"
    return 216.7 * 6.112 * exp(17.62 * t / (243.12 + t)) / (273.15 + t)


class Room:
    "Air, walls and furniture, one radiator with its valve, breath and moisture"
    def __init__(self, volume, loss, radiator, t):
        self.volume, self.loss, self.radiator = volume, loss, radiator
        self.air, self.mass, self.metal, self.open, self.rest = t, t, t, 20., 0
        self.co2, self.wet, self.stuff = 520., 9., 9.

    def step(self, out, house, watts, flow, changes, breath, steam, dampness):
        "One minute on; what the radiator took from the water, in watts"
        v, took = self.volume, self.radiator * self.open / 100 * max(0, flow - self.metal) / 14
        given = self.radiator * max(0, self.metal - self.air) / 18
        self.metal += 60 * (took - given) / (self.radiator * 42)
        self.air += 60 * (given * .6 + watts + v * .335 * changes * (out - self.air) + 4.6 * v * (self.mass - self.air)) / (v * 6000)
        beyond = self.loss * (out - self.mass) + 45 * (house - self.mass)
        self.mass += 60 * (given * .4 + 4.6 * v * (self.air - self.mass) + beyond) / (v * 98000)
        self.co2 += (breath * 1e3 / v - changes * (self.co2 - 425)) / 60
        self.wet += (steam / v + changes * (dampness - self.wet) + 1.6 * (self.stuff - self.wet)) / 60
        self.stuff += .16 * (self.wet - self.stuff) / 60
        self.wet = min(self.wet, .99 * damp(self.air))
        return took

    def look(self, wanted, read):
        "What a valve does every three minutes: a move when 0.3 °C are missing or too many, less otherwise"
        self.open = min(100., max(0., self.open + (9 if abs(wanted - read) > .3 else 2.5) * (wanted - read)))
        if self.rest > 0: self.rest, self.open = self.rest - 3, 0.


class Log:
    "What was sent (device, second of arrival, metric, value) and what was planted"
    def __init__(self): self.rows, self.planted = [], []

    def event(self, device, second, metric, value): self.rows.append((device, int(second), metric, str(value)))

    def series(self, device, metric, values, digits=1, every=15):
        for i in range(0, N, every): self.event(device, i * 60, metric, f'{values[i]:.{digits}f}')

    def power(self, device, watts):
        "Mean watts of each quarter of an hour, stamped at its beginning"
        for i in range(0, N, 15): self.event(device, i * 60, 'power', round(float(np.mean(watts[i:i + 15]))))

    def touched(self, device, metric, start, end):
        "Where its rows of a spell stand; an empty metric means all"
        spell = range(start * 60, end * 60)
        return [k for k, (d, s, m, _) in enumerate(self.rows) if d == device and metric in (m, '') and s in spell]

    def ordinary(self, kind, devices, start, end, why):
        what = dict(kind=kind, devices=[d for d in devices.split(';') if d])
        start, end = (stamp(at(*x.split()) * 60) for x in (start, end))
        self.planted.append(('ordinary', {**what, 'start': start, 'end': end, 'why': why}))

    def fault(self, kind, devices, metric, start, end, why, rows=None, **more):
        rows = sum(len(self.touched(d, metric, start, end)) for d in devices) if rows is None else rows
        what = dict(file='domain/telemetry.csv', kind=kind, devices=devices, metric=metric)
        self.planted.append(('fault', {**what, 'start': stamp(start * 60), 'end': stamp(end * 60), 'rows': rows, **more, 'why': why}))


def door(log, lock, contact, openings, r):
    "Each passage: bolt back, door open, door shut; the bolt goes out three minutes after the last"
    seconds, last = sorted(openings), -10 ** 9
    for s, following in zip(seconds, seconds[1:] + [10 ** 9]):
        if s > last + 180: log.event(lock, s, 'bolt', 'unlocked')
        last = min(s + int(r.integers(9, 48)), following - 1)
        log.event(contact, s + 3, 'contact', 'open')
        log.event(contact, max(last, s + 4), 'contact', 'closed')
        if following > last + 180: log.event(lock, last + 180, 'bolt', 'locked')


def lamp(log, device, spells, level=None):
    "On and off by routine or hand; the level where it is set"
    for i, j in sorted(spells):
        log.event(device, i * 60 + 11, 'on', 'true')
        if level: log.event(device, i * 60 + 11, 'level', level)
        log.event(device, j * 60 + 7, 'on', 'false')
