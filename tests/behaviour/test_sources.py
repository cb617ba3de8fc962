"The pack's other tables as frames: planted faults found, clean data silent; and connectors that strangers bring"
import json, sys, tomllib
from pathlib import Path
import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from playbook.data import connectors, exchange, sources
from playbook.foundation import contract, core
from playbook.foundation.core import NeedData, Refused

ZONE = 'Europe/Berlin'


def pack(folder: Path, **files) -> core.Pack:
    "A pack of some tables: name with _ for / → text"
    (folder / 'domain').mkdir(parents=True, exist_ok=True)
    (folder / 'profile.toml').write_text(f'name = "kiosk"\ntimezone = "{ZONE}"\n')
    for name, text in files.items(): (folder / f'{name.replace("domain_", "domain/")}.csv').write_text(text)
    return core.Pack(folder)


def home(n=24 * 7 * 30, seed=0, start='2025-09-01'):
    "Hours of a home, with its use at night and in the evening"
    hours = pd.date_range(start, periods=n, freq='h', tz=ZONE)
    use = np.random.default_rng(seed).gamma(1.5, .12, n) + .05 + .8 * (hours.hour.isin([18, 19, 20]) * np.random.default_rng(seed + 1).random(n))
    return pd.Series(use.round(3), hours)


def written(series, meter='m1', offset=True): return [f'{meter},{t.isoformat(timespec="minutes") if offset else f"{t:%Y-%m-%dT%H:%M}"},{v}' for t, v in series.items()]
def file(*parts): return 'meter_id,at,kwh\n' + '\n'.join(row for part in parts for row in part) + '\n'


@pytest.fixture(scope='module')
def energy():
    found = core.Pack(ROOT / 'data_samples' / 'energy')
    return found, *sources.meters(found), tomllib.loads((found.folder / 'gold' / 'domain.toml').read_text())


def test_every_planted_fault_of_the_meters_is_found_and_nothing_else(energy):
    "Meter, kind and hours exactly as planted; homes where nothing was planted stay silent"
    found, frame, faults, gold = energy
    def utc(local): return pd.Timestamp(local, tz=ZONE).tz_convert('UTC')
    planted = {(kind, g['meter'], utc(g['start']), g['hours']) for kind in ('gap', 'unit', 'stuck') for g in gold[kind]}
    _, spells = sources.hourly(sources.readings(found)[0], ZONE)
    told = {(s.kind, s.meter_id, s.start, s.hours) for s in spells.itertuples() if s.kind != 'clock'}
    assert told == planted
    assert {(s.meter_id, str(s.start.tz_convert(ZONE).date())) for s in spells.itertuples() if s.kind == 'clock'} == {(g['meter'], g['day']) for g in gold['clock']}
    assert len(faults) == len(spells) == 11 and all(f.row and f.remedy for f in faults)


def test_the_hourly_frame_is_complete_and_in_kilowatt_hours(energy):
    found, frame, faults, gold = energy
    days = frame.assign(day=frame['at'].dt.tz_convert(ZONE).dt.date).groupby(['meter_id', 'day']).size().unstack()
    assert set(days[pd.Timestamp('2025-10-26').date()]) == {25} and set(days[pd.Timestamp('2026-03-29').date()]) == {23} and set(days.stack()) == {23, 24, 25}
    use = frame.groupby('meter_id').kwh.sum()
    for g in gold['unit']: assert abs(use[g['meter']] / gold['true_use'][g['meter']] - 1) < .01
    assert (frame[frame.state.isin(['gap', 'stuck'])].kwh.isna()).all() and frame[frame.state == ''].kwh.notna().all()


def test_times_without_an_offset(tmp_path):
    "Both changes of the clock are right where every hour is written; the hour that does not exist is a fault"
    use = home()
    frame, faults = sources.meters(pack(tmp_path / 'a', domain_meters=file(written(use, offset=False))))
    assert not faults and np.allclose(frame.kwh, use) and (frame['at'] == use.index.tz_convert('UTC')).all()
    ghost = written(use['2026-03-20':'2026-03-28'], offset=False) + ['m1,2026-03-29T02:30,0.3']
    _, faults = sources.meters(pack(tmp_path / 'b', domain_meters=file(ghost)))
    assert len(faults) == 1 and 'no time in' in faults[0].what and faults[0].row == len(ghost) + 1


@pytest.mark.parametrize('seed', range(3))
@pytest.mark.parametrize('fault', ['', 'gap', 'unit', 'stuck'])
def test_planted_in_a_clean_home(fault, seed, tmp_path):
    use, at = home(seed=seed), 1000 + 700 * seed
    if fault == 'unit': use.iloc[at:at + 100] *= 1000
    if fault == 'stuck': use.iloc[at:at + 60] = use.iloc[at - 1]
    if fault == 'gap': use = use.drop(use.index[at:at + 5])
    frame, spells = sources.hourly(sources.readings(pack(tmp_path, domain_meters=file(written(use))))[0], ZONE)
    assert list(spells.kind) == ([fault] if fault else [])
    if fault == 'unit': assert abs(spells.hours[0] - 100) <= 2


def test_a_meter_in_watt_hours_among_others(tmp_path):
    rows = [written(home(seed=i) * (1000 if i == 3 else 1), f'm{i}') for i in range(6)]
    frame, spells = sources.hourly(sources.readings(pack(tmp_path, domain_meters=file(*rows)))[0], ZONE)
    assert set(zip(spells.meter_id, spells.kind)) == {('m3', 'unit')} and frame[frame.meter_id == 'm3'].kwh.max() < 3


def test_quarters_become_hours(tmp_path):
    times = pd.date_range('2026-03-28', periods=400, freq='15min', tz=ZONE)
    frame, faults = sources.meters(pack(tmp_path, domain_meters=file(written(pd.Series(np.arange(400) / 100, times)))))
    assert len(frame) == 100 and not faults and abs(frame.kwh.iloc[1] - (.04 + .05 + .06 + .07)) < 1e-9


def test_bad_cells_are_faults_and_no_traceback(tmp_path):
    rows = ['m1,2026-03-01T00:00+01:00,0.1', 'm1,2026-03-01T01:00+01:00,-4', 'm1,2026-03-01T02:00+01:00,lots', 'm1,yesterday,0.2', ',2026-03-01T03:00+01:00,1', 'm1,2026-03-01T04:00+01:00,0.1']
    frame, faults = sources.meters(pack(tmp_path, domain_meters=file(rows)))
    assert [f.row for f in faults] == [2, 3, 4, 5, 6] and 'no reading for 3 h' in faults[0].what
    assert list(frame.kwh.dropna()) == [.1, .1]


@pytest.mark.parametrize('text', ['meter_id,at,kwh\n', 'a,b\n1,2\n', '', '\0', 'meter_id,at,kwh\nm1,never,x\n'])
def test_a_table_without_a_good_row_says_so(text, tmp_path):
    with pytest.raises(NeedData): sources.meters(pack(tmp_path, domain_meters=text))


def test_orders_that_contradict_themselves():
    "The inconsistent orders that were planted are set aside, no other"
    shop = core.Pack(ROOT / 'data_samples' / 'sales')
    gold = tomllib.loads((shop.folder / 'gold' / 'domain.toml').read_text())['inconsistent']
    seen = ('delivered_before_ordered', 'cancelled_but_delivered', 'two_users_in_one_order')
    frame, faults = sources.orders(shop)
    lines = {line: row for line, row in contract.rows(shop.folder, 'domain/orders.csv')}
    assert {(lines[f.row]['id'], int(lines[f.row]['line'])) for f in faults} == {(g['order'], g['line']) for g in gold if g['kind'] in seen}
    assert len(frame) + len(faults) == len(lines)


@pytest.mark.parametrize('name, load', [(n, l) for n in ('energy', 'entertainment', 'iot', 'sales', 'social') for l in (sources.events, sources.feedback)]
                         + [('entertainment', sources.ratings), ('social', sources.posts), ('energy', sources.work_orders)])
def test_clean_tables_load_whole_and_silent(name, load):
    found = core.Pack(ROOT / 'data_samples' / name)
    frame, faults = load(found)
    file = {'feedback': 'feedback.csv', 'events': 'events.csv'}.get(load.__name__, f'domain/{load.__name__}.csv')
    assert not faults and len(frame) == sum(1 for _ in contract.rows(found.folder, file))


def test_bad_rows_are_counted_and_the_rest_is_kept(tmp_path):
    rows = ['u1,t1,4,2026-03-01T10:00:00+01:00', 'u1,t1,5,2026-03-01T11:00:00+01:00', 'u2,t1,9,2026-03-01T10:00:00+01:00', 'u3,t1,3,then', 'u4,t1,,2026-03-01T10:00:00+01:00', 'u5,t2,1,2026-03-01T10:00:00+01:00']
    frame, faults = sources.ratings(pack(tmp_path, domain_ratings='user,item,rating,at\n' + '\n'.join(rows) + '\n'))
    assert list(frame.user) == ['u1', 'u5'] and [f.row for f in faults] == [3, 4, 5, 6] and len(frame) + len(faults) == len(rows)
    assert frame.rating.dtype == float and str(frame['at'].dt.tz) == 'UTC'


def test_work_that_ends_before_it_begins(tmp_path):
    frame, faults = sources.work_orders(pack(tmp_path, domain_work_orders='id,asset,opened,closed,text\nw1,A1,2026-03-02,2026-03-03,fixed\nw2,A1,2026-03-02,2026-03-01,fixed\nw3,A1,2026-03-02,,waiting\n'))
    assert list(frame.id) == ['w1', 'w3'] and faults[0].row == 3


def test_erased_persons_do_not_load(tmp_path):
    shop = pack(tmp_path, domain_ratings='user,item,rating\nu1,t1,4\nu2,t1,5\n')
    (shop.folder / 'erased.csv').write_text(f'tombstone,at\n{core.tombstone("u1", core.secret(shop.folder))},2026-03-01T10:00:00+01:00\n')
    frame, faults = sources.ratings(shop)
    assert list(frame.user) == ['u2'] and not faults


def test_planted_sessions_come_back_exactly():
    r, rows, number = np.random.default_rng(0), [], 0
    for user in range(60):
        at = pd.Timestamp('2026-03-01', tz='UTC') + pd.Timedelta(minutes=int(r.integers(0, 500)))
        for _ in range(r.integers(1, 8)):
            number += 1
            for _ in range(r.integers(1, 9)):
                rows.append(dict(user=f'u{user}', at=at, planted=number))
                at += pd.Timedelta(seconds=int(r.integers(1, 1801)))
            at = rows[-1]['at'] + pd.Timedelta(seconds=int(r.integers(1801, 90_000)))
    frame = pd.DataFrame(rows).sample(frac=1, random_state=0)
    found = sources.sessions(frame)
    assert (found.groupby('planted').session.nunique() == 1).all() and (found.groupby('session').planted.nunique() == 1).all()


def test_the_right_work_order():
    "Asked what ties two orders of one asset together, one of the two comes first in most cases (bench/sources.py prints how many)"
    found = core.Pack(ROOT / 'data_samples' / 'energy')
    orders, _ = sources.work_orders(found)
    gold = tomllib.loads((found.folder / 'gold' / 'domain.toml').read_text())['repeat']
    find = sources.order_finder(orders, kinds=('fault', 'repair', 'exchange'))
    assert sum(find(f'{g["asset"]}: {g["why"]}', 1)[0] in (g['first'], g['again']) for g in gold) >= .75 * len(gold)
    assert sources.named('gb 117 and GB00118, not gb-1177', ['GB-0117', 'GB-118', 'GB-11']) == ['GB-0117', 'GB-118']


CONNECTOR = '''"Tills of a tea house: one line a sale, `second;guest;what`"
from datetime import datetime, timezone
from pathlib import Path
from playbook.foundation.contract import Fault
from playbook.foundation.core import Refused

def sales(place):
    "Rows of events.csv from a till's journal"
    if not Path(place).is_file(): raise Refused(f'there is no journal at {place}')
    for number, line in enumerate(open(place, encoding='utf-8'), 1):
        try:
            second, guest, what = line.strip().split(';')
            at = datetime.fromtimestamp(int(second), timezone.utc).isoformat()
        except ValueError:
            yield Fault('journal', number, '', 'is not second;guest;what', 'correct the line', raw=line)
            continue
        yield dict(id=f'sale-{number}', user=guest, at=at, event=what)

sales.table = 'events.csv'
'''


@pytest.fixture
def stranger(tmp_path, monkeypatch):
    "A package of somebody else, installed: a module, and a dist-info that names its connectors"
    site = tmp_path / 'site'
    about = site / 'teahouse_till-1.2.dist-info'
    about.mkdir(parents=True)
    (site / 'teahouse_till.py').write_text(CONNECTOR)
    (about / 'METADATA').write_text('Metadata-Version: 2.1\nName: teahouse-till\nVersion: 1.2\n')
    (about / 'entry_points.txt').write_text('[playbook.connectors]\ntill = teahouse_till:sales\nghost = teahouse_till:gone\n')
    monkeypatch.syspath_prepend(site)
    (tmp_path / 'good').write_text('1772445600;ada;pot\n1772445660;bo;cup\n1772445720;ada;leave\n')
    (tmp_path / 'broken').write_text('1772445600;ada;pot\nnoise\n')
    yield tmp_path
    sys.modules.pop('teahouse_till', None)


def test_a_connector_of_a_stranger(stranger):
    "20 lines, found by its entry point, pass the suite; a broken one refuses when it is used and harms nobody"
    found = connectors.connectors()
    assert found['till'].source == 'teahouse-till 1.2' and {'export', 'lines'} <= set(found)
    assert not any(connectors.contract_suite(found['till'].rows, found['till'].table, stranger / 'good', stranger / 'broken').values())
    assert connectors.pull('till', stranger / 'broken', stranger / 'pack') == dict(rows=1, faults=1)
    assert [row['event'] for _, row in contract.rows(stranger / 'pack', 'events.csv')] == ['pot']
    with pytest.raises(Refused, match='cannot be loaded'): list(connectors.rows('ghost', stranger / 'good'))
    with pytest.raises(Refused, match='there is no connector'): list(connectors.rows('absent', stranger / 'good'))


def good(place):
    "A connector that keeps every promise"
    if not Path(place).is_file(): raise Refused('nothing there')
    for i, line in enumerate(Path(place).read_text().splitlines()):
        yield dict(id=f'e{i}', user='ada', at=f'2026-03-01T{10 + i}:00:00+01:00', event=line) if line.isalpha() else contract.Fault('x', i, '', 'is noise', 'delete it')


def bent(**how):
    "The good connector, with one thing changed in what it gives"
    calls = []
    def rows(place):
        calls.append(place)
        if how.get('quiet') and not Path(place).is_file(): return
        found = list(good(place))
        if how.get('hides'): found = [r for r in found if isinstance(r, dict)]
        if how.get('dies') and len(found) == 2: raise OSError('gone')
        if how.get('type') and len(found) > 2: found[0] = dict(found[0], at='today')
        if how.get('id') and len(found) > 2: found[1] = dict(found[1], id=found[0]['id'])
        if how.get('order'): found.reverse()
        if how.get('whim'): found = found[:1 + len(calls)]
        yield from found
    return rows


@pytest.mark.parametrize('how, promise', [({}, ''), (dict(quiet=1), 'absence'), (dict(hides=1), 'bad rows'), (dict(dies=1), 'bad rows'), (dict(type=1), 'types'), (dict(id=1), 'ids'),
                                          (dict(order=1), 'order'), (dict(whim=1), 'repeatable')])
def test_the_suite_finds_a_broken_promise_and_no_other(how, promise, tmp_path):
    (tmp_path / 'good').write_text('open\nbuy\nleave\npay\n')
    (tmp_path / 'broken').write_text('open\n=1+1\n')
    verdict = connectors.contract_suite(bent(**how), 'events.csv', tmp_path / 'good', tmp_path / 'broken')
    assert {k for k, v in verdict.items() if v} == ({promise} if promise else set())
    if not how: assert connectors.contract_suite(lambda p: list(good(p)), 'events.csv', tmp_path / 'good', tmp_path / 'broken')['streams']


def test_a_connector_that_dies_half_way_keeps_its_rows():
    def dying(place):
        yield dict(id='e1', user='ada', at='2026-03-01T10:00:00+01:00', event='open')
        raise ConnectionError('line down')
    found = [row for _, row in connectors.rows(connectors.Connector('x', 'events.csv', dying, ''), 'anywhere')]
    assert isinstance(found[0], dict) and 'line down' in found[1].what
    with pytest.raises(Refused): connectors.connector('y', 'nothing.csv')


def test_an_export_goes_into_the_pack_through_its_connector(tmp_path):
    said = [dict(role='customer', text='is the tea hot?', created_at='2026-03-02T10:00:00+01:00'), dict(role='agent', text='very', created_at='2026-03-02T10:01:00+01:00')]
    (tmp_path / 'x.json').write_text(json.dumps(dict(messages=[m | dict(at=m['created_at']) for m in said], id='c9')))
    assert connectors.pull('export', tmp_path / 'x.json', tmp_path / 'pack') == dict(rows=1, faults=0)
    row, = [row for _, row in contract.rows(tmp_path / 'pack', 'conversations.jsonl')]
    assert row['id'] == 'c9' and exchange.detect(tmp_path / 'pack' / 'conversations.jsonl') == 'playbook'
