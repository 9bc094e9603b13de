# Keli: make run shows it at work, make test proves it. Needs make and Python 3.11 or later, nothing else.

.DEFAULT_GOAL := help
.PHONY: help run test check bench docs clean

VENV   := .venv
BIN    := $(VENV)/bin
SAMPLE ?= sample-district
UNITS  ?= 20000
SEED   ?= 7

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

help:
	@echo "make run    make a synthetic sample district, run the line on it, print the headline"
	@echo "make test   all checks and all tests"
	@echo "make check  form, types, floors, house rules and docs, without the other tests"
	@echo "make docs   write the catalogue pages of docs/ anew"
	@echo "make bench  speed and memory of the account (benchmarks/README.md)"
	@echo "make clean  remove everything that make made"

# -- installation ------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@for candidate in python3.13 python3.12 python3.11 python3; do \
	    if $$candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	        echo "python       $$($$candidate --version)"; \
	        $$candidate -m venv $(VENV) && exit 0; \
	        rm -rf $(VENV); exit 1; \
	    fi; \
	done; \
	echo "No Python 3.11 or later with venv was found."; \
	echo "  looked for: python3.13, python3.12, python3.11, python3"; \
	echo "  example:    apt-get install python3 python3-venv    (Debian 12, Ubuntu 24.04 or later)"; \
	echo "  next:       install one, see that 'python3 --version' names it, then call make again."; \
	exit 1

# Installed anew only when the dependencies or their pins change; the code itself is linked, not copied.
$(VENV)/.ready-to-run: $(BIN)/python pyproject.toml constraints.txt
	@echo "install      keli and its dependencies, as pinned in constraints.txt (about 0.5 GB)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-to-test: $(BIN)/python pyproject.toml constraints.txt
	@echo "install      keli, its dependencies and the test tools, as pinned in constraints.txt (about 0.6 GB)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $(VENV)/.ready-to-run $@

# -- work --------------------------------------------------------------------------------------------------------------

$(SAMPLE)/keli.yaml: | $(VENV)/.ready-to-run
	@$(BIN)/keli new $(SAMPLE) --units $(UNITS) --seed $(SEED)

run: $(VENV)/.ready-to-run $(SAMPLE)/keli.yaml
	@$(BIN)/keli run $(SAMPLE)

# Rooms whose every branch is tested; the trace of coverage is too dear for the tests of whole stages.
EXACT := tests/base tests/methods tests/line/protect

test: check
	@echo "tests, every branch of base, methods and protection"
	@$(BIN)/python -m pytest -n 2 $(EXACT) --cov=keli.base --cov=keli.methods --cov=keli.line.protect --cov-fail-under=100 \
	    --cov-report=term-missing:skip-covered
	@echo "tests"
	@$(BIN)/python -m pytest -n 2 tests $(EXACT:%=--ignore=%) --ignore=tests/house

check: $(VENV)/.ready-to-test
	@echo "form";   $(BIN)/ruff format --check .
	@echo "rules";  $(BIN)/ruff check .
	@echo "types";  $(BIN)/mypy
	@echo "floors"; $(BIN)/lint-imports --no-logo
	@echo "yaml";   $(BIN)/yamllint --strict .
	@echo "house";  $(BIN)/python -m pytest tests/house

docs: $(VENV)/.ready-to-run
	@$(BIN)/python docs/write_catalogue_pages.py

bench: $(VENV)/.ready-to-test
	@$(BIN)/python benchmarks/account.py 1000000 10000000

clean:
	@rm -rf $(VENV) $(SAMPLE) .$(SAMPLE).partial .artifacts .cache .mypy_cache .ruff_cache .pytest_cache \
	    .import_linter_cache .hypothesis .coverage build dist
	@find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
