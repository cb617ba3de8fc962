"""What lies in the pictures of `iot`: labels, code cards, cartons, meters, dials, displays and panels with lamps.

Each takes the scene, the words of the row's `face`, its lines and the row. Measures are hundredths of the picture's width."""
import numpy as np
import codes
from PIL import Image, ImageChops, ImageDraw
from scene import BODY, INK, array, flat, typeface

DARK, PALE = ('graphite', 'black', 'blue', 'green'), (.82, .82, .8)
LED = dict(green=(.12, .95, .3), amber=(1, .5, .02), red=(1, .08, .06), blue=(.12, .3, 1), white=(.9, .95, 1), violet=(.6, .15, 1),
           yellow=(1, .8, .08))


def body(s, colour, w, h, radius=4): s.lay(s.box(0, 0, w, h, radius), BODY[colour], 12, 7, .25, .6, 3)
def tone(colour, by): return np.multiply(BODY[colour], by)
def sticker(s, w, h, stock, x=0, y=0):
    colour = dict(paper=(.88, .87, .83), silver=(.7, .71, .72), black=(.1, .1, .11), yellow=(.86, .74, .28), kraft=(.7, .55, .38))[stock]
    s.lay(s.box(x, y, w, h, 1.2), colour, 1.2, 1.2, .5 if stock == 'silver' else .16, .25, .5)
    return PALE if stock == 'black' else INK


def code(s, text, x, y, size, colour=INK):
    m = Image.fromarray(np.uint8(codes.square(text)) * 255).resize((round(size * s.k),) * 2, Image.NEAREST)
    s.ink(s.paste(m, x - size / 2, y - size / 2), colour, .93)


def bars(s, digits, x, y, w, h):
    u, (px, py) = round(w * s.k / 95), s.at(x, y)
    for i, b in enumerate(codes.stripes(digits)):
        tall = (h + 3 if i < 3 or i > 91 or 44 < i < 50 else h) * s.k
        if b == '1': s.ink(s.draw('rectangle', [round(px) + i * u, round(py), round(px) + i * u + u - 1, round(py + tall)]), INK, .95)
    for group, where in ((digits[0], -4.5), (digits[1:7], 24 * u / s.k), (digits[7:], 71 * u / s.k)):
        s.print(x + where, y + h + 3, group, 5, 'mono', 'mm')


def label(s, face, lines, row):
    colour, stock, *more = face
    body(s, colour, 92, 64)
    if 'screws' in more: [s.screw(x, y) for x in (-42, 42) for y in (-28, 28)]
    if 'ribs' in more: [s.lay(s.box(0, y, 86, 1.2, .5), tone(colour, .8), -5, 2, .1, 0) for y in (-29, -26.5, 26.5, 29)]
    if 'holes' in more: [s.lay(s.disc(x, y, 2.4), (.05, .05, .05), -8, 3, .1, 0) for x in (-42, 42) for y in (-5, 5)]
    ink, top = sticker(s, 76, 48, stock), -19.5
    s.print(-35, top, lines[0], 5.4, 'bold', colour=ink)
    s.print(35, top, lines[1], 5, 'round', 'rm', ink, room=38)
    s.ink(s.line(.35, -35, top + 4, 35, top + 4), ink, .8)
    key = next((t.replace(' ', '') for t in lines if t.count(' ') == 2 and len(t) == 13), '')
    for i, line in enumerate(lines[2:]):
        main, room = line.startswith(('S/N', 'HUB', 'No.')), 68 if 'qr' not in more or i < 2 else 48
        if 'bin' in more and i < 2: room = 58
        type_ = 'monobold' if main else 'mono' if key and line.count(' ') == 2 else 'sans'
        s.print(-35, top + 9 + i * 6.3, line, 5 if main else 3.9, type_, colour=ink, room=room)
    if 'qr' in more: code(s, f'TWK1:{row["code"]}:{key}' if key else row['code'], 26, 13, 18, ink)
    if 'bin' in more:
        bin_ = (28, -12, 29, -6.6, 32, -6.6, 33, -12, 27, -12)
        for p in (bin_, (26.5, -13.5, 34.5, -5.2), (34.5, -13.5, 26.5, -5.2)): s.ink(s.line(.55, *p), ink)


def qr(s, face, lines, row):
    "A card from the box, or the square on the body of the thing"
    if face[0] == 'card':
        sticker(s, 86, 60, face[1])
        code(s, row['code'], 19.5, 0, 40)
        for i, line in enumerate(lines):
            s.print(-39, -22 + i * 8, line, (6, 4.4, 5, 3.5, 3.5, 3.5)[i], 'bold round mono sans sans sans'.split()[i], room=36)
        return
    body(s, face[0], 100, 78)
    if 'over' in face: sticker(s, 61, 70, 'paper', 4, -3)
    ink = sticker(s, 60, 68, face[1])
    code(s, row['code'], 0, -8, 44, ink)
    for i, line in enumerate(lines):
        s.print(0, 19 + i * 5.4, line, 4.8 if i == 0 else 4, 'monobold' if i == 0 else 'sans', 'mm', ink, room=55)


def ean(s, face, lines, row):
    s.lay(s.box(0, 0, 98, 68, 1), BODY[face[0]], 10, 5, .12, .6, 4, .09)
    s.z += np.sin(s.x * s.k * .22) * .5 * array(s.box(0, 0, 98, 68))  # the waves of the cardboard
    s.ink(s.box(0, -26, 98, 10), BODY[face[1]], .9)
    s.print(-44, -26, lines[0], 6, 'bold', colour=PALE)
    for i, line in enumerate(lines[1:]):
        ink, room = PALE if face[0] in DARK else INK, 84 if i < 3 else 24
        s.print(-44, -14 + i * 5.6, line, 4.4 if i else 5.4, 'round' if i else 'bold', colour=ink, room=room)
    sticker(s, 60, 30, 'paper', 14, 16)
    bars(s, row['code'], -8, 4, 47.5, 18)


def drums(s, figures, roll, red, w, h, y=0):
    "Figures on wheels behind a window; the last has turned on by `roll`, and takes its neighbour along when it stands at 9"
    n = len(figures)
    s.lay(s.box(0, y, w * n + 2.4, h + 2.4, .8), (.07, .07, .08), -6, 3, .1, 0)
    turn = [0.] * n
    for i in range(n - 1, -1, -1): turn[i] = roll if i == n - 1 or (turn[i + 1] and figures[i + 1] == '9') else 0.
    for i, f in enumerate(figures):
        x, lean = (i - (n - 1) / 2) * w, s.r.uniform(-.03, .03) * h
        wheel = s.box(x, y, w - .9, h, .3)
        s.ink(wheel, (.58, .08, .08) if i >= n - red else (.13, .13, .14))
        for step in (-1, 0, 1):
            ink = s.words(x, y + (step - turn[i]) * h * .92 + lean, str((int(f) + step) % 10), h * .8, 'round', 'mm')
            s.ink(ImageChops.multiply(ink, wheel), (.88, .87, .83), .95)
        s.rgb *= (1 - array(wheel) * (1 - (1.06 - .95 * (abs(s.y - y + h * .06) / (h * .5)) ** 2.2).clip(.12, 1.1)))[..., None]
        s.z *= 1 - array(wheel)


def meter(s, face, lines, row):
    kind, red, colour = face[0], int(face[1]), face[2]
    figures, _, roll = lines[0].partition('@')
    figures, roll = figures.replace(',', ''), float(roll or 0)
    if kind == 'electric':
        body(s, colour, 86, 68, 5)
        s.lay(s.box(0, 0, 76, 58, 2), (.83, .83, .8), -5, 3, .3, 0)
        drums(s, figures, roll, red, 8.2, 12, -9)
        s.print(36.4, -9, lines[1], 3.8, 'bold', 'rm')
        s.lay(s.box(0, 17, 40, 4, 1), (.1, .1, .1), -4, 2, .2, 0)
        s.ink(s.box(0, 17, 38, 1.6), (.7, .71, .72))
        s.ink(s.box(s.r.uniform(-15, 15), 17, 4, 1.6), (.7, .1, .1))
        for i, line in enumerate(lines[2:]): s.print(-35, (3, 8, -24, 25)[i], line, 3.4, 'bold' if i == 2 else 'sans')
        [s.screw(x, 31, 1.6) for x in (-36, 36)]
        return s.pane(s.box(0, 0, 76, 58, 2), .11)
    s.rod(s.box(0, 0, 140, 18), BODY['brass'] if kind == 'water' else BODY['grey'], s.y, 9.1)
    [s.rod(s.box(x, 0, 7, 24, 1), tone('brass', .9) if kind == 'water' else tone('grey', .9), s.y, 12.1) for x in (-43, 43)]
    s.lay(s.disc(0, 0, 36), BODY[colour], 16, 9, .6, .6, 3)
    [s.lay(s.box(x, -35, 5, 6, 1), tone(colour, .9), 10, 4, .4, .4, 1) for x in (-6, 6)]
    s.lay(s.disc(0, 0, 33), tone(colour, .7), -5, 3, .3, 0)
    s.lay(s.disc(0, 0, 31), (.86, .86, .84), -6, 3, .35, 0)
    drums(s, figures, roll, red, 6.6, 9.4, -7)
    s.print(*((25.5, 1.4) if len(figures) > 6 else (22, 1.6) if len(lines[1]) > 2 else (29.4, -6.5)), lines[1], 4.2, 'bold', 'rm')
    for i, line in enumerate(lines[2:]): s.print(0, (-22.5, -17.5, 26.5)[i], line, 3.3, 'round', 'mm')
    a = s.r.uniform(0, 6.2)
    if kind == 'water':
        for i in range(10): s.print(-10 + 8 * np.sin(i * .628), 13 - 8 * np.cos(i * .628), str(i), 2.6, 'sans', 'mm')
        hand = ((0, 6), (1.7, 1), (3.14, 2), (4.6, 1))
        s.ink(s.poly(*flat((-10 + q * np.sin(a + b), 13 - q * np.cos(a + b)) for b, q in hand)), (.7, .1, .1))
    star = [(11 + (4.4, 1.6)[i % 2] * np.sin(a + i * .5236), 13 - (4.4, 1.6)[i % 2] * np.cos(a + i * .5236)) for i in range(12)]
    s.ink(s.poly(*flat(star)), (.12, .12, .14) if kind == 'water' else (.7, .14, .1))
    s.pane(s.disc(0, 0, 31), .12)


def dial(s, face, lines, row):
    low, high, step, first, last = map(float, face[1:6])
    def angle(v): return np.radians(-135 + 270 * (v - low) / (high - low))
    def at(v, q): return q * np.sin(angle(v)), -q * np.cos(angle(v))
    s.rod(s.box(0, 48, 9, 40), BODY['brass'], s.x, 4.6)
    s.lay(s.box(0, 37, 15, 9, 1), tone('brass', .95), 12, 7, .6, .5, 2)
    s.lay(s.disc(0, 0, 34), BODY[face[0]], 16, 9, .9, .65, 3)
    s.lay(s.disc(0, 0, 31.2), tone(face[0], .75), -5, 3, .6, 0)
    s.lay(s.disc(0, 0, 30), (.87, .87, .85), -6, 3, .3, 0)
    if last > first: s.ink(s.line(2.4, *flat(at(t, 26.5) for t in np.linspace(first, last, 40))), (.75, .12, .09), .9)
    for i in range(round((high - low) / step * 5) + 1):
        v, big = low + i * step / 5, i % 5 == 0
        s.ink(s.line(.8 if big else .35, *at(v, 28), *at(v, 23.5 if big else 25.8)), INK)
        if big: s.print(*at(v, 18.8), f'{v:g}', 4.8, 'round', 'mm')
    for i, line in enumerate(lines):
        s.print(0, -8 if i == 0 else 9 + 4.2 * i, line, 4.6 if i == 0 else 3.1, 'bold' if i == 0 else 'sans', 'mm', room=24)
    v = float(row['shown'])
    tip, tail, side = at(v, 24), at(v, -8), (np.cos(angle(v)) * 1.1, np.sin(angle(v)) * 1.1)
    s.lay(s.poly(*tip, *np.add(tail, side), *np.subtract(tail, side)), (.1, .1, .12), 3, 1, .2, .5, 1.3)
    s.lay(s.disc(0, 0, 2.6), (.15, .15, .16), 5, 2, .6, .4, .8)
    s.pane(s.disc(0, 0, 30), .12)


SEGMENTS = dict(zip('0123456789AHbtLFdPrECnoUi-', (
    'abcdef bc abdeg abcdg bcfg acdfg acdefg abc abcdefg abcdfg abcefg bcefg cdefg defg def aefg bcdeg abefg eg adefg adef ceg cdeg bcdef '
    'c g').split()))
BARS = dict(a=(0, -1, 1, -1), g=(0, 0, 1, 0), d=(0, 1, 1, 1), f=(0, -1, 0, 0), b=(1, -1, 1, 0), e=(0, 0, 0, 1), c=(1, 0, 1, 1))
ICONS = dict(
    flame='0 -3 2 0 1.6 2.4 0 3 -1.6 2.4 -2 .6 -.8 1', leaf='-3 3 -2 -1 1 -3 3 -3 3 -1 1 2 -2 2', hourglass='-2 -3 2 -3 0 0/-2 3 2 3 0 0',
    window='-2 -3 2 -3 2 -2.4 -1.4 -2.4 -1.4 2.4 2 2.4 2 3 -2 3/2.3 -3 4 -1.5 4 1.8 2.3 3',
    drop='0 -3 2 1 1 3 -1 3 -2 1/-3.4 2.2 -2.8 2.8 3.2 -2.2 2.6 -2.8',
    suitcase='-3 -1 3 -1 3 3 -3 3/-1 -3 1 -3 1 -1.6 -1 -1.6', battery='-3 -1.5 2.4 -1.5 2.4 1.5 -3 1.5/2.7 -.6 3.3 -.6 3.3 .6 2.7 .6',
    padlock='-2.4 -.4 2.4 -.4 2.4 3 -2.4 3/-1.8 -.8 -1.8 -3 1.8 -3 1.8 -.8 1 -.8 1 -2.2 -1 -2.2 -1 -.8')


def segments(s, text, x, y, h, ink, shine=False):
    "Seven bars a figure, leaning a little; those that are off can just be seen"
    w, t, g, lit, dead = h * .52, h * .055, h * .03, Image.new('L', (s.w, s.h)), Image.new('L', (s.w, s.h))
    def bar(x0, y0, x1, y1):
        if y0 == y1: p = [(x0 + g, y0), (x0 + t, y0 - t), (x1 - t, y0 - t), (x1 - g, y0), (x1 - t, y0 + t), (x0 + t, y0 + t)]
        else: p = [(x0, y0 + g), (x0 + t, y0 + t), (x0 + t, y1 - t), (x0, y1 - g), (x0 - t, y1 - t), (x0 - t, y0 + t)]
        return s.at(*flat((a - (b - y) * .08, b) for a, b in p))
    for c in text:
        if c in '.,':
            q = t * 1.3
            ImageDraw.Draw(lit).ellipse(s.at(x - h * .17 - q, y + h / 2 - q, x - h * .17 + q, y + h / 2 + q), fill=255)
            continue
        for name, (a, b, e, f) in BARS.items():
            on = name in SEGMENTS[c]
            ImageDraw.Draw(lit if on else dead).polygon(bar(x + a * w, y + b * h / 2, x + e * w, y + f * h / 2), fill=255)
        x += w * 1.5
    s.ink(lit, ink, .88)
    s.ink(dead, ink, .05)
    if shine: s.lamp(lit, ink, .75, .4)


def lcd(s, colour, more, lines):
    small = 'small' in more
    body(s, colour, *((60, 72, 16) if small else (92, 60, 6)))
    if small: [s.lay(s.box(x, 27, 1.2, 12, .5), tone(colour, .9), -6, 3, .3, 0) for x in range(-24, 26, 4)]
    else:
        s.lay(s.disc(35, 0, 8), tone(colour, .97), 12, 8, .4, .5, 2)
        s.lay(s.disc(35, 0, 5.5), tone(colour, .9), -6, 6, .4, 0)
    x, w, h = (0, 46, 30) if small else (-9, 66, 44)
    s.lay(s.box(x, 0, w + 3, h + 3, 2), (.12, .12, .13), -4, 2, .6, 0)
    night = more[0] == 'night'
    glass = dict(green=(.5, .6, .42), blue=(.42, .55, .74), night=(.06, .08, .11)).get(more[0], (.56, .59, .55))
    ink = (.5, .93, 1) if night else (.1, .12, .13)
    s.lay(s.box(x, 0, w, h, 1), glass, -1, 2, .3, 0, grain=.01)
    if more[0] in ('blue', 'green'): s.lamp(s.box(x, 0, w - 1, h - 1, 1), glass, .2, .5)
    big = (13 if len(lines[0]) > 3 else 15) if small else 20 if len(lines[0]) > 3 else 22
    segments(s, lines[0], x - w / 2 + 6 + (0 if len(lines[0]) > 2 else big * .4), -3, big, ink, night)
    for i, line in enumerate(lines[1:]):
        if line[0] == '*':
            place = x + w / 2 - 7, h / 2 - 6 - 9 * (i - (not small))
            for p in ICONS[line[1:]].split('/'): s.ink(s.poly(*(float(v) * .95 + place[j % 2] for j, v in enumerate(p.split()))), ink, .88)
        elif line.endswith('%'):
            segments(s, line[:-1], x - w / 2 + 6, h / 2 - 6, 6, ink, night)
            s.print(x - w / 2 + 15.5, h / 2 - 5, '%', 4.4, 'bold', colour=ink)
        else: s.print(x + w / 2 - 3, h / 2 - (4.5 if small else 5), line, 4.2, 'bold', 'rm', ink)
    s.pane(s.box(x, 0, w, h, 1), .08)


def display(s, face, lines, row):
    "Liquid crystal with seven bars; points that shine; or the screen of a wall panel or telephone"
    kind, colour, *more = face
    if kind == 'lcd': return lcd(s, colour, more, lines)
    (w, h), (dw, dh) = dict(oled=((84, 46), (128, 70)), panel=((90, 56), (384, 240)), phone=((76, 112), (310, 460)))[kind]
    body(s, colour, w + (6 if kind == 'phone' else 12), h + (10 if kind == 'phone' else 16), 7 if kind == 'phone' else 5)
    if kind == 'oled': [s.lay(s.disc(x, 27.8, 1.9), tone(colour, .85), 6, 3, .4, .4, 1) for x in (-30, -10, 10, 30)]
    s.lay(s.box(0, 0, w, h, 2), (.03, .035, .045), -3, 3, .9, 0, grain=.01)
    dots = Image.new('L', (dw, dh))
    pen, u = ImageDraw.Draw(dots), 1 if kind == 'oled' else 2
    pen.fontmode = '1' if kind == 'oled' else 'L'
    sizes, rows = dict(oled=((26, 10.6), (4, 40, 54)), panel=((60, 25), (20, 108, 144, 180)), phone=((76, 25), (60, 170, 212, 254)))[kind]
    for i, line in enumerate(lines):
        plain = 'mono' if kind == 'oled' else 'sans' if set(line) & set('áéíóúñ') else 'round'  # `round` has no accents
        type_ = plain if i else 'monobold' if kind == 'oled' else 'bold'
        size = sizes[min(i, 1)] * (.9 if type_ == 'sans' else 1)
        while typeface(type_, size).getlength(line) > dw - 6 * u and size > 7: size -= .5
        pen.text((5 * u, rows[i]), line, 255, font=typeface(type_, size))
    if kind != 'oled': s.lamp(s.box(0, 0, w - 1, h - 1, 1), (.1, .2, .3), .6, .3)
    dots = dots.resize([round(v * s.k) for v in (w - 4, h - 3)], Image.NEAREST if kind == 'oled' else Image.BICUBIC)
    m = s.paste(dots, -(w - 4) / 2, -(h - 3) / 2)
    s.lamp(m, dict(ice=(.7, .95, 1), amber=(1, .62, .12), white=(1, 1, 1))[more[0]], .85, .3)
    s.pane(s.box(0, 0, w, h, 2), .07)


def leds(s, face, lines, row):
    kind, colour = face[:2]
    lit, pale = [line.split('=') for line in lines if '=' in line], PALE if colour in DARK else tone(colour, .5)
    if kind == 'ring':
        s.lay(s.disc(0, 0, 36), BODY[colour], 14, 10, .35, .6, 4)
        s.lay(s.disc(0, 0, 30, 26), tone(colour, .86), -3, 3, .5, 0)
        s.lay(s.disc(0, 0, 25.5), tone(colour, .96), 4, 5, .25, 0)
        if lit[0][1] != 'off': s.lamp(s.disc(0, 0, 29.8, 26.2), LED[lit[0][1]], .9, 3)
        return s.print(0, 0, lines[0], 4.6, 'bold', 'mm', pale)
    spots, size = [(0, -19.5)], 2
    if kind == 'dome':
        s.lay(s.disc(0, 0, 36), BODY[colour], 20, 18, .25, .6, 4)
        [s.lay(s.disc(0, 0, q, q - 1.4), tone(colour, .5), -5, 3, .1, 0) for q in (31.5, 27)]
        s.lay(s.disc(0, 0, 13), tone(colour, .97), 6, 5, .3, .2, 1)
    else:
        body(s, colour, 98, 48, 3)
        [s.screw(x, y, 1.6) for x in (-45, 45) for y in (-20, 20)]
        s.print(-40, -15, lines[0], 5.4, 'bold', colour=pale, room=80)
        spots = [(-42 + 84 * (i + .5) / len(lit), 1) for i in range(len(lit))]
    for (x, y), (name, state) in zip(spots, lit):
        s.lay(s.disc(x, y, size + .8), (.06, .06, .06), -3, 2, .3, 0)
        s.lay(s.disc(x, y, size), (.42, .43, .41) if state == 'off' else np.multiply(LED[state], .8), 4, 3, .8, 0)
        if state != 'off': s.lamp(s.disc(x, y, size * .9), LED[state], .85, 1.7)
        if kind != 'dome': s.print(x, y + 8, name, 3.8, 'round', 'mm', pale, room=13)
