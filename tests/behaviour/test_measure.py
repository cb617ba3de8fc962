"Intervals, verdicts and the numbers people read"
import math, random
import numpy as np
import pytest
from playbook.foundation import measure
from playbook.foundation.core import NeedData
from playbook.foundation.measure import GO, NEED_DATA, NO_GO, Value, share, verdict


@pytest.mark.parametrize('p', [.02, .3, .5, .9, .99])
@pytest.mark.parametrize('n', [20, 100, 700])
def test_wilson_covers(p, n):
    "The interval holds the truth about 95 times in 100, also near the ends"
    rng = np.random.default_rng(int(1000 * p) + n)
    held = sum(v.low <= p <= v.high for v in (share(int(k), n) for k in rng.binomial(n, p, 3000))) / 3000
    assert held > .91


def test_bootstrap_covers_the_mean():
    rng = np.random.default_rng(0)
    held = sum(v.low <= 3 <= v.high for v in (measure.bootstrap(rng.gamma(3, 1, 60), draws=300, seed=i) for i in range(300))) / 300
    assert held > .89


def test_bootstrap_does_not_depend_on_blocks():
    values = np.random.default_rng(0).normal(size=3000)
    assert measure.bootstrap(values) == measure.bootstrap(values)


def test_paired_finds_a_small_difference_that_two_intervals_hide():
    rng = np.random.default_rng(0)
    hard = rng.random(1000)
    ours, theirs = (hard < .80).astype(float), (hard < .77).astype(float)
    found = measure.paired(ours, theirs)
    assert found.low > 0 and share(int(theirs.sum()), 1000).high > share(int(ours.sum()), 1000).low
    with pytest.raises(ValueError): measure.paired([1, 0], [1])


@pytest.mark.parametrize('k,n,target,direction,cases,wanted', [
    (95, 100, .9, 'at_least', 1, NEED_DATA), (290, 300, .9, 'at_least', 1, GO), (80, 100, .9, 'at_least', 1, NO_GO),
    (100, 100, 1, 'at_least', 50, GO), (99, 100, 1, 'at_least', 50, NO_GO), (40, 40, 1, 'at_least', 50, NEED_DATA),
    (0, 300, 0, 'at_most', 100, GO), (1, 300, 0, 'at_most', 100, NO_GO), (3, 300, .05, 'at_most', 1, GO), (290, 300, .9, 'at_least', 500, NEED_DATA)])
def test_verdicts(k, n, target, direction, cases, wanted): assert verdict(share(k, n), target, direction, cases) == wanted


@pytest.mark.parametrize('bad', [float('nan'), float('inf')])
def test_a_number_that_is_none_never_passes(bad): assert verdict(Value(bad, 100, 0, 1), .5, 'at_least') == NO_GO


def test_required_n_decides():
    for k, n, target in [(27, 30, .8), (8, 50, .3), (45, 50, .95)]:
        value = share(k, n)
        wanted = measure.required_n(value, target)
        assert wanted > n and verdict(share(round(k / n * wanted), wanted), target, 'at_least') != NEED_DATA
    assert measure.required_n(share(8, 10), .8) is None


def test_a_gate_is_as_bad_as_its_worst_check():
    assert measure.worst([GO, GO]) == GO and measure.worst([GO, NEED_DATA]) == NEED_DATA and measure.worst([NEED_DATA, NO_GO]) == NO_GO and measure.worst([]) == NEED_DATA


def test_a_target_in_the_profile_flips_the_verdict_and_nothing_else_is_edited(run, pack):
    "R4: one number in one file steers the gate"
    from playbook import objectives
    from playbook.foundation import core
    def verdicts(r): return {c.declared.id: c.verdict for c in objectives.checks.gate(r).checks}
    before = verdicts(run)
    profile = pack / 'profile.toml'
    profile.write_text(profile.read_text().replace('[targets]\n', '[targets]\n"objectives.log.cases" = { at_least = 5000 }\n'))
    after = verdicts(core.Run(core.Pack(pack), run.folder))
    assert {k for k in before if before[k] != after[k]} == {'objectives.log.cases'}
    assert before['objectives.log.cases'] == GO and after['objectives.log.cases'] == NO_GO


def test_a_check_asks_for_at_most_three_requirements():
    checks = measure.Checks('x')
    with pytest.raises(ValueError): checks('a.b', 'too many', 'R1', 'R2', 'R3', 'R4', at_least=1)
    with pytest.raises(ValueError): checks('a.b', 'no direction', 'R1', above=1)


@pytest.mark.parametrize('args,wanted', [((None,), '–'), ((.5, 'share'), '50 %'), ((.1234, 'share'), '12.3 %'), ((1234567, 'EUR'), '1\u202f234\u202f567 EUR'), ((30, 's'), '30 s'), ((408, 's'), '6.8 min')])
def test_numbers_as_people_write_them(args, wanted): assert measure.number(*args) == wanted


def test_no_cases_is_need_data():
    for make in (lambda: share(0, 0), lambda: measure.bootstrap([])):
        with pytest.raises(NeedData): make()


def test_metrics_agree_with_a_hand_computation():
    "R69: each local metric against values worked out on paper"
    assert measure.metric('ranking').compute(predictions=[['a', 'b', 'c'], ['c', 'a', 'b']], references=['a', 'b']) == {'hit@1': .5, 'hit@5': 1.0, 'mrr': (1 + 1 / 3) / 2}
    text = measure.metric('text').compute(predictions=['a b a b', 'c'], references=['a b', 'c'])
    assert text == dict(distinct_1=3 / 5, distinct_2=2 / 3, exact=.5, token_f1=(2 * 2 / 6 + 1) / 2)
    intents = measure.metric('intents').compute(predictions=['x', 'y', 'y', 'x'], references=['x', 'y', 'x', 'x'], confidences=[1, 1, 1, 1])
    assert intents['accuracy'] == .75 and math.isclose(intents['macro_f1'], (4 / 5 + 2 / 3) / 2) and math.isclose(intents['ece'], .25)
