"The pages as a browser and an eye meet them"
import re, shutil, subprocess
from pathlib import Path
import pytest
from conftest import ROOT, make_pack
from playbook.foundation import core, report

CHROMIUM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
FLAGS = '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-quic'.split()
STYLE = (ROOT / 'playbook' / 'web' / 'report' / 'style.css').read_text()


def colours(dark: bool) -> dict:
    blocks = re.findall(r':root \{(.*?)\}', STYLE, re.S)
    found = dict(re.findall(r'--([\w-]+): (#[0-9a-f]{6})', blocks[0]))
    return found | (dict(re.findall(r'--([\w-]+): (#[0-9a-f]{6})', blocks[1])) if dark else {})


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= .03928 else ((p + .055) / 1.055) ** 2.4 for p in parts)
    return .2126 * r + .7152 * g + .0722 * b


@pytest.mark.parametrize('dark', [False, True])
@pytest.mark.parametrize('text,ground', [('ink', 'paper'), ('ink', 'card'), ('soft', 'paper'), ('soft', 'card'), ('accent', 'paper'), ('accent', 'card'), ('go', 'go-bg'), ('stop', 'stop-bg'), ('need', 'need-bg'), ('none', 'none-bg')])
def test_contrast_is_enough_to_read(text, ground, dark):
    "WCAG AA: 4.5 to 1, in light and in dark"
    a, b = sorted((luminance(colours(dark)[text]), luminance(colours(dark)[ground])))
    assert (b + .05) / (a + .05) >= 4.5


@pytest.fixture(scope='module')
def pages(tmp_path_factory):
    base = tmp_path_factory.mktemp('pages')
    report.report([core.Pack(make_pack(base / 'teahouse'))], '1', out=base / 'reports', workspace=base / 'runs')
    return base / 'reports'


def test_structure_for_screen_readers(pages):
    "One h1, tables with header cells, pictures with labels, scrollable tables reachable by keyboard"
    for page in pages.rglob('*.html'):
        text = page.read_text()
        assert len(re.findall(r'<h1[ >]', text)) == 1 and '<html lang="en">' in text and '<main>' in text
        assert len(re.findall('<table', text)) == len(re.findall('<thead', text))
        assert all('scope=' in th for th in re.findall(r'<th\b[^>]*>', text))
        assert all('role="img"' in f and 'aria-label="' in f for f in re.findall(r'<figure[^>]*>', text))
        ids = re.findall(r'\bid="([^"]+)"', re.sub(r'<svg.*?</svg>', '', text, flags=re.S))
        assert len(ids) == len(set(ids)), page.name


def test_links_lead_somewhere(pages):
    for page in pages.rglob('*.html'):
        for link in re.findall(r'href="([^"]+)"', re.sub(r'<svg.*?</svg>', '', page.read_text(), flags=re.S)):
            target, _, anchor = link.partition('#')
            to = (page.parent / target) if target else page
            assert to.is_file() and (not anchor or f'id="{anchor}"' in to.read_text()), f'{page.name}: {link}'


@pytest.mark.skipif(not CHROMIUM, reason='Chromium is not installed')
def test_a_browser_shows_and_prints_page_one(pages, tmp_path):
    page = pages / 'teahouse' / 'index.html'
    dom = subprocess.run([CHROMIUM, *FLAGS, f'--user-data-dir={tmp_path}/a', '--dump-dom', page.as_uri()], capture_output=True, text=True, timeout=60).stdout
    assert 'may the assistant go on?' in dom and dom.count('<details') >= 2
    subprocess.run([CHROMIUM, *FLAGS, f'--user-data-dir={tmp_path}/b', '--no-pdf-header-footer', f'--print-to-pdf={tmp_path}/page.pdf', page.as_uri()], capture_output=True, timeout=60)
    assert (tmp_path / 'page.pdf').read_bytes()[:5] == b'%PDF-'
