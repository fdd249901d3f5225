# make demo   set up, make a synthetic probation area, and check it
# make test   set up, and run every test
# make test-thorough  the same, with several times as many random exports and moments to kill it
# make check  set up, and run the linter and the type checker

VENV ?= .venv
PYTHON ?= $(shell for name in python3.11 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test test-thorough check clean

help:
	@sed -n 's/^# //p' Makefile
	@echo 'make clean  remove the environment, what was built, and the caches'

demo: $(STAMP)
	$(BIN)/omi-rules demo

test: $(STAMP)
	$(BIN)/python -m pytest

test-thorough: $(STAMP)
	THOROUGH=1 $(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy omi_rules

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo 'omi-rules needs Python 3.11 or newer: install it, or name it as in: make demo PYTHON=/path/to/python3.11' >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(PYTHON) cannot be run, or is older than Python 3.11: name a newer one as in: make demo PYTHON=/path/to/python3.11' >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find omi_rules tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
