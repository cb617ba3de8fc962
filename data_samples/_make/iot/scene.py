"""A small world for the pictures of `iot`: surfaces with grain and height, things that throw shadows, one lamp, a lens, a sensor.

Every thing is laid over what is there (`lay`), written on it (`ink`, `print`) or shines (`lamp`). `shoot` lights the heights, `camera`
looks at them. What people's pictures suffer from stands in SPOILS (in the scene) and in `camera` (light, lens, shaking hand, JPEG)."""
import io, zlib
from pathlib import Path
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from matplotlib import get_data_path

FONTS, SEED, MARGIN = Path(get_data_path()) / 'fonts' / 'ttf', 20261114, 1.36
FACES = dict(sans='DejaVuSans', bold='DejaVuSans-Bold', mono='DejaVuSansMono', monobold='DejaVuSansMono-Bold', serif='DejaVuSerif-Italic')
INK, STEEL = (.13, .13, .15), (.6, .61, .62)
BODY = dict(white=(.84, .84, .82), graphite=(.2, .21, .23), grey=(.54, .56, .58), green=(.3, .43, .3), black=(.09, .09, .1),
            brass=(.66, .52, .29), blue=(.2, .34, .55), red=(.55, .16, .14), kraft=(.68, .54, .37), silver=(.7, .71, .72))
SURFACES = dict(  # colour, how far the grain is drawn out, how strong it is
    oak=((.56, .39, .23), 9, .5), pine=((.74, .58, .39), 7, .42), plaster=((.76, .74, .7), 1, .1), concrete=((.5, .5, .49), 1, .34),
    slate=((.25, .27, .29), 1, .34), steel=((.56, .58, .6), 40, .18), tile=((.72, .77, .79), 1, .05), cloth=((.34, .4, .48), 1, .24),
    brick=((.52, .28, .21), 1, .34), cork=((.6, .44, .3), 1, .5))


def rng(name): return np.random.default_rng([SEED, zlib.crc32(name.encode())])
def grey(a): return Image.fromarray(np.uint8(np.clip(a, 0, 1) * 255))
def array(m): return np.asarray(m, np.float32) / 255
def blur(m, radius): return m.filter(ImageFilter.GaussianBlur(radius))
def flat(points): return [float(v) for p in points for v in p]


def typeface(face, size):
    size = max(5, round(size))
    if face == 'round': return ImageFont.load_default(size)  # the one that Pillow brings along
    return ImageFont.truetype(str(FONTS / f'{FACES[face]}.ttf'), size, layout_engine=ImageFont.Layout.BASIC)


def noise(r, h, w, cell, stretch=1, octaves=4):
    "Clouds between 0 and 1: grids of chance, each half as coarse and half as strong as the one before"
    out, weight = np.zeros((h, w), np.float32), 0.
    for o in range(octaves):
        c = max(1, cell / 2 ** o)
        grid = r.random((max(2, int(h / c) + 2), max(2, int(w / c / stretch) + 2)), dtype=np.float32)
        out += np.asarray(Image.fromarray(grid).resize((w, h), Image.BICUBIC)) / 2 ** o
        weight += .5 ** o
    return out / weight


class Scene:
    "A surface and what lies on it; units: the picture is 100 wide, its middle is 0, 0"
    def __init__(s, name, width, height, surface):
        s.r, s.out, s.k = rng(name), (width, height), 2 * width / 100
        s.w, s.h = int(2 * width * MARGIN), int(2 * height * MARGIN)
        (colour, stretch, depth), s.cx, s.cy = SURFACES[surface], s.w / 2, s.h / 2
        s.y, s.x = ((g - c).astype(np.float32) / s.k for g, c in zip(np.mgrid[:s.h, :s.w], (s.cy, s.cx)))
        grain, fine = noise(s.r, s.h, s.w, 60, stretch) - .5, noise(s.r, s.h, s.w, 5, stretch, 2) - .5
        s.z = fine * depth * 5
        if surface in ('oak', 'pine'): grain = grain * .7 + .18 * np.sin(noise(s.r, s.h, s.w, 300, 4) * 90 + grain * 5)
        if surface == 'cork': grain = grain + .8 * (noise(s.r, s.h, s.w, 14, 1, 2) > .6)
        s.rgb = np.float32(colour) * (1 + depth * (grain * 1.3 + fine * .5))[..., None]
        if surface in ('tile', 'brick'):
            a, b = (44, 44) if surface == 'tile' else (52, 17)
            y, x = s.y + s.r.uniform(200, 260), s.x + s.r.uniform(200, 260)
            joint = np.minimum(y % b, (x + (y // b % 2) * a / 2 * (surface == 'brick')) % a) * s.k
            s.z += np.clip(joint, 0, 9) * .8
            s.rgb *= np.where(joint < 7, .82 if surface == 'tile' else 1.2, 1)[..., None]
        if surface == 'cloth': s.z += np.sin((s.y + s.x) * s.k * .7) * .6 + np.sin((s.y - s.x) * s.k * .7) * .6
        s.gloss, s.glow = np.full((s.h, s.w), dict(tile=.5, steel=.4, oak=.15).get(surface, .03), np.float32), np.zeros_like(s.rgb)
        s.sky = np.zeros_like(s.rgb)

    def at(s, *p): return [v * s.k + (s.cx, s.cy)[i % 2] for i, v in enumerate(p)]
    def draw(s, how, *a, **k):
        m = Image.new('L', (s.w, s.h))
        getattr(ImageDraw.Draw(m), how)(*a, fill=255, **k)
        return m
    def box(s, x, y, w, h, radius=0):
        return s.draw('rounded_rectangle', s.at(x - w / 2, y - h / 2, x + w / 2, y + h / 2), radius=radius * s.k)
    def poly(s, *p): return s.draw('polygon', s.at(*p))
    def line(s, width, *p): return s.draw('line', s.at(*p), width=max(1, round(width * s.k)), joint='curve')
    def disc(s, x, y, radius, hole=0):
        m = s.draw('ellipse', s.at(x - radius, y - radius, x + radius, y + radius))
        return ImageChops.subtract(m, s.disc(x, y, hole)) if hole else m
    def words(s, x, y, text, size, face='sans', anchor='lm', room=0):
        while room and size > 2 and typeface(face, size * s.k).getlength(text) > room * s.k: size *= .96
        return s.draw('text', s.at(x, y), text, font=typeface(face, size * s.k), anchor=anchor)
    def paste(s, image, x, y):
        full = Image.new('L', (s.w, s.h))
        full.paste(image, [round(v) for v in s.at(x, y)])
        return full

    def lay(s, mask, colour, rise=6, soft=1.6, gloss=.1, shadow=.5, reach=2, grain=.04):
        "A thing of one colour: throws a soft shadow to the lower right, has a rounded edge, stands out by `rise` (or is sunk)"
        if shadow:
            for far, part in ((1, .65), (.3, .35)):
                moved = ImageChops.offset(mask, round(reach * s.k * .6 * far), round(reach * s.k * far))
                s.rgb *= 1 - array(blur(moved, reach * s.k * .8 * far))[..., None] * shadow * part
        m = array(mask)
        s.z += array(blur(mask, soft)) * rise - s.z * m
        grain *= 3 * (noise(s.r, s.h, s.w, 120, 1, 4) - .5) + noise(s.r, s.h, s.w, 3, 1, 1) - .5
        skin = np.float32(colour) * (1 + grain)[..., None]
        s.rgb, s.gloss = s.rgb * (1 - m[..., None]) + skin * m[..., None], s.gloss * (1 - m) + gloss * m
    def ink(s, mask, colour, strength=1.):
        m = (array(mask) * strength)[..., None]
        s.rgb = s.rgb * (1 - m) + np.float32(colour) * m
    def print(s, x, y, text, size, face='sans', anchor='lm', colour=INK, strength=.9, room=0):
        s.ink(s.words(x, y, text, size, face, anchor, room), colour, strength)
    def lamp(s, mask, colour, power=1., bloom=2.5):
        colour, core = np.float32(colour), array(blur(mask, 1))[..., None]
        near, far = (array(blur(mask, bloom * f * s.k))[..., None] for f in (.5, 1.8))
        s.glow += (core * (colour * .72 + .1) + (near * .45 + far * .8) * colour * .7) * power
        s.rgb *= 1 - core * .7 * min(1, power)
    def screw(s, x, y, size=2.2):
        s.lay(s.disc(x, y, size), STEEL, 7, 3, .8, .45, 1)
        a = s.r.uniform(0, 3.1)
        for t in (a, a + 1.57):
            dx, dy = size * .6 * np.cos(t), size * .6 * np.sin(t)
            s.ink(s.line(size * .3, x - dx, y - dy, x + dx, y + dy), (.2, .2, .21), .85)
    def rod(s, mask, colour, across, radius, gloss=.4, shadow=.55, reach=3):
        "Something round: `across` is the distance from its axis"
        s.lay(mask, colour, 0, 1, gloss, shadow, reach, .08)
        s.z += np.sqrt(np.clip(1 - (across / radius) ** 2, 0, 1)) * radius * s.k * .8 * array(mask)
    def pane(s, mask, strength=.1):
        "A window mirrored in glass: four slanted fields of light, soft, only inside the mask"
        x0, y0 = s.r.uniform(-24, 4), s.r.uniform(-22, -4)
        u, v = s.x - x0 + .35 * s.y, s.y - y0 + .1 * s.x
        field = grey(((abs(u % 11 - 5.5) < 4.9) & (u > 0) & (u < 22) & (abs(v % 13 - 6.5) < 5.9) & (v > 0) & (v < 26)).astype(np.float32))
        s.sky += (array(blur(field, s.k * .35)) * array(mask) * strength)[..., None] * np.float32((.92, .97, 1))

    def shoot(s, warm, light):
        "One lamp at the upper left, its light falling off; a little grime on everything"
        gy, gx = np.gradient(s.z)
        slope = np.clip(gx * .62 + gy * .78, -4, 4)
        px, py = s.r.uniform(-35, 5), s.r.uniform(-45, -10)
        far = np.hypot(s.x - px, s.y - py)
        fall = light * (1.02 - .0032 * far + .05 * (noise(s.r, s.h, s.w, 400) - .5))
        spec = s.gloss * light * (np.clip(slope, 0, 3) ** 2 * .15 + .22 * np.exp(-(far / 34) ** 2))
        dust = 1 - .05 * np.clip(noise(s.r, s.h, s.w, 200) * 3 - 1.4, 0, 1) - .25 * (s.r.random((s.h, s.w), dtype=np.float32) > .99985)
        tint = np.float32((1 + .07 * warm, 1, 1 - .1 * warm))
        return s.rgb * (np.clip(1 + slope * .3, .3, 1.7) * fall * dust)[..., None] * tint + spec[..., None]

    def place(s, slant, turn):
        "Where the four corners of the picture come from: turned by degrees, slanted by the share by which one side is nearer"
        (w, h), a, (sx, sy) = (v * 2 for v in s.out), np.radians(turn), slant
        rows, goal = [], []
        for ex, ey in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            near, u, v = 1 + sx * ex + sy * ey, (ex + 1) * w / 2, (ey + 1) * h / 2
            x, y = ex * w / 2 * near, ey * h / 2 * near
            x, y = s.cx + x * np.cos(a) - y * np.sin(a), s.cy + x * np.sin(a) + y * np.cos(a)
            rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
            goal += [x, y]
        return tuple(np.linalg.solve(np.array(rows), np.array(goal)))


# what lies or sticks where it should not, and what happens to lie beside
def thumb(s, x, y, turn, nail=1):
    a = np.radians(turn)
    m = ImageChops.lighter(s.line(17, x, y, x + 110 * np.cos(a), y + 110 * np.sin(a)), s.disc(x, y, 8.5))
    m = blur(m, s.k * .7)
    along, across = (s.x - x) * np.cos(a) + (s.y - y) * np.sin(a), (s.y - y) * np.cos(a) - (s.x - x) * np.sin(a)
    out = np.where(along > 0, abs(across), np.hypot(along, across))
    s.rod(m, (.74, .53, .43), out, 9, .12, .7, 4)
    s.rgb *= (1 - .1 * array(m) * (np.sin(along * 2.2) * (abs(along - 15) < 3)))[..., None]
    if nail:
        q = np.clip(1.15 - ((along - 1) / 6.2) ** 4 - (across / 5) ** 4, 0, 1) > .15
        s.ink(blur(grey(q), 1.5), (.88, .7, .63), .75); s.gloss += q * .45
def tape(s, *p): s.lay(s.poly(*p), (.74, .68, .52), 2, 2, .35, .25, .6, .1)
def cable(s, x0, y0, x1, y1, x2, y2):
    t = np.linspace(0, 1, 60)
    p = np.stack([(1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for a, b, c in ((x0, x1, x2), (y0, y1, y2))], 1)
    s.lay(s.line(4.2, *flat(p)), (.09, .09, .1), 24, 7, .35, .6, 3)
def cloud(s, x, y, w, h, cell, hard):
    near = np.exp(-((s.x - x) / w) ** 2 - ((s.y - y) / h) ** 2)
    return grey((noise(s.r, s.h, s.w, cell) * .7 + near * .6 - .68) * hard)
def dirt(s, *p): s.ink(cloud(s, *p, 26, 4), (.27, .21, .15), .97)
def mould(s, *p): s.ink(cloud(s, *p, 18, 5), (.16, .18, .14), .97)
def frost(s, *p):
    m = cloud(s, *p, 60, 6)
    s.ink(m, (.74, .77, .8), .97)
    s.z *= 1 - array(m) * .97
def tear(s, *p): s.lay(cloud(s, *p, 44, 14), (.57, .56, .54), -2, 1.2, .03, 0, 1, .25)
def paint(s, *p): s.lay(cloud(s, *p, 30, 20), (.8, .79, .74), 4, 2, .3, .2, .4)
def drops(s, n):
    for _ in range(int(n)):
        x, y, q = s.r.uniform(-46, 46), s.r.uniform(-34, 34), s.r.gamma(2, .5) + .4
        s.ink(s.disc(x, y, q), (1, 1, 1), .12); s.z += array(blur(s.disc(x, y, q), 3)) * 9; s.gloss += array(s.disc(x, y, q)) * .8
def scratch(s, n):
    for _ in range(int(n)):
        x, y, a, q = s.r.uniform(-34, 24), s.r.uniform(-24, 24), s.r.uniform(-.5, .9), s.r.uniform(6, 30)
        s.ink(s.line(.25, x, y, x + q * np.cos(a), y + q * np.sin(a)), (.72, .72, .7), .6)
def note(s, x, y, w, h): s.lay(s.poly(x, y, x + w, y - 1, x + w + 1, y + h, x + .5, y + h + .6), (.9, .81, .4), 3, 2, .05, .4, 1.5)
def pencil(s, x, y, turn):
    a = np.radians(turn)
    along, across = (s.x - x) * np.cos(a) + (s.y - y) * np.sin(a), (s.y - y) * np.cos(a) - (s.x - x) * np.sin(a)
    s.rod(grey((along > 0) & (abs(across) < 1.6)), (.2, .35, .5), across, 1.7, .4, .5, 1.2)
    s.rod(grey((along <= 0) & (along > -6) & (abs(across) < 1.6 + along * .26)), (.78, .62, .42), across, 1.7, .1, .4, .8)
    s.ink(grey((along < -4.6) & (along > -6) & (abs(across) < 1.6 + along * .26)), (.12, .12, .12))
def cell(s, x, y, turn):
    a = np.radians(turn)
    along, across = (s.x - x) * np.cos(a) + (s.y - y) * np.sin(a), (s.y - y) * np.cos(a) - (s.x - x) * np.sin(a)
    s.rod(grey((abs(along) < 13) & (abs(across) < 4)), (.16, .3, .2), across, 4.1, .5, .6, 2)
    s.ink(grey((along > 5) & (along < 13) & (abs(across) < 4)), (.62, .45, .24), .9)
    s.rod(grey((along >= 13) & (along < 14.4) & (abs(across) < 1.5)), STEEL, across, 1.6, .7, .3, .6)
def shade(s, x, y, turn, dark=.45):
    a = np.radians(turn)
    edge = grey((((s.x - x) * np.cos(a) + (s.y - y) * np.sin(a)) > 0).astype(np.float32))
    s.rgb *= 1 - dark * array(blur(edge, s.k * 2.2))[..., None]
def blinds(s, wide, turn, dark=.4):
    a = np.radians(turn)
    s.rgb *= (1 - dark / (1 + np.exp(-7 * np.sin((s.x * np.sin(a) + s.y * np.cos(a)) * 6.28 / wide))))[..., None]
SPOILS = dict(thumb=thumb, tape=tape, cable=cable, dirt=dirt, mould=mould, frost=frost, tear=tear, paint=paint, drops=drops,
              scratch=scratch, note=note, pencil=pencil, cell=cell, shade=shade, blinds=blinds)


def glare(s, rgb, x, y, size):
    dx, dy = s.x - x, s.y - y
    q = np.hypot(dx + .35 * dy, dy * 1.25) / size
    return rgb + (1.25 * np.exp(-q ** 4) + .35 * np.exp(-q / 1.5))[..., None] * np.float32((1, .98, .93))


def camera(s, warm, light, spoils):
    "What comes out of the telephone"
    (w, h), own = s.out, dict(spoils)
    rgb = s.shoot(warm, light * own.get('dark', [1])[0])
    for name, v in spoils:
        if name == 'glare': rgb = glare(s, rgb, *v)
    rgb = np.clip(rgb, 0, None) + s.glow + s.sky * min(1, light) * own.get('dark', [1])[0]
    rgb = np.where(rgb < .72, rgb, .72 + .27 * (1 - np.exp(-(rgb - .72) / .27)))
    im = Image.fromarray(np.uint8(np.clip(rgb, 0, 1) * 255))
    plan = s.place(own.get('slant', s.r.uniform(-.04, .04, 2)), own.get('turn', [s.r.uniform(-2, 2)])[0])
    im = im.transform((w * 2, h * 2), Image.PERSPECTIVE, plan, Image.BICUBIC)
    depth = np.clip(abs(np.linspace(-1, 1, h * 2) - s.r.uniform(-.2, .2)) * 2 - 1, 0, 1)  # out of focus towards the edges
    im = Image.composite(blur(im, 3), im, grey(np.tile(depth[:, None], (1, w * 2))))
    if 'blur' in own: im = blur(im, own['blur'][0] * 2)
    if 'shake' in own:
        x, y = own['shake']
        steps = [np.roll(np.float32(im), (round(t * y), round(t * x)), (0, 1)) for t in np.linspace(-1, 1, 15)]
        im = Image.fromarray(np.uint8(sum(steps) / 15))
    a = np.float32(im.resize((w, h), Image.BOX).filter(ImageFilter.UnsharpMask(1.1, 45, 2)))
    a += s.r.normal(0, 1, (h, w, 1)) * (3.2 if 'dark' in own else .7) + s.r.normal(0, 1, (h, w, 3)) * (1.6 if 'dark' in own else .2)
    im = Image.fromarray(np.uint8(np.clip(a, 0, 255)))
    if 'jpeg' in own:
        im.save(held := io.BytesIO(), 'JPEG', quality=int(own['jpeg'][0]))
        im = Image.open(held).convert('RGB')
    return im
