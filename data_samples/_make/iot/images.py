"""The pictures of the pack `iot`: what customers hold before the camera when they ask. Listed by hand in pictures.csv.

    python data_samples/_make/iot/images.py [FILE …]

Columns of pictures.csv: `face` how the thing is built (faces.py), `draw` what is written or shown (parts by |; a part after ~ can be seen
by nobody in this picture), `light` warmth and brightness, `spoils` what lies beside, sticks on, or went wrong in taking it (scene.py).
From them images.csv gets `text` (all that can be read), `code` (serial, what a square or bar code holds, or error code), `reading` (the
figure, or which lamps are lit) and `condition`.
Planted: in unreadable pictures the asked-for part is covered, burnt out or blurred away; code and reading are empty and the right answer
is to ask for another picture. A code that no article knows; a boiler of another maker; a stranger's sticker over a pairing code; a note
that gives orders; drums between two figures (the lower one counts); lamps whose blinking a still cannot show; an alarm past its date; an
H1, whose number has no letters; a humidity beside a temperature. EAN numbers begin with 2, which no firm owns; serials were thought up
here and are not those of devices.json. Seeded: with the same versions of Pillow and numpy the same bytes every time."""
import csv, sys
from pathlib import Path
import numpy as np
import faces
from PIL import Image
from scene import SPOILS, Scene, camera

HERE = Path(__file__).parent
OUT = HERE.parents[1] / 'iot' / 'domain'


def picture(row):
    s = Scene(row['file'], *map(int, row['size'].split('x')), row['surface'])
    spoils = [(p.split()[0], [float(v) for v in p.split()[1:]]) for p in row['spoils'].split(';') if p.strip()]
    getattr(faces, row['kind'])(s, row['face'].split(), [p.strip().removeprefix('~') for p in row['draw'].split('|')], row)
    for name, v in spoils:
        if name in SPOILS: SPOILS[name](s, *v)
        if name == 'note':
            for i, line in enumerate(row['note'].split('/')):
                s.print(v[0] + 3, v[1] + 5 + i * 5.4, line, 4.6, 'serif', colour=(.1, .15, .4), room=v[2] - 5)
    warm, light = map(float, row['light'].split())
    return camera(s, warm, light, spoils)


def few(im, colours=64):
    "A palette of few colours, in which small bright lamps keep theirs: vivid points count for as much as a third of the picture"
    a = np.asarray(im).reshape(-1, 3)
    vivid = a[np.ptp(a.astype(int), 1) > 110]
    if len(vivid): a = np.concatenate([a, np.resize(vivid, (len(a) // 3, 3))])
    sample = Image.fromarray(np.resize(a, (len(a) // 256 + 1, 256, 3)))
    palette = sample.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    return im.quantize(palette=palette, dither=Image.Dither.NONE)


def answer(row):
    "What can be known from the picture: text, code, reading"
    lost = row['state'] == 'unreadable'
    parts, text = [p.strip() for p in row['draw'].split('|')], []
    for p in (p for p in parts if not (lost and p.startswith('~'))):
        if '=' in p and row['kind'] == 'leds': text += [p.partition('=')[0]] * row['face'].startswith('row')  # the word beside the lamp
        elif p.startswith('*'): text.append(f'[{p[1:]}]')
        else: text.append(p.partition('@')[0])
    text = ' | '.join(text + [row['note'].replace('/', ' ')] * bool(row['note']))
    if lost: return text, '', ''
    lamps = [p.split('=') for p in parts if '=' in p]
    reading = dict(meter=parts[0].partition('@')[0].replace(',', '.').lstrip('0'), dial=row['shown'],
                   leds='; '.join(f'{n}={c}' for n, c in lamps if c != 'off') or 'none').get(row['kind'], row['shown'])
    return text, row['code'], ('0' if reading.startswith('.') else '') + reading


def main(only):
    (OUT / 'images').mkdir(parents=True, exist_ok=True)
    with open(HERE / 'pictures.csv', encoding='utf-8', newline='') as f: rows = list(csv.DictReader(f))
    with open(OUT / 'images.csv', 'w', encoding='utf-8', newline='') as f:
        out = csv.writer(f, lineterminator='\n')
        out.writerow('file kind text code reading unit device condition condition_detail'.split())
        for r in rows: out.writerow((f"images/{r['file']}", r['kind'], *answer(r), r['unit'], r['device'], r['state'], r['detail']))
    for r in rows:
        if not only or r['file'] in only:
            few(picture(r)).save(OUT / 'images' / r['file'], optimize=True)


if __name__ == '__main__': main(sys.argv[1:])
