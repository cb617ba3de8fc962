"Requirements, clauses, features and packs hang together"
import ast, re, tomllib
from pathlib import Path
import pytest
from conftest import ROOT
from playbook.foundation import report
from playbook import objectives

PACKS = sorted((ROOT / 'data_samples').glob('[a-z0-9]*/profile.toml'))
CHAPTER = dict(zip(['I', 'E', 'N', 'S', 'C'], [6, 8, 6, 6, 9]))


def steps(path): return tomllib.loads(path.read_text())['steps']


def test_there_are_105_requirements_and_167_clauses():
    known = report.requirements()
    clauses = tomllib.loads((ROOT / 'playbook' / 'requirements.toml').read_text())['clauses']
    assert set(known) == {f'R{i}' for i in range(1, 106)} and len(clauses) == 167
    assert {c for r in known.values() for c in r['clauses']} == set(clauses)


def test_the_packs_cover_every_requirement_and_clause():
    "Each pack has the steps of one chapter; a requirement named in the n-th step covers that chapter's clauses n.x"
    known, covered, named = report.requirements(), set(), set()
    assert sorted(len(steps(p)) for p in PACKS) == sorted(CHAPTER.values())
    for path in PACKS:
        mine = steps(path)
        fits = {letter: {c for i, s in enumerate(mine, 1) for r in s['requirements'] for c in known[r]['clauses'] if re.match(rf'{letter}({i}|0)\.', c)} for letter, n in CHAPTER.items() if n == len(mine)}
        letter = max(fits, key=lambda l: len(fits[l]))
        covered |= fits[letter]
        named |= {r for s in mine for r in s['requirements']}
    assert named == set(known)
    assert covered == {c for r in known.values() for c in r['clauses']}


def test_each_pack_follows_its_own_chapter():
    "All clauses of a chapter's step are reached from that step of the pack that follows it"
    known, letters = report.requirements(), []
    for path in PACKS:
        mine = steps(path)
        for letter, n in CHAPTER.items():
            wanted = {c for r in known.values() for c in r['clauses'] if c[0] == letter and not c.startswith(letter + '0')}
            reached = {c for i, s in enumerate(mine, 1) for r in s['requirements'] for c in known[r]['clauses'] if c.startswith(f'{letter}{i}.')}
            if reached == wanted: letters.append(letter)
    assert sorted(letters) == sorted(CHAPTER)


def test_notebooks_of_a_step_measure_its_requirements():
    known = report.requirements()
    for path in PACKS:
        for s in steps(path):
            for r in s['requirements']: assert set(known[r]['notebooks']) & set(s['notebooks']), (path.parent.name, s['title'], r)


TESTS = {f'{p.relative_to(ROOT).as_posix()}::{n.name}' for p in (ROOT / 'tests').rglob('test_*.py') for n in ast.parse(p.read_text()).body if isinstance(n, ast.FunctionDef) and n.name.startswith('test_')}


@pytest.mark.parametrize('feature', objectives.features(), ids=lambda f: f['name'])
def test_a_feature_names_a_function_a_requirement_and_a_test(feature):
    assert objectives.traced(feature), feature['call']
    assert feature['test'] in TESTS, f'{feature["test"]} does not exist'
    assert set(feature['requirements']) <= set(report.requirements())


def test_no_feature_is_an_orphan():
    "Every command and every artefact of a step stands in the capability matrix"
    from playbook.foundation import cli, runner
    called = {f['call'] for f in objectives.features()}
    commands = {f'playbook.foundation.cli.{function.__name__}' for function, _, _ in cli.COMMANDS.values()}
    made = set()
    for number, path in runner.notebooks().items():
        module = runner.module_of(runner.json_notebook(path.read_bytes())).removeprefix('playbook.')
        tree = ast.parse((ROOT / 'playbook' / f'{module.replace(".", "/")}.py').read_text())
        made |= {f'playbook.{module}.{n.name}' for n in tree.body if isinstance(n, ast.FunctionDef) and any(getattr(d, 'id', '') == 'artefact' for d in n.decorator_list)}
    assert not (commands | made) - called


def test_each_declared_check_answers_known_requirements():
    for id, (declared, _) in objectives.checks.items():
        assert set(declared.requirements) <= set(report.requirements()) and id.count('.') == 2
