"The shipped packs: made reproducibly, referring to each other correctly"
import csv, hashlib, json, re, shutil, subprocess, sys, tomllib
from collections import Counter
from pathlib import Path
import pytest, yaml
from conftest import ROOT
from playbook.foundation import contract

PACKS = sorted(p.parent for p in (ROOT / 'data_samples').glob('[a-z0-9]*/profile.toml'))
MADE = ('conversations.jsonl', 'feedback.csv', 'events.csv', 'gold/pii.jsonl', 'gold/planted.toml')


def rows(folder, name): return [r for _, r in contract.rows(folder, name) if not isinstance(r, contract.Fault)]


def test_the_past_is_reproduced_byte_for_byte(tmp_path):
    shutil.copytree(ROOT / 'data_samples', tmp_path / 'packs')
    names = [p.name for p in PACKS if (ROOT / 'data_samples' / '_make' / p.name / 'conversations.jsonl').is_file()]
    subprocess.run([sys.executable, tmp_path / 'packs' / '_make' / 'past.py', *names], check=True, capture_output=True)
    for name in names:
        for file in MADE: assert (tmp_path / 'packs' / name / file).read_bytes() == (ROOT / 'data_samples' / name / file).read_bytes(), (name, file)


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_gold_spans_stand_where_they_say(folder):
    "Each span of personal data lies inside its turn and looks like its type"
    turns = {(c['id'], i): t['text'] for c in rows(folder, 'conversations.jsonl') for i, t in enumerate(c['turns'])}
    shape = dict(email=r'\S+@\S+\.\w+', phone=r'[+\d][\d ]+', iban=r'[A-Z]{2}\d\d[A-Z0-9 ]+', card=r'[\d ]{16,19}', ip=r'[\d.]+')
    found = [json.loads(l) for l in (folder / 'gold' / 'pii.jsonl').read_text().splitlines()]
    assert len(found) > 100
    for g in found:
        text = turns[g['id'], g['turn']]
        for kind, start, end in g['spans']:
            assert 0 <= start < end <= len(text)
            assert re.fullmatch(shape.get(kind, r'.+'), text[start:end], re.S), (kind, text[start:end])


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_groups_languages_channels_and_intents_are_the_declared_ones(folder):
    profile = tomllib.loads((folder / 'profile.toml').read_text())
    base, intents = profile['user_base'], {u['intent'] for u in rows(folder, 'utterances.csv')}
    for c in rows(folder, 'conversations.jsonl'):
        assert c['group'] in base['group'] and c['language'] in base['language'] and c['channel'] in base['channel']
    assert {i for card in profile['use_cases'] for i in card['intents']} <= intents
    assert {i for t in profile['handoff']['teams'] for i in t['skills']} <= intents


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_what_is_planted_is_there(folder):
    "The planted bias and skew have the stated size; the duplicates are duplicates"
    profile, log = tomllib.loads((folder / 'profile.toml').read_text()), {c['id']: c for c in rows(folder, 'conversations.jsonl')}
    planted = tomllib.loads((folder / 'gold' / 'planted.toml').read_text())['planted']
    own = [c for i, c in log.items() if i.startswith('c')]
    for p in planted:
        if p['kind'] == 'bias':
            inside, outside = ([c['outcome'] == 'resolved' for c in own if (c['group'] == p['group']) == side] for side in (True, False))
            assert abs(100 * (sum(outside) / len(outside) - sum(inside) / len(inside)) - p['points']) < .06 and 6.5 <= p['points'] <= 9.5
        elif p['kind'] == 'skew':
            share = {k: sum(c['channel'] == k for c in own) / len(own) for k in profile['user_base']['channel']}
            assert abs(sum(abs(share[k] - v) for k, v in profile['user_base']['channel'].items()) / 2 - .10) < .02
        elif p['kind'] == 'duplicate': assert [t['text'] for t in log[p['id']]['turns']] == [t['text'] for t in log[p['of']]['turns']]
        elif p['kind'] in ('emerging', 'incident'): assert len(p['ids']) >= 10


def count(folder, name, keep=lambda row: True): return sum(map(keep, rows(folder, name)))
def table(folder, name):
    with open(folder / name, newline='', encoding='utf-8') as f: return list(csv.DictReader(f))
def nodes(path): return {node['id'] for node in tomllib.loads(path.read_text())['nodes']}


def own_data(folder) -> dict[str, tuple[int, int]]:
    "What only this trade has: what → (how many there are, how many there must be)"
    domain = folder / 'domain'
    match folder.name:
        case 'iot':
            devices, spoken, pictures = json.loads((domain / 'devices.json').read_text()), table(folder, 'domain/commands.csv'), table(folder, 'domain/images.csv')
            return dict(devices=(sum(len(devices[place]['devices']) for place in ('home', 'site')), 40), voices=(len({r['voice'] for r in spoken}), 3),
                        noise=(len({r['noise'] for r in spoken}), 2), commands=(sum(r['kind'] == 'command' and (domain / 'audio' / Path(r['file']).name).is_file() for r in spoken), 60),
                        pictures=(sum((domain / 'images' / Path(r['file']).name).is_file() for r in pictures), 60), conditions=(len({r['condition'] for r in pictures}), 2))
        case 'energy':
            meters = Counter(r['meter_id'] for r in table(folder, 'domain/meters.csv'))
            return dict(homes=(sum(n > 8000 for n in meters.values()), 20), work_orders=(count(folder, 'domain/work_orders.csv'), 300),
                        tariffs=(len(table(folder, 'domain/tariffs.csv')), 4), outages=(len(table(folder, 'domain/outages.csv')), 20))
        case 'entertainment':
            stories = [nodes(p) for p in sorted((domain / 'stories').glob('*.toml'))]
            trivia = table(folder, 'domain/trivia.csv')
            return dict(titles=(count(folder, 'domain/catalogue.csv'), 400), ratings=(count(folder, 'domain/ratings.csv'), 20_000), questions=(len(trivia), 300),
                        aliases=(sum(bool(r['aliases']) for r in trivia), 200), answers=(len(table(folder, 'exam/trivia_answers.csv')), 300), stories=(len(stories), 2),
                        nodes=(min(map(len, stories)), 40))
        case 'social':
            posts = rows(folder, 'domain/posts.csv')
            rules = tomllib.loads((domain / 'communities.toml').read_text())['communities']
            return dict(posts=(len(posts), 600), threads=(len({p['thread'] for p in posts}), 100), labels=(len({p['label'] for p in posts}), 7),
                        dialects=(len({p['dialect'] for p in posts} - {''}), 3), communities=(len(rules), 12), rules=(min(len(c['rules']) for c in rules), 4))
        case 'sales':
            orders = rows(folder, 'domain/orders.csv')
            return dict(products=(count(folder, 'domain/products.csv'), 120), customers=(len(table(folder, 'domain/customers.csv')), 500),
                        orders=(len({o['id'] for o in orders}), 1000), lines=(len(orders), 2000), rules=(len(tomllib.loads((domain / 'rules.toml').read_text())), 4))


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_every_minimum_is_met(folder):
    "How much of everything each pack must have"
    profile, said, log = tomllib.loads((folder / 'profile.toml').read_text()), rows(folder, 'utterances.csv'), rows(folder, 'conversations.jsonl')
    articles = [contract.article(folder, f'knowledge/{p.name}') for p in (folder / 'knowledge').glob('*.md')]
    lengths = [len(a['text'].split()) for a in articles]
    each = Counter(u['intent'] for u in said)
    outside = each.pop('out_of_scope')
    exam, hazards = rows(folder, 'exam/utterances.csv'), Counter(t['hazard'] for p in (folder / 'tests').glob('*.yaml') for t in yaml.safe_load(p.read_text()))
    near = sum(u['intent'] == 'out_of_scope' and u['kind'] == 'near' for u in said)
    escalations = Counter(r['escalate'] for r in rows(folder, 'exam/escalation.csv'))
    spoken = {json.loads(l)['id'] for l in (folder / 'gold' / 'pii.jsonl').read_text().splitlines()}
    planted = {p['kind'] for p in tomllib.loads((folder / 'gold' / 'planted.toml').read_text())['planted']}
    months = {c['started'][:7] for c in log}
    found = dict(articles=(len(articles), 30), words=(sum(120 <= n <= 450 for n in lengths) / len(lengths), .9), glossary=(count(folder, 'glossary.csv'), 30),
                 faq=(count(folder, 'faq.csv'), 150), intents=(len(each), 22), utterances=(min(each.values()), 45), groups=(len(profile['user_base']['group']), 3),
                 languages=(len(profile['languages']), 2), outside=(outside, 250), near=(near / outside, .4), conversations=(len(log), 300), months=(len(months), 12),
                 personal=(len(spoken & {c['id'] for c in log}) / len(log), .4), planted=(len(planted & {'bias', 'skew', 'duplicate', 'emerging', 'incident'}), 5),
                 exam=(sum(u['intent'] != 'out_of_scope' for u in exam), 150), exam_intents=(len({u['intent'] for u in exam} & set(each)), len(each)),
                 questions=(count(folder, 'exam/questions.csv'), 200), unknown=(count(folder, 'exam/out_of_knowledge.csv'), 60),
                 escalations=(sum(escalations.values()), 120), benign=(escalations['no'] / sum(escalations.values()), .4), tests=(sum(hazards.values()), 80),
                 hazards=(len(hazards), 10), hazard=(min(hazards.values()), 5), rules=(len(profile['handoff']['must_escalate']), 3))
    short = {name: pair for name, pair in (found | own_data(folder)).items() if pair[0] < pair[1]}
    assert not short, 'there are, and must be: ' + ', '.join(f'{k} {a} < {b}' for k, (a, b) in short.items())


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_a_fact_of_the_exam_stands_in_its_section(folder):
    "Each exam question points at an article in force, and the fact that a right answer must contain stands there word for word"
    newest = max(c['started'] for c in rows(folder, 'conversations.jsonl'))[:10]
    articles = {a['id']: a for a in (contract.article(folder, f'knowledge/{p.name}') for p in (folder / 'knowledge').glob('*.md'))}
    for q in rows(folder, 'exam/questions.csv'):
        article = articles[q['answer_id'].split('#')[0]]
        text = ' '.join(article['text'].split())
        assert q['fact'].lower() in text.lower(), q
        assert article.get('expires', '9999') >= newest, (q['question'], article['id'], article['expires'])


def test_the_folder_is_small_enough_to_clone():
    assert sum(p.stat().st_size for p in (ROOT / 'data_samples').rglob('*') if p.is_file()) <= 40e6


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_every_file_has_a_complete_datasheet(folder):
    from playbook.foundation.core import Pack
    pack = Pack(folder)
    for path in pack.listed('**/*'):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name == 'sources.toml': continue
        said = pack.source(name)
        assert all(said.get(k) for k in ('licence', 'consent', 'purpose', 'uses', 'pii')), name
        assert said['licence'] == 'CC0-1.0' and said['generated']
