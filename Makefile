# make handbook   build site/ from the sources
# make test       lint, types and every test; installs what it needs, a browser included
# make accessibility   every page in every state, size and colour past axe-core, and the HTML checker
# make bench      how fast we build, beside plain MkDocs
# make lock       renew the locked dependencies

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: handbook test accessibility browser bench lock clean
.DEFAULT_GOAL := handbook

handbook: .venv/runtime
	$(BIN)/playbook build
	@echo "To look at it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site, then open http://127.0.0.1:8000/"

test: .venv/dev .venv/checkers browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

accessibility: .venv/dev .venv/checkers browser
	FULL=1 $(BIN)/pytest tests/accessibility

bench: .venv/runtime
	$(BIN)/playbook bench build

# Debian's python3 comes without venv; root on Debian gets it, everybody else is told.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing Debian's python3-venv" && \
		  apt-get update -q && apt-get install -q -y python3-venv; } || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q --require-hashes -r requirements.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	@touch $@

# axe-core and the Nu HTML checker; npm itself, and Java for the checker, are among the Python dependencies.
.venv/checkers: tests/accessibility/package-lock.json .venv/dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/accessibility --silent
	@touch $@

browser: .venv/dev
	@if command -v chromium >/dev/null; then echo "Browser: $$(command -v chromium)"; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Browser: installing Debian's chromium"; apt-get update -q && apt-get install -q -y chromium; \
	else echo "Browser: Playwright's own download"; $(BIN)/playwright install chromium; fi

lock:
	$(BIN)/uv pip compile -q pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --python-version 3.11 -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf build site
