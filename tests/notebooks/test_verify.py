"verify finds one changed digit, trace finds every requirement, cold runs agree byte for byte"
import hashlib, json, re, shutil
from pathlib import Path
import pytest
from conftest import ROOT, make_pack, playbook
from playbook.foundation import core, report, verify


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    base = tmp_path_factory.mktemp('report')
    pack = make_pack(base / 'teahouse')
    report.report([core.Pack(pack)], out=base / 'reports', workspace=base / 'runs')
    return base


def sealed(folder):
    "The manifest made good again, as a forger would"
    manifest = json.loads((folder / 'manifest.json').read_text())
    manifest['files'] = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in manifest['files']}
    (folder / 'manifest.json').write_text(json.dumps(manifest))


def change_a_digit(text, nth):
    "Change one digit of the n-th marked number"
    spots = [m for m in re.finditer(r'data-field="\w+"[^>]*>([^<]*\d[^<]*)<', text)]
    spot = spots[nth % len(spots)]
    at = spot.start(1) + re.search(r'\d', spot[1]).start()
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1:]


def test_an_honest_report_is_verified(made):
    said = []
    assert verify.verify(made / 'reports', say=said.append), said
    assert re.search(r'^\d{2,} numbers .* all as printed', said[-1])


def forged(made, page, change):
    "A copy of the report with one page changed and the manifest made good again"
    copy = made.parent / 'forged' / core.hashed([page, change])
    shutil.copytree(made / 'reports', copy, dirs_exist_ok=True)
    (copy / page).write_text(change((copy / page).read_text()))
    manifest = json.loads((copy / 'manifest.json').read_text())
    assert verify.compare_files(copy, manifest) == [f'{page}: is not the file that was made']
    sealed(copy)
    return copy


@pytest.mark.parametrize('page', ['teahouse/index.html', 'teahouse/01_objectives.html', 'index.html'])
def test_each_changed_digit_is_found_even_with_a_forged_manifest(made, page):
    "Every marked number of every page, one after the other"
    found = {'teahouse': report.rows_by_id(report.evidence(core.Run(core.Pack(made / 'teahouse'), made / 'runs' / 'teahouse')))}
    honest = (made / 'reports' / page).read_text()
    assert verify.compare_numbers(made / 'reports', page, found, 'teahouse')[1] == []
    count = sum(bool(re.search(r'\d', text)) for *_, text in verify.marked(honest))
    folder = made.parent / 'digits' / page.replace('/', '-')
    folder.mkdir(parents=True, exist_ok=True)
    for nth in range(count):
        (folder / 'page.html').write_text(change_a_digit(honest, nth))
        _, wrong = verify.compare_numbers(folder, 'page.html', found, 'teahouse')
        assert len(wrong) == 1 and 'recomputed' in wrong[0], (nth, wrong)
    assert count > 15


def test_the_command_finds_a_forged_page_and_forged_evidence(made):
    copy = forged(made, 'teahouse/index.html', lambda text: change_a_digit(text, 3))
    path = copy / 'teahouse' / 'evidence.json'
    path.write_text(path.read_text().replace('"GO"', '"NO-GO"', 1))
    sealed(copy)
    found = playbook('verify', copy)
    assert found.returncode == 1 and 'recomputed' in found.stdout and 'evidence.json: differs from the recomputation' in found.stdout and '2 differences' in found.stdout


def test_a_page_more_or_less_is_found(made):
    manifest = json.loads((made / 'reports' / 'manifest.json').read_text())
    (made / 'reports' / 'teahouse' / 'extra.html').write_text('x')
    assert verify.compare_files(made / 'reports', manifest) == ['teahouse/extra.html: is not part of the report']
    (made / 'reports' / 'teahouse' / 'extra.html').unlink()
    assert verify.compare_files(made / 'reports', manifest | dict(files=manifest['files'] | {'../../etc/passwd': ''})) == ['../../etc/passwd: lies outside the report']


def test_two_cold_runs_in_two_folders_give_the_same_bytes(made, tmp_path):
    "evidence.json does not depend on where or when it was made"
    from playbook.foundation import runner
    run = core.Run(core.Pack(made / 'teahouse'), tmp_path / 'elsewhere')
    runner.run_steps([run], runner.chosen(''))
    assert (run.folder / 'evidence.json').read_bytes() == (made / 'runs' / 'teahouse' / 'evidence.json').read_bytes()


def test_trace_goes_from_each_requirement_to_its_checks(made):
    rows = verify.trace([core.Run(core.Pack(made / 'teahouse'), made / 'runs' / 'teahouse')])
    assert [r['id'] for r in rows] == [f'R{i}' for i in range(1, 106)]
    found = {r['id']: r for r in rows}
    assert found['R1']['checks'] == ['objectives.cards.complete'] and found['R1']['verdict'] == 'GO'
    assert not found['R63']['checks'] and found['R63']['verdict'] == 'NEED DATA'


def test_the_trace_command_is_json(made):
    found = playbook('trace', 'energy', '--json')
    rows = json.loads(found.stdout)['requirements']
    assert found.returncode == 0 and len(rows) == 105 and set(rows[0]) >= {'id', 'pack', 'checks', 'verdict'}


def test_verify_of_nothing_is_one_line(tmp_path):
    found = playbook('verify', tmp_path)
    assert found.returncode == 2 and len(found.stderr.splitlines()) == 1


def test_every_number_of_a_gate_is_marked(made):
    "No number in the tables of checks stands without its check"
    page = (made / 'reports' / 'teahouse' / 'index.html').read_text()
    for table in re.findall(r'<table class="gate">.*?</table>', page, re.S):
        assert all('data-check' in td for td in re.findall(r'<td class="num"[^>]*>', table))
