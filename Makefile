# make handbook   build site/ from the sources
# make test       lint, types and every test; installs what it needs, a browser included
# make faults     kills, full disks, damaged caches and the like, for a quarter of an hour
# make accessibility   every page in every state, size and colour past axe-core, and the HTML checker
# make bench      how fast we build, beside plain MkDocs; what a page costs its reader, also as Lighthouse sees it
# make fuzz       looks for input that makes us fail, SECONDS=3600 long
# make load       how many requests a second nginx answers, on this machine alone
# make lock       renew the locked dependencies, then the list of parts and their licences
# make sbom       that list alone: sbom.cdx.json, from requirements.txt and licences.toml
# make audit      ask whether a locked package has a known weakness
# make coverage   which branches the tests take, with the least that is accepted
# make mutants    break the code in many small ways: the tests must notice (an hour)

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: handbook test accessibility faults browser server bench fuzz load lock sbom audit coverage mutants clean
.DEFAULT_GOAL := handbook

handbook: .venv/runtime
	$(BIN)/playbook build
	@echo "To look at it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site, then open http://127.0.0.1:8000/"

test: .venv/dev .venv/checkers browser server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

faults: .venv/dev browser
	FAULTS=100 nice $(BIN)/pytest -n0 tests/faults/test_faults.py

accessibility: .venv/dev .venv/checkers browser
	FULL=1 $(BIN)/pytest tests/accessibility

bench: .venv/lighthouse browser handbook
	$(BIN)/python -m tools.bench build
	$(BIN)/python -m tools.bench reader

SECONDS ?= 600
fuzz: .venv/fuzz
	nice -n 19 $(BIN)/python -m tests.fuzz $(SECONDS)

load: .venv/dev server handbook
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

# Playwright's own Node.js needs a library that a small Debian lacks, and that its chromium does not bring.
browser: .venv/dev
	@$(BIN)/playwright --version >/dev/null 2>&1 || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		apt-get update -q && apt-get install -q -y libatomic1; } || \
		{ echo "Playwright does not start; on Debian: apt-get install libatomic1"; exit 1; }
	@if command -v chromium >/dev/null; then echo "Browser: $$(command -v chromium)"; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Browser: installing Debian's chromium"; apt-get update -q && apt-get install -q -y chromium; \
	else echo "Browser: Playwright's own download"; $(BIN)/playwright install chromium; fi
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

lock:
	$(BIN)/uv pip compile -q pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra build --extra dev --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --python-version 3.11 -c requirements.txt -o requirements-dev.txt
	echo "atheris>=3,<3.1; sys_platform == 'linux'" | $(BIN)/uv pip compile -q - --universal --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --python-version 3.11 -o requirements-fuzz.txt
	$(MAKE) sbom  # anew, for the packages have to be installed first

sbom: .venv/dev
	$(BIN)/python -m tools.sbom

# The lock for development holds all of the other. Fails as well when nobody can be asked.
audit: .venv/dev
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt

# What keeps strangers, and halves, out of the site: every branch of it is taken by a test.
EXACT := generator/load/*,generator/problems.py,generator/model/addresses.py,generator/model/prose.py,generator/sheets/literals.py,$\
	generator/templating.py,generator/site/publish.py,generator/site/write.py,generator/files.py,generator/audience/*

# Without browsers, but for the one test that needs `playbook serve`; and not the builds that are killed half-way.
coverage: .venv/dev browser
	$(BIN)/coverage erase  # also what an earlier code or a killed process has left
	$(BIN)/pytest --cov --cov-report= --ignore=tests/search/test_search.py --ignore=tests/faults/test_faults.py \
		--ignore=tests/deploy --ignore=tests/accessibility \
		$(filter-out %/test_live.py,$(addprefix --ignore=,$(wildcard tests/browser/test_*.py)))
	$(BIN)/coverage report --skip-covered --show-missing
	$(BIN)/coverage report --include=$(EXACT) --fail-under=100
	$(BIN)/coverage report --omit='$(EXACT)' --fail-under=95

mutants: .venv/dev
	nice -n 19 $(BIN)/mutmut run
	$(BIN)/mutmut results
	$(BIN)/mutmut export-cicd-stats
	@$(BIN)/python -c 'import json, sys; found = json.load(open("mutants/mutmut-cicd-stats.json")); \
		noticed = (found["killed"] + found["timeout"]) / found["total"]; \
		print(f"{noticed:.1%} of all mutants noticed"); sys.exit(noticed < .85)'

clean:
	rm -rf build site
