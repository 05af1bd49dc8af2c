# Everything sets itself up in .venv: nothing is needed but Python 3.11 or later, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest
# Compiled once and kept, whatever the environment says: else every process compiles all tests and all it imports again.
unexport PYTHONDONTWRITEBYTECODE

# Nothing in them is for the quick loop, which therefore does not read them.
SLOW_OR_NOT_PURE := tests/adapters tests/faults

.DEFAULT_GOAL := help
.PHONY: help demo test check long bench pages wheel constraints clean

help: ## show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dealerrouting needs Python 3.11 or later; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[all]' --group dev
	@touch $(READY)

demo: $(READY) ## route a year of leads for the example network, and live through a month of it
	@$(BIN)/dealerrouting demo

check: $(READY) ## the quick loop: format, lint, types, floors, pure tests
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(PYTEST) -q -n auto -m "pure and not slow and not long" --hypothesis-profile=quick $(SLOW_OR_NOT_PURE:%=--ignore=%) tests

test: $(READY) ## everything that must be green before a change lands
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(PYTEST) -n auto -m "not slow and not long" --cov --cov-report=term
	$(PYTEST) -n auto -m "slow and not long"

long: $(READY) ## the same with many more examples, and the long runs
	$(PYTEST) -n auto --hypothesis-profile=long

bench: $(READY) ## route, step and business time beside their rivals, as ratios in one run; claims; the desk on databases; checks and diffs
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt --group bench
	$(BIN)/python benchmarks/route.py
	$(BIN)/python benchmarks/sla.py
	$(BIN)/python benchmarks/business_time.py
	$(BIN)/python benchmarks/claims.py 100000
	$(BIN)/python benchmarks/identity.py
	$(BIN)/python benchmarks/register.py
	$(BIN)/python benchmarks/desk.py
	$(BIN)/python benchmarks/verify.py

pages: $(READY) ## write the pages that are made from the code
	$(BIN)/python tools/make_sla_pages.py
	$(BIN)/python tools/make_claim_pages.py

wheel: $(READY) ## build the wheel; demo and pure tests against it in a clean environment
	tools/test-wheel.sh $(BIN)

constraints: $(READY) ## pin the newest versions that the ranges allow
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate \
		--all-extras --group dev --group bench --group mutation pyproject.toml -o constraints.txt

clean: ## remove what the commands above made
	rm -rf $(VENV) out dist build .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
