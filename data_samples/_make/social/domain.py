"""Communities, posts, threads, reports and events of the pack `social`. All words stand in files beside this program.

    python data_samples/_make/social/domain.py

`communities.toml`, `posts/*.txt` and `events.txt` are written by hand. A thread begins with `# title | date | summary or -`; a post is
`user | tags | text`, where a tag is a label with the rule it breaks (`harass=HR-1`), `sh`, a hard look-alike (`!quote`), a dialect
(`~scots`), a language (`@pt`), the post answered (`^3`, otherwise the first), an hour (`h23`), a wait (`+9m`), or what is planted
(`wave`, `rumour`, `brig`). The program fills in ids and times and draws who reported what and how it was decided.

Planted, and listed in `gold/domain.toml`: a spam wave, a brigading of reports against one member and a smaller one against two, a thread
in which a rumour spreads, and a bias of the moderators: posts in dialect that break no rule are removed far more often than other harmless
posts that were reported. Seeded: the same bytes every time."""
import csv, json, tomllib, zlib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
import numpy as np

HERE = Path(__file__).parent
PACK = HERE.parents[1] / 'social'
ZONE, SEED, LAST = ZoneInfo('Europe/London'), 20261031, datetime(2026, 10, 31, 23, 40)
LABELS = dict(spam='spam', harass='harassment', pd='personal_data', mis='misinformation', rule='rule_break')
SIGNS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'
REASON = dict(spam='spam', harassment='harassment', personal_data='private data', misinformation='false information',
              self_harm='worried about this person', rule_break='community rule')
BY_RULE = {'HR-1': 'insult', 'CW-4': 'missing warning', 'CR-1': 'stolen picture', 'H4': 'false identity', 'ma-1': 'community rule'}
BY_LOOK = dict(heated='insult', quote='insult', humour='harassment', reclaimed='insult', health='false information', lookspam='spam',
               correct='false information', lookpd='private data', lookself='worried about this person')
URGENT = {'worried about this person': (2, 10), 'private data': (4, 55), 'harassment': (30, 1300), 'insult': (60, 1400),
          'false identity': (40, 1300), 'spam': (60, 6000)}  # minutes to a decision
SEEN = dict(spam=.8, harassment=.97, personal_data=1., misinformation=.92, self_harm=.92, rule_break=.7)  # share that is reported
MOVED, FOLDED = {'lb-6', 'lt-3', 'nl-2'}, {'td-2', 'tt-3', 'CW-4'}  # the other breaches are removed
GANG = 'roaring.rob v8.forever bypass.now park.free77 honk.if second.car.sue diesel.dave kerb.lord open.close'.split()
GANG = [f'@{u}@highstreet' for u in GANG]
KNIGHTS = [f'@{u}@tabletop' for u in 'knight.of.real mate_in_two castle.kev no.farms rook.and.roll'.split()]
RUMOUR = 'chalk marks on gateposts are the signs of dog thieves in a white van'


def rng(name): return np.random.default_rng([SEED, zlib.crc32(name.encode())])
def q(v): return json.dumps(v, ensure_ascii=False)
def local(t): return t.replace(tzinfo=ZONE).isoformat(timespec='seconds')
def some(r, items): return items[int(r.integers(len(items)))]
def span(r, low, high): return timedelta(seconds=int(np.exp(r.uniform(np.log(low * 60), np.log(high * 60)))))


def parse(tags):
    "What the tags of one post say"
    p = dict(label='fine', rule='', hard='', dialect='', language='en', answers=1, hour=None, wait=None, plant=set())
    for tag in tags.split():
        name, _, rule = tag.partition('=')
        if name in LABELS: p |= dict(label=LABELS[name], rule=rule)
        elif tag == 'sh': p['label'] = 'self_harm'
        elif tag[0] == '!': p['hard'] = p['hard'] or tag[1:]
        elif tag[0] == '~': p['dialect'] = tag[1:]
        elif tag[0] == '@': p['language'] = tag[1:]
        elif tag[0] == '^': p['answers'] = int(tag[1:])
        elif tag[0] == '+': p['wait'] = timedelta(minutes=int(tag[1:-1]) * (60 if tag[-1] == 'h' else 1))
        elif tag[0] == 'h' and tag[1:].isdigit(): p['hour'] = int(tag[1:])
        elif tag in ('wave', 'rumour', 'brig'): p['plant'].add(tag)
        else: raise ValueError(f'unknown tag {tag}')
    if p['label'] != 'fine': p['hard'] = ''
    return p


def read(communities):
    "Threads as written, in the order of their dates"
    threads = []
    for path in sorted((HERE / 'posts').glob('*.txt')):
        place = next(c for c in communities if c['id'] == path.stem)
        for line in filter(None, path.read_text(encoding='utf-8').split('\n')):
            if line.startswith('# '):
                title, day, summary = line[2:].split(' | ')
                threads.append(dict(community=path.stem, instance=place['instance'], title=title, day=date.fromisoformat(day),
                                    summary=None if summary == '-' else summary, posts=[]))
            else:
                user, tags, text = (x.strip() for x in line.split('|', 2))
                threads[-1]['posts'].append(dict(user=user, text=text, community=path.stem, instance=place['instance']) | parse(tags))
    return sorted(threads, key=lambda t: (t['day'], t['community'], t['title']))


def handles(posts):
    "Each user keeps the instance that is written, or the one where they appear first"
    home = {}
    for p in posts:
        name, _, place = p['user'].partition('@')
        if place: home[name] = place
    for p in posts:
        name = p['user'].partition('@')[0]
        p['user'] = f'@{name}@{home.setdefault(name, p["instance"])}'


def when(thread):
    "Times: people answer within minutes or the next day, and sleep at night unless the thread says that they do not"
    r, last = rng(thread['title']), None
    for p in thread['posts']:
        if last is None:
            hour = p['hour'] if p['hour'] is not None else int(r.choice([7, 8, 9, 10, 12, 13, 16, 17, 18, 18, 19, 19, 20, 20, 21]))
            at = datetime(*thread['day'].timetuple()[:3], hour, int(r.integers(60)), int(r.integers(60)))
        elif p['wait'] is not None: at = last + p['wait'] + timedelta(seconds=int(r.integers(-40, 40)))
        elif p['hour'] is not None: at = last + span(r, 2, 12)
        else:
            at = last + (span(r, 3, 50) if r.random() < .62 else span(r, 50, 900))
            if at.hour < 7 or (at.hour == 23 and at.minute > 29):
                at = at.replace(hour=7, minute=int(r.integers(60))) + timedelta(days=at.hour == 23, minutes=int(r.integers(150)))
        p['at'] = last = at
    if last > LAST: raise ValueError(f'{thread["title"]} ends after the year')


def number(threads):
    "Ids of threads and posts, and what answers what"
    r, used = rng('ids'), set()
    for i, t in enumerate(threads, 1):
        t['id'] = f'T-{i:04}'
        for j, p in enumerate(t['posts'], 1):
            while (code := 'P-' + ''.join(some(r, SIGNS) for _ in range(8))) in used: pass
            used.add(code)
            if not 1 <= p['answers'] <= max(1, j - 1): raise ValueError(f'{t["title"]}: post {j} answers {p["answers"]}')
            p |= dict(id=code, thread=t['id'], parent='' if j == 1 else t['posts'][p['answers'] - 1]['id'])


def reports(threads, desks):
    "Who reported which post, when, and what was decided"
    rows, crowd, r = [], {}, rng('reports')
    for t in threads: crowd.setdefault(t['community'], set()).update(p['user'] for p in t['posts'])
    unjust = wrong(threads, desks, rng('unjust'))
    for t in threads:
        for i, p in enumerate(t['posts']):
            fine = p['label'] == 'fine'
            mods = [] if fine else [q['at'] for q in t['posts'][i + 1:] if q['user'] in desks[t['community']]]
            if not (p['id'] in unjust if fine else mods or r.random() < SEEN[p['label']]): continue
            end = mods[0] - p['at'] if mods else None
            reason = BY_LOOK.get(p['hard'], 'insult') if fine else BY_RULE.get(p['rule'], REASON[p['label']])
            at = p['at'] + (end * r.uniform(.1, .5) if end and end < timedelta(minutes=40) else span(r, 2, 30 if end else 400))
            decided = at + span(r, *URGENT.get(reason, (90, 3600))) * (4 if r.random() < .06 else 1)
            if end and decided >= mods[0]: decided = at + (mods[0] - at) * r.uniform(.4, .95)
            readers = sorted(crowd[t['community']] - {p['user']})
            others = 1 if fine else 1 + int(r.random() < .28) + int(r.random() < .08)
            who = list(r.choice(readers, size=min(others, len(readers)), replace=False))
            decision = judge(p, unjust, bool(mods), r)
            appeal = contest(p, decision, r)
            for k, reporter in enumerate(who):
                sent = at + (span(r, 1, 300) if k else timedelta())
                late = decided <= sent
                verdict = decision if not k else 'already_dealt_with' if late else 'duplicate'
                rows.append(dict(post=p['id'], reporter=str(reporter), at=sent, reason=reason, decision=verdict, appeal='' if k else appeal,
                                 decided=max(decided, sent + timedelta(minutes=7)) if k else decided))
    return rows


def judge(p, unjust, moderated, r):
    "The decision on the first report of a post"
    if p['label'] == 'fine': return unjust[p['id']]
    if p['label'] == 'self_harm': return 'to_safety_desk' if moderated or r.random() < .97 else 'no_breach'
    if not moderated and p['label'] != 'personal_data' and r.random() < .2: return 'no_breach'  # a breach that was missed
    return 'moved' if p['rule'] in MOVED else 'folded' if p['rule'] in FOLDED else 'removed'


def contest(p, decision, r):
    "Those who lost a harmless post appeal more often, and mostly succeed"
    if decision not in ('removed', 'folded'): return ''
    if p['label'] == 'fine': return ('reversed' if r.random() < .84 else 'upheld') if r.random() < .66 else ''
    return ('changed' if r.random() < .05 else 'upheld') if r.random() < .42 else ''


def wrong(threads, desks, r):
    "Harmless posts that were reported, with the decision: in dialect half of them are removed, elsewhere one in six"
    dialect, plain, out = [], [], {}
    for t in threads:
        for p in t['posts']:
            if p['label'] != 'fine' or p['user'] in desks[t['community']] or p['plant'] or p['hard'] == 'support': continue
            if p['dialect'] and r.random() < .36: dialect.append(p['id'])
            elif not p['dialect'] and r.random() < (.38 if p['hard'] else .035): plain.append(p['id'])
    for ids, share in ((dialect, .52), (plain, .17)):
        for k, i in enumerate(r.permutation(ids)):
            out[str(i)] = 'removed' if k < round(share * len(ids)) else some(r, ['no_breach'] * 6 + ['advice', 'covered'])
    return out


def brigade(threads):
    "Reports made on purpose: fourteen against one member within the hour and again in June, five against two women of the dice"
    rows, r = [], rng('brigade')
    def thread(end): return next(t for t in threads if t['title'].endswith(end))
    quarrel, clicker, girls = thread('through traffic?'), thread('clicker results'), thread('Girl gamers')
    def send(start, spread, accounts, posts, n, verdict):
        for k in range(n):
            at = start + timedelta(seconds=int(60 * spread * (k + r.uniform(.1, .9)) / n))
            rows.append(dict(post=posts[k % len(posts)]['id'], reporter=accounts[(3 * k + k // len(accounts)) % len(accounts)], at=at,
                             reason=some(r, ['harassment', 'harassment', 'insult', 'spam']), **verdict(k, at)))
    tilda = [p for p in quarrel['posts'] if 'brig' in p['plant']]
    end = quarrel['posts'][7]['at']
    send(tilda[-1]['at'] + timedelta(minutes=6), 47, GANG, tilda, 14, lambda k, at: dict(
        decision='no_breach' if k < 3 else 'duplicate', decided=end - timedelta(minutes=4 - min(k, 3)), appeal=''))
    post = clicker['posts'][0]
    send(post['at'] + timedelta(minutes=11), 21, GANG[1:6], [post], 5, lambda k, at: dict(
        decision='duplicate' if k else 'removed', decided=post['at'] + timedelta(minutes=70 + k), appeal='' if k else 'reversed'))
    women = [girls['posts'][1], girls['posts'][3]]
    send(women[-1]['at'] + timedelta(minutes=9), 35, KNIGHTS, women, 5, lambda k, at: dict(
        decision='no_breach' if k < 2 else 'duplicate', decided=women[-1]['at'] + timedelta(minutes=300 + k), appeal=''))
    return rows


def table(kind, **fields):
    lines = (f'{k} = {round(v, 1) if isinstance(v, float) else q(v)}\n' for k, v in fields.items())
    return f'[[planted]]\nkind = {q(kind)}\n' + ''.join(lines)


def gold(threads, rows, posts):
    "What was planted, and where"
    text, of = [], {p['id']: p for p in posts}
    wave = sorted((p for p in posts if 'wave' in p['plant']), key=lambda p: p['at'])
    text.append(table('spam_wave', file='domain/posts.csv', domain='clearout-barn.example.net', posts=[p['id'] for p in wave],
                      accounts=sorted({p['user'] for p in wave}), communities=sorted({p['community'] for p in wave}),
                      start=local(wave[0]['at']), end=local(wave[-1]['at'])))
    women = ['@lark.of.war@tabletop', '@yas_in_check@tabletop']
    for kind, member, gang in (('brigading', ['@tilda.w@highstreet'], GANG), ('mass_report', women, KNIGHTS)):
        hits = [x for x in rows if x['planted'] and of[x['post']]['user'] in member]
        call = next(p for p in posts if p['user'] == gang[0] and p['rule'] in ('FR-1', 'HR-2'))
        text.append(table(kind, file='domain/reports.csv', members=member, posts=sorted({x['post'] for x in hits}),
                          reports=[x['id'] for x in hits], accounts=sorted({x['reporter'] for x in hits}), start=local(hits[0]['at']),
                          end=local(hits[-1]['at']), organiser_post=call['id']))
    story = next(t for t in threads if any('rumour' in p['plant'] for p in t['posts']))
    spread = [p['id'] for p in story['posts'] if p['label'] == 'misinformation']
    plate = [p['id'] for p in story['posts'] if p['label'] == 'personal_data']
    truth = [p['id'] for p in story['posts'] if p['hard'] == 'correct']
    text.append(table('rumour', file='domain/posts.csv', thread=story['id'], claim=RUMOUR, origin=story['posts'][1]['id'], spread=spread,
                      number_plate=plate, correction=truth, turning_point=truth[0]))
    first = [x for x in rows if not x['planted'] and x['decision'] not in ('duplicate', 'already_dealt_with')]
    fine = [x for x in first if of[x['post']]['label'] == 'fine']
    groups = [[x for x in fine if bool(of[x['post']]['dialect']) == d] for d in (True, False)]
    gone = [[x for x in g if x['decision'] == 'removed'] for g in groups]
    share = [100 * len(a) / len(b) for a, b in zip(gone, groups)]
    whole = [100 * len(a) / sum(p['label'] == 'fine' and bool(p['dialect']) == d for p in posts) for a, d in zip(gone, (True, False))]
    text.append(table('moderation_bias', file='domain/reports.csv', field='decision', group='dialect', points=share[0] - share[1],
                      removed_dialect=share[0], removed_other=share[1], n_dialect=len(groups[0]), n_other=len(groups[1]),
                      points_of_all_fine_posts=whole[0] - whole[1], reports=[x['id'] for x in gone[0]]))
    text.append(table('wrong_decision', what='harmless post removed', reports=[x['id'] for g in gone for x in g]))
    missed = [x['id'] for x in first if x['decision'] == 'no_breach' and of[x['post']]['label'] != 'fine']
    text.append(table('wrong_decision', what='breach found to be none', reports=missed))
    text.append(table('overturned', reports=[x['id'] for x in rows if x['appeal'] == 'reversed']))
    for kind in sorted({p['hard'] for p in posts} - {''}):
        text.append(table('look_alike', what=kind, posts=[p['id'] for p in posts if p['hard'] == kind]))
    return '# Written by _make/social/domain.py. Look-alikes: labelled fine, a hasty reader would remove them.\n\n' + '\n'.join(text)


def events(communities):
    r, used, rows = rng('events'), set(), []
    lines = (HERE / 'events.txt').read_text(encoding='utf-8').strip().split('\n')
    for community, at, place, language, title, text in sorted((line.split(' | ') for line in lines), key=lambda x: x[1]):
        if community not in communities: raise ValueError(f'no community {community}')
        while (code := f'EV-{int(r.integers(10000, 99999))}') in used: pass
        used.add(code)
        rows.append(dict(id=code, community=community, title=title, starts=local(datetime.fromisoformat(at)), place=place,
                         language=language, text=text))
    return rows


def write(name, rows, columns):
    with open(PACK / 'domain' / name, 'w', encoding='utf-8', newline='') as f:
        out = csv.DictWriter(f, columns.split(','), extrasaction='ignore', lineterminator='\n')
        out.writeheader()
        out.writerows(rows)


def main():
    source = (HERE / 'communities.toml').read_text(encoding='utf-8')
    book = tomllib.loads(source)
    known = {x['id'] for x in book['network_rules']}
    own = {c['id']: known | {x['id'] for x in c['rules']} for c in book['communities']}
    desks = {c['id']: set(c['moderators']) for c in book['communities']}
    threads = read(book['communities'])
    handles([p for t in threads for p in t['posts']])
    for t in threads: when(t)
    threads.sort(key=lambda t: t['posts'][0]['at'])
    number(threads)
    posts = sorted((p for t in threads for p in t['posts']), key=lambda p: (p['at'], p['id']))
    bad = [p['text'][:60] for p in posts if p['rule'] and p['rule'] not in own[p['community']]]
    if bad: raise ValueError(f'unknown rules: {bad}')
    rows = [x | dict(planted=False) for x in reports(threads, desks)] + [x | dict(planted=True) for x in brigade(threads)]
    rows.sort(key=lambda x: (x['at'], x['post'], x['reporter']))
    r, case = rng('cases'), 286100
    for x in rows:
        case += int(r.integers(3, 60))
        x['id'] = f'C-{case}'
    for folder in ('domain', 'gold'): (PACK / folder).mkdir(exist_ok=True)
    (PACK / 'domain' / 'communities.toml').write_text(source, encoding='utf-8', newline='\n')
    (PACK / 'gold' / 'domain.toml').write_text(gold(threads, rows, posts), encoding='utf-8', newline='\n')
    write('posts.csv', [p | dict(at=local(p['at'])) for p in posts], 'id,thread,parent,user,community,language,dialect,at,text,label,rule')
    rows = [x | dict(at=local(x['at']), decided=local(x['decided'])) for x in rows]
    write('reports.csv', rows, 'id,post,reporter,at,reason,decision,decided,appeal')
    write('events.csv', events(own), 'id,community,title,starts,place,language,text')
    with open(PACK / 'domain' / 'threads.jsonl', 'w', encoding='utf-8', newline='\n') as f:
        for t in threads:
            f.write(json.dumps(dict(id=t['id'], community=t['community'], title=t['title'], started=local(t['posts'][0]['at']),
                                    posts=[p['id'] for p in t['posts']], summary=t['summary']), ensure_ascii=False) + '\n')


if __name__ == '__main__': main()
