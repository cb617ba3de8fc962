"Pseudonyms, the copy for a person, and forgetting: no byte of theirs is left, nobody else's is touched"
import csv, json, os, signal, subprocess, sys
from pathlib import Path
import pytest
from conftest import make_pack
from playbook import objectives
from playbook.foundation import check, core, store
from playbook.foundation.core import Refused
from playbook.privacy import person, pseudonyms

AT = '2026-03-01T10:00:00+00:00'


@pytest.fixture
def planted(tmp_path):
    "A pack in which ten persons each wrote two words nobody else did; half of them will be forgotten"
    folder = make_pack(tmp_path / 'pack')
    rows = [json.loads(line) for line in (folder / 'conversations.jsonl').read_text().splitlines()]
    words = {}
    for i, row in enumerate(rows[:10]):
        row['user'] = f'canary-user-{i}'
        words[row['user']] = [f'zebra{i}quartz', f'lemon{i}vertex']
        row['turns'][0]['text'] += f' {words[row["user"]][0]}'
    (folder / 'conversations.jsonl').write_text(''.join(json.dumps(r) + '\n' for r in rows) + '{"id": "broken", "user": "canary-user-0", "turns": "zebra0quartz"\n')
    with open(folder / 'feedback.csv', 'w', newline='') as f:
        out = csv.writer(f)
        out.writerow(['id', 'conversation', 'at', 'rating', 'comment'])
        for i, row in enumerate(rows[:10]): out.writerow([f'f{i}', row['id'], AT, 2, f'two\nlines, {words[row["user"]][1]} "quoted"'])
    pack = core.Pack(folder)
    run = core.Run(pack, tmp_path / 'run')
    log = store.Store(tmp_path / 'run' / 'store.db')
    for who, (word, _) in words.items(): log.add('messages', dict(conversation='x', user=who, role='user', at=AT, text=word))
    objectives.log(run)
    check.check(folder, say=lambda _: None, quarantine=tmp_path / 'quarantine' / 'q.jsonl')
    return pack, run, log, words


def left(place: Path, words): return {w for w in words for p in place.rglob('*') if p.is_file() and w.encode() in p.read_bytes()}


def test_forgetting_leaves_no_byte_and_keeps_everybody_else(planted, tmp_path):
    pack, run, log, words = planted
    gone, stay = [f'canary-user-{i}' for i in range(5)], [f'canary-user-{i}' for i in range(5, 10)]
    before = (pack.folder / 'feedback.csv').read_text()
    found = [person.erase(pack, run, who, AT, log) for who in gone]
    log.close()
    assert found[0]['again'] == ['objectives.log'] and found[1]['files'] == {'conversations.jsonl': 1, 'feedback.csv': 1}
    assert not left(tmp_path, gone + [w for who in gone for w in words[who]])
    assert left(pack.folder, [w for who in stay for w in words[who]]) == {w for who in stay for w in words[who]}
    assert before.endswith((pack.folder / 'feedback.csv').read_text().split('\n', 1)[1])
    assert len(core.Pack(pack.folder).rows('conversations.jsonl')) == 255


def test_forgetting_that_is_killed_anywhere_is_finished_by_the_next_call(planted, tmp_path):
    pack, run, log, words = planted
    log.close()
    code = ('import os, signal, sys; from playbook.foundation import core, store; from playbook.privacy import person\n'
            f'pack = core.Pack({str(pack.folder)!r}); run = core.Run(pack, {str(run.folder)!r})\n'
            'def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n'
            'setattr(sys.modules[sys.argv[2]], sys.argv[3], die)\n'
            f'person.erase(pack, run, sys.argv[1], {AT!r}, store.Store({str(run.folder / "store.db")!r}))')
    places = [('playbook.privacy.person', 'bury'), ('playbook.privacy.person', 'drop'), ('playbook.privacy.person', 'derived'),
              ('playbook.privacy.person', 'remove'), ('playbook.privacy.person', 'finish')]
    for i, place in enumerate(places):
        who = f'canary-user-{i}'
        objectives.log(core.Run(core.Pack(pack.folder), run.folder))
        done = subprocess.run([sys.executable, '-c', code, who, *place], env=os.environ | dict(PLAYBOOK_KEY=''))
        assert done.returncode == -signal.SIGKILL, place
        again = store.Store(run.folder / 'store.db')
        person.erase(pack, run, who, AT, again)
        again.close()
        assert not left(tmp_path, [who, *words[who]]), place


def test_an_export_is_complete_and_holds_nobody_else(planted):
    pack, run, log, words = planted
    for who, (said, rated) in words.items():
        text = json.dumps(found := person.export(pack, run, who, log))
        assert said in text and rated in text and len(found['store']['messages']) == 1 and 'objectives.log' in found['made_from_it']
        assert not [w for other, ws in words.items() if other != who for w in (other, *ws) if w in text]
    assert 'zebra0quartz' in json.dumps(person.export(pack, run, 'canary-user-0')['files'])
    with pytest.raises(Refused, match='nothing is held'): person.export(pack, run, 'somebody else')


def test_an_old_export_does_not_bring_anybody_back(planted):
    pack, run, log, words = planted
    old = (pack.folder / 'conversations.jsonl').read_text()
    person.erase(pack, run, 'canary-user-3', AT)
    (pack.folder / 'conversations.jsonl').write_text(old)
    users = {row['user'] for row in pack.rows('conversations.jsonl')}
    assert 'canary-user-3' not in users and 'canary-user-4' in users
    assert 'canary' not in (pack.folder / 'erased.csv').read_text()


def test_what_others_wrote_about_a_person_is_named_and_stays(planted):
    pack, run, log, words = planted
    (pack.folder / 'faq.csv').write_text('question,answer_id\nDid canary-user-2 call?,green\nDid canary-user-22 call?,green\n')
    assert person.erase(pack, run, 'canary-user-2', AT)['mentions'] == ['faq.csv:2']


def test_a_row_is_reached_through_another_one(tmp_path):
    folder = make_pack(tmp_path / 'pack')
    (folder / 'domain').mkdir()
    (folder / 'sources.toml').write_text('[[source]]\nfile = "domain/returns.csv"\nperson = "order"\nthrough = "domain/orders.csv"\n'
                                         '[[source]]\nfile = "domain/customers.csv"\nperson = "id"\n')
    (folder / 'domain' / 'orders.csv').write_text('id,user,at\no1,u900,x\no2,u901,x\n')
    (folder / 'domain' / 'returns.csv').write_text('id,order,reason\nr1,o1,torn\nr2,o2,late\n')
    (folder / 'domain' / 'customers.csv').write_text('id,group\nu900,new\nu901,old\n')
    pack = core.Pack(folder)
    assert {n: [r['id'] for _, r in rows] for n, rows in person.mine(pack, 'u900').items()} == {
        'domain/customers.csv': ['u900'], 'domain/orders.csv': ['o1'], 'domain/returns.csv': ['r1']}
    person.erase(pack, core.Run(pack, tmp_path / 'run'), 'u900', AT)
    assert (folder / 'domain' / 'returns.csv').read_text() == 'id,order,reason\nr2,o2,late\n'


def test_pseudonyms_are_consistent_and_cannot_be_made_without_the_key():
    assert pseudonyms.code('phone', '+44 20 7946 0958', 'k') == pseudonyms.code('phone', '+442079460958', 'k')
    assert len({pseudonyms.code('person', f'Name {i}', 'k') for i in range(3000)}) > 2995
    assert pseudonyms.code('person', 'Ann', 'k') != pseudonyms.code('person', 'Ann', 'l') != pseudonyms.code('email', 'Ann', 'l')
    assert pseudonyms.kinds_only(pseudonyms.replaced('Ann is here', [('person', 0, 3)], 'k')) == '[person] is here'


def test_a_redaction_that_is_stopped_goes_on_and_gives_the_same_bytes(tmp_path):
    lines = ''.join(json.dumps(dict(id=i, text=f'Ann number {i}')) + '\n' for i in range(50))
    (tmp_path / 'log.jsonl').write_text(lines + 'broken\n')
    def find(text): return [('person', 0, 3)]
    seen = []
    def stops(text):
        seen.append(text)
        if len(seen) > 25: raise KeyboardInterrupt
        return find(text)
    said = []
    with pytest.raises(KeyboardInterrupt): pseudonyms.redact_file(tmp_path / 'log.jsonl', tmp_path / 'out.jsonl', stops, 'k', size=10)
    assert not (tmp_path / 'out.jsonl').exists()
    counts = pseudonyms.redact_file(tmp_path / 'log.jsonl', tmp_path / 'out.jsonl', find, 'k', size=10, say=said.append)
    assert counts == dict(rows=50, left_out=1, resumed=20) and 'log.jsonl:51' in said[0]
    whole = tmp_path / 'whole.jsonl'
    pseudonyms.redact_file(tmp_path / 'log.jsonl', whole, find, 'k')
    assert whole.read_bytes() == (tmp_path / 'out.jsonl').read_bytes() and b'Ann' not in whole.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ['log.jsonl', 'out.jsonl', 'whole.jsonl']
