"A small pack of its own for every test that needs one: nothing here is one of the shipped packs"
import json, random, subprocess, sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
import pytest

ROOT = Path(__file__).parents[1]
INTENTS = {'brewing': ['how hot for green tea', 'how long does it steep', 'my tea tastes bitter', 'water temperature for oolong', 'how many leaves for a pot'],
           'delivery': ['where is my parcel', 'when does the tin arrive', 'tracking shows nothing', 'it was left with a neighbour', 'deliver on a saturday please'],
           'refund': ['I want my money back', 'the tin was open and stale', 'you charged me twice', 'send it back for a refund', 'wrong tea, I want to return it']}
PROFILE = '''name = "teahouse"
organisation = "The Tea House"
industry = "Tea by post"
voice = "Calm"
languages = ["en"]
disclosure = "I am an AI assistant."
currency = "EUR"
timezone = "Europe/Berlin"
[[use_cases]]
name = "Brewing"
users = "Everybody with a kettle"
problem = "Bitter tea"
tasks = ["Say how hot and how long"]
out_of_scope = ["Medical advice"]
owner = "Head of tea"
intents = ["brewing"]
monthly_volume = 900
cost_per_case = 4
improvement = "An answer at once"
[[use_cases]]
name = "Parcels"
users = "Buyers"
problem = "Where is it"
tasks = ["Say where it is"]
out_of_scope = ["Customs"]
owner = "Head of post"
intents = ["delivery", "refund"]
monthly_volume = 1200
cost_per_case = 6
improvement = "Half the waiting"
[[goals]]
name = "Faster"
why = "Tea gets cold"
kpis = ["first_response", "resolution", "csat"]
guardrails = ["repeat_contact"]
[targets]
first_response = { at_most = 30 }
resolution = { at_least = 0.9 }
csat = { at_least = 4.5 }
[[handoff.teams]]
name = "Desk"
skills = ["refund"]
hours = "Mon-Fri 09:00-17:00"
people = 2
[[handoff.must_escalate]]
name = "scald"
team = "Desk"
reason = "Somebody is hurt"
phrases = ['\\\\b(scald|burn)(ed|t)?\\\\b']
[costs]
agent_hour = 30
specialist_hour = 60
build = 20000
run_month = 500
per_conversation = 0.02
label_hours_month = 4
oversee_hours_month = 6
automation = [0.3, 0.45, 0.6]
horizon_months = 24
[[roles]]
name = "Ada Leaf"
role = "Head of tea"
signs = ["objectives", "privacy", "data", "platforms", "finetune", "senses", "tools", "conversation", "handoff", "channels", "evaluation", "rollout", "monitor", "improve", "maintain"]
signed = { objectives = 2026-03-01 }
[[steps]]
title = "Say what it is for"
requirements = ["R1", "R2", "R4"]
notebooks = [1]
[[steps]]
title = "Find what pays"
requirements = ["R3", "R98"]
notebooks = [1]
'''.replace('\\\\', '\\')


SOURCE = """[[source]]
file = "{}"
licence = "CC0-1.0"
consent = "invented"
purpose = "Tests"
uses = ["service", "quality", "training"]
period = "2025-01 to 2026-12"
pii = "pseudonymous"
generated = true
"""


def conversations(n=260, seed=0, mean_seconds=None, resolved=.6, mix=None):
    "A log of `n` conversations about tea; `mix` weights the intents, `mean_seconds` says what each takes"
    r, start = random.Random(seed), datetime(2025, 1, 6, tzinfo=timezone.utc)
    for i in range(n):
        intent = r.choices(list(INTENTS), mix)[0]
        at = start + timedelta(minutes=r.randrange(500_000))
        turns = [dict(role='user', text=r.choice(INTENTS[intent]), at=at.isoformat()), dict(role='agent', text='Let me see.', at=(at + timedelta(seconds=r.expovariate(1 / 500))).isoformat())]
        yield dict(id=f'c{i}', user=f'u{r.randrange(n)}', channel=r.choice(['web', 'mail']), language='en', group='all', started=at.isoformat(), turns=turns,
                   outcome='resolved' if r.random() < resolved else 'unresolved', csat=r.choice([2, 3, 4, None]), agent_seconds=max(20, r.gauss((mean_seconds or {}).get(intent, 400), 60)), agent='a1')


def make_pack(folder: Path, name='teahouse', log=True, **how) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'profile.toml').write_text(PROFILE.replace('name = "teahouse"', f'name = "{name}"', 1))
    (folder / 'sources.toml').write_text(''.join(SOURCE.format(f) for f in ('profile.toml', 'knowledge.csv', 'utterances.csv', 'conversations.jsonl')))
    (folder / 'knowledge.csv').write_text('id,title,text\ngreen,Green tea,"Eighty degrees, two minutes."\nparcels,Parcels,They take two days.\n')
    (folder / 'utterances.csv').write_text('text,intent\n' + ''.join(f'{t}{extra},{i}\n' for i, texts in INTENTS.items() for t in texts for extra in ('', ' please', ' today')) .replace('wrong tea, I', 'wrong tea I'))
    if log: (folder / 'conversations.jsonl').write_text(''.join(json.dumps(c) + '\n' for c in conversations(**how)))
    return folder


@pytest.fixture
def pack(tmp_path): return make_pack(tmp_path / 'teahouse')


@pytest.fixture
def run(pack, tmp_path):
    from playbook.foundation import core
    return core.Run(core.Pack(pack), tmp_path / 'run')


def playbook(*args, cwd=ROOT, env=None, timeout=300, **kw):
    "The command line as a person calls it"
    return subprocess.run([Path(sys.executable).parent / 'playbook', *map(str, args)], cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, **kw)
