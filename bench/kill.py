"""kill -9 during a report, KILLS times (default 20) at random moments. Afterwards one run must complete, every file must be whole,
no process may be left, and the evidence must be, byte for byte, that of a run which nobody disturbed."""
import json, os, random, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path
from common import BIN, machine, project, table, timed

KILLS = int(os.environ.get('KILLS', 20))


def start(base):
    command = [BIN / 'playbook', 'report', '--all', '--workspace', base / 'runs', '--out', base / 'reports']
    return subprocess.Popen(command, cwd=base.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def halves(base):
    "Files that claim to be whole and are not"
    bad = []
    for path in [*base.rglob('*.json'), *base.rglob('*.ipynb')]:
        if path.name.startswith('.'): continue
        try: json.loads(path.read_text())
        except ValueError: bad.append(path)
    return bad + [p for p in base.rglob('*.html') if not p.name.startswith('.') and not p.read_text().rstrip().endswith('</html>')]


def left():
    "Processes that still serve kernels for a parent that is gone"
    out = subprocess.run(['ps', '-eo', 'pid,ppid,args'], capture_output=True, text=True).stdout.splitlines()
    return [l for l in out if 'from playbook.foundation.kernels import serve' in l and l.split()[1] == '1']


def main():
    machine('papermill')
    r = random.Random(0)
    with tempfile.TemporaryDirectory() as base:
        base = Path(base)
        project(base)
        began, calm = time.monotonic(), start(base / 'calm')
        calm.wait()
        full, broken, finished = time.monotonic() - began, 0, 0
        for i in range(KILLS):
            process = start(base / 'wild')
            time.sleep(r.uniform(.2, full))
            finished += process.poll() is not None
            process.send_signal(signal.SIGKILL)
            process.wait()
            broken += len(halves(base / 'wild'))
            if process.returncode == 0 or i % 4 == 1: shutil.rmtree(base / 'wild')  # through, or far enough: begin anew
        time.sleep(3)
        orphans = left()
        last = timed([BIN / 'playbook', 'report', '--all', '--workspace', base / 'wild' / 'runs', '--out', base / 'wild' / 'reports'], cwd=base)[2]
        same = [(base / 'calm' / 'runs' / p.name / 'evidence.json').read_bytes() == (p / 'evidence.json').read_bytes() for p in sorted((base / 'wild' / 'runs').iterdir())]
        rubbish = [p for p in base.rglob('.*.tmp')]
        table([('killed', KILLS, f'{finished} had finished before'), ('files half-written', broken, 'bar 0'), ('processes left over', len(orphans), 'bar 0'), ('temporary files left after the last run', len(rubbish), 'bar 0'),
               ('last run', 'completed' if last.returncode == 0 else f'exit {last.returncode}', last.stdout.splitlines()[0] if last.stdout else ''), ('evidence equal to an undisturbed run', f'{sum(same)} of {len(same)} packs', '')], 'what', 'figure', '')
        return 0 if last.returncode == 0 and all(same) and not broken and not orphans and not rubbish else 1


if __name__ == '__main__': sys.exit(main())
