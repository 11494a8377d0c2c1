# Every target sets itself up on a machine that has only make and Python 3.11, 3.12 or 3.13 with venv.
# Another interpreter beside it: make test PYTHON=python3.13 VENV=.venv-3.13

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV ?= .venv
ARGS ?=
# Much of the suite's time is waiting: four processes share its files. One process, for a debugger: make test WORKERS=0
WORKERS ?= 4
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

# ensurepip is what Debian leaves out when python3-venv is missing.
USABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(shell $(p) -c '$(USABLE)' 2>/dev/null && echo $(p))))

.PHONY: help demo test check lint format types slow browser mutants bench soak words lock clean

help: ## show what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## the bot against an embedded cloud and an embedded Slack; options in ARGS="--port 8000"
	@$(BIN)/prewarm-bot demo $(ARGS)

test: $(DEV) ## the test suite without the slow and the browser tests
	$(PYTEST) -m "not slow and not browser and not soak" -n $(WORKERS) --dist loadfile $(ARGS)

check: lint test slow browser ## all that CI runs

lint: $(DEV) types ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: $(DEV) ## mend what the style check can mend by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV) ## mypy, strict
	$(BIN)/mypy

slow: $(DEV) ## the tests, and the numbers of examples, that are too slow for make test
	$(PYTEST) -m "(slow or many) and not browser and not soak" --hypothesis-profile many \
		-n $(WORKERS) --dist loadfile $(ARGS)

browser: $(DEV) ## the tests that need Chromium; root gets it from Debian
	@.ci/browser $(BIN)/python $(ARGS)

mutants: $(DEV) ## does a test notice each small wrong change to bot/domain? others in ARGS, see tests/mutants.py
	$(BIN)/python -m tests.mutants $(ARGS)

bench: $(DEV) ## the benchmark table
	@for file in tests/bench/bench_*.py; do PYTHONPATH=. $(BIN)/python "$$file"; done

soak: $(DEV) ## the long fault tests, side by side; what they came to is printed at the end
	$(PYTEST) -m soak -n 3 --dist loadfile -rP --timeout=0 $(ARGS)

words: $(DEV) ## after a change of words: bring the catalogues and the kept messages up to date
	UPDATE_CATALOGUES=1 UPDATE_MESSAGES=1 $(PYTEST) tests/unit/test_catalogues.py tests/integration/test_gallery.py $(ARGS)

lock: $(BIN)/python ## resolve the dependencies anew into the two lock files
	$(PIP) install 'uv>=0.9'
	$(call resolve,requirements.lock)
	$(call resolve,requirements-dev.lock,--extra dev -c requirements.lock)

clean: ## remove what the other targets made, except ./data
	rm -rf $(VENV) build *.egg-info .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up; a stamp each, so that a second call does nothing and a changed lock installs anew ---

$(BIN)/python:
	@if ! $(or $(PYTHON),false) -c '$(USABLE)'; then \
		echo 'Python 3.11, 3.12 or 3.13 with its venv module was not found.' \
			'Install one (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12' >&2; \
		exit 1; fi
	$(PYTHON) -m venv --clear $(VENV)

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Setting up $(VENV), once: this takes about half a minute.'
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# The build backend is locked with the rest: pip would fetch it unhashed. Extras stay in the lock: without them older
# pips take the newest `coverage` for `coverage[toml]`, and refuse it because it has no hash.
define resolve
$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	| $(BIN)/uv pip compile pyproject.toml - --universal --python-version 3.11 --generate-hashes --quiet --upgrade \
		--no-strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(2) --output-file $(1)
endef
