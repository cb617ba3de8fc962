"""Do the reports of the five packs differ? The share of table cells that two packs' pages of a step have in common, the words of the step itself left out.

    python bench/overlap.py"""
import json, re, sys, tempfile
from itertools import combinations
from pathlib import Path
from common import machine, table
from playbook.foundation import core, report, runner

BAR = .25


def shown(step) -> set[str]:
    "The cells of all tables that a step's page shows"
    parts = report.parts(json.loads(step.output.read_text()))
    return {c for p in parts if p['kind'] == 'table' for c in re.findall(r'<td[^>]*>([^<]{4,})</td>', p['html'])}


def main():
    machine('papermill')
    rows, worst = [], 0
    with tempfile.TemporaryDirectory() as place:
        runs = [core.Run(core.Pack(p), Path(place, n)) for n, p in core.shipped().items()]
        numbers = sorted(runner.notebooks())
        runner.run_steps(runs, numbers)
        for number in numbers:
            cells = {run.pack.name: shown(runner.Step(number, runner.notebooks()[number], run)) for run in runs}
            common = set.intersection(*cells.values())
            share, pair = max((len((cells[a] & cells[b]) - common) / max(1, min(len(cells[a] - common), len(cells[b] - common))), (a, b))
                              for a, b in combinations(cells, 2))
            rows.append((runner.notebooks()[number].stem, min(len(c - common) for c in cells.values()), f'{100 * share:.1f} %', ' and '.join(pair)))
            worst = max(worst, share)
    table(rows, 'step', 'cells of its own, at least', 'shared, at most', 'by')
    sys.exit(worst >= BAR)


if __name__ == '__main__': main()
