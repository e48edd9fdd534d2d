# `make run` starts Pacesetter, `make test` proves it. ARGS are handed on:
#   make run ARGS="--port 9000"        make test ARGS="tests/ranking -q"

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
ARGS   ?=

BIN     := .venv/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check install --quiet
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
           --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras
FILES   := src tests docs
DASHBOARD := src/pacesetter/web/dashboard/index.html
MODULES   := frontend/node_modules/dev.stamp
PAGES     := $(shell find frontend/src frontend/public -type f ! -name "*.test.*") \
             $(addprefix frontend/,index.html vite.config.ts package-lock.json)
NPM       := npm --prefix frontend --loglevel=error
# one process more than two processors: tests wait for browsers, servers and leases
TESTERS   := 3

.DEFAULT_GOAL := help
.PHONY: help install run dev test check format docs faults bench bench-serving full lock wheel clean distclean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

run: install ## install what is locked, then start Pacesetter on http://127.0.0.1:8000
	@$(BIN)/pacesetter up $(ARGS)

install: .venv/run.stamp $(DASHBOARD)

dev: .venv/dev.stamp $(MODULES) $(DASHBOARD) ## install what tests and checks need

test: dev ## every test, with sampled counts (about 22 minutes on two processors)
	@$(BIN)/python -m compileall -q src tests  # else each of the hundreds of processes reads the sources anew
	@$(BIN)/pytest -n $(TESTERS) --dist worksteal -m "not bench and not full" $(ARGS)

check: dev ## format, lint, types, import contract, docs (under a minute)
	@$(BIN)/ruff format --check $(FILES)
	@$(BIN)/ruff check $(FILES)
	@$(BIN)/mypy
	@$(BIN)/pytest -q -p no:cacheprovider tests/architecture

format: dev ## put the code into shape
	@$(BIN)/ruff check --fix --quiet $(FILES); $(BIN)/ruff format $(FILES)

docs: dev ## write the generated pages, and the guides' figures, again
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/transcript.py docs/guides/ranking.md

faults: dev ## kills, broken databases and races
	@$(BIN)/pytest -n 2 -m "faults and not full" $(ARGS)

bench: dev ## ratios against named peers, in one run
	@$(BIN)/pytest -n 0 -s -q -m bench $(ARGS)

bench-serving: dev ## a server under load (about five minutes): the table is kept in build/bench-serving.md
	@$(BIN)/pytest -n 0 -s -q -m serving $(ARGS)

full: dev ## every test with its full counts (at most 85 minutes)
	@PACESETTER_TEST_COUNTS=full $(BIN)/pytest -n $(TESTERS) --dist worksteal -m "not bench" $(ARGS)

lock: dev ## resolve the dependencies again and write both lock files
	$(COMPILE) --upgrade --extra build --extra notify --output-file requirements.lock pyproject.toml
	cp requirements.lock requirements-dev.lock
	$(COMPILE) --extra build --extra notify --extra dev --output-file requirements-dev.lock pyproject.toml

wheel: dev ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

clean: ## remove caches and builds; keeps .venv and your data
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## the same, .venv, and the dashboard
	@rm -rf .venv frontend/node_modules $(dir $(DASHBOARD))

# Installed again only when a lock changes. The package goes in editable, with no download outside the lock:
# its build backend is locked too.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Pacesetter needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "Installing what requirements.lock names (once, a few minutes at most)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/python
	@echo "Installing what requirements-dev.lock names (once, a few minutes at most)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ .venv/run.stamp # the same versions, and more

# The dashboard is built when it is missing or older than its sources. Without Node, and where the build fails,
# everything else works and the plain page is shown.

$(DASHBOARD): $(PAGES) | .venv/bin/python
	@if ! command -v npm >/dev/null; then \
	  echo "No Node here (20.19 or newer): the plain page is served in place of the dashboard"; \
	else \
	  echo "Building the dashboard"; \
	  { test -d frontend/node_modules/vite || $(NPM) ci --omit=dev --no-progress >/dev/null; } \
	  && $(NPM) run --silent build -- --logLevel warn \
	  || echo "The dashboard could not be built: the plain page is served in its place"; \
	fi

$(MODULES): frontend/package-lock.json
	@if ! command -v npm >/dev/null; then \
	  echo "No Node here (20.19 or newer): the dashboard is not tested"; \
	else \
	  echo "Installing what frontend/package-lock.json names"; \
	  $(NPM) ci --no-progress >/dev/null && touch $@; \
	fi
