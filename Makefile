# Targets make what they need on a bare machine with Python 3.11+ and make.
PACK = energy# the pack whose outputs the notebooks show
PYTHON ?= python3
BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: reports test lab serve docs bench outputs readme install clean
reports: install
	@$(BIN)/playbook report --all

test: install
	@$(BIN)/python -m pytest -q -rs tests
	@$(BIN)/nbdev_test --n_workers 2 --skip_file_re '^[_.0-9]'

lab: install
	@$(BIN)/playbook lab

docs: install
	@if command -v quarto >/dev/null; then $(BIN)/nbdev_docs; else mkdir -p _docs && $(BIN)/jupyter nbconvert --to html --log-level ERROR --output-dir _docs nbs/*.ipynb nbs/*/*.ipynb; fi
	@echo _docs/index.html

serve:
	@echo "make serve: there is no service yet; it comes with step 10 (docs/design.md)"; exit 2

bench: install
	@missed=; for b in $(filter-out bench/common.py,$(wildcard bench/*.py)); do echo "== $$b"; $(BIN)/python $$b || missed="$$missed $$b"; done; \
	  test -z "$$missed" || { echo "a bar was missed in$$missed"; exit 1; }

outputs: install
	@$(BIN)/python -c "from playbook.foundation.runner import save_outputs; from pathlib import Path; save_outputs(sorted(Path('nbs').rglob('[0-9a-z]*.ipynb')), '$(PACK)')"
	@$(BIN)/nbdev_clean
	@$(MAKE) -s readme

readme: install
	@$(BIN)/jupyter nbconvert --to markdown nbs/index.ipynb --output-dir . --output README --log-level ERROR

install: .venv/installed

# torch: PyTorch's own CPU build where its index answers within a second, otherwise PyPI's
.venv/installed: settings.ini setup.py
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || { echo "making .venv, this takes some minutes the first time"; $(PYTHON) -m venv .venv; }
	@$(PIP) install "setuptools<81" wheel
	@$(BIN)/python -c "import torch" 2>/dev/null || \
	  if $(PYTHON) -c "import urllib.request as u; u.urlopen('https://download.pytorch.org/whl/cpu/torch/', timeout=1)" 2>/dev/null; \
	  then $(PIP) install "torch==2.13.*" --index-url https://download.pytorch.org/whl/cpu; \
	  else echo "PyTorch's CPU index does not answer: taking torch from PyPI, which may bring several GB of GPU libraries"; $(PIP) install "torch==2.13.*"; fi
	@$(PIP) install --no-build-isolation -e ".[dev]"
	@touch $@

clean:
	rm -rf runs reports _docs _proc build dist *.egg-info .pytest_cache
