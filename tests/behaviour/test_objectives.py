"Step 01: cards, baseline, areas, costs"
import copy, json, math, re, tomllib
from datetime import datetime, timezone
import pytest
from conftest import PROFILE, ROOT, conversations, make_pack
from playbook import objectives
from playbook.foundation import contract, core
from playbook.foundation.core import NeedData

PACKS = sorted(p.parent for p in (ROOT / 'data_samples').glob('[a-z0-9]*/profile.toml'))


@pytest.mark.parametrize('folder', PACKS, ids=lambda p: p.name)
def test_shipped_cards_are_complete(folder):
    "R1: the cards of every shipped pack have every field"
    for i, card in enumerate(tomllib.loads((folder / 'profile.toml').read_text())['use_cases']): assert not objectives.missing(card, i)


MUTATIONS = [('drop', f) for f in objectives.CARD] + [('users', 'TODO'), ('problem', 'tbd'), ('owner', ''), ('tasks', []), ('tasks', ['explain <something>']), ('improvement', 'lorem ipsum dolor'), ('name', '???'), ('intents', ['xxx'])]


@pytest.mark.parametrize('field,value', MUTATIONS)
def test_mutated_cards_are_named_field_by_field(field, value, tmp_path):
    "R1: each mutated card is refused, and the refusal names the field"
    folder = make_pack(tmp_path / 'p', log=False)
    profile, name = tomllib.loads(PROFILE), value if field == 'drop' else field
    card = profile['use_cases'][0]
    if field == 'drop': card.pop(value)
    else: card[field] = value
    found = objectives.missing(card)
    assert [f for f in found if name in f] and len(found) == 1
    if field != 'drop' and isinstance(value, str):
        text = (folder / 'profile.toml').read_text()
        (folder / 'profile.toml').write_text(re.sub(rf'(?m)(\[\[use_cases\]\](?:\n(?!\[).*)*?\n){field} = .*$', lambda m: f'{m[1]}{field} = {json.dumps(value)}', text, count=1))
        with pytest.raises(NeedData, match=name): objectives.cards(core.Run(core.Pack(folder), tmp_path / 'run'))


def rows(*spec):
    "Conversations written out by hand: (user, minute, seconds to the answer, outcome, csat, agent seconds)"
    for i, (user, minute, wait, outcome, csat, work) in enumerate(spec):
        at = lambda s: datetime.fromtimestamp(1767600000 + 60 * minute + s, timezone.utc).isoformat()
        turns = [dict(role='user', text='how hot', at=at(0))] + ([dict(role='agent', text='80', at=at(wait))] if wait is not None else [])
        yield dict(id=f'c{i}', user=user, started=at(0), turns=turns, outcome=outcome, csat=csat, agent_seconds=work, channel='web')


def test_baseline_equals_a_hand_computation(tmp_path):
    "R2: known log, known numbers"
    folder, day = make_pack(tmp_path / 'p', log=False), 24 * 60
    log = rows(('a', 0, 60, 'resolved', 5, 300), ('a', 6 * day, 120, 'resolved', 3, 300), ('b', day, 30, 'unresolved', None, 600), ('c', 2 * day, None, 'abandoned', 1, 0), ('a', 20 * day, 600, 'resolved', None, 600), ('d', day, 10, 'unknown', 4, None))
    (folder / 'conversations.jsonl').write_text(''.join(json.dumps(c) + '\n' for c in log))
    found = objectives.baseline(core.Run(core.Pack(folder), tmp_path / 'run'))
    assert found['first_response']['value'] == 60 and found['first_response']['n'] == 5
    assert found['handling_time']['value'] == 360 and found['csat']['value'] == 3.25
    assert found['resolution']['value'] == .6 and found['resolution']['n'] == 5  # unknown outcomes decide nothing
    assert math.isclose(found['repeat_contact']['value'], 1 / 6)
    assert math.isclose(found['cost_per_resolved']['value'], 1800 * 30 / 3600 / 3)
    assert all(v['low'] <= v['value'] <= v['high'] for v in found.values())


@pytest.mark.parametrize('hours,moment,wanted', [
    ('Mon-Fri 08:00-18:00', '2026-11-20T17:59', True), ('Mon-Fri 08:00-18:00', '2026-11-20T18:00', False), ('Mon-Fri 08:00-18:00', '2026-11-21T12:00', False),
    ('Sat-Mon 10:00-12:00', '2026-11-22T11:00', True), ('Mon-Sun 00:00-24:00', '2026-11-22T23:59', True), ('Mon-Fri 09:00-17:00, Sat 09:00-13:00', '2026-11-21T12:59', True)])
def test_opening_hours(hours, moment, wanted): assert objectives.open_at(hours, datetime.fromisoformat(moment)) == wanted


def test_unreadable_hours_need_data():
    with pytest.raises(NeedData): objectives.open_at('whenever', datetime(2026, 1, 1))


def ranks(values): return [sorted(values).index(v) for v in values]


@pytest.mark.parametrize('seed', range(5))
def test_areas_recover_planted_order(tmp_path, seed):
    "R3: a log with planted cost drivers is ranked in the planted order"
    folder = make_pack(tmp_path / 'p', n=900, seed=seed, mix=[5, 3, 2], mean_seconds=dict(brewing=200, delivery=700, refund=100))
    profile = folder / 'profile.toml'
    profile.write_text(profile.read_text().replace('intents = ["delivery", "refund"]', 'intents = ["delivery"]') + '\n[[use_cases]]\nname = "Refunds"\nintents = ["refund"]\n')
    found = objectives.areas(core.Run(core.Pack(folder), tmp_path / 'run'))
    assert list(found.area) == ['Parcels', 'Brewing', 'Refunds']  # 3 × 700 > 5 × 200 > 2 × 100: Spearman 1
    assert found.leads.iloc[0] > .9


def test_equal_areas_are_not_said_to_lead(tmp_path):
    "R3, clean control: where nothing is planted no area leads for certain"
    led = []
    for seed in range(6):
        folder = make_pack(tmp_path / f'p{seed}', n=300, seed=seed, mean_seconds=dict(brewing=400, delivery=400, refund=400))
        profile = folder / 'profile.toml'
        profile.write_text(profile.read_text().replace('intents = ["delivery", "refund"]', 'intents = ["delivery"]'))
        led.append(objectives.areas(core.Run(core.Pack(folder), tmp_path / f'run{seed}')).leads.iloc[0])
    assert sorted(led)[0] < .95


def test_a_month_by_hand():
    "R98: 1,000 cases, half handled, 8 each; 1,000 + 100 to run; 10 h at 30 and 5 h at 60 for people"
    costs = dict(run_month=1000, per_conversation=.1, label_hours_month=10, agent_hour=30, oversee_hours_month=5, specialist_hour=60)
    assert objectives.month(1000, .5, 8, costs) == 4000 - 1100 - 600


def test_costs_and_their_tornado(run):
    "R98: break-even agrees with a hand computation at the likely values, and the tornado moves only one input"
    found, costs = objectives.costs(run), run.pack.get('costs')
    likely = {k: v[1] for k, v in objectives.inputs(run).items()}
    monthly = objectives.left_over(costs, **likely)
    assert math.isclose(found['likely'], monthly * 24 - 20000)
    assert abs(found['break_even']['value'] - 20000 / monthly) / (20000 / monthly) < .1
    top = found['tornado'][-1]
    assert top['input'] == 'handled' and math.isclose(top['low'], objectives.left_over(costs, **likely | dict(handled=.3)) * 24 - 20000)


def test_a_plan_that_loses_money_never_breaks_even(tmp_path):
    folder = make_pack(tmp_path / 'p')
    (folder / 'profile.toml').write_text((folder / 'profile.toml').read_text().replace('run_month = 500', 'run_month = 500000'))
    run = core.Run(core.Pack(folder), tmp_path / 'run')
    verdicts = {c.declared.id: c.verdict for c in objectives.checks.gate(run).checks}
    assert verdicts['objectives.costs.break_even'] == 'NO-GO'


def test_an_unsigned_step_is_not_released(run):
    "R48: the steps without a signature are said to be unreleased"
    found = {s['step']: s['signed'] for s in objectives.sign_off(run)}
    assert found.pop('objectives') == '2026-03-01' and not any(found.values()) and len(found) == 14


def test_two_signers_for_a_step_are_a_no_go(pack, tmp_path):
    "R48: exactly one post signs"
    (pack / 'profile.toml').write_text((pack / 'profile.toml').read_text() + '\n[[roles]]\nname = "Bo"\nrole = "Other"\nsigns = ["rollout"]\n')
    run = core.Run(core.Pack(pack), tmp_path / 'run')
    assert {c.declared.id: c.verdict for c in objectives.checks.gate(run).checks}['objectives.roles.signers'] == 'NO-GO'


def test_kpis_show_baseline_and_target_in_one_row(run):
    "R2, R4: the tree of numbers"
    found = {k['kpi']: k for k in objectives.kpis(run)}
    assert set(found) == {'first_response', 'resolution', 'csat'} and all(k['before'] and k['target'] for k in found.values())
    assert found['resolution']['headroom'] and found['resolution']['guardrails'] == ['repeat_contact']


def test_intents_are_mined_from_the_log(run):
    "R3, R7: the first messages find the intent they were drawn from"
    from conftest import INTENTS
    found = objectives.mined(run)
    right = [i for text, i in zip(found.asked, found.intent) if text in INTENTS[i]]
    assert len(right) / len(found) > .95


def test_a_log_row_is_one_conversation(run):
    "R2: nothing is lost between the file and the table"
    assert len(objectives.log(run)) == 260 and objectives.log(run).first_response.notna().all()
