"The durable log: nothing acknowledged is lost, nothing erased is left, nothing is read for the wrong purpose"
import json, os, signal, sqlite3, subprocess, sys, time
import pytest, sqlalchemy as sa
from playbook.foundation import store as st
from playbook.foundation.core import Refused
from playbook.foundation.store import Store

AT = '2026-03-01T10:00:00+01:00'
WORDS = [f'canary-{i:02}-zebra' for i in range(20)]


def filled(path, **kw):
    store = Store(path, **kw)
    for i, word in enumerate(WORDS):
        user = 'gone' if i % 2 else 'stays'
        store.add('conversations', dict(id=f'c{i}', user=user, at=AT, state=json.dumps(dict(said=word))))
        store.add('messages', *(dict(conversation=f'c{i}', user=user if role == 'user' else 'bot', role=role, at=AT, text=f'{role} says {word}')
                                for role in ('user', 'assistant') for _ in range(40)))
        store.add('feedback', dict(id=f'f{i}', conversation=f'c{i}', user=user, at=AT, rating=1, comment=word))
        store.add('events', dict(id=f'e{i}', user=user, at=AT, event='open', value=word))
    return store


def left(folder): return {w for w in WORDS for p in folder.rglob('*') if p.is_file() and w.encode() in p.read_bytes()}


def test_erasing_a_person_leaves_no_byte_and_nobody_else_suffers(tmp_path):
    store = filled(tmp_path / 's.db')
    assert left(tmp_path) == set(WORDS)
    assert store.erase('gone') == dict(conversations=10, messages=800, feedback=10, events=10)
    assert left(tmp_path) == set(WORDS[::2])
    assert not any(store.of_person('gone').values()) and len(store.of_person('stays')['messages']) == 400


def test_erasing_that_is_killed_half_way_is_finished_by_running_it_again(tmp_path):
    filled(tmp_path / 's.db').close()
    code = ('import os, signal; from playbook.foundation import store as st\n'
            'st.Store.scrub = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n'
            f'st.Store({str(tmp_path / "s.db")!r}).erase("gone")')
    assert subprocess.run([sys.executable, '-c', code]).returncode == -signal.SIGKILL
    Store(tmp_path / 's.db').erase('gone')
    assert left(tmp_path) == set(WORDS[::2])


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    code = ('import sys; from playbook.foundation.store import Store\n'
            f'store = Store({str(tmp_path / "s.db")!r})\n'
            'for i in range(100000):\n'
            f'    store.add("messages", dict(conversation="c", role="user", at="{AT}", text="x" * 300, key=str(i)))\n'
            '    print(i, flush=True)')
    writer = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(writer.stdout.readline()) for _ in range(40)]
    writer.kill()
    acknowledged += [int(line) for line in writer.stdout.read().split()]
    keys = {row['key'] for row in Store(tmp_path / 's.db').rows('messages', 'service')}
    assert set(map(str, acknowledged)) <= keys and len(keys) <= len(acknowledged) + 1


def test_eight_writers_deliver_the_same_messages_and_each_is_kept_once(tmp_path):
    Store(tmp_path / 's.db').close()
    code = ('from playbook.foundation.store import Store\n'
            f'store = Store({str(tmp_path / "s.db")!r})\n'
            f'print(sum(store.add("messages", dict(conversation="c", role="user", at="{AT}", text="x", key=str(i))) for i in range(40)))')
    writers = [subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, text=True) for _ in range(8)]
    assert sum(int(w.communicate()[0]) for w in writers) == 40
    assert len(Store(tmp_path / 's.db').rows('messages', 'service')) == 40


def test_rows_of_one_call_go_in_together_or_not_at_all(tmp_path):
    store = Store(tmp_path / 's.db')
    with pytest.raises(sa.exc.IntegrityError): store.add('events', dict(id='a', user='u', at=AT), dict(id='a', user='u', at=AT))
    assert store.rows('events', 'service') == []


def test_a_purpose_that_a_table_does_not_serve_is_refused(tmp_path):
    store = filled(tmp_path / 's.db')
    with pytest.raises(st.PurposeRefused, match='events serves service, quality, not training'): store.rows('events', 'training')
    assert store.rows('messages', 'training')
    assert all(t.info['purposes'] and t.info['data_class'] for t in store.meta.sorted_tables)


def test_expiry_counts_days_in_any_offset(tmp_path):
    store = Store(tmp_path / 's.db')
    store.add('events', dict(id='old', user='u', at='2026-03-01T00:30:00+02:00'), dict(id='new', user='u', at='2026-02-28T23:00:00-01:00'))
    assert store.expire(dict(events=31), now='2026-03-31T23:00:00+00:00')['events'] == 1
    assert [r['id'] for r in store.rows('events', 'service')] == ['new']
    assert store.expire(dict(), now='2036-01-01T00:00:00+00:00') == {}


@pytest.mark.parametrize('at', ['2026-03-01T10:00:00', 'yesterday', ''])
def test_a_moment_without_an_offset_is_refused(tmp_path, at):
    with pytest.raises((Refused, sa.exc.StatementError)): Store(tmp_path / 's.db').add('events', dict(id='a', user='u', at=at or 'x'))


def test_an_older_store_is_brought_to_the_same_schema_as_a_new_one(tmp_path):
    "Version 0 of this test is today's schema without one column; the migration adds it"
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    path = tmp_path / 's.db'
    filled(path).close()
    raw = sqlite3.connect(path)
    raw.executescript("alter table events drop column value")
    raw.close()
    new = Store(path, migrations=[lambda op: op.add_column('events', sa.Column('value', sa.Text))])
    with new.engine.connect() as connection: assert compare_metadata(MigrationContext.configure(connection), new.meta) == []
    assert len(new.rows('events', 'service')) == 20
    new.close()
    with pytest.raises(Refused, match='newer than this playbook'): Store(path)


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path):
    before = list(filled(tmp_path / 's.db').exported())
    def half(op):
        op.execute('delete from messages')
        raise RuntimeError('power cut')
    with pytest.raises(RuntimeError): Store(tmp_path / 's.db', migrations=[half])
    assert list(Store(tmp_path / 's.db').exported()) == before


def test_a_copy_restores_to_the_same_bytes_of_export(tmp_path):
    store = filled(tmp_path / 's.db')
    copy, before = store.backup(tmp_path / 'copies' / 'copy.db'), list(store.exported())
    store.erase('stays')
    store.close()
    assert list(st.restore(copy, tmp_path / 's.db').exported()) == before
    with pytest.raises(Refused, match='give another store'): st.restore(__file__, tmp_path / 's.db')


def test_every_tampering_with_the_audit_is_found(tmp_path):
    store = Store(tmp_path / 's.db')
    for i in range(30): store.audit(AT, 'ops', 'changed', f'flow {i}', secret='k', n=i)
    assert store.broken('k', lines=30) is None
    store.close()
    whole = (tmp_path / 's.db').read_bytes()
    for i, change in enumerate(["update audit set who='me' where id=7", 'delete from audit where id=12', "update audit set data='{}' where id=30",
                                'update audit set id=99 where id=3', 'delete from audit where id>25', "update audit set link='' where id=1"]):
        path = tmp_path / f't{i}.db'
        path.write_bytes(whole)
        raw = sqlite3.connect(path)
        raw.execute(change)
        raw.commit(), raw.close()
        assert Store(path).broken('k', lines=30) is not None, change


def test_sealed_text_is_not_in_the_file_and_needs_the_key(tmp_path):
    store = filled(tmp_path / 's.db', key='long secret')
    assert {w for w in left(tmp_path)} <= set(WORDS) and store.rows('feedback', 'quality')[0]['comment'] in WORDS
    raw = sqlite3.connect(tmp_path / 's.db')
    assert all(str(t).startswith('sealed:') for (t,) in raw.execute('select text from messages union select comment from feedback'))
    with pytest.raises(Refused, match='PLAYBOOK_KEY'): Store(tmp_path / 's.db').rows('feedback', 'quality')


def test_a_file_that_is_no_store_is_refused_in_one_line(tmp_path):
    (tmp_path / 's.db').write_text('this is not a database, not at all' * 100)
    with pytest.raises(Refused, match='not a database'): Store(tmp_path / 's.db')

