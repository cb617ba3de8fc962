"The batch: parameters, missing data, failures, caching, pages, two cold runs"
import json, re, shutil, subprocess, sys
from pathlib import Path
import pytest
from conftest import ROOT, make_pack, playbook
from playbook.foundation import core, kernels, report, runner
from playbook.foundation.core import Refused

BOOK = dict(cells=[], metadata=dict(kernelspec=dict(name='python3', display_name='python3', language='python')), nbformat=4, nbformat_minor=5)


def cell(source, *tags, kind='code'):
    return dict(cell_type=kind, id=core.hashed(source)[:8], metadata=dict(tags=list(tags)) if tags else {}, source=source, **(dict(outputs=[], execution_count=None) if kind == 'code' else {}))


def step(folder: Path, name: str, *cells) -> Path:
    "A step notebook for tests, exporting a light module"
    path = folder / 'nbs' / f'{name}.ipynb'
    path.parent.mkdir(parents=True, exist_ok=True)
    head = [cell(f'# {name[3:].capitalize()}\n\n> Test', kind='markdown'), cell('#| default_exp foundation.core'), cell("industry = 'x'  # a pack\nworkspace = ''  # where", 'parameters'),
            cell('from playbook.foundation import core'), cell('pack, run = core.start(industry, workspace)')]
    path.write_text(json.dumps(BOOK | dict(cells=[*head, *cells])))
    return path


@pytest.fixture
def book(tmp_path, monkeypatch):
    "A project of its own with three small steps: one sound, one that lacks data, one that fails"
    (tmp_path / 'settings.ini').write_text('[DEFAULT]\n')
    step(tmp_path, '01_objectives', cell('print(pack.get("organisation"))', 'R1'), cell('lesson_only = 1 / 0', 'lesson'))
    step(tmp_path, '02_lacking', cell('print("before")'), cell('pack.need("domain/meters.csv")'), cell('print("never shown")'), cell('print("the gate was reached")', 'gate'))
    step(tmp_path, '03_failing', cell('print("so far")'), cell('raise ValueError("no\\nluck")'))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(path): return ''.join(''.join(o.get('text', '')) for c in json.loads(path.read_text())['cells'] for o in c.get('outputs', []))


def test_one_failure_stops_nothing_and_is_named(book, tmp_path):
    packs = [core.Pack(make_pack(tmp_path / n, name=n)) for n in ('alpha', 'beta')]
    steps, page = report.report(packs, out=tmp_path / 'reports')
    assert [(s.run.pack.name, s.number, s.status) for s in steps] == [(p, n, status) for p in ('alpha', 'beta') for n, status in ((1, 'done'), (2, 'done'), (3, 'failed'))]
    assert 'failed: alpha 03_failing: ValueError: no luck' in runner.summary(steps) and page.is_file()
    lacking = steps[1].output
    assert texts(lacking) == 'beforethe gate was reached'.replace('the', '\nthe') + '\n' and 'NEED DATA' in lacking.read_text() and 'never shown' not in texts(lacking)
    assert texts(steps[2].output).strip() == 'so far' and 'This step failed' in (tmp_path / 'reports' / 'alpha' / '03_failing.html').read_text()
    again, _ = report.report(packs, out=tmp_path / 'reports')
    assert [s.status for s in again] == ['cached', 'cached', 'failed'] * 2


def test_only_what_depends_on_a_change_runs_again(book, tmp_path):
    pack = make_pack(tmp_path / 'alpha', name='alpha')
    def go(): return [s.status for s in report.report([core.Pack(pack)], '1-2', out=tmp_path / 'reports')[0]]
    assert go() == ['done', 'done'] and go() == ['cached', 'cached']
    (pack / 'knowledge.csv').write_text('id,title,text\nblack,Black tea,Boiling.\n')
    assert go() == ['cached', 'cached'], 'no step read the knowledge'
    (pack / 'domain').mkdir()
    (pack / 'domain' / 'meters.csv').write_text('meter_id,at,kwh\n')
    assert go() == ['cached', 'done'], 'the step that lacked the file runs when it arrives'
    profile = pack / 'profile.toml'
    profile.write_text(profile.read_text().replace('The Tea House', 'Tea & Sons'))
    assert go() == ['done', 'cached']
    step(book, '02_lacking', cell('print("rewritten")'))
    assert go() == ['cached', 'done']


def test_a_page_is_made_again_when_it_is_gone(book, tmp_path):
    pack = core.Pack(make_pack(tmp_path / 'alpha', name='alpha'))
    report.report([pack], '1', out=tmp_path / 'reports')
    page = tmp_path / 'reports' / 'alpha' / '01_objectives.html'
    page.unlink()
    assert report.report([pack], '1', out=tmp_path / 'reports')[0][0].status == 'cached' and page.is_file()


@pytest.mark.parametrize('given,says', [('industri=energy', 'has no parameter industri'), ('x = 1\nimport os=1', 'is not NAME=VALUE'), ('industry', 'is not NAME=VALUE'), ('industry=[1]', 'give text, a number')])
def test_wrong_parameters_are_refused_in_one_line(book, tmp_path, given, says):
    found = playbook('report', make_pack(tmp_path / 'alpha', name='alpha'), '-p', given, cwd=tmp_path)
    assert found.returncode == 2 and says in found.stderr and len(found.stderr.splitlines()) == 1 and not (tmp_path / 'reports').exists()


def test_a_missing_tag_is_refused(book, tmp_path):
    path = book / 'nbs' / '01_objectives.ipynb'
    path.write_text(path.read_text().replace('"parameters"', '"parametres"'))
    found = playbook('report', make_pack(tmp_path / 'alpha', name='alpha'), cwd=tmp_path)
    assert found.returncode == 2 and 'no cell tagged parameters' in found.stderr and len(found.stderr.splitlines()) == 1


@pytest.mark.parametrize('args', [['no-such-pack'], ['../../etc/passwd'], [''], ['energy\n'], ['{a.__class__}'], ['--steps', '99', 'energy'], ['--steps', '1;rm', 'energy'], ['--jobs', '-3', 'energy'], []])
def test_wrong_use_is_one_line(args, tmp_path):
    found = playbook('report', *args)
    assert found.returncode == 2 and len(found.stderr.splitlines()) == 1 and 'Traceback' not in found.stderr


def test_values_with_quotes_and_newlines_stay_values(book, tmp_path):
    "What papermill injects is data, whatever it looks like"
    step(book, '01_objectives', cell('print(repr(note))'), cell('pass'))
    path = book / 'nbs' / '01_objectives.ipynb'
    path.write_text(path.read_text().replace("workspace = ''  # where", "workspace = ''  # where\\nnote = ''  # a note"))
    nasty = '"; import os; os.system("touch pwned") #\\u2028{x}\''
    steps, _ = report.report([core.Pack(make_pack(tmp_path / 'alpha', name='alpha'))], '1', out=tmp_path / 'reports', given=dict(note=nasty))
    assert steps[0].status == 'done' and repr(nasty) in texts(steps[0].output) and not (tmp_path / 'pwned').exists()


def test_no_script_comes_from_data(book, tmp_path):
    "Names and messages from a pack are text on the page, and the page forbids scripts"
    folder = make_pack(tmp_path / 'alpha', name='alpha')
    profile = folder / 'profile.toml'
    profile.write_text(profile.read_text().replace('The Tea House', '<script>alert(1)</script><img src=x onerror=alert(2)>').replace('Tea gets cold', '<b onclick=alert(3)>'))
    shutil.copy(ROOT / 'nbs' / '01_objectives.ipynb', book / 'nbs')
    report.report([core.Pack(folder)], '1', out=tmp_path / 'reports')
    for page in (tmp_path / 'reports').rglob('*.html'):
        text = page.read_text()
        assert '<script' not in text and '<img src=x' not in text and '<b onclick' not in text and "default-src 'none'" in text
        assert not re.search(r'(src|href)="?https?:', text) and '@import' not in text and 'url(http' not in text


def test_step_01_runs_in_report_form_and_as_a_lesson_for_a_strange_pack(tmp_path):
    "The real notebook, its assertions, and its gate for a pack that is none of the five; plain papermill gives the same evidence"
    import papermill
    folder = make_pack(tmp_path / 'teahouse')
    run = core.Run(core.Pack(folder), tmp_path / 'run')
    steps = runner.run_steps([run], [1])
    assert steps[0].status == 'done' and not steps[0].message
    found = report.evidence(run)
    assert {c['id'] for c in found['checks']} == set(__import__('playbook.objectives').objectives.checks)
    papermill.execute_notebook(ROOT / 'nbs' / '01_objectives.ipynb', tmp_path / 'lesson.ipynb', parameters=dict(industry=str(folder), workspace=str(tmp_path / 'plain')), progress_bar=False)
    assert (tmp_path / 'plain' / 'evidence.json').read_bytes() == (run.folder / 'evidence.json').read_bytes()


def test_a_pack_without_a_log_still_gets_its_report(tmp_path):
    run = core.Run(core.Pack(make_pack(tmp_path / 'teahouse', log=False)), tmp_path / 'run')
    steps = runner.run_steps([run], [1])
    assert steps[0].status == 'done' and 'conversations.jsonl' in steps[0].message
    verdicts = {c['id']: c['verdict'] for c in report.evidence(run)['checks']}
    assert verdicts['objectives.cards.complete'] == 'GO' and verdicts['objectives.log.cases'] == 'NEED DATA' and verdicts['objectives.roles.signers'] == 'GO'


def test_kernels_are_forked_and_ordinary_ones_still_work(monkeypatch, tmp_path):
    from jupyter_client.manager import start_new_kernel
    def parent():
        manager, client = start_new_kernel(kernel_name='python3')
        said = []
        client.execute_interactive('import os, sys; print("colorsys" in sys.modules)', output_hook=lambda m: said.append(m['content'].get('text', '')))
        client.stop_channels()
        manager.shutdown_kernel()
        return ''.join(said).strip()
    with kernels.warm(['colorsys']): assert parent() == 'True'
    monkeypatch.setenv('PLAYBOOK_COLD', '1')
    with kernels.warm(['colorsys']): assert parent() == 'False'
    monkeypatch.delenv('PLAYBOOK_COLD')
    with kernels.warm(['colorsys']) as process:
        process.kill()
        process.wait()
        Path(__import__('os').environ['PLAYBOOK_WARM']).unlink()
        assert parent() == 'False'


def test_a_chain_keeps_its_order_and_all_cores_are_used():
    import threading, time
    running, most = set(), []
    def work(s):
        running.add(s)
        most.append(len(running))
        time.sleep(.02)
        running.discard(s)
        return s
    done = list(runner.run_chains([[f'{c}{i}' for i in range(4)] for c in 'abc'], 2, work))
    assert max(most) == 2 and len(done) == 12
    assert all([d for d in done if d[0] == c] == [f'{c}{i}' for i in range(4)] for c in 'abc')


def test_the_five_reports_differ(tmp_path):
    "Each shipped pack shows itself: no two step pages share a quarter of their table cells, and none shows the default pack's name"
    runs = [core.Run(core.Pack(p), tmp_path / n) for n, p in core.shipped().items()]
    runner.run_steps(runs, [1])
    def shown(run): return {c for p in report.parts(json.loads(runner.Step(1, runner.notebooks()[1], run).output.read_text())) if p['kind'] == 'table' for c in re.findall(r'<td[^>]*>([^<]{4,})</td>', p['html'])}
    cells, names = [shown(r) for r in runs], [r.pack.get('organisation') for r in runs]
    shared = set.intersection(*cells)  # the words of the step itself
    for i, a in enumerate(cells):
        assert len(a - shared) >= 20
        for j, b in enumerate(cells[:i]): assert len((a & b) - shared) / min(len(a - shared), len(b - shared)) < .25, (names[i], names[j])
