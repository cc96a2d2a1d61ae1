# 'make demo' and 'make test' do all set-up themselves: a virtual environment in .venv with the versions of constraints.txt.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first Python that kb runs on; 'make PYTHON=python3.12 ...' chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
TORCH := torch==2.13.0
TOPIC := What are the real-world risks and benefits of using synthetic data to train or fine-tune large language models? Focus on data quality, bias, and evaluation.

.PHONY: help demo test unit check format docs bench clean constraints

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: $(VENV)/.runtime ## Ingest corpus/, write a report, verify it, and say where it is
	@rm -rf .demo && mkdir .demo
	@# Exit code 3 (some sources failed) is right here: one file of the corpus is broken on purpose.
	@$(BIN)/kb --kb .demo/kb ingest corpus/ || [ $$? -eq 3 ]
	@echo && $(BIN)/kb --kb .demo/kb report "$(TOPIC)" --out .demo/report
	@echo && for report in .demo/report/*.json; do echo "kb verify $$report" && $(BIN)/kb --kb .demo/kb verify "$$report"; done
	@echo && echo "The report is in $(CURDIR)/.demo/report:" && ls .demo/report
	@echo "Ask on: $(BIN)/kb --kb .demo/kb ask 'Is model collapse inevitable?'"

test: $(VENV)/.dev ## Run all tests
	$(BIN)/python -m pytest

unit: $(VENV)/.dev ## Run the tests that need no models, servers, processes or real data
	$(BIN)/python -m pytest -m 'not slow'

check: $(VENV)/.dev ## Lint, types, layers, and whether the command reference is up to date
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

format: $(VENV)/.dev ## Format the code and mend what the linter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.dev ## Write docs/commands.md from the help texts
	$(BIN)/python docs/generate.py

bench: $(VENV)/.dev ## Run a measurement: make bench SCRIPT=bench/NAME.py ARGS='...'
	@if [ -z "$(SCRIPT)" ]; then echo "choose one: make bench SCRIPT=..." && ls bench/*.py; else $(BIN)/python $(SCRIPT) $(ARGS); fi

clean: ## Remove everything that make has made
	rm -rf $(VENV) .venv-constraints .demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find kb ingest queries tests docs bench -name __pycache__ -type d -prune -exec rm -rf {} +

constraints: ## Choose the newest versions again and write them to constraints.txt
	rm -rf .venv-constraints
	$(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/python -m pip install -qq --disable-pip-version-check $(TORCH)
	.venv-constraints/bin/python -m pip install -qq --disable-pip-version-check -e '.[dev]' $(TORCH)
	{ echo "# Exact versions of everything that kb and its tests need. Made by 'make constraints' in a fresh environment."; \
	.venv-constraints/bin/python -m pip freeze --exclude-editable | sed -E 's/^(torch==[0-9.]+).*/\1/' | \
	grep -viE '^(pip|setuptools|wheel|evidence-kb)\b'; } > constraints.new
	mv constraints.new constraints.txt
	rm -rf .venv-constraints

# torch goes in first and by its exact version: left to itself, pip may take a build with gigabytes for graphics cards.
$(VENV)/.torch: constraints.txt
	@[ -n "$(PYTHON)" ] || { echo "kb needs Python 3.11, 3.12 or 3.13 (make PYTHON=...)" >&2; exit 1; }
	@echo "setting up $(VENV) (a few minutes the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) $(TORCH)
	@touch $@

$(VENV)/.runtime: $(VENV)/.torch pyproject.toml
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.torch pyproject.toml
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.runtime
