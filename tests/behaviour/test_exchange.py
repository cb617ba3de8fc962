"Exports of other systems: read without loss and without dying, written back, and every loss named"
import json, random
from collections import Counter
from pathlib import Path
import pytest
from hypothesis import given, settings, strategies as st
from conftest import ROOT, conversations
from playbook.data import exchange, exports, labels
from playbook.foundation import contract, core
from playbook.foundation.core import Refused

RASA = [dict(event='action', name='action_session_start', timestamp=1772445600), dict(event='session_started', timestamp=1772445600),
        dict(event='user', text='hello', timestamp=1772445601.5, input_channel='rest', metadata={}, parse_data=dict(intent=dict(name='greet', confidence=.99), entities=[], text='hello')),
        dict(event='bot', text='Hi, what tea?', timestamp=1772445602.25, data={}, metadata={}),
        dict(event='slot', name='tea', value=None), dict(event='session_started', timestamp=1772532000), dict(event='user', text='again me', timestamp=1772532001)]
ZENDESK = dict(id=901, url='https://tea.zendesk.com/api/v2/tickets/901.json', external_id=None, via=dict(channel='web', source={}), created_at='2026-03-02T10:00:00Z', status='closed', subject='Cold tea',
               requester=dict(id=11, name='Ada Leaf', role='end-user'), assignee=dict(id=21, role='agent'), satisfaction_rating=dict(score='good'), tags=['tea'], custom_fields=[],
               comments=[dict(id=1, type='Comment', author_id=11, body='My tea is cold', plain_body='My tea is cold', public=True, created_at='2026-03-02T10:00:00Z', attachments=[]),
                         dict(id=2, type='Comment', author_id=21, body='@Bo warm it?', public=False, created_at='2026-03-02T10:10:00Z'),
                         dict(id=3, type='Comment', author_id=12, author=dict(role='end-user'), body='Mine too', public=True, created_at='2026-03-02T10:11:00Z'),
                         dict(id=4, type='Comment', author_id=21, body='A new pot is on its way', public=True, created_at='2026-03-02T10:12:00Z')])
CHATWOOT = dict(data=dict(meta=dict(all_count=1), payload=[dict(id=5, status='resolved', labels=['delivery'], channel='Channel::Whatsapp', meta=dict(sender=dict(id=3, type='contact'), assignee=dict(id=9), channel='Channel::Whatsapp'), messages=[
    dict(id=1, content='Wo ist mein Tee?', message_type=0, created_at=1772445600, private=False, sender=dict(id=3, type='contact')),
    dict(id=2, content='Ich schaue nach.', message_type=1, created_at=1772445610, private=False, sender_type='AgentBot'),
    dict(id=3, content='check with Bo', message_type=1, created_at=1772445620, private=True, sender=dict(id=9, type='user')),
    dict(id=4, content=None, message_type=0, created_at=1772445625, private=False, attachments=[dict(file_type='image')]),
    dict(id=5, content='Morgen da.', message_type=1, created_at=1772445630, private=False, sender=dict(id=9, type='user'))])]))
OPENAI = [dict(messages=[dict(role='system', content='You sell tea.'), dict(role='user', content='hot?'), dict(role='assistant', content='80 degrees.', weight=1)]),
          dict(messages=[dict(role='developer', content='Be calm.'), dict(role='user', content=[dict(type='text', text='and oolong?'), dict(type='image_url', image_url=dict(url='x'))]),
                         dict(role='assistant', content=None, tool_calls=[dict(id='1', type='function', function=dict(name='heat', arguments='{}'))]), dict(role='tool', tool_call_id='1', content='90'),
                         dict(role='assistant', content='90.')], tools=[], parallel_tool_calls=False)]
NLU = '''version: "3.1"
nlu:
- intent: no
  examples: |
    - no
    - never [today](day), not [in Bern]{"entity": "city", "role": "to", "value": "Bern"}
- intent: order
  examples:
  - text: |
      two pots
    metadata: {language: en, sentiment: neutral}
- lookup: teas
  examples: |
    - oolong
'''
STORIES = '''version: "3.1"
responses:
  utter_hi:
  - text: Hello there
stories:
- story: with words
  steps:
  - user: good morning
    intent: greet
  - action: utter_hi
- story: a path
  steps:
  - intent: greet
  - action: utter_hi
'''


def put(path: Path, *values) -> Path:
    path.write_text('\n'.join(v if isinstance(v, str) else json.dumps(v) for v in values), encoding='utf-8')
    return path


def roles(row): return [t['role'] for t in row['turns']]


FIXTURES = {'rasa': [dict(sender_id='s1', slots={}, events=RASA)], 'zendesk': [ZENDESK], 'chatwoot': [CHATWOOT], 'openai': OPENAI, 'rasa-nlu': [NLU], 'rasa-stories': [STORIES],
            'transcript': [dict(dialogue_id='d1', turns=[dict(speaker='USER', text='a latte'), dict(speaker='SYSTEM', text='small?')])],
            'label-studio': [[dict(id=1, data=dict(text='hi'), annotations=[])]], 'csv': ['ticket;when;who;message', '1;2026-03-02 10:00;customer;hi there'],
            'playbook': list(conversations(2))}


@pytest.mark.parametrize('kind', FIXTURES)
def test_a_format_is_known_by_its_content(kind, tmp_path):
    "Whatever the file is called, on one line or on many"
    assert exchange.detect(put(tmp_path / 'a.dat', *FIXTURES[kind])) == kind
    if isinstance(FIXTURES[kind][0], dict):
        assert exchange.detect(put(tmp_path / 'b.csv', json.dumps(FIXTURES[kind], indent=2))) == kind
        assert exchange.detect(put(tmp_path / 'c', '\ufeff' + json.dumps(FIXTURES[kind][0]))) == kind


@pytest.mark.parametrize('content', ['', 'Dear all,\nclosed on Monday.', '{"a": 1}', '[1, 2]', '{"broken', 'a,b\n1,2\n', 'nlu: [', '[' * 100_000, '{"a":' * 50_000, 'nlu: ' + '[' * 100_000, '\0\0\0', '[NaN]'])
def test_what_is_none_of_them_is_refused_in_one_line(content, tmp_path):
    with pytest.raises(Refused) as said: exchange.load(put(tmp_path / 'x.json', content))
    assert 'x.json' in str(said.value) and '\n' not in str(said.value) and len(str(said.value)) < 400


def test_yaml_cannot_grow_or_make_objects(tmp_path):
    bomb = 'nlu: &a [x, x]\nb: &b [*a, *a]\n' + ''.join(f'k{i}: &k{i} [*b, *b]\n' for i in range(30))
    with pytest.raises(Refused, match='refers to itself'): exchange.detect(put(tmp_path / 'bomb.yml', bomb))
    evil = put(tmp_path / 'evil.yml', 'nlu:\n- intent: !!python/object/apply:os.system ["touch %s"]\n  examples: |\n    - hi\n' % (tmp_path / 'made'))
    labels.read(evil)
    assert not (tmp_path / 'made').exists()


def test_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange, 'WHOLE', 1000)
    with pytest.raises(Refused, match='one object a line'): exchange.load(put(tmp_path / 'x', json.dumps([ZENDESK] * 3)))
    assert len(exchange.load(put(tmp_path / 'y', *[ZENDESK | dict(id=i) for i in range(3)])).rows) == 3


def test_rasa(tmp_path):
    found = exchange.load(put(tmp_path / 'x', dict(sender_id='s1', events=RASA)))
    assert [r['id'] for r in found.rows] == ['s1/1', 's1/2'] and {r['user'] for r in found.rows} == {'s1'} and not found.faults
    assert roles(found.rows[0]) == ['user', 'assistant'] and found.rows[0]['channel'] == 'rest' and found.rows[0]['turns'][1]['at'] == '2026-03-02T10:00:02.250000+00:00'
    flat = exchange.load(put(tmp_path / 'events', *[dict(e, sender_id=s) for e in RASA[2:4] for s in ('a', 'b')]))
    assert {r['id']: roles(r) for r in flat.rows} == {s: ['user', 'assistant'] for s in 'ab'}
    told = exchange.load(put(tmp_path / 'stories', STORIES))
    assert [t['text'] for t in told.rows[0]['turns']] == ['good morning', 'Hello there'] and 'without words' in told.faults[0].what


def test_zendesk(tmp_path):
    row, = exchange.load(put(tmp_path / 'x', ZENDESK)).rows
    assert roles(row) == ['user', 'system', 'user', 'agent'] and (row['outcome'], row['csat'], row['user'], row['agent'], row['channel']) == ('resolved', 5, '11', '21', 'web')
    apart = dict(tickets=[{k: v for k, v in ZENDESK.items() if k != 'comments'}], comments=[c | dict(ticket_id=901) for c in reversed(ZENDESK['comments'])])
    again = exchange.load(put(tmp_path / 'y', apart))
    assert again.rows[0]['turns'] == row['turns'] and again.notes['conversations put in the order of their times'] == 1
    bare = exchange.load(put(tmp_path / 'z', {k: v for k, v in ZENDESK.items() if k != 'comments'} | dict(description='My tea is cold')))
    assert [t['text'] for t in bare.rows[0]['turns']] == ['My tea is cold']


def test_chatwoot(tmp_path):
    found = exchange.load(put(tmp_path / 'x', CHATWOOT))
    assert roles(found.rows[0]) == ['user', 'assistant', 'system', 'agent'] and found.rows[0]['channel'] == 'whatsapp'
    assert len(found.faults) == 1 and 'empty' in found.faults[0].what
    flat = [m | dict(conversation_id=5) for m in CHATWOOT['data']['payload'][0]['messages']]
    assert roles(exchange.load(put(tmp_path / 'y', dict(meta={}, payload=flat))).rows[0]) == roles(found.rows[0])


def test_openai(tmp_path):
    found = exchange.load(put(tmp_path / 'x', *OPENAI))
    assert [roles(r) for r in found.rows] == [['system', 'user', 'assistant'], ['system', 'user', 'assistant']] and found.rows[1]['turns'][1]['text'] == 'and oolong?'
    assert any(n.startswith('no times') for n in found.notes) and [r['id'] for r in found.rows] == ['1', '2']
    assert len(found.faults) == 1  # the message that only calls a tool


def test_times_keep_their_offset_or_say_what_was_assumed(tmp_path):
    lines = ['id,when,who,text', '1,2026-07-01 09:00,customer,hello there', '2,2026-07-01T09:00:00+05:30,customer,hello you', '3,1782889200,customer,hello me']
    found = exchange.load(put(tmp_path / 'x', *lines), zone='Europe/Berlin')
    assert [r['started'][-6:] for r in found.rows] == ['+02:00', '+05:30', '+00:00'] and found.notes['times without an offset taken as Europe/Berlin'] == 1
    with pytest.raises(Refused, match='no time zone'): exchange.load(tmp_path / 'x', zone='Mars')
    assert not any('offset' in n for n in exchange.load(put(tmp_path / 'y', lines[0], lines[2])).notes)


def test_turn_order_is_kept_where_times_are_equal(tmp_path):
    said = [dict(id=i, content=str(i), message_type=i % 2, created_at=1772445600, private=False) for i in range(20)]
    row, = exchange.load(put(tmp_path / 'x', dict(id=1, messages=said))).rows
    assert [t['text'] for t in row['turns']] == [str(i) for i in range(20)]


def test_columns_are_guessed_and_confirmed(tmp_path):
    "A column is what its values say, not what it is called; what the reader passes wins"
    lines = ['case,status,wer,message,when'] + [f'{i},blue,{w},text number {i} of {w},03/{i + 13}/2026 10:0{j}' for i in range(9) for j, w in enumerate(('customer', 'agent'))]
    found = exchange.guess(put(tmp_path / 'x', *lines))
    assert found['columns']['role'] == 'wer' and 'status' in found['belied'] and found['month_first']
    rows = exchange.load(tmp_path / 'x', columns=dict(found['columns'], conversation='case')).rows
    assert len(rows) == 9 and roles(rows[0]) == ['user', 'agent'] and rows[0]['started'].startswith('2026-03-13') and rows[0]['outcome'] == 'unknown'
    with pytest.raises(Refused, match='no column'): exchange.load(tmp_path / 'x', columns=dict(text='absent'))


@pytest.mark.parametrize('name', ['energy', 'entertainment', 'iot', 'sales', 'social'])
def test_the_packs_survive_every_format_that_can_hold_them(name, tmp_path):
    rows = core.Pack(ROOT / 'data_samples' / name).rows('conversations.jsonl')
    for format in ('rasa', 'zendesk', 'chatwoot', 'csv', 'playbook'): assert exports.write(rows, tmp_path / format, format) == {}, format
    lost = exports.write(rows, tmp_path / 'openai', 'openai')
    assert {'id', 'user', 'turns.at', 'turns.role'} <= set(lost)


def strings(): return st.text(st.characters(exclude_categories=['Cs']), min_size=1, max_size=30).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(contract.ROLES), strings(), st.integers(0, 10**6), st.sampled_from(['+00:00', '+02:00', '-09:30'])), min_size=1, max_size=5),
       st.sampled_from(contract.OUTCOMES), st.sampled_from([None, 1, 2.5, 3, 5]), st.sampled_from(['en', 'pt-BR', 'gsw']))
def test_any_conversation_comes_back_or_the_loss_is_named(said, outcome, csat, language):
    import tempfile
    moments = [exchange.datetime.datetime.fromtimestamp(1772445600 + t, exchange.datetime.datetime.fromisoformat(f'2026-01-01T00:00{o}').tzinfo) for _, _, t, o in said]
    turns = [dict(role=r, text=text, at=at.isoformat()) for (r, text, _, _), at in zip(said, sorted(moments))]
    row = dict(id='c1', user='ada', channel='app', language=language, group='g 1', started=turns[0]['at'], turns=turns, outcome=outcome, csat=csat, agent_seconds=3.5, further=[1])
    with tempfile.TemporaryDirectory() as folder:
        for format in ('rasa', 'zendesk', 'chatwoot'): assert exports.write([row], Path(folder) / format, format) == {}
        for format in ('openai', 'csv'):
            lost = exports.write([row], Path(folder) / format, format)
            back = exchange.load(Path(folder) / format, columns=exports.COLUMNS).rows if (Path(folder) / format).stat().st_size else []
            assert lost and (set(lost) == exports.different(row, back[0]) if back else set(lost) <= {'conversations without an answer', 'the whole conversation'})


def test_a_value_changed_in_the_other_system_is_theirs(tmp_path):
    row = next(conversations(1)) | dict(outcome='escalated', group='members')
    exports.write([row], tmp_path / 'x', 'chatwoot')
    theirs = json.loads((tmp_path / 'x').read_text())
    theirs['status'], theirs['messages'][0]['content'] = 'resolved', 'edited there'
    again, = exchange.load(put(tmp_path / 'y', theirs)).rows
    assert (again['outcome'], again['group'], again['turns'][0]['text']) == ('resolved', 'members', 'edited there') and again['turns'][1] == row['turns'][1]


def test_training_lines_are_what_openai_accepts(tmp_path):
    said = [dict(role=r, text=r, at='2026-03-02T10:00:00+00:00') for r in ('user', 'agent', 'user')]
    rows = [next(conversations(1)) | dict(turns=said), next(conversations(1)) | dict(id='c2', turns=said[:1])]
    lost = exports.write(rows, tmp_path / 'x', 'openai')
    line, = map(json.loads, (tmp_path / 'x').read_text().splitlines())
    assert set(line) == {'messages'} and line['messages'][-1]['role'] == 'assistant' and all(set(m) == {'role', 'content'} for m in line['messages'])
    assert lost['conversations without an answer'] == 1 and lost['turns'] == 1


HOSTILE = {k: v[0] for k, v in FIXTURES.items() if k in ('rasa', 'zendesk', 'chatwoot', 'openai', 'transcript')} | {
    'tickets': dict(tickets=[ZENDESK | dict(comments=[])], users=[dict(id=11, role='end-user')], comments=[ZENDESK['comments'][0] | dict(ticket_id=901)]),
    'label-studio': dict(id=1, data=dict(text='Ada', language='en', slots=''), annotations=[dict(result=[dict(type='choices', value=dict(choices=['greet'])), dict(type='labels', value=dict(start=0, end=3, text='Ada', labels=['NAME']))])]),
    'rasa-nlu': dict(nlu=[dict(intent='greet', examples='- hi [Ada](name)'), dict(intent='go', examples=[dict(text='to Bern', metadata=dict(language='en'))])]),
    'rasa-stories': dict(responses=dict(utter_hi=[dict(text='Hello')]), stories=[dict(story='s', steps=[dict(user='hi', intent='greet'), dict(action='utter_hi')])])}


@pytest.mark.parametrize('kind', HOSTILE)
def test_no_broken_object_brings_the_reader_down(kind, tmp_path):
    "Every value of a real export replaced by something else, one at a time: a row, a fault or a refusal"
    import yaml
    def dumped(v): return yaml.safe_dump(v) if kind.startswith('rasa-') else json.dumps(v)
    load = labels.read if kind in ('label-studio', 'rasa-nlu') else exchange.load
    def places(v, path=()):
        yield path
        for k, x in v.items() if isinstance(v, dict) else enumerate(v) if isinstance(v, list) else (): yield from places(x, (*path, k))
    def changed(v, path, new):
        if not path: return new
        copy = v.copy()
        copy[path[0]] = changed(v[path[0]], path[1:], new)
        return copy
    odd = [None, 7, 'x', [], {}, [[]], [None], {'a': {}}, -1e300, 'x' if kind.startswith('rasa-') else '\ud800', True]
    table = contract.TABLES['utterances.csv' if load is labels.read else 'conversations.jsonl']
    r, seen = random.Random(0), Counter()
    for path in list(places(HOSTILE[kind]))[1:]:
        for new in r.sample(odd, 4):
            try: found = load(put(tmp_path / 'x', dumped(changed(HOSTILE[kind], path, new))))
            except Refused: seen['refused'] += 1; continue
            assert all(table.fault(row) is None for row in found.rows if 'turns' in row or row.get('intent'))
            json.dumps([found.rows, [str(f) for f in found.faults]], ensure_ascii=False).encode()
            seen['read'] += 1
    assert seen['read'] > 10


def test_rasa_examples(tmp_path):
    found = labels.read(put(tmp_path / 'nlu.yml', NLU))
    assert [(r['text'], r['intent'], r['slots']) for r in found.rows] == [('no', 'no', ''), ('never today, not in Bern', 'no', 'day=today;city.to=in Bern'), ('two pots', 'order', '')]
    assert found.rows[2]['sentiment'] == 'neutral' and found.notes == {'lookup entries': 1, 'synonyms: what an entity stands for': 1}


@pytest.mark.parametrize('format', ['rasa-nlu', 'label-studio'])
def test_labels_come_back(format, tmp_path):
    rows = core.Pack(ROOT / 'data_samples' / 'energy').rows('utterances.csv')
    assert labels.write(rows, tmp_path / 'x', format) == {} and not labels.read(tmp_path / 'x').faults
    nested = [dict(text='to Bern main station', intent='go', slots='city=Bern;place=Bern main station')]
    assert labels.write(nested, tmp_path / 'y', format) == {'slots': 1}


def task(*said, text='🙂 Ada is here', **more):
    return dict(id=1, data=dict(text=text), annotations=[dict(result=[dict(from_name='i', to_name='text', type='choices', value=dict(choices=[i])), *marks], **more) for i, *marks in said])


def mark(start, end, piece): return dict(from_name='l', to_name='text', type='labels', value=dict(start=start, end=end, text=piece, labels=['NAME']))


def test_label_studio(tmp_path):
    def read(*tasks): return labels.read(put(tmp_path / 'x', json.dumps(tasks)))
    for start in (2, 3):  # in characters, and in UTF-16 units
        row, = read(task(('greet', mark(start, start + 3, 'Ada')))).rows
        assert row['spans'] == [['NAME', 2, 5]] and row['slots'] == 'NAME=Ada'
    assert 'stands elsewhere' in read(task(('greet', mark(5, 8, 'Ada')))).faults[0].what
    assert 'two' not in str(read(task(('greet',), ('greet',))).faults) and 'in 2 ways' in read(task(('greet',), ('leave',))).faults[0].what
    assert read(task(('greet',), was_cancelled=True)).notes == {'tasks not labelled yet': 1}


def test_personal_data_is_labelled_and_comes_back(tmp_path):
    pack = core.Pack(ROOT / 'data_samples' / 'energy')
    known = [json.loads(line) for line in (pack.folder / 'gold' / 'pii.jsonl').read_text().splitlines()]
    rows = labels.marked_turns(pack, [k for k in known if k['spans']])
    assert labels.write(rows, tmp_path / 'x', 'label-studio') == {} and labels.gold(labels.read(tmp_path / 'x').rows) == labels.gold(rows)
    assert all(f'<Label value="{s[0]}"/>' in labels.interface(rows) for r in rows for s in r['spans'])
