"""What survives each format, and how fast is an export read?

    [PLAYBOOK_BENCH_DATA=FOLDER] python bench/exchange.py [CONVERSATIONS]

Every pack's log is written in each format and read back; a loss is a field that differs in at least one conversation. Speed: the packs' logs repeated to 4,000
conversations, medians of 3, beside json.loads of the same file (for CSV: csv.reader), the floor for any reader in Python. With PLAYBOOK_BENCH_DATA also what a
stranger's dialogues (taskmaster4_coffee, sgd_dev) lose: nothing may be a fault."""
import csv, itertools, json, os, resource, sys, tempfile, time
from collections import Counter
from pathlib import Path
from common import ROOT, machine, median, table
from playbook.data import exchange, exports, labels
from playbook.foundation.core import Pack

PACKS = ('energy', 'entertainment', 'iot', 'sales', 'social')
WHOLE = ('rasa', 'zendesk', 'chatwoot', 'csv', 'playbook')  # must lose nothing


def floor(path, format):
    began = time.monotonic()
    with open(path) as f:
        for _ in csv.reader(f) if format == 'csv' else map(json.loads, f): pass
    return time.monotonic() - began


def timed(path):
    began = time.monotonic()
    n = sum(len(row['turns']) for _, row in exchange.read(path) if isinstance(row, dict))
    return time.monotonic() - began, n


def main():
    machine('pyyaml')
    want, bad, rows = int((sys.argv[1:] or ['4000'])[0]), [], []
    logs = {name: Pack(ROOT / 'data_samples' / name).rows('conversations.jsonl') for name in PACKS}
    many = [dict(c, id=f'{c["id"]}-{i}') for i, c in enumerate(itertools.islice(itertools.cycle([c for log in logs.values() for c in log]), want))]
    with tempfile.TemporaryDirectory() as folder:
        for format in (*exports.WRITERS, 'csv', 'playbook'):
            lost, path = Counter(), Path(folder) / format
            for log in logs.values(): lost.update(exports.write(log, path, format))
            exports.write(many, path, format)
            times = [timed(path) for _ in range(3)]
            took = median(t for t, _ in times)
            least = median(floor(path, format) for _ in range(3))
            rows.append((format, sum(map(len, logs.values())), ', '.join(sorted(lost)) or 'nothing', f'{times[0][1] / took:,.0f}', f'{took / least:.1f} ×'))
            if lost and format in WHOLE: bad.append(f'{format} lost {dict(lost)}')
        for format in ('rasa-nlu', 'label-studio'):
            words, lost = [Pack(ROOT / 'data_samples' / name).rows('utterances.csv') for name in PACKS], Counter()
            for each in words: lost.update(labels.write(each, Path(folder) / format, format))
            rows.append((format, sum(map(len, words)), ', '.join(f'{k} of {n}' for k, n in lost.items()) or 'nothing', '–', '–'))
    table(rows, 'format', 'rows', 'lost', 'messages/s', 'time against parsing alone')
    given = os.environ.get('PLAYBOOK_BENCH_DATA')
    if not given: print('PLAYBOOK_BENCH_DATA is not set: no strangers\' dialogues (Taskmaster-4 coffee, SGD dev), the packs only')
    for name in ('taskmaster4_coffee/dialogs.jsonl', 'sgd_dev/dev.jsonl') if given else ():
        found = exchange.load(Path(given) / name)
        roles = Counter(t['role'] for row in found.rows for t in row['turns'])
        print(f'{name}: read as {found.format}, {len(found.rows)} conversations, {len(found.faults)} faults, {dict(roles)}')
        bad += [f'{name}: {len(found.faults)} faults'] * bool(found.faults)
    print(f'peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB')
    print(*(bad or ['All met.']), sep='\n')
    sys.exit(bool(bad))


if __name__ == '__main__': main()
