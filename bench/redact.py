"""A long log through `playbook redact`: wall, peak memory, and that a run that was killed goes on to the same bytes.

    MESSAGES=1000000 python bench/redact.py

The log repeats the packs' conversations with other numbers in them; the default is 100,000 messages."""
import json, os, random, re, subprocess, sys, tempfile, time
from pathlib import Path
from common import BIN, ROOT, machine, table


def write_log(path: Path, n: int):
    rng, turns = random.Random(0), []
    for log in sorted((ROOT / 'data_samples').glob('*/conversations.jsonl')):
        for line in log.read_text().splitlines():
            try: turns += [t['text'] for t in json.loads(line)['turns']]
            except (ValueError, TypeError, KeyError): pass
    with open(path, 'w') as f:
        for i in range(n):
            text = re.sub(r'\d', lambda m: str(rng.randrange(10)), rng.choice(turns))
            f.write(json.dumps(dict(id=i, text=text), ensure_ascii=False) + '\n')


def run(log: Path, out: Path, stop=None) -> tuple[float, int]:
    "(wall, peak resident bytes); `stop`: killed after so many seconds"
    began = time.monotonic()
    process = subprocess.Popen([BIN / 'playbook', 'redact', log, '--out', out], cwd=log.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if stop:
        time.sleep(stop)
        process.kill()
    _, _, used = os.wait4(process.pid, 0)
    return time.monotonic() - began, used.ru_maxrss * 1024


def main():
    machine('numpy')
    n = int(os.environ.get('MESSAGES', 100_000))
    with tempfile.TemporaryDirectory() as place:
        log, whole, again = (Path(place, name) for name in ('log.jsonl', 'whole.jsonl', 'again.jsonl'))
        write_log(log, n)
        wall, peak = run(log, whole)
        stopped, _ = run(log, again, stop=wall * .5)
        rest, _ = run(log, again)
        same = whole.read_bytes() == again.read_bytes()
        table([('whole', f'{wall:.0f} s', f'{n / wall:,.0f}', f'{peak / 2 ** 20:.0f} MB'), ('killed half-way', f'{stopped:.0f} s', '', ''),
               ('gone on', f'{rest:.0f} s', '', 'same bytes' if same else 'OTHER BYTES')], f'{n:,} messages', 'wall', 'messages/s', 'peak')
    sys.exit(not (same and peak < 4 * 2 ** 30 and rest < wall))


if __name__ == '__main__': main()
