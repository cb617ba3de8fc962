"The rules of the house (docs/design.md): each is kept by a test"
import ast, json, re, statistics, subprocess, sys
from pathlib import Path
import pytest
from conftest import ROOT
from playbook.foundation import core

PACKAGE = sorted(p for p in (ROOT / 'playbook').rglob('*.py') if p.name not in ('_modidx.py', '__init__.py'))
NOTEBOOKS = sorted(p for p in (ROOT / 'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts)
STEPS = {p.stem[3:]: int(p.stem[:2]) for p in (ROOT / 'nbs').glob('[0-9][0-9]_*.ipynb')}
PACKS = sorted(p.parent.name for p in (ROOT / 'data_samples').glob('[a-z0-9]*/profile.toml'))
each_module = pytest.mark.parametrize('path', PACKAGE, ids=lambda p: p.relative_to(ROOT).as_posix())
each_notebook = pytest.mark.parametrize('path', NOTEBOOKS, ids=lambda p: p.relative_to(ROOT).as_posix())


def cells(path): return [dict(c, source=''.join(c['source'])) for c in json.loads(path.read_text())['cells']]


def code_lines(source): return [l for l in source.splitlines() if l.strip() and not l.startswith('#|')]


@each_module
def test_imports_go_downwards(path):
    "A step imports foundation, lower steps and its own parts; foundation never imports a step"
    me = path.relative_to(ROOT / 'playbook').with_suffix('').parts
    rank = STEPS.get(me[0], 0 if me[0] == 'foundation' else None)
    for name in core.imported('.'.join(('playbook', *me))):
        parts = name.split('.')
        if len(parts) < 2 or parts[1] in ('foundation', me[0]) or me[-1] == 'cli': continue  # commands name the steps they call
        assert rank and STEPS.get(parts[1], 99) < rank, f'{path.name} imports {name}'


@each_module
def test_no_pack_is_named(path):
    "Variety is data: no pack's name is a string literal in the package"
    words = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not words & set(PACKS)


@each_module
def test_files_are_written_whole(path):
    "Outside core, files are written inside core.writing only"
    if path.name == 'core.py': return
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call): continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, 'id', '')
        assert name not in ('write_text', 'write_bytes'), f'{path.name}:{node.lineno}'
        modes = [a.value for a in [*node.args[1:2], *(k.value for k in node.keywords if k.arg == 'mode')] if isinstance(a, ast.Constant)]
        if name == 'open' and any(isinstance(m, str) and set(m) & set('wax+') for m in modes):
            assert isinstance(node.args[0], ast.Constant) and node.args[0].value == '/dev/null', f'{path.name}:{node.lineno}'


HEAVY = {'torch', 'transformers', 'pandas', 'seaborn', 'matplotlib', 'datasets', 'evaluate', 'sklearn', 'papermill', 'nbconvert', 'numpy', 'ipywidgets'}


@each_module
def test_heavy_imports_are_inside_functions(path):
    if 'metrics' in path.parts: return  # loaded by evaluate, which is heavy itself
    for node in ast.parse(path.read_text()).body:
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ''] if isinstance(node, ast.ImportFrom) else []
        assert not {n.split('.')[0] for n in names} & HEAVY, f'{path.name} imports {names} at the top'


@each_module
def test_modules_are_short_and_not_wide(path):
    "At most 350 lines of code (nbdev's cell marks and blank lines do not count), none wider than 140"
    lines = path.read_text().splitlines()
    assert len([l for l in lines if l.strip() and not l.startswith('# %%')]) <= 350
    assert not [l for l in lines if len(l) > 140 and not l.startswith('__all__')]


@each_notebook
def test_budget(path):
    "Cells, words and lengths stay within the budget; imports stand alone; outputs are small"
    all_cells = cells(path)
    code = [c for c in all_cells if c['cell_type'] == 'code']
    exported = [len(code_lines(c['source'])) for c in code if re.search(r'^#\|\s*export', c['source'], re.M)]
    words = sum(len(re.findall(r'\w+', c['source'])) for c in all_cells if c['cell_type'] == 'markdown')
    step = path.parent == ROOT / 'nbs' and path.stem[:2].isdigit()
    assert len(all_cells) <= 70 and words <= 1000
    if step: assert len(all_cells) >= 30 and words >= 400
    if exported: assert statistics.median(exported) <= 12 and max(exported) <= 45
    assert path.stat().st_size < 200_000
    for c in code:
        lines = [l for l in code_lines(c['source']) if not l.startswith('#')]
        imports = [l for l in lines if re.match(r'(import|from)\s', l)]
        assert not imports or len(imports) == len(lines), f'imports and code in one cell:\n{c["source"]}'
        if not re.search(r'^#\|', c['source'], re.M): assert len(lines) <= 10, c['source']


@each_notebook
def test_notebooks_keep_what_papermill_needs(path):
    nb = json.loads(path.read_text())
    assert set(nb['metadata']['kernelspec']) == {'name', 'display_name', 'language'}
    tagged = [c for c in nb['cells'] if 'parameters' in c['metadata'].get('tags', [])]
    if path.parent == ROOT / 'nbs' and path.stem[:2].isdigit():
        assert len(tagged) == 1
        lines = ''.join(tagged[0]['source']).splitlines()
        assert [l.split(' =')[0] for l in lines] == ['industry', 'workspace'] and all('  # ' in l for l in lines)
        assert 'gate' in [t for c in nb['cells'] for t in c['metadata'].get('tags', [])]
    assert 'nbdev_export()' not in json.dumps(nb)


def test_package_is_what_the_notebooks_export(tmp_path):
    "nbdev_export into a copy leaves no difference"
    import shutil
    copy = tmp_path / 'copy'
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns('.venv', '.git', 'runs', 'reports', 'data_samples', '_docs', '_proc', 'build', '*.egg-info', '__pycache__'))
    subprocess.run([Path(sys.executable).parent / 'nbdev_export'], cwd=copy, check=True, capture_output=True)
    for path in PACKAGE: assert (copy / path.relative_to(ROOT)).read_text() == path.read_text(), path.name


def test_notebooks_are_clean(tmp_path):
    "No execution counts, no ids of widgets, no traces of a machine"
    for path in NOTEBOOKS:
        text = path.read_text()
        assert all(c.get('execution_count') is None for c in json.loads(text)['cells']), path.name
        assert '/root/' not in text and '/home/' not in text and str(ROOT) not in text, path.name


def test_quarto_is_a_link():
    assert (ROOT / 'nbs' / '_quarto.yml').is_symlink() and (ROOT / '_quarto.yml').is_file()


def test_help_imports_nothing_heavy():
    "playbook --help stays quick because it imports only the standard library and this package"
    found = subprocess.run([sys.executable, '-X', 'importtime', '-c', 'from playbook.foundation.cli import main; main(["--help"])'], capture_output=True, text=True, cwd=ROOT)
    assert found.returncode == 0
    imported = {l.rsplit('|', 1)[1].strip().split('.')[0] for l in found.stderr.splitlines() if '|' in l}
    assert not imported & (HEAVY | {'IPython', 'jinja2', 'nbformat', 'tqdm', 'filelock', 'yaml', 'scipy'})


def test_readme_is_the_home_page():
    "README.md is made from nbs/index.ipynb"
    from nbconvert import MarkdownExporter
    made = MarkdownExporter().from_filename(ROOT / 'nbs' / 'index.ipynb')[0] if (ROOT / 'nbs' / 'index.ipynb').exists() else None
    if made is None: pytest.fail('nbs/index.ipynb is missing')
    assert (ROOT / 'README.md').read_text().strip() == made.strip()
    assert len((ROOT / 'README.md').read_text().splitlines()) <= 120
