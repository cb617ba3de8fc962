"""Every generated file of the packs, made again in a copy and compared byte for byte.

    python bench/made.py [PACK …]

Pictures depend on the versions of Pillow and numpy, sounds on espeak-ng: where those differ the program says so and leaves the files alone."""
import filecmp, shutil, sys, tempfile
from pathlib import Path
from common import ROOT, machine, table, timed


def programs(pack): return [p for p in sorted((ROOT / 'data_samples' / '_make' / pack).glob('*.py')) if p.stem in ('domain', 'images')]


def compare(made: Path, pack: str) -> tuple[int, list[str]]:
    here = ROOT / 'data_samples' / pack
    files = [p.relative_to(here) for p in sorted(here.rglob('*')) if p.is_file() and not p.name.startswith('.')]
    return len(files), [str(f) for f in files if not (made / pack / f).is_file() or not filecmp.cmp(here / f, made / pack / f, shallow=False)]


def main():
    packs, rows, bad = sys.argv[1:] or ['energy', 'entertainment', 'iot', 'sales', 'social'], [], []
    machine('numpy', 'pillow')
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, 'data_samples')
        shutil.copytree(ROOT / 'data_samples', made)
        for pack in packs:
            for program in [made / '_make' / 'past.py', *(made / p.relative_to(ROOT / 'data_samples') for p in programs(pack))]:
                wall, _, done = timed([sys.executable, program, *([pack] if program.stem == 'past' else [])], cwd=place)
                if done.returncode: bad.append(f'{program.name} {pack}: {done.stderr[-300:]}')
                rows.append((f'{pack} {program.stem}', f'{wall:.1f} s', done.stdout.strip().splitlines()[-1][:60] if done.stdout.strip() else ''))
            n, other = compare(made, pack)
            rows.append((f'{pack}: {n} files', '', 'all the same bytes' if not other else f'{len(other)} differ: {", ".join(other[:4])}'))
            bad += other
    table(rows, 'program', 'wall', 'said')
    sys.exit(bool(bad))


if __name__ == '__main__': main()
