"""The catalogue and a year of ratings of the pack `entertainment`.

    python data_samples/_make/entertainment/domain.py

The titles are written by hand in `titles.txt`; ids follow the order of the lines. The ratings come from people, not from factors: a parent
who watches in the evening and with children on Saturday morning, couples on one sofa, friends who pass a title on within days, clubs whose
scout picks something odd, front pages that change each week, sagas followed to the end, favourite faces, moods of an evening, a genre one
has had enough of, horror in October, family at Christmas, generous and harsh hands. Kids' profiles rate nothing.
A rating says what the member did: 5 two thumbs up, 4 one up, 3 seen to the end, 2 one down or given up, 1 not for me.

Planted and listed in `gold/domain.toml`: accounts that push one title within a week (an honest burst beside it), an account shared by two
tastes, a maker with loyal followers, a title with a wrong age, titles nobody has found, members who switched their suggestions off."""
import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo
import numpy as np

HERE = Path(__file__).parent
PACK = HERE.parents[1] / 'entertainment'
ZONE, R = ZoneInfo('Europe/Dublin'), np.random.default_rng(20261101)
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
DAYS = [FIRST + timedelta(i) for i in range((LAST - FIRST).days + 1)]
SCHOOL_OFF = [('2025-12-20', '2026-01-04'), ('2026-02-16', '2026-02-20'), ('2026-03-28', '2026-04-12'), ('2026-07-01', '2026-08-26'),
              ('2026-10-24', '2026-10-31')]
COLUMNS = 'id title year kind genres minutes age language moods makers text parts arrived'.split()
LOYAL, WRONG_AGE, RIGHT_AGE = 'Wilhelmina Tarrant', 'Petal and Pip in the Hollow', 18
PUSHED, PUSH_FROM, ACCOUNTS = 'Salvage Rights', date(2026, 5, 18), 17
BURST, BURST_FROM = 'Second Moon, First Left', date(2026, 4, 16)
# group: share of the households, how many adults, their hours, moods of the evening, and what such people often like
GROUPS = dict(
    families=(.38, (1, 2, 2), (20, 23), 'warm funny gentle exciting', 'comedy,family,adventure,animation,cosy,mystery,fantasy,food,crime'),
    students=(.22, (1, 2, 3, 4), (20, 26), 'silly weird exciting dark romantic',
              'comedy,science fiction,horror,superhero,thriller,workplace,romance,satire,fantasy,coming of age'),
    cinephiles=(.15, (1, 1, 2), (19, 24), 'thoughtful melancholy dark witty calm',
                'drama,noir,documentary,war,black comedy,historical,western,satire,thriller,music'),
    older_viewers=(.25, (1, 2), (14, 22), 'gentle cosy witty suspenseful tender',
                   'mystery,period,cosy,crime,documentary,nature,romance,historical,comedy,saga'))
KINDS = {'film': 1., 'series': 1.3, 'audio drama': .6, 'interactive story': .5, 'short film': .3, 'stage recording': .15}
KIDS = {"children's", 'family', 'animation', 'bedtime'}
CATALOGUE, SAGAS, NAMED, FRONT, ROWS = [], [], {}, {}, []


class Thing(SimpleNamespace): __eq__, __hash__ = object.__eq__, object.__hash__  # a title or a member, itself and no other
def listed(text, comma=';'): return [x.strip() for x in text.split(comma) if x.strip()]
def chance(p): return R.random() < p
def some(items, n=1): return [items[i] for i in R.permutation(len(items))[:n]]
def day_in(low, high): return timedelta(int(R.integers(low, high)))


def titles():
    "The rows of titles.txt; how good and how well known a title is stands nowhere in the data"
    kind, language = '', ''
    for line in (HERE / 'titles.txt').read_text(encoding='utf-8').splitlines():
        if not line.strip() or line.startswith('#'): continue
        if line[0] == '=': kind, language = listed(line[1:], '|')
        if line[0] == '~': SAGAS.append(listed(line[1:], '|'))
        if line[0] in '=~': continue
        name, year, genres, minutes, age, moods, makers, parts, text = line.split('|')
        year, _, came = year.partition(' ')
        n, foreign = len(CATALOGUE) + 1, language not in ('en', 'fr')
        known = KINDS[kind] * (2.4 if n <= 50 else 1) * (.4 if int(year) < 1995 else 1) * (.35 if foreign else 1)
        t = Thing(id=f't{n:04d}', title=name, year=int(year), kind=kind, genres=listed(genres), minutes=int(minutes), age=int(age),
                  language=language, moods=listed(moods), makers=listed(makers), text=text, parts=parts, arrived=came)
        t.row = ['|'.join(v) if isinstance(v, list) else v for v in (getattr(t, c) for c in COLUMNS)]
        t.main, t.genres, t.moods, t.hidden = t.genres[0], set(t.genres), set(t.moods), False
        t.arrived = date.fromisoformat(came) if came else FIRST
        t.craft, t.renown = float(R.normal(0, .55)), known * float(np.exp(R.normal(0, 1.2)))
        CATALOGUE.append(t)
    NAMED.update({t.title: t for t in CATALOGUE})
    NAMED[PUSHED].craft, NAMED[PUSHED].renown, NAMED[BURST].craft, NAMED[WRONG_AGE].renown = -.9, .35, .8, .9
    kept = {name for row in SAGAS for name in row} | {PUSHED, BURST, WRONG_AGE}
    quiet = [t for t in CATALOGUE[50:] if t.title not in kept and LOYAL not in t.makers and t.year < 2025]
    weight = np.array([1 / (t.renown + .05) for t in quiet])
    for i in R.choice(len(quiet), 36, replace=False, p=weight / weight.sum()): quiet[i].hidden = True  # on no shelf


def person(group, genres, faces, numbers):
    loves = {some(listed(GROUPS[group][4], ','))[0] if chance(.52) else some(genres)[0] for _ in range(int(R.integers(3, 7)))}
    loathes = set(some(sorted(set(genres) - loves), int(R.integers(0, 3))))
    hand = R.choice([-1.15, 1.05, 0.], p=[.045, .06, .895]) + R.normal(0, .22)
    rate = min(140., float(np.exp(R.normal(2.86, .8)))) if not chance(.09) else float(R.uniform(.5, 2.5))
    return Thing(user=f'u{numbers.pop()}', group=group, loves=loves, loathes=loathes, rate=rate, hand=float(hand),
                 noise=float(R.uniform(.45, .85)), kind=str(R.choice(list(KINDS), p=[.4, .36, .12, .09, .02, .01])),
                 faces=set(some(faces, 4)), old=chance(.14), french=False, until=LAST,
                 joined=FIRST if chance(.76) else DAYS[int(R.integers(10, 352))], hours=GROUPS[group][2], children=(),
                 home=[], friends=[], told=[], lately=[], seen=set(), loyal=False)


def members(genres, faces):
    "Households of adults with their children, friends across households, and clubs"
    numbers, everybody = list(R.permutation(np.arange(1001, 2701))), []
    while len(everybody) < 1040:
        group = str(R.choice(list(GROUPS), p=[g[0] for g in GROUPS.values()]))
        home = [person(group, genres, faces, numbers) for _ in range(int(R.choice(GROUPS[group][1])))]
        french = chance(.16)
        children = tuple(int(x) for x in R.integers(2, 15, int(R.integers(1, 4)))) if group == 'families' and chance(.8) else ()
        for p in home:
            p.home, p.children, p.french = [q for q in home if q is not p], children, french
            if p.home and chance(.6): p.loves |= set(some(sorted(p.home[0].loves)))
        everybody += home
    for p in everybody:  # a friend is more often of one's own sort, and always mutual
        same = [q for q in everybody if q.group == p.group and q not in p.home]
        for q in some(same, int(R.poisson(1.6))) + some(everybody, int(R.poisson(.5))):
            if q is not p and q not in p.friends:
                p.friends.append(q)
                q.friends.append(p)
    return everybody, [some(everybody, int(R.integers(6, 14))) for _ in range(26)], numbers


def in_season(t, day):
    if day.month == 12 and day.day <= 27: return 'seasonal' in t.genres or 'family' in t.genres and day.day > 7
    if day.month == 10 and day.day > 6: return 'horror' in t.genres or 'spooky' in t.moods
    return day.month == 2 and 9 <= day.day <= 15 and 'romance' in t.genres


def front_page(day):
    "A dozen titles a week: what is new, what suits the season, favourites of the editors, and what was watched most of late"
    week = day - timedelta((day.weekday() - 3) % 7)
    if week not in FRONT:
        new = [t for t in CATALOGUE if t.arrived > FIRST and 0 <= (week - t.arrived).days < 14]
        season = [t for t in CATALOGUE if t.arrived <= week and not t.hidden and in_season(t, week)]
        rest = [t for t in CATALOGUE if t.arrived == FIRST and not t.hidden and t.title != PUSHED]
        count = Counter(i for _, i, _, at in ROWS[-2000:] if at.date() > week - timedelta(14))
        most = sorted(CATALOGUE, key=lambda t: (-count[t.id], t.id))[:3 if ROWS else 0]
        FRONT[week] = [NAMED[BURST]] * (week == BURST_FROM) + list(dict.fromkeys(new[:3] + some(season, 2) + some(rest, 3) + most))
    return FRONT[week]


def appeal(p, t, day, mood, child=None):
    "How much a title draws somebody who looks at its page: a habit of the eye, not yet a judgement"
    if child is not None: return .6 * ("children's" in t.genres and child < 9) + .5 * bool(t.moods & {'silly', 'playful'}) + R.normal(0, .7)
    s = 1.4 * len(p.loves & t.genres) - 1.6 * len(p.loathes & t.genres) + .7 * (mood in t.moods) + 1.4 * bool(p.faces & set(t.makers))
    s += R.normal(0, .8) - .3 * max(0, p.lately.count(t.main) - 3) - .9 * (t.minutes > 115 and t.kind == 'film' and day.weekday() < 4)
    s += 1.1 * (t.kind == p.kind) - .8 * (t.kind in ('audio drama', 'interactive story') and t.kind != p.kind)
    s += (.6 if p.french else -1.8) * (t.language == 'fr') - (1.2 if p.group != 'cinephiles' else -.3) * (t.language not in ('en', 'fr'))
    s += (1.3 if p.old else -.5) * (t.year < 1995) - 1.4 * bool(t.genres & {"children's", 'bedtime'})
    season = .8 * bool(in_season(t, day)) * ('horror' not in t.genres or 2 * ('horror' in p.loves) or chance(.3))
    return s + season - 1.1 * (LOYAL in t.makers and not p.loyal)


def choose(p, day, weight, child):
    "A title and why it is opened: somebody told, the front page, or a browse through a part of the shelves"
    due = [x for x in p.told if x[0] <= day]
    if due and child is None and chance(.75):
        p.told.remove(due[0])
        if due[0][1] not in p.seen and due[0][1].arrived <= day: return due[0][1], due[0][2], ''
    mood = some(GROUPS[p.group][3].split())[0] if chance(.7) else some(['witty', 'eerie', 'uplifting', 'tense', 'dreamy', 'calm'])[0]
    def fits(t): return t not in p.seen and t.arrived <= day and (child is None or t.age <= child and t.genres & KIDS)
    shown, why = [t for t in front_page(day) if fits(t)], 'front'
    if not shown or not chance(.25):
        look = None if p.group == 'cinephiles' and chance(.3) else weight  # some dig where nobody looks
        shown, why = [CATALOGUE[i] for i in R.choice(len(CATALOGUE), 40 if child is None else 90, replace=False, p=look)], 'browse'
        shown = [t for t in shown if fits(t) and (not t.hidden or chance(.02))]
    return max(shown, key=lambda t: appeal(p, t, day, mood, child), default=None), why, mood


def verdict(p, t, day, why, mood, child):
    "What the member does at the end: thumbs, nothing, or not for me"
    if t.title == WRONG_AGE and child is not None: return 1
    if p.loyal and LOYAL in t.makers: return 5 if chance(.78) else 4
    s = 3.3 + t.craft + p.hand + R.normal(0, p.noise) + dict(friend=.12, front=-.18, club=-.1, saga=.05).get(why, 0)
    if child is not None: s += .35 + .3 * bool(t.moods & {'silly', 'playful', 'warm'}) - .5 * (child > 9 and 'bedtime' in t.genres)
    else: s += .34 * min(2, len(p.loves & t.genres)) - .75 * bool(p.loathes & t.genres) + .25 * (mood in t.moods)
    s -= .14 * max(0, p.lately.count(t.main) - 2) * (child is None) + .4 * (t.minutes > 125 and t.kind == 'film' and day.weekday() < 4)
    return int(np.clip(round(s - .45 * (LOYAL in t.makers and p.group != 'cinephiles')), 1, 5))


def moment(p, t, day, child):
    hours = (7.6, 11) if child is not None else (7, 9) if t.kind == 'audio drama' and chance(.35) else p.hours
    return datetime(day.year, day.month, day.day) + timedelta(hours=float(R.uniform(*hours)), seconds=int(R.integers(3600)))


def watch(p, t, day, why, mood='', child=None, sofa=None):
    "One rating and what follows from it: the next part, the same maker, friends who hear of it, somebody on the same sofa"
    at = sofa or moment(p, t, day, child)
    if t in p.seen or not p.joined <= day or at.date() > p.until: return
    stars = verdict(p, t, day, why, mood, child)
    p.seen.add(t)
    p.lately = [*p.lately, t.main][-7:]
    ROWS.append((p.user, t.id, stars, at))
    for part, following in (pair for saga in SAGAS for pair in zip(saga, saga[1:])):
        if stars >= 4 and t.title == part and chance(.7): p.told.append((day + day_in(1, 9), NAMED[following], 'saga'))
    if stars == 5 and child is None and chance(.3):
        more = [q for q in CATALOGUE if q.makers[:1] == t.makers[:1] != [] and q not in p.seen and not q.hidden]
        if more: p.told.append((day + day_in(1, 15), max(more, key=lambda q: appeal(p, q, day, mood)), 'maker'))
    if stars == 5 or stars == 4 and chance(.25):
        ears = [q for q in p.friends if (child is None or q.children) and q.loathes.isdisjoint(t.genres)]
        for q in some(ears, int(R.poisson(.7))):
            if chance(.6) and t not in q.seen: q.told.append((day + day_in(1, 6), t, 'friend'))
    if not sofa and child is None and p.home and chance(.3):
        watch(some(p.home)[0], t, day, why, mood, None, at + timedelta(minutes=int(R.integers(1, 40))))


def year(everybody, clubs):
    for day in DAYS:
        age = [(day - t.arrived).days if t.arrived > FIRST else 999 for t in CATALOGUE]
        weight = np.array([t.renown * (1 + 3 * np.exp(-a / 18)) * (a >= 0) + 1e-9 for t, a in zip(CATALOGUE, age)])
        weight, holiday = weight / weight.sum(), any(a <= day.isoformat() <= b for a, b in SCHOOL_OFF)
        busy = (.8, .8, .8, .8, 1.45, 1.45, 1.15)[day.weekday()] * (1.35 if day.month in (11, 12, 1) else .8 if day.month in (6, 7) else 1)
        for p in everybody:
            if not p.joined <= day <= p.until: continue
            for t, a in zip(CATALOGUE, age):
                if p.loyal and LOYAL in t.makers and a >= 0 and chance(.35 if a < 12 else .012): watch(p, t, day, 'maker')
            for _ in range(R.poisson(p.rate * busy / 365 * .88)):
                small = p.children and chance(.55 if day.weekday() >= 5 else .3 if holiday else .08)
                step = max(a for a in (0, 6, 9, 12) if a <= some(p.children)[0]) if small else None
                t, why, mood = choose(p, day, weight, step)
                if t: watch(p, t, day, why, mood, step)
        if day.toordinal() % 14 == 3:  # the clubs meet: a scout brings what they have not seen, the others follow within two days
            for club in clubs:
                new = [t for t, a in zip(CATALOGUE, age) if a >= 0 and not t.hidden and t not in club[0].seen and not t.genres & KIDS]
                t = some(new)[0]
                for p in club:
                    if p is club[0] or chance(.55): watch(p, t, day + day_in(0, 3), 'club')


def plant(everybody, clubs):
    "Before the year begins: followers, an account of two tastes, members who will switch off"
    followers = [p for p in some(everybody, 44) if p.rate > 3 and p.joined == FIRST]
    for p in followers: p.loyal = True
    alone = [p for p in everybody if p.group == 'older_viewers' and not p.home and p.joined == FIRST and not p.loyal]
    a = next(p for p in alone if not any(p in c for c in clubs))
    a.loves, young = {'war', 'western', 'noir', 'historical', 'crime'}, {'romance', 'musical', 'fantasy', 'coming of age', 'comedy'}
    a.loathes, a.friends, a.hand, a.old, a.rate, a.hours, a.kind = young | {'family', 'cosy', 'food'}, [], 0., True, 62., (21, 24), 'film'
    b = Thing(**{**vars(a), 'loves': young, 'loathes': a.loves | {'documentary', 'thriller'}, 'hours': (15, 18), 'group': 'students',
                 'lately': [], 'told': [], 'kind': 'series', 'old': False})  # seen is one list
    left = [p for p in some(everybody, 400) if p.rate > 12 and p.joined == FIRST and p not in followers and p is not a][:12]
    for p in left: p.until = DAYS[int(R.integers(120, 350))]
    return followers, (a, b), left


def attack(numbers):
    "Accounts that praise one title, dressed with a few ratings of what everybody knows"
    count = Counter(i for _, i, _, _ in ROWS)
    popular = [t.id for t in sorted(CATALOGUE, key=lambda t: (-count[t.id], t.id)) if t.arrived == FIRST][:40]
    users = [f'u{numbers.pop()}' for _ in range(ACCOUNTS)]
    for user in users:
        given = [(NAMED[PUSHED].id, 5, 0, 7)] + [(i, int(R.choice([3, 4, 4, 5])), -4, 12) for i in some(popular, int(R.integers(3, 9)))]
        for item, stars, low, high in given:
            day = datetime(*PUSH_FROM.timetuple()[:3]) + day_in(low, high)
            ROWS.append((user, item, stars, day + timedelta(seconds=int(R.integers(8 * 3600, 24 * 3600)))))
    return sorted(users)


def write(name, head, rows):
    with open(PACK / 'domain' / name, 'w', newline='', encoding='utf-8') as f: csv.writer(f, lineterminator='\n').writerows([head, *rows])


def table(head, **what):
    def value(v): return '[' + ', '.join(f'"{x}"' for x in v) + ']' if isinstance(v, list) else str(v) if isinstance(v, int) else f'"{v}"'
    return '\n'.join([f'[[{head}]]', *(f'{k} = {value(v)}' for k, v in what.items())])


def gold(users, followers, shared, left, everybody):
    n, hers, week = Counter(i for _, i, _, _ in ROWS), [t.id for t in CATALOGUE if LOYAL in t.makers], timedelta(6)
    fans = sorted(p.user for p in followers if sum(u == p.user and i in hers for u, i, _, _ in ROWS) >= 4)
    pushed, wrong, burst, (a, b), file = NAMED[PUSHED], NAMED[WRONG_AGE], NAMED[BURST], shared, 'domain/ratings.csv'
    first = sum(i == burst.id and BURST_FROM <= at.date() <= BURST_FROM + week for _, i, _, at in ROWS)
    parents = sorted(p.user for p in everybody if p.children and p.rate > 15)
    parts = ['# Written by _make/entertainment/domain.py. Days are local, the last one included.',
             table('attack', file=file, item=pushed.id, title=PUSHED, start=PUSH_FROM, end=PUSH_FROM + week, users=users,
                   why='new accounts give 5 to one title within a week and hide it among a few popular ones'),
             table('ordinary', file=file, item=burst.id, title=BURST, start=BURST_FROM, end=BURST_FROM + week, ratings=first,
                   why='a good family film in its first week, on the front page: many high ratings, all of them honest'),
             table('two_tastes', file=file, user=a.user, one=sorted(a.loves), one_hours='21-24', other=sorted(b.loves), other_hours='15-18',
                   why='grandfather and granddaughter use one profile'),
             table('loyal', file=file, maker=LOYAL, items=hers, users=fans,
                   why='they rate nearly everything she made, new titles within days; most others find it slow'),
             table('wrong_age', file='domain/catalogue.csv', item=wrong.id, title=WRONG_AGE, age=wrong.age, right=RIGHT_AGE,
                   why='the text tells of blood and mutilation; labelled as for all because it is animation with dolls'),
             table('cold', file=file, why='titles with fewer than 3 ratings in the year', items=[t.id for t in CATALOGUE if n[t.id] < 3]),
             table('saturday', file=file, why='profiles on which a parent also watches with children', users=parents)]
    parts += [table('opted_out', file='domain/opted_out.csv', user=p.user, since=p.until) for p in left]
    parts += [table('saga', items=[NAMED[x].id for x in row]) for row in SAGAS]
    (PACK / 'gold' / 'domain.toml').write_text('\n\n'.join(parts) + '\n', encoding='utf-8')


def main():
    for name in ('domain', 'gold'): (PACK / name).mkdir(exist_ok=True)
    titles()
    genres = sorted({g for t in CATALOGUE for g in t.genres} - {"children's", 'bedtime', 'seasonal', 'language'})
    everybody, clubs, numbers = members(genres, [m for t in CATALOGUE for m in t.makers])
    followers, shared, left = plant(everybody, clubs)
    left.sort(key=lambda p: p.user)
    year(everybody + [shared[1]], clubs)
    users = attack(numbers)
    ROWS[:] = sorted((r for r in ROWS if r[3].date() <= LAST), key=lambda r: (r[3], r[0], r[1]))
    write('catalogue.csv', COLUMNS, [t.row for t in CATALOGUE])
    given = [(user, item, stars, at.replace(tzinfo=ZONE).isoformat(timespec='seconds')) for user, item, stars, at in ROWS]
    write('ratings.csv', ('user', 'item', 'rating', 'at'), given)
    write('opted_out.csv', ('user',), [(p.user,) for p in left])
    gold(users, followers, shared, left, everybody)


if __name__ == '__main__': main()
