# `make site` builds the site of content/, `make test` runs the tests; `make help` lists the rest.

PYTHON ?= python3
PYTEST_ARGS ?= -n auto
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help site test lint format docs bench serve pins clean distclean

help:
	@echo "make site       build the site of content/ into site/"
	@echo "make test       run all tests (PYTEST_ARGS='-k risk' for some)"
	@echo "make lint       ruff and mypy"
	@echo "make format     put the code into ruff's form"
	@echo "make serve      live preview of content/"
	@echo "make docs       write docs/architecture.md anew"
	@echo "make bench      measure the speed and write benchmarks/README.md (some minutes)"
	@echo "make pins       write requirements/*.txt anew"
	@echo "make clean      remove what builds and tests left; make distclean: .venv too"
	@echo "PYTHON=python3.12 names another Python for .venv."

site: $(VENV)/.for-site
	@$(BIN)/aipm build
	@echo
	@echo "The site lies in site/. To look at it:"
	@echo "    $(PYTHON) -m http.server --bind 127.0.0.1 -d site"
	@echo "and open http://127.0.0.1:8000/ in a browser."

test: $(VENV)/.for-test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.for-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.for-test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.for-site
	$(BIN)/python docs/architecture.py

bench: $(VENV)/.for-site
	$(BIN)/python benchmarks/bench.py

serve: $(VENV)/.for-site
	$(BIN)/aipm serve

# uv resolves for every system and every Python from 3.11 at once, which pip's own tools do not.
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv --no-config pip compile --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

pins: $(VENV)/.made
	$(PIP) install --require-hashes -r requirements/pins.txt
	$(COMPILE) --extra charts pyproject.toml requirements/site.in -o requirements/site.txt
	$(COMPILE) pyproject.toml requirements/test.in -c requirements/site.txt -o requirements/test.txt
	$(COMPILE) requirements/pins.in -o requirements/pins.txt

clean:
	rm -rf site .site.* build dist .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find aipm_site benchmarks docs tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf $(VENV)

# Stamps in the virtual environment, so that a second run installs nothing and needs no network.
$(VENV)/.made:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
		echo "There is no '$(PYTHON)' here. Install Python 3.11 or newer (README.md says how)," >&2; \
		echo "or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "aipm_site needs Python 3.11 or newer, and '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1)." >&2; \
		echo "Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' has no venv. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.for-site: $(VENV)/.made requirements/site.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/site.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.for-test: $(VENV)/.for-site requirements/test.txt
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@
