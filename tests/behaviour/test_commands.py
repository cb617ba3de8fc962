"The commands that protect people, as somebody calls them"
import json
from conftest import make_pack, playbook


def test_redact_gives_a_line_for_a_line_and_names_what_it_left_out(tmp_path):
    (tmp_path / 'runs').mkdir()
    (tmp_path / 'log.jsonl').write_text('{"text": "I am Ann Byrne, ann@example.org"}\nnot json\n{"turns": [{"role": "user", "text": "call 0160 12345678"}]}\n')
    done = playbook('redact', tmp_path / 'log.jsonl', cwd=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(lines) == 2 and 'log.jsonl:2' in done.stderr
    assert 'Ann' not in done.stdout and '0160' not in done.stdout and '[email ' in lines[0]['text'] and '[phone ' in lines[1]['turns'][0]['text']
    assert playbook('redact', tmp_path / 'log.jsonl', cwd=tmp_path).stdout == done.stdout
    spans = json.loads(playbook('redact', tmp_path / 'log.jsonl', '--spans', cwd=tmp_path).stdout.splitlines()[0])['spans']
    assert ['email', 16, 31] in spans


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    for command in ('redact', 'dedupe'):
        done = playbook(command, tmp_path / 'absent.jsonl', cwd=tmp_path)
        assert done.returncode == 2 and 'there is no file' in done.stderr and done.stderr.count('\n') == 1


def test_erase_asks_first_and_then_forgets(tmp_path):
    folder = make_pack(tmp_path / 'teahouse')
    (tmp_path / 'runs').mkdir()
    user = json.loads((folder / 'conversations.jsonl').read_text().splitlines()[0])['user']
    before = (folder / 'conversations.jsonl').read_bytes()
    asked = playbook('erase', folder, user, cwd=tmp_path)
    assert asked.returncode == 0 and 'would go' in asked.stdout and (folder / 'conversations.jsonl').read_bytes() == before
    held = json.loads(playbook('export', folder, user, cwd=tmp_path).stdout)
    assert held['person'] == user and held['files']['conversations.jsonl']
    assert playbook('erase', folder, user, '--yes', cwd=tmp_path).returncode == 0
    assert f'"{user}"'.encode() not in (folder / 'conversations.jsonl').read_bytes()
    assert playbook('export', folder, user, cwd=tmp_path).returncode == 2
