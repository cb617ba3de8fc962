"playbook new: what it makes passes check, whatever it was made from"
import json
import pytest
from conftest import ROOT, make_pack, playbook
from playbook.foundation import check, contract, core, newpack
from playbook.foundation.core import Refused

ZENDESK = [dict(id=i, requester_id=100 + i, assignee_id=7, status='solved' if i % 2 else 'open', created_at='2026-03-01T09:00:00Z', via=dict(channel='email'), satisfaction_rating=dict(score='good' if i % 3 else 'offered'),
                comments=[dict(author_id=100 + i, plain_body=f'{t} number {i}', created_at=f'2026-03-{1 + i:02}T09:00:00Z'), dict(author_id=7, body='We look into it', public=True, created_at=f'2026-03-{1 + i:02}T09:30:00Z'),
                          dict(author_id=7, body='internal', public=False, created_at=f'2026-03-{1 + i:02}T09:31:00Z')]) for i, t in enumerate(['where is my parcel', 'refund please', 'the lid is broken', 'cancel my order'] * 4)]
CHATWOOT = [dict(id=i, status='resolved', labels=['returns' if i % 2 else 'sizes'], meta=dict(sender=dict(id=i), channel='Channel::WebWidget', assignee=dict(id=3)),
                 messages=[dict(content=f'does it fit {i}', message_type=0, created_at=1772355600 + i), dict(content='Yes', message_type=1, created_at=1772355700 + i), dict(content='assigned to Bo', message_type=2, created_at=1772355701 + i), dict(content=None, message_type=0, created_at=1772355702 + i)]) for i in range(12)]
RASA = [dict(sender_id=f's{i}', events=[dict(event='action', name='action_listen'), dict(event='user', text=f'turn on the lamp {i}', timestamp=1772355600.5 + i, parse_data=dict(intent=dict(name='switch_on' if i % 2 else 'greet'))), dict(event='bot', text='Done', timestamp=1772355601 + i)]) for i in range(10)]
CHAT = [dict(messages=[dict(role='user', content=f'hello {i}', timestamp='2026-03-01 09:00'), dict(role='assistant', content='Hi', timestamp='2026-03-01 09:01')]) for i in range(5)]
PLAIN = 'conversation_id,timestamp,sender,message,status\n' + ''.join(f'{i},2026-03-{1 + i:02} 10:00,customer,"my order {i}, please",closed\n{i},2026-03-{1 + i:02} 10:05,agent,on its way,closed\n' for i in range(20))
QA = 'Date;Question;Answer\n' + ''.join(f'{1 + i}.3.2026 10:00;how long does delivery {i} take;Two days\n' for i in range(9))


@pytest.mark.parametrize('name,data,conversations,turns,outcomes', [
    ('zendesk.json', json.dumps(dict(tickets=ZENDESK)), 16, 48, {'resolved', 'unresolved'}), ('zendesk.jsonl', '\n'.join(map(json.dumps, ZENDESK)), 16, 48, {'resolved', 'unresolved'}),
    ('chatwoot.json', json.dumps(CHATWOOT), 12, 36, {'resolved'}), ('rasa.json', json.dumps(RASA), 10, 20, {'unknown'}), ('chat.jsonl', '\n'.join(map(json.dumps, CHAT)), 5, 10, {'unknown'}),
    ('plain.csv', PLAIN, 20, 40, {'resolved'}), ('qa.csv', QA, 9, 18, {'unknown'}), ('tabs.tsv', PLAIN.replace('"my order', 'my order').replace(', please"', ' please').replace(',', '\t'), 20, 40, {'resolved'})])
def test_an_export_becomes_a_pack_that_passes_check(name, data, conversations, turns, outcomes, tmp_path):
    (tmp_path / name).write_text(data)
    said = newpack.new(tmp_path / 'mine', source=tmp_path / name)['says']
    found = check.check(tmp_path / 'mine', say=lambda l: None)
    rows = [r for _, r in contract.rows(tmp_path / 'mine', 'conversations.jsonl')]
    assert found['usable'] and not any(isinstance(r, contract.Fault) for r in rows)
    assert (len(rows), sum(len(r['turns']) for r in rows), {r['outcome'] for r in rows}) == (conversations, turns, outcomes)
    assert any(f'{conversations} conversations, {turns} messages' in s for s in said)
    assert all(r['turns'] == sorted(r['turns'], key=lambda t: t['at']) for r in rows)


def test_what_cannot_be_read_is_set_aside_with_its_reason(tmp_path):
    "Planted: no time, no text, an unknown role, a row that is too short; everything else arrives"
    bad = '90,soon,customer,hello,closed\n91,2026-03-01 10:00,customer,,closed\n92,2026-03-01 10:00,martian,hello,closed\n93,2026-03-01 10:00\n'
    (tmp_path / 'e.csv').write_text(PLAIN + bad)
    said = newpack.new(tmp_path / 'mine', source=tmp_path / 'e.csv')['says']
    aside = [json.loads(l) for l in (tmp_path / 'mine' / 'set_aside.jsonl').read_text().splitlines()]
    assert len(aside) == 4 and all(a['why'] for a in aside) and any('4 messages set aside' in s for s in said)
    assert len((tmp_path / 'mine' / 'conversations.jsonl').read_text().splitlines()) == 20


def test_topics_of_the_export_are_the_intents(tmp_path):
    (tmp_path / 'c.json').write_text(json.dumps(CHATWOOT))
    newpack.new(tmp_path / 'mine', source=tmp_path / 'c.json')
    assert {r['intent'] for _, r in contract.rows(tmp_path / 'mine', 'utterances.csv')} == {'returns', 'sizes'}


@pytest.mark.parametrize('like', ['', 'energy'])
def test_a_new_pack_passes_check_and_its_report_asks_for_what_is_missing(like, tmp_path):
    "Placeholders make only 01 NEED DATA; nothing dies"
    from playbook.foundation import report, runner
    newpack.new(tmp_path / 'fresh', like=like)
    assert check.check(tmp_path / 'fresh', say=lambda l: None)['usable']
    run = core.Run(core.Pack(tmp_path / 'fresh'), tmp_path / 'run')
    steps = runner.run_steps([run], [1])
    assert steps[0].status == 'done' and ('TODO' in (tmp_path / 'fresh' / 'profile.toml').read_text())
    assert {c['id']: c['verdict'] for c in report.evidence(run)['checks']}['objectives.log.cases'] == 'NEED DATA'


@pytest.mark.parametrize('text,says', [('', 'no conversation could be read'), ('a,b\n1,2\n', 'no conversation could be read'), ('\xff\xfe', 'no conversation could be read'), ('{"a": ', 'is not JSON')])
def test_an_export_that_is_none_is_refused_in_one_line(text, says, tmp_path):
    path = tmp_path / ('e.json' if '{' in text else 'e.csv')
    path.write_text(text)
    found = playbook('new', tmp_path / 'mine', '--from', path)
    assert found.returncode == 2 and says in found.stderr and len(found.stderr.splitlines()) == 1 and not (tmp_path / 'mine').exists()


@pytest.mark.parametrize('folder', ['there', '\0', '!!!', ''])
def test_a_folder_that_cannot_be_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_pack(tmp_path / 'there')
    with pytest.raises(Refused): newpack.new(folder)


def test_a_spreadsheet_formula_of_an_export_is_defused(tmp_path):
    (tmp_path / 'e.csv').write_text('conversation_id,timestamp,sender,message\n' + ''.join(f'{i},2026-03-01 10:00,customer,"=HYPERLINK(""http://x{i}"")"\n' for i in range(5)))
    newpack.new(tmp_path / 'mine', source=tmp_path / 'e.csv')
    assert not any(cell.startswith('=') for line in (tmp_path / 'mine' / 'utterances.csv').read_text().splitlines() for cell in line.replace('"', '').split(','))
