PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help handbook test test-slow faults lint browser server bench fuzz load lock sbom audit coverage mutants clean
.DEFAULT_GOAL := help

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

handbook: .venv/runtime ## build site/ from the sources
	$(BIN)/playbook build
	@echo "To look at it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site, then open http://127.0.0.1:8000/"

test: lint .venv/checkers browser server ## before every commit: style, types and the quick tests; installs what it needs
	$(BIN)/pytest

# Every page in every look, every sheet, the whole site on a real server, many random examples: it takes long and rarely
# fails, so it is for changes to the theme, to sheets, to publishing and to dependencies.
test-slow: .venv/dev .venv/checkers browser server ## the rest: before a release, after a change to theme, sheets, publishing, packages
	$(BIN)/pytest -m "slow or hypothesis" --hypothesis-profile thorough

faults: .venv/dev browser ## a hundred killed builds, full disks, damaged caches and the like
	FAULTS=100 nice $(BIN)/pytest -n0 -m "" tests/faults/test_faults.py

lint: .venv/dev ## style, types and layers alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Lighthouse needs the whole browser.
bench: .venv/lighthouse browser handbook ## how fast we build; what a page costs its reader, also as Lighthouse sees it
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get install -q -y chromium; } || \
		$(BIN)/playwright install --no-shell chromium
	$(BIN)/python -m tools.bench build
	$(BIN)/python -m tools.bench reader

SECONDS ?= 600
fuzz: .venv/fuzz ## look for input that makes us fail, SECONDS=3600 long
	nice -n 19 $(BIN)/python -m tests.fuzz $(SECONDS)

load: .venv/dev server handbook ## how many requests a second nginx answers, on this machine alone
	@command -v wrk >/dev/null || { test "$$(id -u)" = 0 && apt-get install -q -y wrk; } || \
		{ echo "wrk is missing; on Debian: apt-get install wrk"; exit 1; }
	$(BIN)/python -m tests.deploy.load

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
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

.venv/fuzz: requirements-fuzz.txt .venv/dev
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements-fuzz.txt
	@touch $@

# axe-core and the Nu HTML checker; npm itself, and Java for the checker, are among the Python dependencies.
.venv/checkers: tests/accessibility/package-lock.json .venv/dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/accessibility --loglevel=error
	@touch $@

.venv/lighthouse: tests/lighthouse/package-lock.json .venv/dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/lighthouse --loglevel=error
	@touch $@

# Playwright's own Node.js needs a library that a small Debian lacks, and that its chromium does not bring. Of Chromium,
# the shell is enough, and pages open in it in a third of the time.
browser: .venv/dev
	@$(BIN)/playwright --version >/dev/null 2>&1 || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		apt-get update -q && apt-get install -q -y libatomic1; } || \
		{ echo "Playwright does not start; on Debian: apt-get install libatomic1"; exit 1; }
	@command -v chromium-headless-shell >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		echo "Browser: installing Debian's chromium-headless-shell" && apt-get update -q && \
		apt-get install -q -y chromium-headless-shell; } || command -v chromium >/dev/null || \
		{ echo "Browser: Playwright's own download"; $(BIN)/playwright install --only-shell chromium; }
	@echo "Browser: $$(command -v chromium-headless-shell || command -v chromium || echo "Playwright's own")"
	@command -v faketime >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		apt-get update -q && apt-get install -q -y faketime; } || echo "Without faketime, no test of other days"

# The tests start an nginx of their own; Debian's, which begins to serve once it is installed, is stopped.
server:
	@PATH="$$PATH:/usr/sbin"; if command -v nginx >/dev/null && command -v openssl >/dev/null; then \
		echo "Server: $$(command -v nginx)"; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Server: installing Debian's nginx"; apt-get update -q && apt-get install -q -y nginx openssl && \
		{ systemctl disable --now nginx 2>/dev/null || true; }; \
	else echo "nginx or openssl is missing; on Debian: apt-get install nginx openssl"; exit 1; fi

lock: ## renew the locked dependencies, then the list of parts and their licences
	$(BIN)/uv pip compile -q pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --python-version 3.11 -c requirements.txt -o requirements-dev.txt
	echo "atheris>=3,<3.1; sys_platform == 'linux'" | $(BIN)/uv pip compile -q - --universal --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --python-version 3.11 -o requirements-fuzz.txt
	$(MAKE) sbom  # anew, for the packages have to be installed first

sbom: .venv/dev ## that list alone: sbom.cdx.json, from requirements.txt and licences.toml
	$(BIN)/python -m tools.sbom

# The lock for development holds all of the other. Fails as well when nobody can be asked.
audit: .venv/dev ## ask whether a locked package has a known weakness
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt

# What keeps strangers, and halves, out of the site: every branch of it is taken by a test.
EXACT := generator/load/*,generator/problems.py,generator/model/addresses.py,generator/model/prose.py,generator/sheets/literals.py,$\
	generator/templating.py,generator/site/publish.py,generator/site/write.py,generator/files.py,generator/audience/*

# Without browsers, but for the one test that needs `playbook serve`; and not the builds that are killed half-way.
coverage: .venv/dev browser ## which branches the tests take, with the least that is accepted
	$(BIN)/coverage erase  # also what an earlier code or a killed process has left
	$(BIN)/pytest -m "" --cov --cov-report= --ignore=tests/search/test_search.py --ignore=tests/faults/test_faults.py \
		--ignore=tests/deploy --ignore=tests/accessibility \
		$(filter-out %/test_live.py,$(addprefix --ignore=,$(wildcard tests/browser/test_*.py)))
	$(BIN)/coverage report --skip-covered --show-missing
	$(BIN)/coverage report --include=$(EXACT) --fail-under=100
	$(BIN)/coverage report --omit='$(EXACT)' --fail-under=95

mutants: .venv/dev ## break the code in many small ways: the tests must notice (an hour)
	nice -n 19 $(BIN)/mutmut run
	$(BIN)/mutmut results
	$(BIN)/mutmut export-cicd-stats
	@$(BIN)/python -c 'import json, sys; found = json.load(open("mutants/mutmut-cicd-stats.json")); \
		noticed = (found["killed"] + found["timeout"]) / found["total"]; \
		print(f"{noticed:.1%} of all mutants noticed"); sys.exit(noticed < .85)'

clean: ## remove what has been built
	rm -rf build site
