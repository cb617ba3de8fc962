"Step 03 on a pack of ours: each detector finds what was planted and is silent on the clean control"
import json, random, shutil
import numpy, pytest
from conftest import ROOT, make_pack
from playbook.data import base
from playbook.foundation import core
from playbook.foundation.measure import GO, NO_GO


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    "The run of a shipped pack, its parts made once"
    place = tmp_path_factory.mktemp('data')
    return core.Run(core.Pack(ROOT / 'data_samples' / 'entertainment'), place / 'run')


def rows_of(folder): return [json.loads(line) for line in (folder / 'conversations.jsonl').read_text().splitlines()]


def rewritten(folder, rows, tmp_path, name='run'):
    (folder / 'conversations.jsonl').write_text(''.join(json.dumps(r) + '\n' for r in rows))
    return core.Run(core.Pack(folder), tmp_path / name)


def test_every_table_is_read_and_its_faults_are_named(made):
    found = {r['file']: r for r in base.loaded(made)}
    assert found['conversations.jsonl']['faults'] == 6 and found['utterances.csv']['faults'] == 0
    assert found['domain/catalogue.csv']['rows'] == 440 and found['conversations.jsonl']['first'].startswith('conversations.jsonl:')


def test_a_datasheet_that_its_rows_contradict_is_named(pack, tmp_path):
    run = core.Run(core.Pack(pack), tmp_path / 'a')
    assert not [s['doubts'] for s in base.sheets(run) if s['doubts']]
    (pack / 'sources.toml').write_text((pack / 'sources.toml').read_text().replace('2025-01 to 2026-12', '2019-01 to 2019-12'))
    assert any('its rows are from' in d for s in base.sheets(core.Run(core.Pack(pack), tmp_path / 'b')) for d in s['doubts'])


def test_planted_conversations_are_dropped_and_others_stay(made):
    import tomllib
    gold = tomllib.loads((made.pack.folder / 'gold' / 'planted.toml').read_text())['planted']
    copies = {p['id'] for p in gold if 'duplicate' in p['kind']}
    kept = {r['id'] for r in base.clean(made)['rows']}
    assert not kept & copies and len(base.clean(made)['dropped']) == len(copies) == 15
    assert not any(c.isdigit() for t in json.dumps(base.clean(made)['rows']).split('[person')[1:] for c in t[:1])


def test_messages_keep_one_of_each_within_an_intent(made):
    texts = [(m['text'].lower(), m['intent']) for m in base.messages(made)]
    assert len(texts) == len(set(texts)) > 1900


def test_repeats_that_were_planted_are_found_and_a_blind_search_is_seen(made, monkeypatch, tmp_path):
    found = base.planted(made)
    assert found['found'] / found['of'] >= .95 and found['merged'] / found['clean'] <= .01
    monkeypatch.setattr(base.repeats, 'repeated', lambda texts, *a, **k: numpy.arange(len(texts)))
    blind = core.Run(made.pack, tmp_path / 'blind')
    assert base.planted(blind)['found'] == 0 and {c.declared.id: c.verdict for c in base.gate(blind).checks}['data.repeats.found'] == NO_GO


def test_nobody_stands_on_two_sides(made):
    rows, sides = base.clean(made)['rows'], base.parts(made)['sides']
    users = [{rows[i]['user'] for i in side} for side in sides.values()]
    assert not (users[0] & users[1] or users[0] & users[2] or users[1] & users[2]) and sum(map(len, sides.values())) == len(rows)


def test_an_intent_taken_out_is_a_hole(made, tmp_path):
    assert base.hole_test(made)['found'] == base.hole_test(made)['of'] == 5
    folder = shutil.copytree(made.pack.folder, tmp_path / 'pack', ignore=shutil.ignore_patterns('domain'))
    lines = (folder / 'utterances.csv').read_text().splitlines(True)
    gone = base.messages(made)[0]['intent']
    (folder / 'utterances.csv').write_text(''.join(l for l in lines if f',{gone},' not in l))
    holes = {h['where'] for h in base.holes(core.Run(core.Pack(folder), tmp_path / 'run'))}
    assert gone in holes and gone not in {h['where'] for h in base.holes(made)}


def mixed(tmp_path, name, share, gap=0.0, n=1200):
    "A log of two groups: `share` of the first, which is resolved `gap` less often"
    folder, r = make_pack(tmp_path / name, n=n), random.Random(3)
    (folder / 'profile.toml').write_text((folder / 'profile.toml').read_text() + '\n[user_base]\ngroup = { town = 0.5, country = 0.5 }\n')
    rows = rows_of(folder)
    for i, row in enumerate(rows):
        row |= dict(user=f'u{i}', group='town' if r.random() < share else 'country')
        row['turns'][0]['text'] += f' {r.randrange(10**9)} {r.randrange(10**9)} {r.randrange(10**9)}'
        row['outcome'] = 'resolved' if r.random() < .7 - gap * (row['group'] == 'town') else 'unresolved'
    return rewritten(folder, rows, tmp_path, f'run-{name}')


def test_a_skew_is_found_mended_and_not_seen_where_there_is_none(tmp_path):
    found = base.skew(mixed(tmp_path, 'skewed', .62))
    assert found.skewed.tolist() == [True, False] and found.distance[1] < .01
    assert base.skew(mixed(tmp_path, 'even', .5)).skewed.tolist() == [False, False]


def test_a_group_treated_worse_is_found_and_equal_ones_are_not(tmp_path):
    assert base.bias(mixed(tmp_path, 'biased', .5, gap=.15)).biased.any()
    assert not base.bias(mixed(tmp_path, 'fair', .5)).biased.any()


def test_weights_mend_what_a_model_predicts(tmp_path):
    found = base.mended(mixed(tmp_path, 'biased', .5, gap=.3)).groupby('when').gap.apply(lambda g: g.abs().max())
    assert found['after'] <= found['before'] + .02


def test_a_classifier_that_listens_to_names_is_found(made, monkeypatch, tmp_path):
    assert not base.swapped(made).biased.any()
    class Listens:
        def predict(self, texts): return ['a' if any(w in t for w in (' she ', ' her ', 'She ', 'woman', 'Mrs')) else 'b' for t in texts]
    monkeypatch.setattr(base.objectives, 'sorter', lambda rows: Listens())
    assert base.swapped(core.Run(made.pack, tmp_path / 'run')).biased.any()


def test_a_learning_curve_falls_and_its_forecast_lies_below(made):
    curve = base.curve(made)
    errors = base.enough.errors(curve).error
    assert errors.iloc[0] > errors.iloc[-1] > base.enough.project(curve)['value'] > 0


def test_the_gate_of_a_sound_pack_says_what_is_missing(made):
    found = {c.declared.id: c.verdict for c in base.gate(made).checks}
    assert {found[f'data.{c}'] for c in ('files.sound', 'repeats.found', 'parts.shared', 'holes.named', 'files.connectors')} == {GO}
