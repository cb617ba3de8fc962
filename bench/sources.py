"""Are the faults of meters found, in homes nobody looked at while the limits were set, and does a question find its work order?

    [PLAYBOOK_BENCH_DATA=FOLDER] python bench/sources.py

Planted: one spell a trial (seeded, half a year of a home) into the pack's homes in which gold/domain.toml names no fault of metering, and into a real household
where the folder household_energy is given. A spell is found when hours and kind overlap by nine tenths; an alarm is any other spell. Beside it, in the same
trials, what one writes first: more than three standard deviations above the mean (unit), a rolling standard deviation of 0 over a day (stuck)."""
import os, sys, tomllib
from pathlib import Path
import numpy as np
import pandas as pd
from common import ROOT, machine, table
from playbook.data import sources
from playbook.foundation.core import Pack

TRIALS, HALF = 100, 24 * 182
BARS = dict(gap=1, unit=.95, stuck=.95)


def homes():
    "(name, hours of use) of clean homes: the pack's, and a real one where it is given"
    pack = Pack(ROOT / 'data_samples' / 'energy')
    gold = tomllib.loads((pack.folder / 'gold' / 'domain.toml').read_text())
    marred = {g['meter'] for kind in ('gap', 'unit', 'stuck', 'clock') for g in gold[kind]}
    readings, _ = sources.readings(pack)
    for meter, f in readings.groupby('meter_id'):
        if meter not in marred: yield meter, f.kwh.to_numpy()
    given = os.environ.get('PLAYBOOK_BENCH_DATA')
    if not given: print('PLAYBOOK_BENCH_DATA is not set: no real household (hourly consumption 2011-2012, CC BY-SA 4.0), the packs only')
    else: yield 'real', pd.read_csv(next((Path(given) / 'household_energy').glob('*.csv')))['Consumption kWh'].to_numpy()


def planted(use, kind, r):
    "(use with one spell, its first hour, its end)"
    long = int(r.integers(1, 73) if kind == 'gap' else r.integers(30, 241))
    a = int(r.integers(24, len(use) - long - 24))
    use = use.copy()
    if kind == 'gap': use[a:a + long] = np.nan
    if kind == 'unit': use[a:a + long] *= 1000
    if kind == 'stuck': use[a:a + long] = use[a - 1]
    return use, a, a + long


def ours(use):
    frame = pd.DataFrame(dict(meter_id='m', at=pd.date_range('2026-01-01', periods=len(use), freq='h', tz='UTC'), kwh=use))
    _, spells = sources.hourly(frame)
    zero = frame['at'].iloc[0]
    return [(s.kind, int((s.start - zero) / pd.Timedelta('1h')), int((s.end - zero) / pd.Timedelta('1h'))) for s in spells.itertuples()]


def first_idea(use):
    s = pd.Series(use)
    high, flat = (s > s.mean() + 3 * s.std()).to_numpy(), (s.rolling(24).std() == 0).to_numpy()
    flat = np.array([flat[i:i + 24].any() for i in range(len(flat))])
    return [(k, a, b) for k, mask in (('gap', s.isna().to_numpy()), ('unit', high), ('stuck', flat)) for a, b in sources.runs(mask)]


def same(kind, a, b, spell): return spell[0] == kind and (min(b, spell[2]) - max(a, spell[1])) >= .9 * (max(b, spell[2]) - min(a, spell[1]))


def meters():
    found = {(who, how, kind): [0, 0, 0] for who in ('packs', 'real') for how in ('ours', 'first') for kind in ('gap', 'unit', 'stuck', 'clean')}
    clean = list(homes())
    for trial in range(TRIALS):
        r = np.random.default_rng(1000 + trial)
        for who, use in (clean[trial % sum(n != 'real' for n, _ in clean)], *(h for h in clean if h[0] == 'real')):
            at = int(r.integers(0, max(1, len(use) - HALF)))
            half = use[at:at + HALF]
            for kind in ('gap', 'unit', 'stuck', 'clean'):
                bad, a, b = planted(half, kind, r)
                for how, look in (('ours', ours), ('first', first_idea)):
                    spells = look(bad)
                    hit = [s for s in spells if kind != 'clean' and same(kind, a, b, s)]
                    row = found['real' if who == 'real' else 'packs', how, kind]
                    row[0] += 1; row[1] += bool(hit); row[2] += len(spells) - len(hit)
    return {k: v for k, v in found.items() if v[0]}


def work_orders():
    "hit@1 of what ties two orders of an asset together: either of the two is right"
    pack = Pack(ROOT / 'data_samples' / 'energy')
    orders, _ = sources.work_orders(pack)
    asked = tomllib.loads((pack.folder / 'gold' / 'domain.toml').read_text())['repeat']
    for kinds in ((), ('fault', 'repair', 'exchange')):
        find = sources.order_finder(orders, kinds)
        latest = orders[orders.kind.isin(kinds)] if kinds else orders
        for named in (True, False):
            def right(answer, g): return answer in (g['first'], g['again'])
            hits = sum(right(find(f'{g["asset"]}: {g["why"]}' if named else g['why'], 1)[0], g) for g in asked)
            last = sum(right(latest[latest.asset == g['asset']].sort_values('opened').id.iloc[-1], g) for g in asked) if named else '–'
            yield ('asset named' if named else 'asset not named') + (', faults and repairs' if kinds else ', all orders'), f'{hits} of {len(asked)}', f'{last} of {len(asked)}' if named else '–'


def main():
    machine('pandas', 'scikit-learn', 'pandera')
    found, bad = meters(), []
    def cell(v, kind): return f'{v[1]}/{v[0]} ({v[2]})' if kind != 'clean' else f'– ({v[2]})'
    table([(f'{who}: {kind}', cell(found[who, 'ours', kind], kind), cell(found[who, 'first', kind], kind)) for who, how, kind in found if how == 'ours'],
          'planted', 'found/planted (other alarms)', 'first idea')
    for (who, how, kind), (n, hit, alarms) in found.items():
        if how == 'ours' and kind in BARS and hit < BARS[kind] * n: bad.append(f'{who}: {kind} found in {hit} of {n}, bar {BARS[kind]:.0%}')
        if how == 'ours' and kind == 'clean' and alarms > .05 * n: bad.append(f'{who}: {alarms} alarms in {n} clean half-years, bar 5 %')
    print()
    table(list(work_orders()), 'work order', 'hit@1', 'newest of the asset')
    print(*(bad or ['All met.']), sep='\n')
    sys.exit(bool(bad))


if __name__ == '__main__': main()
