"""The devices, spoken commands and telemetry of the pack `iot`: a house and a small building, what people say to them, and fourteen days
of what they sent.

    python data_samples/_make/iot/domain.py [-v]

Written by hand beside this program, fields parted by |: `home.txt` and `site.txt` (devices), `models.toml` (what a model can do, from
the articles), `places.toml` (rooms, people, scenes, routines), `commands.txt` and `chatter.txt` (what is said), `home_days.txt` and
`site_days.txt` (weather and who did what when), `batteries.txt`, `ordinary.txt`. This program draws serials, deals voices and noise
evenly, takes states over from the telemetry, and calls `sound.py` (espeak-ng 1.51) and `telemetry.py` (rooms that warm and cool).
What is planted in the telemetry (faults, and ordinary spells that look like faults) is listed in `gold/domain.toml`. Seeded: the same
bytes every time. `-v` prints each sound's measures."""
import csv, json, sys, tomllib, zlib
from datetime import datetime
from pathlib import Path
import numpy as np
import sound, telemetry

HERE = Path(__file__).parent
PACK = HERE.parents[1] / 'iot'
SEED = 20261017
MODELS, PLACES = (tomllib.loads((HERE / f'{name}.toml').read_text(encoding='utf-8')) for name in ('models', 'places'))


def rng(name): return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def written(name, width):
    "The rows of a table written by hand, fields parted by `|`"
    rows = [line.split('|') for line in (HERE / name).read_text(encoding='utf-8').splitlines() if line.strip() and not line.startswith('#')]
    for row in rows: assert len(row) == width, (name, row)
    return [[field.strip() for field in row] for row in rows]


def value(text):
    "true, false, a number, or the word itself"
    if text in ('true', 'false'): return text == 'true'
    try: return float(text) if '.' in text else int(text)
    except ValueError: return text


def serial(letters, key):
    "TW, two letters, six figures of sixteen; a hub has two groups of four"
    digits = ''.join(f'{d:X}' for d in rng('serial ' + key).integers(0, 16, 8))
    return f'HUB-{digits[:4]}-{digits[4:]}' if letters == 'HUB' else f'TW-{letters}-{digits[:6]}'


def device(row, place):
    "One row of home.txt or site.txt with all that its model and the thing behind it bring along"
    key, name, also, spanish, room, model, kind, marks, state, reason, away = row
    made, marks = MODELS[model], [m for m in marks.split(',') if m]
    kind = kind or made['kind']
    extra = [MODELS['kinds'][k] for k in (*marks, kind) if k in MODELS['kinds']]
    drop = {d for e in extra for d in e.get('drop', [])}
    old = {k: v for k, v in made.get('ranges', {}).items() if k not in drop}
    ranges = old | {k: v for e in extra for k, v in e.get('ranges', {}).items()}
    able = [c for c in made.get('capabilities', []) if not drop or c != 'switch'] + [c for e in extra for c in e.get('capabilities', [])]
    confirm = made.get('confirm', {}) | {k: v for e in extra for k, v in e.get('confirm', {}).items()}
    body = 'watering controller' if model == 'G6' else key  # three zones, one controller
    out = dict(id=key, name=name, aliases=[a for a in also.split(';') if a], aliases_es=[a for a in spanish.split(';') if a],
               kind=kind, room=room, model=model, maker=made.get('maker', 'Tarnwick'), power=made['power'],
               serial=serial(made['letters'], body) if 'letters' in made else None,
               marks=marks, capabilities=able, state={k: value(v) for k, _, v in (s.partition('=') for s in state.split(','))},
               settable=ranges, measured=made.get('measures', {}), unsafe=bool(reason), confirm=confirm, never=made.get('never', []))
    if reason: out['reason'] = reason
    if 'hub' in (where := next(r for r in place['rooms'] if r['name'] == room)): out['hub'] = where['hub']
    since, _, why = away.partition(';')
    out['online'] = not away
    if away: out |= dict(last_heard=since, offline_why=why.strip())
    checked(out)
    return out


def fits(now, rule): return now in rule['choices'] if 'choices' in rule else 'min' not in rule or rule['min'] <= now <= rule['max']


def checked(d):
    "Every state lies in its range; a device that does harm says what asks for a second word"
    allowed = d['settable'] | d['measured']
    for field, now in d['state'].items():
        rule = allowed[field]
        assert fits(now, rule), (d['id'], field, now)
    assert len(d['name']) <= 24, d['name']
    assert not d['unsafe'] or d['confirm'] or d['never'], d['id']


def sets(text, known):
    "What a scene or routine sets, step by step; words to people (a message) set nothing"
    parts = [part.strip().split(' ', 2) for part in text.split(';')]
    steps = [dict(device=p[0], field=p[1], value=value(p[2])) for p in parts if p[0] in known]
    for s in steps:
        rule = known[s['device']]['settable'][s['field']]
        assert fits(s['value'], rule), s
    return steps


def homes():
    "devices.json: the home and the site, each with rooms, people, devices, scenes and routines"
    out = {}
    for key in ('home', 'site'):
        place = PLACES[key]
        devices = [device(row, place) for row in written(f'{key}.txt', 11)]
        known = {d['id']: d for d in devices}
        scenes = [{**s, 'sets': sets(s['sets'], known)} for s in place['scenes']]
        routines = [{**r, 'sets': sets(r['does'], known)} for r in place['routines']]
        out[key] = {**place, 'devices': devices, 'scenes': scenes, 'routines': routines}
    numbers = [(d['serial'], d['model'] == 'G6') for p in out.values() for d in p['devices'] if d['serial']]
    assert len({n for n, zone in numbers if not zone}) == sum(not zone for n, zone in numbers)
    return out


def latest(known, sent):
    "The states of devices.json are the last that the telemetry holds before the moment at which it was taken"
    until = datetime.fromisoformat(PLACES['home']['as_of'])
    for key, when, metric, now in sent:
        if metric in known[key]['state'] and datetime.fromisoformat(when) <= until: known[key]['state'][metric] = value(now)
    for d in known.values(): checked(d)


def commands(places):
    "commands.csv: every pair of voice and noise equally often among commands and among talk, in an order that gives nothing away"
    known = {d['id']: d for p in places.values() for d in p['devices']}
    said = [(*row, 'command') for row in written('commands.txt', 5)]
    said += [(*row, '', '', '', '', 'not_command') for row in written('chatter.txt', 1)]
    for text, intent, where, what, unit, kind in said:
        assert not where or where in known or where in places, where
        assert intent != 'run_scene' or what in [s['name'] for s in places[where]['scenes']], what
    pairs = [(v, n) for v in sound.VOICES for n in sound.NOISES]
    dealt = {k: [pairs[i % 6] for i in rng('deal ' + k).permutation(sum(s[5] == k for s in said))] for k in ('command', 'not_command')}
    rows = []
    for i, j in enumerate(rng('order').permutation(len(said)), 1):
        text, intent, where, what, unit, kind = said[j]
        voice, noise = dealt[kind].pop()
        row = dict(file=f'audio/a{i:03}.wav', text=text, intent=intent, device=where, value=what, unit=unit)
        rows.append({**row, 'voice': voice, 'noise': noise, 'kind': kind})
    return rows


def table(name, head, rows):
    with open(PACK / 'domain' / name, 'w', newline='', encoding='utf-8') as f:
        csv.writer(f, lineterminator='\n').writerows([head, *rows])


def gold(entries):
    "gold/domain.toml: a table for each planted thing"
    lines = ['# Written by _make/iot/domain.py. Times are local with offset, as they truly were; the end is not included.',
             '# `rows`: rows of the spell (gap: taken away, duplicate_burst: added). An ordinary spell without devices holds for all.']
    for kind, what in entries:
        lines += ['', f'[[{kind}]]'] + [f'{k} = {json.dumps(v, ensure_ascii=False)}' for k, v in what.items()]
    (PACK / 'gold' / 'domain.toml').write_text('\n'.join(lines) + '\n', encoding='utf-8')


def main():
    for name in ('domain', 'gold'): (PACK / name).mkdir(exist_ok=True)
    places = homes()
    known = {d['id']: d for p in places.values() for d in p['devices']}
    sent, planted = telemetry.fortnight(rng, written, list(known))
    latest(known, sent)
    (PACK / 'domain' / 'devices.json').write_text(json.dumps(places, ensure_ascii=False, indent=1) + '\n', encoding='utf-8')
    rows = commands(places)
    table('commands.csv', rows[0].keys(), [r.values() for r in rows])
    table('telemetry.csv', ('device', 'at', 'metric', 'value'), sent)
    gold(planted)
    for line in (sound.speak(PACK / 'domain' / 'audio', rows, rng) or []) * ('-v' in sys.argv):
        print('{}  {:15} {:9} {:5.2f} s  {:6.1f} dBFS  {:5.1f} dB  peak {}'.format(*line))


if __name__ == '__main__': main()
