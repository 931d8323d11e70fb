# make handbook   build site/ from the sources
# make test       lint, types and every test; installs what it needs, a browser included
# make faults     kills, full disks, damaged caches and the like, for a quarter of an hour
# make bench      how fast we build, beside plain MkDocs
# make fuzz       looks for input that makes us fail, SECONDS=3600 long
# make load       how many requests a second nginx answers, on this machine alone
# make lock       renew the locked dependencies

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: handbook test faults browser server bench fuzz load lock clean
.DEFAULT_GOAL := handbook

handbook: .venv/runtime
	$(BIN)/playbook build
	@echo "To look at it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site, then open http://127.0.0.1:8000/"

test: .venv/dev browser server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

faults: .venv/dev browser
	FAULTS=100 nice $(BIN)/pytest -n0 tests/test_faults.py

bench: .venv/runtime
	$(BIN)/playbook bench build

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
	$(BIN)/pip install -q --require-hashes -r requirements.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	@touch $@

.venv/fuzz: requirements-fuzz.txt .venv/dev
	$(BIN)/pip install -q --require-hashes -r requirements-fuzz.txt
	@touch $@

browser: .venv/dev
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

clean:
	rm -rf build site
