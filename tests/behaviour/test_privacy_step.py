"Step 02: what each file may be used for, what the detector misses, whether anybody can be forgotten; each with a planted fault"
import json
import pytest
from conftest import SOURCE, make_pack
from playbook.foundation import core, measure
from playbook.privacy import base, people, person


def verdicts(run): return {c.declared.id: c.verdict for c in base.gate(run).checks}


@pytest.fixture
def worded(tmp_path):
    "A pack with articles long enough to plant identifiers in"
    folder = make_pack(tmp_path / 'teahouse')
    lines = [f'tea{i},Tea {i},"Warm the pot before the leaves go in number {i}, and pour the water slowly. Wait until the leaves have sunk."' for i in range(30)]
    (folder / 'knowledge.csv').write_text('id,title,text\n' + '\n'.join(lines) + '\n')
    return core.Run(core.Pack(folder), tmp_path / 'run')


@pytest.mark.parametrize('change', [('consent = "invented"', ''), ('licence = "CC0-1.0"', 'licence = "TODO"'), ('"training"', '"tests"')])
def test_a_log_without_a_full_datasheet_trains_nothing(pack, tmp_path, change):
    text = (pack / 'sources.toml').read_text()
    (pack / 'sources.toml').write_text(text.replace(*change))
    run = core.Run(core.Pack(pack), tmp_path / 'run')
    with pytest.raises(base.NotAllowed): base.allowed(run.pack, 'conversations.jsonl', 'training')
    with pytest.raises(core.NeedData, match='may not be used for training'): base.redacted(run)
    (pack / 'sources.toml').write_text(text)
    assert base.allowed(core.Pack(pack), 'conversations.jsonl', 'training') is None


def test_a_pack_without_sources_may_learn_from_what_names_nobody(pack):
    (pack / 'sources.toml').unlink()
    assert base.allowed(core.Pack(pack), 'utterances.csv', 'training') is None
    with pytest.raises(core.Refused): base.allowed(core.Pack(pack), 'conversations.jsonl', 'quality')
    with pytest.raises(core.Refused, match='is no use'): base.allowed(core.Pack(pack), 'utterances.csv', 'fun')


def test_a_register_row_names_what_its_datasheet_lacks(pack, tmp_path):
    (pack / 'sources.toml').write_text(SOURCE.format('utterances.csv').replace('purpose = "Tests"\n', ''))
    rows = {r['file']: r['lacks'] for r in base.register(core.Run(core.Pack(pack), tmp_path / 'run'))}
    assert rows['utterances.csv'] == ['purpose'] and rows['conversations.jsonl'] == list(base.NEEDED)


def test_readers_are_read_out_of_the_code(run):
    assert {'conversations.jsonl', 'utterances.csv'} <= base.readers('playbook.objectives')
    steps = {r['file']: r['steps'] for r in base.flows(run)}
    assert steps['conversations.jsonl'][:3] == ['objectives', 'privacy', 'data'] and not steps['profile.toml']


def test_the_log_that_goes_on_has_strangers_and_no_row_beyond_its_days(pack, tmp_path, monkeypatch):
    rows = [json.loads(line) for line in (pack / 'conversations.jsonl').read_text().splitlines()]
    rows[0]['turns'][0]['text'] = 'I am Ann Byrne, ann.byrne@example.org'
    rows[0]['started'] = max(r['started'] for r in rows)
    rows[1]['started'] = '2019-01-01T10:00:00+00:00'
    rows[1]['turns'] = [dict(role='user', text='old')]
    (pack / 'conversations.jsonl').write_text(''.join(json.dumps(r) + '\n' for r in rows))
    (pack / 'sources.toml').write_text((pack / 'sources.toml').read_text().replace('period =', 'retention = "log"\nperiod ='))
    (pack / 'profile.toml').write_text((pack / 'profile.toml').read_text() + '\n[privacy.retention_days]\nlog = 1500\n')
    run = core.Run(core.Pack(pack), tmp_path / 'run')
    found = base.redacted(run)
    assert base.overdue(run)[0].value == 0
    monkeypatch.setattr(base, 'within', lambda pack, name, rows: rows)
    assert base.overdue(core.Run(run.pack, tmp_path / 'careless'))[0].value == 1
    text = json.dumps(found)
    assert 'ann.byrne' not in text and 'Byrne' not in text and '[email ' in text
    assert len(found) == len(rows) - 1 and rows[1]['id'] not in {r['id'] for r in found}


def test_a_blind_detector_is_seen_and_a_sharp_one_passes(worded, monkeypatch, tmp_path):
    assert {verdicts(worded)[f'privacy.pii.{c}'] for c in ('plain', 'disguised')} == {'GO'}
    only_plain = people.detector()
    monkeypatch.setattr(base, 'finder', lambda pack: lambda text: [s for s in only_plain(text) if text.isascii() and '&#' not in text])
    half = verdicts(core.Run(worded.pack, tmp_path / 'half'))
    assert half['privacy.pii.plain'] == 'GO' and half['privacy.pii.disguised'] == 'NO-GO'
    monkeypatch.setattr(base, 'finder', lambda pack: lambda text: [])
    assert verdicts(core.Run(worded.pack, tmp_path / 'blind'))['privacy.pii.plain'] == 'NO-GO'


def test_a_jumpy_detector_is_seen(worded, monkeypatch, tmp_path):
    monkeypatch.setattr(base, 'finder', lambda pack: lambda text: [('phone', 0, 3)])
    assert verdicts(core.Run(worded.pack, tmp_path / 'jumpy'))['privacy.pii.alarms'] == 'NO-GO'


def test_what_the_labelled_sample_says_is_counted_by_kind(pack, tmp_path):
    rows = [json.loads(line) for line in (pack / 'conversations.jsonl').read_text().splitlines()]
    rows[0]['turns'][0]['text'] = 'write to ann.byrne@example.org or xyzzy'
    (pack / 'conversations.jsonl').write_text(''.join(json.dumps(r) + '\n' for r in rows))
    (pack / 'gold').mkdir()
    (pack / 'gold' / 'pii.jsonl').write_text(json.dumps(dict(file='conversations.jsonl', id=rows[0]['id'], turn=0, spans=[['email', 9, 30], ['username', 34, 39]])) + '\n')
    assert base.labelled(core.Run(core.Pack(pack), tmp_path / 'run')) == dict(email=[1, 1], username=[0, 1])


@pytest.mark.parametrize('broken', ['drop', 'remove'])
def test_a_rehearsal_notices_when_forgetting_is_broken(run, monkeypatch, tmp_path, broken):
    assert base.rehearsal(run) == dict(asked=3, complete=3, left=0)
    monkeypatch.setattr(person, broken, lambda *a, **k: 0)
    found = base.rehearse(core.Run(run.pack, tmp_path / 'again'))
    assert found['left'] > 0


def test_a_rehearsal_touches_nothing_of_the_pack(run):
    before = measure.pack_hash(run.pack)
    base.rehearsal(run)
    assert measure.pack_hash(run.pack) == before and not (run.pack.folder / 'erased.csv').exists()


def test_the_record_has_a_row_for_each_file_of_persons(run):
    assert {r['file'] for r in base.record(run)} == {'conversations.jsonl', 'knowledge.csv', 'profile.toml', 'utterances.csv'}
    assert 'privacy' in next(r for r in base.record(run) if r['file'] == 'conversations.jsonl')['read_by']


def test_a_duty_without_its_function_is_named():
    assert all(map(base.kept, base.duties())) and len(base.duties()) >= 20
    assert not base.kept(dict(call='playbook.privacy.base.no_such_thing')) and not base.kept(dict(duty='x'))
