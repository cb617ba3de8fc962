"The shipped packs: made reproducibly, referring to each other correctly"
import hashlib, json, re, shutil, subprocess, sys, tomllib
from pathlib import Path
import pytest
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
