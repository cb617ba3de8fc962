"Packs, artefacts, locks, whole files"
import json, multiprocessing, os, signal, subprocess, sys, time
from pathlib import Path
import pytest
from conftest import ROOT, make_pack
from playbook.foundation import core
from playbook.foundation.core import NeedData, Refused, artefact


@artefact
def articles(run): return [a['title'] for a in run.pack.articles()]

@artefact
def shout(run): return [t.upper() for t in articles(run)]

@artefact
def target(run, name): return run.pack.get(f'targets/{name}')

@artefact
def searched(run):
    try: return str(run.pack.need('faq.csv'))
    except NeedData: return 'none'


def stamp(run, name): return {p: p.stat().st_mtime_ns for p in (run.folder / 'artefacts').glob(f'*{name}*/manifest.json')}


def reopened(run): return core.Run(core.Pack(run.pack.folder), run.folder)


def test_unchanged_work_is_not_repeated_and_changed_work_is(run, pack):
    assert shout(run) == ['GREEN TEA', 'PARCELS']
    before = stamp(run, '')
    assert shout(reopened(run)) == ['GREEN TEA', 'PARCELS'] and stamp(run, '') == before
    (pack / 'knowledge.csv').write_text('id,title,text\nblack,Black tea,Boiling.\n')
    assert shout(reopened(run)) == ['BLACK TEA']


def test_only_the_section_that_was_read_matters(run, pack):
    target(run, 'csat')
    before = stamp(run, 'target')
    profile = pack / 'profile.toml'
    profile.write_text(profile.read_text().replace('voice = "Calm"', 'voice = "Loud"').replace('first_response = { at_most = 30 }', 'first_response = { at_most = 99 }'))
    target(reopened(run), 'csat')
    assert stamp(run, 'target') == before
    profile.write_text(profile.read_text().replace('csat = { at_least = 4.5 }', 'csat = { at_least = 4.0 }'))
    assert target(reopened(run), 'csat') == {'at_least': 4.0}


def test_a_file_that_arrives_is_noticed(run, pack):
    assert searched(run) == 'none'
    (pack / 'faq.csv').write_text('question,answer_id\nhow hot,green\n')
    assert searched(reopened(run)).endswith('faq.csv')


def test_arguments_have_artefacts_of_their_own(run):
    assert target(run, 'csat') != target(run, 'resolution') and len(stamp(run, 'target')) == 2


def test_a_damaged_artefact_is_made_again(run):
    shout(run)
    for value in (run.folder / 'artefacts').glob('*/value-*'): value.write_bytes(b'\0garbage')
    assert shout(run) == ['GREEN TEA', 'PARCELS']
    for manifest in (run.folder / 'artefacts').glob('*/manifest.json'): manifest.write_text('{"sources": {')
    assert shout(run) == ['GREEN TEA', 'PARCELS']


def test_values_come_back_as_they_were(run):
    import numpy as np, pandas as pd
    from playbook.foundation.core import load, save
    for value in ({'a': [1, 'é', None]}, pd.DataFrame(dict(x=[1.5, None], y=['a', 'b'])), dict(v=np.arange(3))):
        save(run.folder / 'x', value, dict(sources={}, arguments=''))
        back = load(run, run.folder / 'x', None)[0]
        if isinstance(value, pd.DataFrame): pd.testing.assert_frame_equal(back, value)
        elif 'v' in value: assert (back['v'] == value['v']).all()
        else: assert back == value


def test_a_run_belongs_to_one_pack(run, tmp_path):
    other = make_pack(tmp_path / 'elsewhere', name='teahouse')
    with pytest.raises(Refused, match='belongs to the pack'): core.Run(core.Pack(other), run.folder)


def test_the_root_is_found_from_below(tmp_path, monkeypatch):
    (tmp_path / 'runs').mkdir()
    (tmp_path / 'a' / 'b').mkdir(parents=True)
    monkeypatch.chdir(tmp_path / 'a' / 'b')
    assert core.root() == tmp_path


HOSTILE = ['', ' ', '.', '..', '../../etc', '/etc', 'energy/../../etc', '~root', 'a' * 5000, 'energy\n', '\0', 'energy\0', '{a.__class__}', '$(id)', '`id`', 'CON', 'energy;rm', '<script>', '‮', '-rf', '--force']


@pytest.mark.parametrize('name', HOSTILE)
def test_hostile_pack_names_are_refused_in_one_line(name):
    with pytest.raises(Refused) as e: core.find_pack(name)
    assert '\n' not in str(e.value) and '\x1b' not in str(e.value) and len(str(e.value)) < 600


@pytest.mark.parametrize('name', ['../up', 'a/b', 'Upper', '', 'x' * 42, 'a b', '.hidden', '-x', 'ü', 5])
def test_hostile_names_in_a_profile_are_refused(name, tmp_path):
    folder = make_pack(tmp_path / 'p', log=False)
    (folder / 'profile.toml').write_text(f'name = {json.dumps(name)}\norganisation = "x"\n')
    with pytest.raises(Refused): core.Pack(folder)


def hold(path, ready):
    with core.locked(path):
        ready.set()
        time.sleep(60)


def test_a_lock_excludes_and_dies_with_its_process(tmp_path):
    "A lock file of a dead process is no lock; a living one is waited for and named"
    ready = multiprocessing.get_context('spawn').Event()
    holder = multiprocessing.get_context('spawn').Process(target=hold, args=(tmp_path / 'thing', ready))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(Refused, match=str(holder.pid)):
        with core.locked(tmp_path / 'thing', patience=.2): pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    assert (tmp_path / 'thing.lock').exists()
    with core.locked(tmp_path / 'thing', patience=5): pass


CRASH = '''
import os, sys
from playbook.foundation import core
with core.writing(sys.argv[1]) as f:
    f.write('half'); f.flush()
    os.kill(os.getpid(), 9)
'''


def test_a_killed_writer_leaves_the_old_file_and_no_rubbish(run):
    path = run.folder / 'x.json'
    core.write_json(path, 'old')
    subprocess.run([sys.executable, '-c', CRASH, str(path)], cwd=ROOT)
    assert json.loads(path.read_text()) == 'old' and list(run.folder.glob('.*.tmp'))
    reopened(run)
    assert not list(run.folder.glob('.*.tmp'))


def test_equal_values_are_equal_bytes(tmp_path):
    core.write_json(tmp_path / 'a', dict(b=1, a='é'))
    core.write_json(tmp_path / 'b', dict(a='é', b=1))
    assert (tmp_path / 'a').read_bytes() == (tmp_path / 'b').read_bytes()
    with pytest.raises(ValueError): core.write_json(tmp_path / 'a', float('nan'))
    assert (tmp_path / 'a').read_bytes() == (tmp_path / 'b').read_bytes()


def test_code_is_a_source_of_what_it_makes():
    "A module's state covers what it imports, and ignores comments"
    assert 'playbook.foundation.contract' in core.imported('playbook.foundation.core')
    assert core.code_state('playbook.foundation.core') != core.code_state('playbook.foundation.contract')
