"What the benches share: a machine line, medians, and a process timed as a whole"
import os, platform, resource, shutil, statistics, subprocess, sys, time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def machine(*packages):
    print(f'{platform.system()} {platform.machine()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, ' + ', '.join(f'{p} {version(p)}' for p in packages))


def project(base: Path):
    "A project of its own in `base`: copies of the notebooks and the packs"
    shutil.copytree(ROOT / 'data_samples', base / 'data_samples')
    shutil.copytree(ROOT / 'nbs', base / 'nbs', symlinks=True)
    (base / 'settings.ini').write_text('[DEFAULT]\n')


def timed(command, cwd=ROOT, **kw) -> tuple[float, float, subprocess.CompletedProcess]:
    "(wall, core-seconds with all children, the finished process)"
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, **kw)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done


def table(rows, *head):
    rows = [tuple(map(str, r)) for r in (head, *rows)]
    widths = [max(len(r[i]) for r in rows) for i in range(len(head))]
    for r in rows: print('  '.join(c.ljust(w) if not i else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))))


median = statistics.median
