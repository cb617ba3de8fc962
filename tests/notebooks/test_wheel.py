"The wheel works outside the repository: notebooks, templates and one sample pack are inside"
import os, subprocess, sys, zipfile
from pathlib import Path
import pytest
from conftest import ROOT, make_pack


@pytest.fixture(scope='module')
def installed(tmp_path_factory):
    "The wheel, built from a copy of the tracked files and installed into a folder of its own"
    base = tmp_path_factory.mktemp('wheel')
    tracked = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard', '-z'], cwd=ROOT, capture_output=True, text=True).stdout.split('\0')
    for name in filter(None, tracked):
        if not (ROOT / name).is_file(): continue
        (base / 'source' / name).parent.mkdir(parents=True, exist_ok=True)
        (base / 'source' / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([sys.executable, '-m', 'build', '--wheel', '--no-isolation', '--outdir', base, base / 'source'], check=True, capture_output=True)
    [wheel] = base.glob('*.whl')
    subprocess.run([sys.executable, '-m', 'pip', 'install', '-q', '--no-deps', '--no-compile', '--target', base / 'site', wheel], check=True, capture_output=True)
    return base


def outside(base, code, *args):
    "Run code with the installed wheel in front of everything, in an empty folder"
    home = base / 'empty'
    home.mkdir(exist_ok=True)
    env = os.environ | dict(PYTHONPATH=str(base / 'site'))
    return subprocess.run([sys.executable, '-c', f'import sys, playbook; assert {str(base)!r} in playbook.__file__, playbook.__file__\n{code}', *map(str, args)], cwd=home, env=env, capture_output=True, text=True)


CLI = 'from playbook.foundation.cli import main; sys.exit(main(sys.argv[1:]))'


def test_the_wheel_carries_notebooks_templates_and_a_sample(installed):
    [wheel] = installed.glob('*.whl')
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ('playbook/_nbs/01_objectives.ipynb', 'playbook/_nbs/foundation/core.ipynb', 'playbook/web/report/style.css', 'playbook/requirements.toml', 'playbook/features.toml', 'playbook/_packs/energy/profile.toml'):
        assert wanted in names
    assert not [n for n in names if n.startswith(('tests/', 'nbs/', 'data_samples/')) or '/exam/' in n or '/gold/' in n]
    assert wheel.stat().st_size < 10_000_000


def test_report_and_check_of_the_sample_work_outside_the_repository(installed):
    found = outside(installed, CLI, 'check', 'energy')
    assert found.returncode == 0, found.stderr[-800:]
    found = outside(installed, CLI, 'report', 'energy', '--steps', '1')
    assert found.returncode == 0 and (installed / 'empty' / 'reports' / 'energy' / '01_objectives.html').is_file(), found.stderr[-800:]


def test_a_strangers_pack_goes_through_new_check_and_report(installed):
    make_pack(installed / 'empty' / 'teahouse')
    for args in (['new', 'fresh'], ['check', 'fresh'], ['report', 'fresh', 'teahouse']):
        found = outside(installed, CLI, *args)
        assert found.returncode == 0, (args, found.stderr[-800:])
    assert (installed / 'empty' / 'reports' / 'index.html').is_file()


def test_lab_opens_the_notebooks_that_travel_with_the_package(installed):
    found = outside(installed, 'import os; os.execvp = lambda file, args: print(args[-1]); from playbook.foundation.cli import main; main(["lab", "energy"])')
    assert found.returncode == 0 and Path(found.stdout.strip(), '01_objectives.ipynb').is_file(), found.stderr[-800:]
