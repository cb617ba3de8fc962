"""Repeats: what was planted, what was merged wrongly, datasketch beside it, and a million messages.

    python bench/dedupe.py [found] [leaks] [peer] [million]

`found`: light edits of the packs' utterances and conversations are planted among the messages themselves; every merge of two messages that
the packs wrote apart counts as false, also where a reader would call them repeats. PLAYBOOK_BENCH_DATA adds public messages that nobody
here wrote. Shingle and threshold were chosen on the training messages of BANKING77, which are not measured here.
`leaks`: the same texts with made-up persons and times, split; the judge compares every pair. The control is dealt like cards.
`peer`: datasketch 2 with the same shingles, the same 192 permutations, the same exact verification; each in a process of its own.
`million`: messages of two sentences of the packs (50 to 80 letters each, so that one in common is not half) and a typed slot; a run that is killed half-way must end with the same bytes."""
import csv, json, os, random, resource, signal, string, subprocess, sys, tempfile, time, tomllib
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
import numpy as np
from common import ROOT, machine, median, table
from playbook.data import repeats, splits
from playbook.data.dedupe import dedupe_file
from playbook.foundation.core import Pack

PACKS = ('energy', 'entertainment', 'iot', 'sales', 'social')
BAR = .95
GREETINGS = ('Hi, ', 'Hello! ', 'Good morning, ', 'Hey there, ', 'Hello team, ', 'Good evening. ', 'Hi again, ', 'Hallo, ', 'Dear all, ')


def typo(text, r, _):
    i, how = r.choice([i for i, c in enumerate(text) if c.isalpha()]), r.randrange(4)
    return text[:i] + (text[i + 1:], text[i] + text[i:], r.choice(string.ascii_lowercase) + text[i + 1:], text[i + 1:i + 2] + text[i] + text[i + 2:])[how]


def case(text, r, _): return r.choice([str.upper, str.lower, str.title, str.swapcase])(text)


def punctuation(text, r, _):
    bare = ''.join(c for c in text if c not in '.,!?;:"')
    return r.choice([bare, bare.replace(' ', ', ', 1), text + '!!', f'"{text}"', bare.replace(' ', '  ') + ' ...'])


def word(text, r, words):
    parts = text.split()
    parts[r.choice([i for i, w in enumerate(parts) if len(w) > 3] or [0])] = r.choice(words)
    return ' '.join(parts)


def greeting(text, r, _): return r.choice(GREETINGS) + text


EDITS = (typo, case, punctuation, word, greeting)


def planted(texts, each=200, seed=0):
    "(texts with edited copies behind them, [(edit, source, copy)]): each edit to `each` messages of more than four words"
    r, words = random.Random(seed), sorted({w for t in texts for w in repeats.normal(t).split() if len(w) > 3})
    long = [i for i, t in enumerate(texts) if len(repeats.normal(t).split()) > repeats.SHORT]
    plan = [(edit.__name__, i, edit(texts[i], r, words)) for edit in EDITS for i in r.sample(long, min(each, len(long)))]
    return texts + [copy for *_, copy in plan], [(edit, i, len(texts) + k) for k, (edit, i, _) in enumerate(plan)]


def different(texts):
    "One text of each normal form: what is left was written apart"
    return list({repeats.normal(t): t for t in texts}.values())


def score(first, plan):
    "(recall by edit: the copy repeats what its source repeats; precision of all merges) of an answer"
    source = np.arange(len(first))
    for _, i, copy in plan: source[copy] = i
    merged = np.flatnonzero(first != np.arange(len(first)))
    found = {e.__name__: np.mean([first[copy] == first[i] for edit, i, copy in plan if edit == e.__name__]) for e in EDITS}
    return found, (source[first[merged]] == source[merged]).mean()


def judge(texts, kinds=None, **how):
    "The figures of a set: recall by edit, precision, and the clean control, merges among the texts as they were written"
    everything, plan = planted(texts)
    found, precision = score(repeats.repeated(everything, **how), plan)
    own = repeats.repeated(texts, **how)
    false = np.flatnonzero(own != np.arange(len(own)))
    within = sum(kinds[i] == kinds[own[i]] for i in false) if kinds else 0
    return found | dict(precision=precision, false=1000 * len(false) / len(texts), within=1000 * within / len(texts), n=len(texts))


def pack_texts(name):
    "(name, texts, intents) of a pack's utterances and conversations, without what was planted there"
    pack = Pack(ROOT / 'data_samples' / name)
    intent = {repeats.normal(u['text']): (u['text'], u['intent']) for u in pack.rows('utterances.csv')}
    yield f'{name} utterances', *map(list, zip(*intent.values()))
    yield f'{name} conversations', different([repeats.said(c) for c in pack.rows('conversations.jsonl')]), None


def public_texts():
    "(name, texts, intents) of public messages"
    base = os.environ.get('PLAYBOOK_BENCH_DATA')
    if not base: return print('PLAYBOOK_BENCH_DATA is not set: the packs only (snips, stackfaq, nlupp, natcs_insurance and trivia are public sets)')
    for path, text, intent in (('snips/test.csv', 'text', 'intent'), ('stackfaq/queries.csv', 'query', 'faq_id'), ('nlupp/nlupp.csv', 'text', 'intents'),
                               ('natcs_insurance/insurance.csv', 'text', 'intent'), ('trivia/trivia_2000.csv', 'question', 'category')):
        with open(Path(base) / path, newline='') as f: rows = {repeats.normal(r[text]): (r[text], r[intent]) for r in csv.DictReader(f)}
        yield path.split('/')[0], *map(list, zip(*rows.values()))


def gold():
    "Conversations that the packs' makers planted twice: how many are dropped, and how many others"
    hits = wanted = others = 0
    for name in PACKS:
        pack = Pack(ROOT / 'data_samples' / name)
        rows = pack.rows('conversations.jsonl')
        plan = tomllib.loads((pack.folder / 'gold/planted.toml').read_text())['planted']
        pairs = {frozenset((p['id'], p['of'])) for p in plan if p['kind'] in ('duplicate', 'near_duplicate')}
        dropped = {frozenset((rows[d['row']]['id'], rows[d['repeats']]['id'])) for d in repeats.unique(rows)[1]}
        hits, wanted, others = hits + len(pairs & dropped), wanted + len(pairs), others + len(dropped - pairs)
    return hits, wanted, others


def found():
    "Planted pairs and the clean control, set by set"
    from packs import sentence_encoder
    rows, bad = [], []
    def add(name, f, barred):
        low = [k for k in (*(e.__name__ for e in EDITS), 'precision') if f[k] < BAR]
        if low and barred: bad.append(f'{name}: {", ".join(low)} below {BAR}')
        rows.append((name, f['n'], *(f'{f[e.__name__]:.3f}' for e in EDITS), f'{f["precision"]:.3f}', f'{f["false"]:.1f}', f'{f["within"]:.1f}'))
    for pack in PACKS:
        for name, texts, kinds in pack_texts(pack): add(name, judge(texts, kinds), True)
    name, texts, kinds = next(pack_texts('social'))
    if encode := sentence_encoder(): add(f'{name}, meaning asked', judge(texts, kinds, encode=encode), False)
    for name, texts, kinds in public_texts(): add(name, judge(texts, kinds), False)
    table(rows, 'set', 'n', *(e.__name__ for e in EDITS), 'precision', 'false per 1,000', 'of one intent')
    hits, wanted, others = gold()
    print(f'planted by the packs\' makers: {hits} of {wanted} conversations found, {others} others dropped')
    return bad + ([f'{wanted - hits} planted conversations not found'] if hits < wanted else [])


def leaks():
    "Repeats and persons on both sides: by our split, and dealt like cards"
    rows, bad, r = [], [], random.Random(0)
    for name, texts, _ in [s for pack in PACKS for s in pack_texts(pack)] + list(public_texts()):
        start = datetime(2026, 1, 1, tzinfo=timezone.utc)
        log = planted(texts, 100)[0]
        log = [dict(text=t, user=r.randrange(2 * len(log)), started=str(start + timedelta(minutes=r.randrange(500_000)))) for t in log]
        _, ours = splits.split(log)
        cards = splits.leaks(log, dict(zip(splits.SIDES, np.array_split(np.random.default_rng(0).permutation(len(log)), 3))))
        rows.append((name, len(log), f'{ours["compared"]:,}', ours['repeats'], ours['persons'], f'{ours["in_order"]:.2f}', cards['repeats'], cards['persons']))
        bad += [f'{name}: {ours["repeats"]} repeats and {ours["persons"]} persons on both sides'] if ours['repeats'] or ours['persons'] else []
    table(rows, 'set', 'n', 'pairs compared', 'repeats', 'persons', 'in order', 'repeats by cards', 'persons')
    return bad


def by_datasketch(texts):
    "The same task with datasketch: for each text the earliest that it repeats"
    from datasketch import MinHash, MinHashLSH
    forms = [repeats.normal(t) for t in texts]
    pieces = [{f' {f} '[i:i + repeats.GRAM] for i in range(max(1, len(f) + 3 - repeats.GRAM))} for f in forms]
    first, exact, lsh = list(range(len(texts))), {}, MinHashLSH(threshold=repeats.SAME, num_perm=repeats.MARKS)
    marks = MinHash.generator([[p.encode() for p in s] for s in pieces], num_perm=repeats.MARKS, seed=0)
    for i, (form, mark) in enumerate(zip(forms, marks)):
        first[i] = exact.setdefault(form, i)
        if first[i] != i or len(form.split()) <= repeats.SHORT: continue
        near = sorted(j for j in lsh.query(mark) if first[j] == j and len(pieces[i] & pieces[j]) >= repeats.SAME * len(pieces[i] | pieces[j]))
        if near: first[i] = near[0]
        else: lsh.insert(i, mark)
    return np.array([first[k] for k in first])


def worker(which, path, out):
    "One answer in a process of its own: seconds and peak memory"
    texts, began = json.loads(Path(path).read_text()), time.monotonic()
    first = by_datasketch(texts) if which == 'datasketch' else repeats.repeated(texts)
    seconds = time.monotonic() - began
    Path(out).write_text(json.dumps(dict(first=[int(i) for i in first], seconds=seconds, peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


def peer():
    "Ours and datasketch on all packs' texts at once"
    texts = different([t for pack in PACKS for _, own, _ in pack_texts(pack) for t in own])
    everything, plan = planted(texts, 500)
    with tempfile.TemporaryDirectory() as base:
        source, answer, rows = Path(base, 'texts.json'), Path(base, 'answer.json'), []
        source.write_text(json.dumps(everything))
        for which in ('ours', 'datasketch'):
            runs = []
            for _ in range(3):
                subprocess.run([sys.executable, __file__, '--worker', which, source, answer], check=True)
                runs.append(json.loads(answer.read_text()))
            edits, precision = score(np.array(runs[0]['first']), plan)
            rows.append((which, len(everything), f'{np.mean(list(edits.values())):.3f}', f'{edits["word"]:.3f}', f'{precision:.3f}',
                         f'{median(r["seconds"] for r in runs):.1f}', f'{median(r["peak"] for r in runs):.0f}'))
    table(rows, 'who', 'texts', 'recall', 'of another word', 'precision', 'seconds', 'peak MB')
    return [] if float(rows[0][5]) <= float(rows[1][5]) and float(rows[0][2]) >= float(rows[1][2]) - .005 else ['datasketch is better']


SLOTS = ('My order is {a}{b:02}-{c:06}.', 'It is about device {a}-{c:06}.', 'I paid {b}.{c:02} on the {b}th.', 'Call me at {b:02} {c:06}, please.', 'Ticket {c:06}{a}.')


def messages(n, seed=0):
    "(family, text): seven tenths are two sentences of the packs and a slot, no two sentences together twice; the rest repeat one of those"
    r = random.Random(seed)
    pool = different([t for pack in PACKS for _, own, _ in pack_texts(pack) for t in own if 50 <= len(t) <= 80])
    r.shuffle(pool)
    words, originals = sorted({w for t in pool for w in repeats.normal(t).split() if len(w) > 3}), n * 7 // 10
    stride = len(pool) // 2 // (originals // len(pool) + 2)
    def original(i):
        turn, at = divmod(i, len(pool))
        slot = SLOTS[i % len(SLOTS)].format(a=chr(65 + i % 26), b=i % 28 + 1, c=i * 7919 % 1_000_000)
        return f'{pool[at]} {pool[(at + 1 + stride * turn) % len(pool)]} {slot}'
    plan = [(i, None) for i in range(originals)] + [(r.randrange(originals), r.choice(EDITS)) for _ in range(n - originals)]
    r.shuffle(plan)
    for family, edit in plan: yield family, edit(original(family), r, words) if edit else original(family)


def outputs(out): return [sha256(p.read_bytes()).hexdigest() for p in (out, out.with_name(f'{out.name}.dropped.csv')) if p.is_file()]


def file_worker(path, out):
    began = time.monotonic()
    counts = dedupe_file(path, out)
    print(json.dumps(counts | dict(seconds=time.monotonic() - began, peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


def run_file(path, out, kill=None):
    "What a run said; with `kill`, it is killed after so many seconds and says nothing"
    process = subprocess.Popen([sys.executable, __file__, '--file', path, out], stdout=subprocess.PIPE, text=True)
    try: return json.loads(process.communicate(timeout=kill)[0])
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def million(n=int(os.environ.get('MESSAGES', 1_000_000))):
    "A long log: time, memory, what was found, and the same bytes after a kill"
    with tempfile.TemporaryDirectory() as base:
        path, calm, wild = (Path(base, name) for name in ('log.jsonl', 'calm.jsonl', 'wild.jsonl'))
        with open(path, 'w') as f: families = [f.write(json.dumps(dict(text=text)) + '\n') and family for family, text in messages(n)]
        megabytes, done = path.stat().st_size / 1e6, run_file(path, calm)
        with open(f'{calm}.dropped.csv', newline='') as f: dropped = [(int(d['line']) - 1, int(d['repeats']) - 1) for d in csv.DictReader(f)]
        right = sum(families[a] == families[b] for a, b in dropped)
        precision, recall = right / len(dropped), right / (n - len(set(families)))
        run_file(path, wild, kill=done['seconds'] * .4)
        halves = len(outputs(wild))
        again = run_file(path, wild)
        same, left = outputs(wild) == outputs(calm), [p.name for p in Path(base).iterdir() if p.name.startswith('.')]
    table([('messages', n, f'{megabytes:.0f} MB'), ('seconds', f'{done["seconds"]:.0f}', ''), ('peak memory, MB', f'{done["peak"]:.0f}', 'bar 4096'),
           ('recall', f'{recall:.4f}', 'bar .95'), ('precision', f'{precision:.4f}', 'bar .95'),
           ('after a kill at 40 %', f'{again["seconds"]:.0f} s', f'{again["resumed"]} rows resumed, outputs then {halves}'),
           ('same bytes as undisturbed', same, ''), ('left over', len(left), 'bar 0')], 'what', 'figure', '')
    return [what for what, ok in (('memory', done['peak'] < 4096), ('recall', recall >= BAR), ('precision', precision >= BAR), ('bytes', same), ('left over', not left)) if not ok]


def main():
    stages = dict(found=found, leaks=leaks, peer=peer, million=million)
    if sys.argv[1:2] == ['--worker']: return worker(*sys.argv[2:])
    if sys.argv[1:2] == ['--file']: return file_worker(*sys.argv[2:])
    machine('numpy', 'scipy', 'datasketch')
    bad = [fault for stage in sys.argv[1:] or stages for fault in stages[stage]()]
    print(*(bad or ['All bars met.']), sep='\n')
    sys.exit(bool(bad))


if __name__ == '__main__': main()
