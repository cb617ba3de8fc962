"Repeats: planted ones are found, others stay, splits do not leak, long files resume to the same bytes"
import csv, json, random
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from conftest import conversations
from playbook.data import repeats, splits
from playbook.data.dedupe import dedupe_file
from playbook.foundation.core import NeedData, Refused

MESSAGE = 'my kettle was left with a neighbour who is away until friday'
EDITED = ['My kettle was left with a neighbour, who is away until Friday!', 'my ketle was left with a neighbour who is away until friday',
          'my parcel was left with a neighbour who is away until friday', 'Good morning, ' + MESSAGE]
OTHERS = ['the neighbour says that nobody rang at all on friday', 'can you leave my next parcel with the neighbour instead?', 'is my kettle still under guarantee?',
          'who pays when a parcel is gone from the doorstep?', 'my tea was left in the rain by your driver']


@pytest.mark.parametrize('edited', EDITED, ids=['case', 'typo', 'word', 'greeting'])
def test_a_light_edit_is_a_repeat(edited): assert repeats.groups([*OTHERS, MESSAGE, edited]) == [[5, 6]]


def test_different_messages_of_one_intent_stay(): assert repeats.groups([MESSAGE, *OTHERS]) == []


@pytest.mark.parametrize('a, b', [('Ｗｈｅｒｅ is it?', 'where  is it'), ("don't know", 'dont know'), ('is\u200bit', 'isit'), ('STRASSE 5', 'straße 5'), ('café', 'cafe\u0301')])
def test_the_same_form(a, b): assert repeats.normal(a) == repeats.normal(b)


@pytest.mark.parametrize('a, b', [('order 41', 'order 42'), ('1.5', '15'), ('👍', '👎'), ('café', 'cafe'), ('हिन्दी', 'हन्द'), ('€5', '$5')])
def test_another_form(a, b): assert repeats.normal(a) != repeats.normal(b)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_the_form_of_a_form_is_itself(text): assert repeats.normal(repeats.normal(text)) == repeats.normal(text)


def test_short_texts_repeat_only_themselves():
    assert repeats.groups(['yes please', 'Yes, please!', 'yes pleased', 'turn it off now', 'turn it of now', 'turn it on now']) == [[0, 1]]


def test_what_says_nothing_repeats_nothing(): assert repeats.groups(['', '...', '', '?!', ' ']) == [] == repeats.groups([])


def test_a_row_is_dropped_only_for_a_row_that_stays():
    "A chain of small changes does not pull its far end in"
    words = 'the blue tin of green tea that came on monday smells of smoke and I want it sent back'.split()
    chain = [' '.join(f'x{i}y{k}' if k < i else w for k, w in enumerate(words)) for i in range(0, len(words), 3)]
    kept, dropped = repeats.unique([dict(text=t) for t in chain])
    pieces, starts = repeats.shingles([repeats.normal(t) for t in chain])
    assert len(kept) > 1 and dropped
    assert all(repeats.jaccard(pieces, starts, np.array([d['row']]), np.array([d['repeats']]))[0] >= repeats.SAME for d in dropped)


def test_thousands_of_form_letters_are_one():
    rows = [dict(text=f'I would like to know where my order number {i:06} is right now please') for i in range(5000)]
    assert len(repeats.unique([*rows, dict(text=MESSAGE)])[0]) == 2


def test_a_threshold_that_bands_cannot_keep_is_refused():
    for threshold in (.2, 1.1, float('nan')):
        with pytest.raises(Refused, match='threshold'): repeats.groups([MESSAGE], threshold)


def test_unique_names_the_row_that_stays():
    kept, dropped = repeats.unique([dict(text=MESSAGE), dict(text=OTHERS[0]), dict(text=EDITED[1])])
    assert [r['text'] for r in kept] == [MESSAGE, OTHERS[0]] and dropped == [dict(row=2, repeats=0, reason='repeats row 0')]


def test_labels_keep_apart_what_letters_cannot():
    rows = [dict(text='How do I join a community?', intent='join'), dict(text='How do I leave a community?', intent='leave'), dict(text='how do I join a community', intent='join')]
    assert len(repeats.unique(rows)[0]) == 1 and len(repeats.unique(rows, kind_of=lambda r: r['intent'])[0]) == 2


def test_meaning_is_asked_of_candidates_only():
    asked = []
    def encode(texts):
        asked.extend(texts)
        return [[1, 9 * ('parcel' in t)] for t in texts]
    assert repeats.groups([*OTHERS, MESSAGE, EDITED[1], EDITED[2]], encode=encode) == [[5, 6]]
    assert set(asked) == {MESSAGE, EDITED[1], EDITED[2]}


def test_marks_guess_the_jaccard_index():
    "Over many pairs the marks agree as often as the shingles do"
    r = random.Random(1)
    base = [''.join(r.choices('abcdefghijklmnopqrstuvwxyz ', k=120)) for _ in range(60)]
    texts = base + [t[:cut] for t, cut in zip(base, range(50, 110))]
    codes, starts = repeats.shingles(texts)
    marks, left, right = repeats.signatures(codes, starts), np.arange(60), np.arange(60, 120)
    exact = repeats.jaccard(codes, starts, left, right)
    assert abs((marks[left] == marks[right]).mean(1) - exact).mean() < .04 and abs((marks[left] == marks[right]).mean() - exact.mean()) < .01


def brute(texts, threshold):
    "Pairs by Python's own sets"
    pieces = [{f' {f} '.ljust(4)[i:i + 4] for i in range(max(1, len(f) - 1))} for f in map(repeats.normal, texts)]
    return {(i, j) for j in range(len(texts)) for i in range(j) if len(pieces[i] & pieces[j]) >= threshold * len(pieces[i] | pieces[j])}


def test_bands_find_what_comparing_every_pair_finds():
    texts = [t['text'] for t in said_rows(400)]
    prints = repeats.fingerprints(texts)
    own = np.flatnonzero(prints['words'] > repeats.SHORT)
    found = {pair for look in repeats.LOOKS for pair in map(tuple, repeats.near_pairs(prints, np.arange(len(texts)), own, look).T.tolist())}
    wanted = {(i, j) for i, j in brute(texts, repeats.SAME) if min(len(repeats.normal(texts[k]).split()) for k in (i, j)) > repeats.SHORT}
    assert found <= wanted and len(found) >= .98 * len(wanted) and len(wanted) > 50


def said_rows(n, seed=0):
    "Messages of seven words of thirty, so that some share half"
    r, words = random.Random(seed), 'kettle parcel neighbour steam porcelain refund oolong sencha bergamot driver friday courier doorstep replacement invoice voucher basket'.split()
    return [dict(text=' '.join(r.choices(words[:8], k=3) + r.choices(words, k=4))) for _ in range(n)]


def log(n=200):
    rows = list(conversations(n))
    for i, row in enumerate(rows): row['turns'][0]['text'] = f'{said_rows(1, i)[0]["text"]} {i}'
    return rows


def test_a_split_keeps_persons_and_repeats_together():
    rows = log()
    for i in range(0, 40, 2): rows[199 - i]['turns'][0]['text'] = rows[i]['turns'][0]['text'] + '!'
    sides, report = splits.split(rows)
    assert sorted(np.concatenate(list(sides.values())).tolist()) == list(range(200)) and min(map(len, sides.values())) > 10
    assert report['repeats'] == report['persons'] == 0 and report['in_order'] > .7


def test_a_row_of_nobody_stands_alone_and_a_number_is_a_person():
    rows = [dict(user=user, text=text) for user, text in zip([1, None, '', 1, 0, 0], [MESSAGE, *OTHERS])]
    assert splits.bundles(rows, 'user', repeats.said, repeats.SAME).tolist() == [0, 1, 2, 0, 4, 4]


def test_the_leak_report_sees_what_was_planted():
    rows = log()
    sides, _ = splits.split(rows)
    a, b = sides['train'][0], sides['test'][0]
    rows[b]['turns'][0]['text'] = 'Hello, ' + rows[a]['turns'][0]['text']
    rows[b]['user'] = rows[a]['user']
    report = splits.leaks(rows, sides)
    assert report['repeats'] == report['persons'] == 1


def test_a_log_that_hangs_together_is_refused():
    rows = log()
    for row in rows[::2] + rows[1::4]: row['turns'][0]['text'] = MESSAGE
    with pytest.raises(Refused, match='unique'): splits.split(rows)
    with pytest.raises(NeedData): splits.split(rows[:2])


@pytest.fixture
def file(tmp_path):
    rows = said_rows(300)
    path = tmp_path / 'log.jsonl'
    path.write_text('\n'.join([json.dumps(r) for r in rows[:150]] + ['no json', '{"text": 5}', ''] + [json.dumps(r) for r in rows[150:]]))
    return path


def test_a_file_keeps_its_lines_and_names_what_it_drops(file, tmp_path):
    said = []
    counts = dedupe_file(file, tmp_path / 'out.jsonl', size=70, say=said.append)
    texts = [json.loads(l)['text'] for l in file.read_text().splitlines() if l.startswith('{"text": "')]
    first = repeats.repeated(texts)
    kept = [t for i, t in enumerate(texts) if first[i] == i]
    assert [json.loads(l)['text'] for l in (tmp_path / 'out.jsonl').read_text().splitlines() if l] == kept
    assert counts == dict(rows=300, kept=len(kept), repeats=300 - len(kept), left_out=2, resumed=0) and len(said) == 2 and ':151' in said[0]
    dropped = list(csv.DictReader((tmp_path / 'out.jsonl.dropped.csv').open()))
    assert len(dropped) == counts['repeats'] and {d['how'] for d in dropped} <= {'same', 'near'}
    assert sorted(p.name for p in tmp_path.iterdir()) == ['log.jsonl', 'out.jsonl', 'out.jsonl.dropped.csv']


def test_a_csv_keeps_records_of_several_lines(tmp_path):
    (tmp_path / 'log.csv').write_text(f'id,text\n1,"{MESSAGE},\nthank you"\n2,"{OTHERS[0]}"\n3,"{EDITED[1]},\nthank you"\n4,"{OTHERS[1]}"\n')
    dedupe_file(tmp_path / 'log.csv', tmp_path / 'out.csv')
    assert (tmp_path / 'out.csv').read_text() == f'id,text\n1,"{MESSAGE},\nthank you"\n2,"{OTHERS[0]}"\n4,"{OTHERS[1]}"\n'


def same_files(folder, a, b): return all((folder / f'{a}{end}').read_bytes() == (folder / f'{b}{end}').read_bytes() for end in ('', '.dropped.csv'))


def test_a_run_stopped_while_reading_goes_on_to_the_same_bytes(file, tmp_path):
    def stop(fault): raise KeyboardInterrupt
    dedupe_file(file, tmp_path / 'calm', size=70, say=str)
    with pytest.raises(KeyboardInterrupt): dedupe_file(file, tmp_path / 'wild', size=70, say=stop)
    assert not (tmp_path / 'wild').exists()
    assert dedupe_file(file, tmp_path / 'wild', size=70, say=str)['resumed'] == 140
    assert same_files(tmp_path, 'calm', 'wild')


def test_a_run_that_could_not_write_goes_on_to_the_same_bytes(file, tmp_path):
    "All bands are there and the last step failed: a folder stood in the place of the file"
    dedupe_file(file, tmp_path / 'calm', size=70, say=str)
    (tmp_path / 'wild').mkdir()
    with pytest.raises(OSError): dedupe_file(file, tmp_path / 'wild', size=70, say=str)
    (tmp_path / 'wild').rmdir()
    assert dedupe_file(file, tmp_path / 'wild', size=70, say=str)['resumed'] == 302
    assert same_files(tmp_path, 'calm', 'wild')


def test_what_cannot_be_deduped_is_refused(tmp_path):
    (tmp_path / 'a.csv').write_text('id,words\n1,hello\n')
    (tmp_path / 'empty.jsonl').write_text('\n')
    for name in ('a.csv', 'absent.jsonl'):
        with pytest.raises(Refused): dedupe_file(tmp_path / name, tmp_path / 'out')
    with pytest.raises(NeedData): dedupe_file(tmp_path / 'empty.jsonl', tmp_path / 'out')
