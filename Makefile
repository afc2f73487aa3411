# Everything a checkout needs, by name. `make help` lists it. Works with GNU make 3.81 (macOS) and newer.

# `make PYTHON=python3.12 test` chooses the interpreter; otherwise the first of these that is new enough is taken.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'

# One file for each finished step, so that a second run does nothing twice.
MADE := $(VENV)/.made
BASE := $(VENV)/.base
DEV := $(VENV)/.dev

SCENARIO ?= card-storm
# More words for pytest: make test ARGS="-n 0 -k clock"
ARGS ?= -n auto

.PHONY: help play test lint format types contracts check wheel bundle tables messages screenshots bench hosting rehearsal lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## /  make \1|/' | \
		awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

play: $(BASE) ## set up what playing needs and start Card Storm (SCENARIO=cold-line for the other)
	@$(BIN)/exercise play $(SCENARIO)

test: $(DEV) ## set up what development needs and run the tests
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEV) ## style of the code: ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(DEV) ## bring the code into the one style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(DEV) ## types of the code: mypy, strict, here and as Windows has them
	@$(BIN)/mypy --strict exercise
	@$(BIN)/mypy --strict --platform win32 --cache-dir .mypy_cache/win32 exercise

contracts: $(DEV) ## who may import whom: import-linter
	@$(BIN)/lint-imports

check: lint types contracts test ## all four

wheel: $(DEV) ## build dist/*.tar.gz, and from it dist/*.whl
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist .

bundle: $(DEV) ## build dist/exercise-…-bundle-…, which installs and starts without internet on machines like this one
	@$(BIN)/python bundle/make.py

tables: $(DEV) ## write the table of commitments and detectors anew
	@$(BIN)/python docs/coverage.py

messages: $(DEV) ## bring the interface's translations in step with the source
	@$(BIN)/python docs/messages.py

screenshots: $(DEV) ## draw the screenshots of the README anew
	@$(BIN)/python docs/screenshots.py

bench: $(DEV) ## measure, side by side with what else there is
	@$(PIP) install 'eventsourcing>=9.5,<10'
	@$(BIN)/python benchmarks/run.py

hosting: $(DEV) ## measure a hosted exercise: 200 at one hub, 100 by ssh, and its faults counted (long)
	@$(BIN)/python -m benchmarks.hub
	@$(BIN)/python -m benchmarks.ssh
	@$(BIN)/python -m benchmarks.faults

rehearsal: $(DEV) ## play a whole hosted exercise with real clients, and tell it in docs/rehearsal.md
	@$(BIN)/python benchmarks/rehearsal.py

lock: $(MADE) ## pin the dependencies anew, within what pyproject.toml allows
	@$(PIP) install 'uv>=0.9'
	@$(LOCK) pyproject.toml requirements/build.in --upgrade -o requirements/base.txt
	@$(LOCK) pyproject.toml requirements/bundle.in --extra host --extra postgres --extra report --extra sheets --upgrade -c requirements/base.txt -o requirements/host.txt
	@$(LOCK) pyproject.toml requirements/build.in --extra dev --upgrade -c requirements/base.txt -c requirements/host.txt \
		-o requirements/dev.txt

clean: ## remove what these targets made, $(VENV) too
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache snapshot_report.html
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Python 3.11 or newer is needed; $(if $(PYTHON),$(PYTHON),python3) is older or missing. Name one: make PYTHON=/path/to/python3.12 ..." >&2; \
		exit 1; fi
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."
	@"$(PYTHON)" -m venv "$(VENV)"
	@touch $@

$(BASE): $(MADE) requirements/base.txt pyproject.toml
	@echo "Installing what playing needs ..."
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(MADE) requirements/dev.txt pyproject.toml
	@echo "Installing what development needs ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(BASE) $@
