"""The past of each pack: written conversations with typed slots become a raw log, with the exact spans of personal data beside it.

    python data_samples/_make/past.py [PACK …]

Reads `_make/<pack>/conversations.jsonl` and `feedback.jsonl` (written by hand) and writes `<pack>/conversations.jsonl`, `feedback.csv`, `events.csv`,
`gold/pii.jsonl` and `gold/planted.toml`. Everything is seeded by the pack's name: the same bytes every time. What is planted – duplicates,
broken rows, a bias, a skew, an emerging topic, an incident – is listed in `gold/planted.toml`."""
import csv, json, random, re, sys, tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from people import Person

HERE = Path(__file__).parent
FIRST_DAY, DAYS = date(2025, 10, 1), 365
SPEED = dict(web=90, app=110, chat=80, messaging=240, phone=45, email=5400, social=1500, forum=3600)  # median seconds to a first answer in opening hours


def slots_of(text): return re.findall(r'\{([a-z_]+?)(\d*)\}', text)


def fill(turns, person_of, ids):
    "Texts with their slots filled, and the spans of what was filled"
    texts, spans = [], []
    for role, text in turns:
        done, at, found = '', 0, []
        for slot in re.finditer(r'\{([a-z_]+?)(\d*)\}', text):
            done += text[at:slot.start()]
            kind, value = slot[1], person_of(slot[2]).value(slot[1]) if slot[1] not in ids or hasattr(Person, f'_{slot[1]}') else ids[slot[1]](slot[2])
            found.append([kind, len(done), len(done) + len(value)])
            done, at = done + value, slot.end()
        texts.append((role, done + text[at:]))
        spans.append(found)
    return texts, spans


def from_pattern(pattern, r):
    "A text that a simple regular expression matches: letters, digits, classes, repeats, branches"
    import re._parser as parser
    def make(items):
        out = ''
        for op, arg in items:
            match str(op):
                case 'LITERAL': out += chr(arg)
                case 'IN':
                    kind, value = r.choice([i for i in arg if str(i[0]) != 'NEGATE'])
                    out += chr(value) if str(kind) == 'LITERAL' else chr(r.randint(*value)) if str(kind) == 'RANGE' else r.choice('0123456789')
                case 'MAX_REPEAT' | 'MIN_REPEAT':
                    low, high, inner = arg
                    out += ''.join(make(inner) for _ in range(r.randint(low, min(int(high), low + 3)) if (low, int(high)) != (0, 1) else 1))
                case 'SUBPATTERN': out += make(arg[-1])
                case 'BRANCH': out += make(r.choice(arg[1]))
                case 'CATEGORY': out += r.choice('0123456789')
        return out
    value = make(parser.parse(pattern))
    assert re.search(pattern, value), (pattern, value)
    return value


def open_at(hours, moment):
    first, last, start, end = re.match(r'(\w{3})(?:-(\w{3}))? (\d\d:\d\d)-(\d\d:\d\d)', hours).groups()
    days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    in_days = days.index(first) <= moment.weekday() <= days.index(last or first)
    return in_days and start <= moment.strftime('%H:%M') < end


def begins(r, zone, mark, incident_day):
    "When a conversation begins: days by weekday, hours by a day's rhythm; marked ones where they belong"
    if mark == 'incident': return datetime.combine(incident_day, datetime.min.time(), zone) + timedelta(hours=6 + min(30, r.expovariate(1 / 7)))
    while True:
        day = FIRST_DAY + timedelta(days=DAYS - 24 + min(23, int(24 * r.random() ** .5)) if mark == 'emerging' else r.randrange(DAYS))
        if r.random() < (1, 1, .95, .9, .9, .55, .4)[day.weekday()]: break
    hour = r.choices(range(24), [1, .6, .4, .3, .4, .8, 2, 4, 7, 9, 9, 8, 7, 7, 7, 7, 7, 8, 8, 7, 6, 5, 3.5, 2])[0]
    return datetime.combine(day, datetime.min.time(), zone) + timedelta(hours=hour, seconds=r.randrange(3600))


def answered(r, start, channel, hours):
    "When the first answer comes: a queue in opening hours, the next opening otherwise"
    wait = SPEED.get(channel, 300) * r.lognormvariate(0, .9)
    ready = start + timedelta(seconds=wait)
    while not any(open_at(h, ready) for h in hours): ready = (ready + timedelta(minutes=15)).replace(second=r.randrange(60))
    return ready


def build(pack):
    profile = tomllib.loads((HERE.parent / pack / 'profile.toml').read_text())
    written = [json.loads(l) for l in (HERE / pack / 'conversations.jsonl').read_text().splitlines() if l.strip()]
    r, zone = random.Random(f'past of {pack}'), ZoneInfo(profile['timezone'])
    teams = profile['handoff']['teams']
    def hours_of(topic): return [span for t in ([t for t in teams if topic in t['skills']] or teams) for span in t['hours'].split(', ')]
    incident_day = FIRST_DAY + timedelta(days=r.randrange(120, 240))
    known, rows, gold = [], [], {}
    for w in sorted(written, key=lambda w: json.dumps(w, sort_keys=True)):
        start = begins(r, zone, w.get('mark'), incident_day)
        back = [k for k in known if k['group'] == w['group'] and k['language'] == w['language'] and k['topic'] == w['topic']]
        again = r.choice(back) if back and r.random() < .2 and not w.get('mark') else None
        if again: start = again['start'] + timedelta(days=r.uniform(.3, 6.5))
        user = again['user'] if again else f'u{len(known) + 1:04}'
        known.append(dict(user=user, group=w['group'], language=w['language'], topic=w['topic'], start=start))
        rows.append(row(r, pack, profile, w, start, user, hours_of(w['topic']), gold))
    rows.sort(key=lambda c: (c['started'], c['user']))
    return profile, r, rename(rows, gold), gold, written


def row(r, pack, profile, w, start, user, hours, gold):
    people, made = {}, {}
    def person_of(n): return people.setdefault(n, Person(random.Random(f'{pack} {user} {n}'), w['language']))
    patterns = {name: (lambda n, name=name, p=p: made.setdefault((name, n), from_pattern(p, random.Random(f'{pack} {user} {name} {n}')))) for name, p in profile['privacy']['ids'].items()}
    texts, spans = fill(w['turns'], person_of, patterns)
    at, turns, waited = start, [], False
    for role, text in texts:
        if turns:
            if role == 'agent' and not waited: at, waited = answered(r, at, w['channel'], hours), True
            else: at += timedelta(seconds=(20 + 1.1 * len(text) ** .8) * r.lognormvariate(0, .5))
        turns.append(dict(role=role, text=text, at=at.isoformat(timespec='seconds')))
    key = json.dumps(w, sort_keys=True)
    gold[key] = spans
    return dict(id=key, user=user, channel=w['channel'], language=w['language'], group=w['group'], started=turns[0]['at'], turns=turns, outcome=w['outcome'], csat=w.get('csat'),
                agent_seconds=round(60 * w['effort'] * r.lognormvariate(0, .18)) if any(t['role'] == 'agent' for t in turns) else 0, agent=f'a{r.randrange(1, 15):02}', mark=w.get('mark', ''), topic=w['topic'])


def rename(rows, gold):
    for i, c in enumerate(rows, 1): gold[f'c{i:04}'], c['id'] = gold.pop(c['id']), f'c{i:04}'
    return rows


def plant_bias(r, rows, groups):
    "One group is recorded as resolved 8 points less often than all others together: what was recorded changes, not what was said"
    group = sorted(groups, key=lambda g: abs(sum(c['group'] == g for c in rows) / len(rows) - .2))[0]
    inside, outside = [c for c in rows if c['group'] == group], [c for c in rows if c['group'] != group]
    def share(cs): return sum(c['outcome'] == 'resolved' for c in cs) / len(cs)
    for step in range(len(rows)):
        gap = share(outside) - share(inside)
        if gap >= .08: break
        flip = r.choice([c for c in inside if c['outcome'] == 'resolved'])
        flip['outcome'] = 'unresolved'
    while share(outside) - share(inside) > .09:
        more = [c for c in inside if c['outcome'] == 'unresolved' and c['turns'][-1]['role'] == 'agent'] or [c for c in inside if c['outcome'] == 'unresolved']
        r.choice(more)['outcome'] = 'resolved'
    return dict(kind='bias', field='outcome', group=group, points=round(100 * (share(outside) - share(inside)), 1), n=len(inside))


def plant_skew(r, rows, declared):
    "The channels of the log differ from the declared mix by a total variation of .10"
    names = sorted(declared, key=declared.get)
    target = dict(declared)
    target[names[0]], target[names[-1]] = declared[names[0]] + .10, declared[names[-1]] - .10
    quota = {n: round(target[n] * len(rows)) for n in names}
    count = {n: sum(c['channel'] == n for c in rows) for n in names}
    for c in r.sample(rows, len(rows)):
        if count.get(c['channel'], 1) <= quota.get(c['channel'], 0): continue
        wanted = [n for n in names if count[n] < quota[n]]
        if not wanted: break
        count[c['channel']], c['channel'] = count[c['channel']] - 1, wanted[0]
        count[c['channel']] += 1
    measured = sum(abs(count[n] / len(rows) - declared[n]) for n in names) / 2
    return dict(kind='skew', field='channel', more=names[0], less=names[-1], total_variation=round(measured, 3))


def plant_copies(r, rows, gold):
    "Ten conversations stand twice; five more stand twice with small differences"
    copies, plans = [], []
    for kind, n in (('duplicate', 10), ('near_duplicate', 5)):
        for c in r.sample([c for c in rows if not c['mark'] and len(c['turns']) > 2], n):
            copy = json.loads(json.dumps(c)) | dict(id=f'd{len(copies) + 1:03}')
            gold[copy['id']] = gold[c['id']]
            if kind == 'near_duplicate':
                for t in copy['turns']: t['text'] = t['text'].rstrip('.!? ') + ' '
                copy['csat'] = None
            copies.append(copy)
            plans.append(dict(kind=kind, id=copy['id'], of=c['id']))
    return copies, plans


def broken(rows):
    "Lines that break the contract, each in its own way"
    a, b, c, d = (json.loads(json.dumps(rows[i])) for i in (40, 90, 140, 190))
    public = [{k: v for k, v in x.items() if k not in ('mark', 'topic')} for x in (a, b, c, d)]
    a, b, c, d = (x | dict(id=f'b{i}') for i, x in enumerate(public, 1))
    return [('truncated line', json.dumps(a, ensure_ascii=False)[:180]), ('time without offset', json.dumps(b | dict(started=b['started'][:19]), ensure_ascii=False)), ('unknown outcome', json.dumps(c | dict(outcome='fine'), ensure_ascii=False)),
            ('no turns', json.dumps(d | dict(turns=[]), ensure_ascii=False)), ('repeated id', json.dumps(public[0], ensure_ascii=False)), ('rating out of range', json.dumps(public[1] | dict(id='b6', csat=9), ensure_ascii=False))]


def events(r, rows):
    "What people did in the help pages around their conversations"
    out = []
    for c in rows:
        at = datetime.fromisoformat(c['started'])
        for kind in r.choices(['open_help', 'search', 'view_article', 'view_article', 'rate_article', 'leave'], k=r.choice([1, 2, 3, 4, 6])):
            at -= timedelta(seconds=r.expovariate(1 / 70) + 5)
            out.append((c['user'], at.isoformat(timespec='seconds'), kind, c['channel'], c['topic'] if kind in ('search', 'view_article') else ''))
        out.append((c['user'], c['started'], 'start_conversation', c['channel'], ''))
    return [(f'e{i:05}', *e) for i, e in enumerate(sorted(out, key=lambda e: (e[1], e[0], e[2])), 1)]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')


def write_csv(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', encoding='utf-8', newline='') as f: csv.writer(f, lineterminator='\n').writerows([header, *rows])


def main(pack):
    folder = HERE.parent / pack
    profile, r, rows, gold, written = build(pack)
    planted = [plant_bias(r, rows, profile['user_base']['group']), plant_skew(r, rows, profile['user_base']['channel'])]
    copies, plans = plant_copies(r, rows, gold)
    planted += plans + [dict(kind=m, field='conversations', ids=[c['id'] for c in rows if c['mark'] == m]) for m in ('emerging', 'incident')]
    everything = sorted(rows + copies, key=lambda c: (c['started'], c['id']))
    lines = [json.dumps({k: v for k, v in c.items() if k not in ('mark', 'topic')}, ensure_ascii=False) for c in everything]
    for i, (what, line) in enumerate(broken(rows)): lines.insert(60 + 45 * i, line); planted.append(dict(kind='broken_row', file='conversations.jsonl', line=61 + 45 * i, what=what))
    write(folder / 'conversations.jsonl', '\n'.join(lines) + '\n')
    spans = [dict(file='conversations.jsonl', id=c['id'], turn=t, spans=s) for c in everything for t, s in enumerate(gold[c['id']]) if s]
    for g in spans: assert all(0 <= a < b <= len(next(c for c in everything if c['id'] == g['id'])['turns'][g['turn']]['text']) for _, a, b in g['spans'])
    write(folder / 'gold' / 'pii.jsonl', ''.join(json.dumps(g) + '\n' for g in spans))
    write(folder / 'gold' / 'planted.toml', '# What was planted in conversations.jsonl, and where; made by data_samples/_make/past.py\n' + ''.join('\n[[planted]]\n' + ''.join(f'{k} = {json.dumps(v)}\n' for k, v in p.items()) for p in planted))
    write_csv(folder / 'events.csv', ['id', 'user', 'at', 'event', 'channel', 'value'], events(r, rows))
    comments = [json.loads(l) for l in (HERE / pack / 'feedback.jsonl').read_text().splitlines() if l.strip()]
    feedback = []
    for f in comments:
        of = r.choice([c for c in rows if c['topic'] == f['topic'] and c['language'] == f['language']] or [c for c in rows if c['topic'] == f['topic']] or rows)
        at = datetime.fromisoformat(of['turns'][-1]['at']) + timedelta(hours=r.expovariate(1 / 5))
        feedback.append((of['id'], of['user'], at.isoformat(timespec='seconds'), f['rating'], f['comment']))
    write_csv(folder / 'feedback.csv', ['id', 'conversation', 'user', 'at', 'rating', 'comment'], [(f'f{i:04}', *f) for i, f in enumerate(sorted(feedback, key=lambda f: (f[2], f[0], f[4])), 1)])
    personal = len({g['id'] for g in spans if g['id'].startswith('c')}) / len(rows)
    print(f'{pack}: {len(rows)} conversations, {len(copies)} copies, personal data in {personal:.0%}, {sum(len(g["spans"]) for g in spans)} spans, {len(feedback)} comments')


if __name__ == '__main__':
    for pack in sys.argv[1:] or sorted(p.parent.name for p in HERE.glob('*/conversations.jsonl')): main(pack)
