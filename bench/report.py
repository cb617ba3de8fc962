"""The report against a plain papermill loop over the same notebooks, in one run.

Prints wall and core-seconds of both, the overhead of a notebook that only imports the usual libraries, a second run
with nothing changed, the run after one knowledge line changed, and a batch of COPIES (default 8) times the packs.
RUNS=n repeats (default 3); medians are printed."""
import json, os, shutil, sys, tempfile
from pathlib import Path
from common import BIN, ROOT, machine, median, project, table, timed

RUNS, COPIES = int(os.environ.get('RUNS', 3)), int(os.environ.get('COPIES', 8))
CORES = len(os.sched_getaffinity(0))
PLAIN = '''
import sys, papermill
from pathlib import Path
from playbook.foundation import core, runner
base = Path(sys.argv[1])
base.mkdir(exist_ok=True)
for name, folder in core.shipped().items():
    for number, path in runner.notebooks().items():
        try: papermill.execute_notebook(path, base / f'{name}-{path.name}', parameters=dict(industry=name, workspace=str(base / 'runs' / name)), progress_bar=False)
        except papermill.PapermillExecutionError as e: print(name, path.name, e.ename)  # plain papermill stops where data is missing
'''
USUAL = 'import torch, transformers, datasets, evaluate, pandas\nimport matplotlib.pyplot as plt, seaborn as sns'
EMPTY = dict(nbformat=4, nbformat_minor=5, metadata=dict(kernelspec=dict(name='python3', display_name='python3', language='python')))


def usual_notebooks(folder: Path, n: int):
    "n step notebooks that import the usual libraries and draw one plot"
    def cell(source, *tags): return dict(cell_type='code', id=f'c{abs(hash(source)) % 10**7}', metadata=dict(tags=list(tags)), outputs=[], execution_count=None, source=source)
    (folder / 'nbs').mkdir(parents=True)
    (folder / 'settings.ini').write_text('[DEFAULT]\n')
    for i in range(1, n + 1):
        name = 'objectives' if i == 1 else f'usual{i}'
        cells = [dict(cell_type='markdown', id='title', metadata={}, source='# Usual'), cell('#| default_exp foundation.measure'), cell("industry = ''  # a pack\nworkspace = ''  # where", 'parameters'), cell(USUAL), cell('plt.plot([1, 2])')]
        (folder / 'nbs' / f'{i:02}_{name}.ipynb').write_text(json.dumps(EMPTY | dict(cells=cells)))


OVERHEAD = '''
import sys, time
from pathlib import Path
from playbook.foundation import core, kernels, runner
pack = core.find_pack(sys.argv[1]); run = core.Run(pack, Path('run'))
with kernels.warm(kernels.HEAVY):
    for n, path in runner.notebooks().items():
        step = runner.execute(runner.Step(n, path, run))
        assert step.status == 'done', step.message
        print(step.seconds)
'''


def many(base: Path, copies: int):
    "The packs again under other names: a batch of the size that the finished suite has"
    project(base)
    for folder in sorted(p.parent for p in (base / 'data_samples').glob('[a-z0-9]*/profile.toml')):
        for i in range(copies - 1):
            shutil.copytree(folder, base / 'data_samples' / f'{folder.name}{i}')
            profile = base / 'data_samples' / f'{folder.name}{i}' / 'profile.toml'
            profile.write_text(profile.read_text().replace(f'name = "{folder.name}"', f'name = "{folder.name}{i}"', 1))


def main():
    machine('papermill', 'nbclient', 'ipykernel')
    reports, loops, again, changed = [], [], [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as base:
            base = Path(base)
            project(base)
            wall, core, done = timed([BIN / 'playbook', 'report', '--all'], cwd=base)
            assert done.returncode == 0, done.stderr[-2000:]
            reports.append((wall, core))
            again.append(timed([BIN / 'playbook', 'report', '--all'], cwd=base)[0])
            article = sorted((base / 'data_samples').glob('*/knowledge/*.md'))[0]
            article.write_text(article.read_text() + '\nOne line more.\n')
            wall, core, done = timed([BIN / 'playbook', 'report', '--all'], cwd=base)
            changed.append((wall, done.stdout.splitlines()[0]))
            wall, core, done = timed([sys.executable, '-c', PLAIN, base / 'plain'], cwd=base)
            assert done.returncode == 0, done.stderr[-2000:]
            loops.append((wall, core))
    with tempfile.TemporaryDirectory() as base:
        base = Path(base)
        usual_notebooks(base, 6)
        _, _, done = timed([sys.executable, '-c', OVERHEAD, ROOT / 'data_samples' / 'energy'], cwd=base)
        warm = [float(s) for s in done.stdout.split()]
        plain, _, _ = timed([BIN / 'papermill', '--no-progress-bar', base / 'nbs' / '01_objectives.ipynb', base / 'out.ipynb'], cwd=base)
    with tempfile.TemporaryDirectory() as base:
        many(Path(base), COPIES)
        big_wall, big_core, done = timed([BIN / 'playbook', 'report', '--all'], cwd=base)
        assert done.returncode == 0, done.stderr[-2000:]
    w, c = median(r[0] for r in reports), median(r[1] for r in reports)
    pw, pc = median(r[0] for r in loops), median(r[1] for r in loops)
    table([('playbook report --all', f'{w:.1f}', f'{c:.1f}', ''), ('plain papermill loop', f'{pw:.1f}', f'{pc:.1f}', f'{pw / w:.1f} x wall, {pc / c:.1f} x core-seconds'),
           ('  wall / (core-seconds / cores)', f'{w / (c / CORES):.2f}', '', 'mostly the start: one process imports, once'),
           (f'{5 * COPIES} runs in one batch', f'{big_wall:.1f}', f'{big_core:.1f}', f'wall / (core-seconds / cores) {big_wall / (big_core / CORES):.2f}, bar 1.15'), ('second run, nothing changed', f'{median(again):.2f}', '', 'bar 3 s'),
           ('one knowledge line changed', f'{median(x[0] for x in changed):.2f}', '', changed[-1][1]),
           ('a notebook of the usual imports, warm', f'{median(warm[1:]):.2f}', '', f'bar 0.7 s; the first, which waits for the imports, {warm[0]:.1f} s'), ('the same, plain papermill', f'{plain:.1f}', '', f'{plain / median(warm[1:]):.0f} x')],
          'what', 'wall s', 'core s', 'ratio, bar')


if __name__ == '__main__': main()
