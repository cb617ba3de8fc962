"playbook check over hostile files: a clear line for each fault, a complete quarantine, no traceback, bounded memory"
import json, os, subprocess, sys, tomllib
from pathlib import Path
import pytest
from conftest import ROOT, make_pack, playbook
from playbook.foundation import check, contract

U, C, P = 'utterances.csv', 'conversations.jsonl', 'profile.toml'
GOOD = b'text,intent\nhow hot,brewing\nwhere is it,delivery\n'
TURN = '"turns":[{"role":"user","text":"x","at":"2026-01-01T00:00:00+00:00"}]'
def convo(**k): return json.dumps(dict(id='1', user='u', started='2026-01-01T00:00:00+00:00', turns=[dict(role='user', text='x', at='2026-01-01T00:00:00+00:00')], outcome='resolved') | k).encode() + b'\n'

# file, its bytes, what the line must say, whether the pack is unusable, how many rows are set aside
CASES = {
    'utf-16': (U, GOOD.decode().encode('utf-16'), 'UTF-16', True, None),
    'latin-1': (U, GOOD + 'café?,brewing\n'.encode('latin-1'), 'not UTF-8', False, 1),
    'byte order mark': (U, b'\xef\xbb\xbf' + GOOD, '', False, 0),
    'NUL bytes': (U, GOOD + b'a\0b,brewing\n', 'NUL', False, 1),
    'long line': (U, GOOD + b'x' * 3_000_000 + b',brewing\nfine,brewing\n', 'longer than', False, 1),
    'old Mac line ends': (U, GOOD.replace(b'\n', b'\r'), '', False, 0),
    'mixed line ends': (U, b'text,intent\r\nhow hot,brewing\nwhere is it,delivery\r', '', False, 0),
    'empty file': (U, b'', 'no column text, intent', True, None),
    'header only': (U, b'text,intent\n', 'no good row', True, None),
    'wrong columns': (U, b'phrase,label\nhow hot,brewing\n', 'no column text, intent', True, None),
    'unknown column': (U, b'text,intent,colour\nhow hot,brewing,red\n', 'colour: is not a column', False, 1),
    'column twice': (U, b'text,text,intent\na,b,c\n', 'names a column twice', True, None),
    'semicolons': (U, b'text;intent\nhow hot;brewing\n', 'separate the fields by commas', True, None),
    'tabs': (U, b'text\tintent\nhow hot\tbrewing\n', 'separate the fields by commas', True, None),
    'too many fields': (U, GOOD + b'a,b,c\n', 'has 3 fields, not 2', False, 1),
    'too few fields': (U, GOOD + b'alone\n', 'has 1 fields, not 2', False, 1),
    'empty needed field': (U, GOOD + b'hello,\n', 'intent: is empty', False, 1),
    'duplicate text': (U, GOOD + b'How hot,brewing\n', 'repeats line 2', False, 1),
    'formula': (U, GOOD + b'"=HYPERLINK(""http://x"")",brewing\n', 'spreadsheet formula', False, 1),
    'command formula': (U, GOOD + b"\"=cmd|' /C calc'!A0\",brewing\n", 'spreadsheet formula', False, 1),
    'unclosed quote': (U, GOOD + b'"never closed,brewing\nfine,brewing\n', 'never closed', False, 1),
    'quote in the middle': (U, GOOD + b'a "b" c,brewing\n', '', False, None),
    'terminal escape': (U, GOOD + b'x,\x1b[2Jintent\n', 'intent', False, 1),
    'very long intent': (U, GOOD + b'x,' + b'i' * 500 + b'\n', 'not a short name', False, 1),
    'slots not in text': (U, b'text,intent,slots\nlights on,brewing,room=kitchen\nb,delivery,\n', "'kitchen' does not stand in the text", False, 1),
    'slots malformed': (U, b'text,intent,slots\nlights on,brewing,kitchen\nb,delivery,\n', 'is not name=value', False, 1),
    'zip in place of csv': (U, b'PK\x03\x04rest', 'spreadsheet or an archive', True, None),
    'not JSON': (C, convo() + b'{"id": \n', 'not a JSON object', False, 1),
    'JSON list': (C, convo() + b'[1, 2]\n', 'not an object', False, 1),
    'NaN': (C, convo() + b'{"id":"2","csat":NaN}\n', 'NaN is not JSON', False, 1),
    'deep nesting': (C, convo() + b'[' * 200_000 + b'\n', 'not a JSON object', False, 1),
    'duplicate id': (C, convo() + convo(user='v'), 'repeats line 1', False, 1),
    'bad time': (C, convo() + convo(id='2', started='yesterday'), 'is not a time', False, 1),
    'time without offset': (C, convo() + convo(id='2', started='2026-01-01T00:00:00'), 'no offset', False, 1),
    'turns go back in time': (C, convo() + convo(id='2', turns=[dict(role='user', text='a', at='2026-01-02T00:00:00+00:00'), dict(role='agent', text='b', at='2026-01-01T00:00:00+00:00')]), 'back in time', False, 1),
    'no turns': (C, convo() + convo(id='2', turns=[]), 'is not a list of turns', False, 1),
    'turn is text': (C, convo() + convo(id='2', turns=['hi']), 'turn without text', False, 1),
    'unknown role': (C, convo() + convo(id='2', turns=[dict(role='ghost', text='hi')]), "role 'ghost'", False, 1),
    'rating out of range': (C, convo() + convo(id='2', csat=11), 'not between 1 and 5', False, 1),
    'huge number': (C, convo() + b'{"id":"2","user":"u","started":"2026-01-01T00:00:00+00:00","outcome":"resolved","agent_seconds":1e400,' + TURN.encode() + b'}\n', 'not between', False, 1),
    'unknown outcome': (C, convo() + convo(id='2', outcome='fine'), 'none of resolved', False, 1),
    'lone surrogate': (C, convo() + b'{"id":"2\\ud800","user":"u"}\n', 'not a JSON object', False, 1),
    'broken TOML': (P, b'name = "x\n', 'is not TOML', True, None),
    'no name': (P, b'organisation = "x"\n', 'name: is missing', True, None),
    'hostile name': (P, b'name = "../up"\norganisation = "x"\n', 'not a name of lower-case', True, None),
    'misspelt key': (P, b'name = "x"\norganisation = "x"\nlangauges = ["en"]\n', 'did you mean languages', False, None),
    'number for text': (P, b'name = "x"\norganisation = 5\n', 'is not text', True, None),
    'text for a table': (P, b'name = "x"\norganisation = "x"\ntargets = "high"\n', 'not a table', True, None),
    'bad expression': (P, b'name = "x"\norganisation = "x"\n[[handoff.must_escalate]]\nname = "a"\nteam = "b"\nphrases = ["(gas"]\n', 'no regular expression', True, None),
    'mix that is not one': (P, b'name = "x"\norganisation = "x"\n[user_base.group]\na = 0.4\nb = 0.4\n', 'adds up to 0.800', False, None),
    'target both ways': (P, b'name = "x"\norganisation = "x"\n[targets]\ncsat = { at_least = 4, at_most = 5 }\n', 'exactly one of', False, None),
    'rule without a team': (P, b'name = "x"\norganisation = "x"\n[[handoff.must_escalate]]\nname = "a"\nteam = "nobody"\nphrases = ["gas"]\n', 'is no team', False, None),
    'intent nobody utters': (P, b'name = "x"\norganisation = "x"\n[[use_cases]]\nname = "a"\nintents = ["ghosts"]\n', 'ghosts has no row', False, None),
    'placeholders': (P, b'name = "x"\norganisation = "TODO"\n', 'are placeholders: organisation', False, None),
    'answer to nowhere': ('faq.csv', b'question,answer_id\nhow hot,gren\n', 'did you mean green', False, 1),
    'article without front matter': ('knowledge/a.md', b'# Just text\n', 'no front matter', False, 1),
    'article with a bad date': ('knowledge/a.md', b'---\nid: a\ntitle: A\nexpires: soon\n---\ntext\n', 'not a date', False, 1),
    'article with a taken id': ('knowledge/b.md', b'---\nid: green\ntitle: A\n---\ntext\n', '', False, None),
    'yaml that is none': ('tests/a.yaml', b'a: [1, 2\n', 'is not YAML', False, 1),
    'yaml with code': ('tests/a.yaml', b'- !!python/object/apply:os.system ["touch /tmp/playbook-pwned"]\n', 'is not YAML', False, 1),
    'sources broken': ('sources.toml', b'[[source]\n', 'is not TOML', True, 1),
    'source without licence': ('sources.toml', b'[[source]]\nfile = "faq.csv"\n', 'does not say licence, consent, purpose', False, 1),
}


def run_check(folder):
    lines, out = [], folder.parent / 'quarantine.jsonl'
    found = check.check(folder, say=lines.append, quarantine=out)
    return found, lines, [json.loads(l) for l in out.read_text().splitlines()]


@pytest.mark.parametrize('case', CASES)
def test_hostile_file(case, tmp_path):
    file, data, says, fatal, aside = CASES[case]
    folder = make_pack(tmp_path / 'teahouse', log=False)
    clean, _, _ = run_check(folder)
    assert clean['faults'] == 0, 'the control has no fault'
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_bytes(data)
    found, lines, kept = run_check(folder)
    mine = [l for l in lines if l.startswith(file.split('/')[0])]
    if says: assert any(says in l for l in lines), lines
    assert found['usable'] != fatal
    assert all('\n' not in l and '\x1b' not in l and len(l) < 500 for l in lines)
    assert len(kept) == found['faults'] and all(k['what'] and k['remedy'] for k in kept)
    if aside is not None: assert len([k for k in kept if k['file'] == file]) == aside, mine


def swap(kind, path):
    path.unlink(missing_ok=True)
    match kind:
        case 'folder': path.mkdir()
        case 'pipe': os.mkfifo(path)
        case 'link out': path.symlink_to('/etc/passwd')
        case 'broken link': path.symlink_to(path.parent / 'nowhere')
        case 'loop': path.symlink_to(path)


@pytest.mark.parametrize('file', [U, C, P, 'knowledge.csv'])
@pytest.mark.parametrize('kind', ['folder', 'pipe', 'link out', 'broken link', 'loop'])
def test_something_else_in_place_of_a_file(kind, file, tmp_path):
    folder = make_pack(tmp_path / 'teahouse', log=False)
    swap(kind, folder / file)
    found, lines, _ = run_check(folder)
    assert any(l.startswith(file) for l in lines) and not found['usable'], lines


def test_the_command_says_one_line_and_no_traceback(tmp_path):
    folder = make_pack(tmp_path / 'teahouse', log=False)
    (folder / U).write_bytes(GOOD + b'send it back,refund\na\0b,brewing\n')
    found = playbook('check', folder, '--json', cwd=tmp_path)
    assert found.returncode == 0 and 'Traceback' not in found.stderr and len(found.stderr.splitlines()) == 1
    about = json.loads(found.stdout)
    assert about['faults'] == 1 and Path(about['quarantine']).read_text().count('\n') == 1
    (folder / P).write_text('')
    assert playbook('check', folder, cwd=tmp_path).returncode == 1
    assert playbook('check', tmp_path / 'nowhere', cwd=tmp_path).returncode == 2


LIMITED = '''
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
from playbook.foundation import check
print(check.check(sys.argv[1], say=lambda l: None)["faults"])
'''


def test_a_line_of_100_mb_does_not_fill_the_memory(tmp_path):
    "The check runs with 400 MB of address space while one line of the file has 100 MB"
    folder = make_pack(tmp_path / 'teahouse', log=False)
    with open(folder / U, 'ab') as f:
        for _ in range(100): f.write(b'x' * 1_000_000)
        f.write(b',brewing\nlast,brewing\n')
    found = subprocess.run([sys.executable, '-c', LIMITED, str(folder)], capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.strip() == '1', found.stderr[-500:]


@pytest.mark.parametrize('folder', sorted(p.parent for p in (ROOT / 'data_samples').glob('[a-z0-9]*/profile.toml')), ids=lambda p: p.name)
def test_planted_faults_are_named_and_nothing_else(folder):
    "The shipped packs: each broken row that gold/planted.toml lists is found at its line, and no other fault at all"
    gold = folder / 'gold' / 'planted.toml'
    planted = tomllib.loads(gold.read_text())['planted'] if gold.exists() else []
    wanted = {(p['file'], p['line']) for p in planted if p['kind'] == 'broken_row'}
    assert {(f.file, f.row) for f in check.faults(folder)} == wanted
