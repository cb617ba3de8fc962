"The audit finds what is planted in the data and stays silent where nothing is; what may not be used is refused"
import hashlib
import numpy as np
import pandas as pd
import pytest
from conftest import INTENTS
from playbook.data import audit, enough
from playbook.foundation.core import NeedData, Pack

BASE = dict(group=dict(a=.5, b=.3, c=.2), language=dict(en=.8, fr=.2))


def log(n=1000, seed=0, group=(.5, .3, .2), language=(.8, .2), bias=0.0, harder=0.0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(dict(group=rng.choice(list('abc'), n, p=group), language=rng.choice(['en', 'fr'], n, p=language), user=np.arange(n)))
    frame['hard'] = rng.random(n) < .3 + harder * (frame.group == 'c')
    frame['ok'] = rng.random(n) < np.where(frame.hard, .5, .95) - bias * (frame.group == 'c')
    return frame


def test_a_skew_is_found_and_weights_take_it_away():
    skewed, clean = log(group=(.6, .3, .1)), log()
    assert audit.mixes(skewed, BASE).set_index('column').skewed.to_dict() == dict(group=True, language=False)
    assert not audit.mixes(clean, BASE).skewed.any()
    w = audit.weights(skewed, BASE)
    after = audit.mixes(skewed, BASE, w)
    assert after.distance.max() < .001 and not after.skewed.any() and (after.effective < 1000).all() and w.mean() == pytest.approx(1)


def test_people_who_are_not_there_cannot_be_weighed_in():
    absent = log(group=(.6, .4, 0))
    assert audit.mix(absent, 'group', BASE['group'], audit.weights(absent, BASE))['distance'] == pytest.approx(.2)
    undeclared = log().assign(group=lambda d: d.group.where(d.index > 99, 'z'))
    assert audit.shares(undeclared, 'group', BASE['group']).set_index('value').declared['z'] == 0
    assert (audit.weights(undeclared, BASE)[:100] == 0).all()


def test_ten_messages_of_one_person_are_not_ten_witnesses():
    few = log(100)
    many = few.loc[np.repeat(few.index, 10)].reset_index(drop=True)
    assert audit.mix(many, 'group', BASE['group'], person='user')['effective'] == pytest.approx(100, rel=.01)
    assert audit.mix(many, 'group', BASE['group'])['effective'] == 1000


def test_rows_that_do_not_say_are_left_out():
    frame = log(4000).assign(group=lambda d: d.group.where(d.index % 2 == 0, ''))
    assert audit.mix(frame, 'group', BASE['group'])['rows'] == 2000 and not audit.mix(frame, 'group', BASE['group'])['skewed']
    with pytest.raises(NeedData, match='group'): audit.mix(frame.assign(group=''), 'group', BASE['group'])


def test_bias_is_told_from_harder_questions():
    unfair, harder, clean = log(6000, bias=.08), log(6000, harder=.4), log(6000)
    assert audit.gaps(unfair, 'ok', 'group', 'hard').query('biased').group[0] == 'c'
    found = audit.gaps(harder, 'ok', 'group', 'hard').set_index('group')
    assert not found.biased.any() and found.explained['c'] and audit.gaps(harder, 'ok', 'group').biased.any()
    found = audit.gaps(clean, 'ok', 'group', 'hard')
    assert not found.biased.any() and not found.explained.any()


def test_a_gap_is_judged_by_mantel_haenszel():
    "The difference and its test are the published formulas, worked by hand on two tables"
    frame = pd.DataFrame([(g, s, y) for (g, s, y), n in {('a', 0, 1): 30, ('a', 0, 0): 10, ('b', 0, 1): 20, ('b', 0, 0): 20, ('a', 1, 1): 5, ('a', 1, 0): 15,
                                                          ('b', 1, 1): 6, ('b', 1, 0): 34}.items() for _ in range(n)], columns=['g', 's', 'y'])
    row = audit.gaps(frame, 'y', 'g', 's').iloc[0]
    weight = 40 * 40 / 80, 20 * 40 / 60
    difference = (weight[0] * .25 + weight[1] * .1) / sum(weight)
    chance = 40 * 40 * 50 * 30 / (80 ** 2 * 79) + 20 * 40 * 11 * 49 / (60 ** 2 * 59)
    z = difference * sum(weight) / chance ** .5
    assert abs(row.adjusted) == pytest.approx(difference) and row.p == pytest.approx(2 * audit.normal.cdf(-z))


def test_groups_too_small_to_judge_are_counted_only():
    frame = pd.concat([log(400), log(4).assign(group='few', ok=False)])
    row = audit.gaps(frame, 'ok', 'group').set_index('group').loc['few']
    assert row.rows == 4 and np.isnan(row.p) and not row.biased
    with pytest.raises(NeedData): audit.gaps(log().assign(group='a'), 'ok', 'group')


def test_labels_of_the_same_words_are_compared():
    rng = np.random.default_rng(0)
    texts = [f'{w} {i % 7}' for i, w in enumerate(rng.choice(['thank you', 'this is terrible', 'where is it'], 900))]
    fair = pd.DataFrame(dict(text=texts, group=rng.choice(['a', 'b'], 900)))
    fair['sentiment'] = ['negative' if 'terrible' in t else 'neutral' for t in texts]
    unfair = fair.assign(sentiment=fair.sentiment.where((fair.group != 'b') | (rng.random(900) > .12), 'negative'))
    assert audit.labels(unfair, 'sentiment', 'group').biased.all() and not audit.labels(fair, 'sentiment', 'group').biased.any()


@pytest.mark.parametrize('language', ['en', 'de', 'es', 'fr', 'nl', 'pt'])
def test_swaps_find_a_biased_classifier_and_leave_a_restless_one_alone(language):
    texts = [f'message number {i}' for i in range(150)]
    for axis in audit.axes(language):
        side = axis['sides'][-1]
        def biased(asked): return [int(any(w in t for w in side)) for t in asked]
        assert axis['axis'] in set(audit.swaps(texts, biased, language).query('biased').axis)
    def restless(asked): return [hashlib.md5(t.encode()).digest()[0] % 5 for t in asked]
    assert not audit.swaps(texts, restless, language).biased.any()


def test_words_are_swapped_where_they_stand():
    axis = next(a for a in audit.axes('en') if a['axis'] == 'relatives')
    assert audit.versions('Brother and sister', axis)[2] == 'Sister and brother'
    assert audit.versions('the sonata', axis)[0].endswith('the sonata') and audit.versions('the sonata', axis)[0] != 'the sonata'
    with pytest.raises(NeedData, match='axis'): audit.swaps(['x'], lambda t: t, 'xx')


def test_every_side_says_the_same_number_of_things():
    for language in ('en', 'de', 'es', 'fr', 'nl', 'pt'):
        for axis in audit.axes(language):
            assert len({len(s) for s in axis['sides']}) == 1 and len(axis['sides']) >= 2 and axis['opening'].count('{}') == 1, axis['axis']
            words = [w.lower() for s in axis['sides'] for w in s]
            assert len(words) == len(set(words)), axis['axis']


def test_weights_make_label_and_group_independent():
    frame = log(3000, bias=.3)
    w = audit.reweigh(frame, 'ok', 'group', 'hard')
    for hard, part in frame.assign(w=w, wok=w * frame.ok).groupby('hard'):
        sums = part.groupby('group')[['wok', 'w']].sum()
        assert (sums.wok / sums.w).round(9).nunique() == 1
    assert w.sum() == pytest.approx(3000)


def words(n=40):
    rows = [(f'{text} {extra}', intent) for intent, texts in INTENTS.items() for text in texts for extra in map(str, range(n))]
    rng = np.random.default_rng(0)
    return pd.DataFrame(rows, columns=['text', 'intent']).assign(language=rng.choice(['en', 'fr'], len(rows), p=[.8, .2]), group=rng.choice(list('abc'), len(rows), p=[.5, .3, .2]))


def test_what_was_taken_out_is_named_as_a_hole():
    said = words()
    assert enough.holes(said, BASE, list(INTENTS)) == []
    without = said[(said.intent != 'refund') & ((said.intent != 'brewing') | (said.language == 'en'))]
    assert [h['where'] for h in enough.holes(without, BASE, list(INTENTS))] == ['refund', 'brewing · fr']


def test_an_intent_made_from_one_form_is_monotonous():
    rng = np.random.default_rng(0)
    some = [f'word{i}' for i in range(60)]
    free = pd.DataFrame([(' '.join(rng.choice(some, rng.integers(3, 12))), f'i{k}') for k in range(5) for _ in range(60)], columns=['text', 'intent'])
    form = free.assign(text=free.text.where(free.intent != 'i3', [f'I want to change tariff {i}' for i in range(300)]))
    assert list(enough.variety(form).query('monotonous').intent) == ['i3'] and not enough.variety(free).monotonous.any()


def drawn(a, b, c, sizes=(64, 96, 144, 216, 324, 486, 729, 1000), held=100_000, seed=0):
    "A curve whose law is known"
    rng = np.random.default_rng(seed)
    return pd.DataFrame([dict(seed=s, size=n, intent='x', examples=n, tested=held, wrong=rng.binomial(held, a + b * n ** -c)) for s in range(3) for n in sizes])


@pytest.mark.parametrize('a, b, c', [(.05, 3, .5), (0, 1.5, .3), (.2, 30, 1.0)])
def test_the_curve_foretells_a_known_law(a, b, c):
    found = enough.project(drawn(a, b, c))
    truth = a + b * 2000 ** -c
    assert abs(found['value'] - truth) < .01 and found['low'] <= truth <= found['high'] and found['value'] < found['now']


def test_how_many_more_examples():
    known = drawn(.05, 3, .5)
    row = enough.more(known, .10).iloc[0]
    assert np.isfinite(enough.project(known[known.seed == 0])['high'])
    assert row.low <= (3 / .05) ** 2 - 1000 <= row.high and enough.more(known, .30).iloc[0].needed == 0
    assert np.isinf(enough.more(known, .011).iloc[0].needed)


def test_a_datasheet_says_what_was_measured_and_where_it_doubts(pack):
    (pack / 'sources.toml').write_text('[[source]]\nfile = "conversations.jsonl"\nlicence = "x"\nconsent = "x"\npurpose = "x"\nuses = ["training"]\nperiod = "2031-01 to 2031-02"\npii = "none"\n')
    with open(pack / 'conversations.jsonl', 'a') as f: f.write('broken\n')
    sheets = {s['file']: s for s in enough.datasheets(Pack(pack))}
    past = sheets['conversations.jsonl']
    assert (past['rows'], past['bad'], past['languages'], past['blocked'], len(past['doubts'])) == (260, 1, ['en'], '', 2)
    assert set(sheets) == {'conversations.jsonl', 'utterances.csv', 'knowledge.csv'} and not sheets['utterances.csv']['blocked']


def test_the_score_is_the_sum_of_its_parts(pack):
    (pack / 'sources.toml').unlink(missing_ok=True)
    score = enough.quality(Pack(pack), 'utterances.csv').set_index('part')
    assert score.points.sum() == pytest.approx(100 * score.value.mean()) and score.value['sound'] == 1 and score.value['documented'] == 0
    text = (pack / 'utterances.csv').read_text()
    (pack / 'utterances.csv').write_text(text + ',brewing\nHow  HOT for green tea,brewing\n')
    worse = enough.quality(Pack(pack), 'utterances.csv').set_index('part')
    assert worse.value['sound'] < 1 and worse.value['distinct'] < 1
