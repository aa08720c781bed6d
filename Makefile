# The commands of this project; each is safe to repeat. GNU make and any POSIX shell.
PYTHON ?= python3
# More arguments for pytest or the benchmark: make test ARGS="tests/llm -x"
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
# Made when everything is installed, so that a second call finds nothing to do and needs no network.
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

export PYTHONUNBUFFERED := 1
# Where somebody has turned it off, each of the many processes that tests start compiles all modules again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install browser demo test check cov bench build constraints clean
.DELETE_ON_ERROR:

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-17s  %s\n' "$$name" "$$text"; done

install: $(DEVELOPMENT) ## Make .venv with the package, its dependencies and the tools

browser: $(RUNTIME) ## Install a Chromium unless there is one
	@$(BIN)/webhand install >/dev/null

demo: browser ## Watch an agent buy something in a small shop, without a key or a network
	@$(BIN)/webhand demo $(ARGS)

# One browser per worker, held by fixtures of the session: work may move between workers at any time.
test: install browser ## Run all tests
	@$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

check: install ## Lint, format, types and layers; runs all, fails if any fails
	@failed=; \
	for step in 'ruff check .' 'ruff format --check .' 'basedpyright' 'lint-imports --no-cache'; do \
		echo "== $$step"; \
		$(BIN)/$$step || failed="$$failed [$$step]"; \
	done; \
	test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

cov: install browser ## Run all tests and list the lines that none reaches
	@$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term-missing:skip-covered $(ARGS)

bench: install browser ## Run the benchmark
	@$(BIN)/python benchmarks/run.py $(ARGS)

build: install ## Build sdist and wheel into dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation

constraints: install ## Write the versions installed now into constraints.txt
	@$(BIN)/python -m pip list --format=freeze --exclude webhand --exclude pip --exclude setuptools --exclude wheel \
		> $(VENV)/.versions
	@LC_ALL=C sort $(VENV)/.versions > constraints.txt
	@touch $(RUNTIME) && touch $(DEVELOPMENT)
	@echo "$$(wc -l < constraints.txt) versions"

clean: ## Remove what building and testing leave; keeps .venv
	@rm -rf dist build .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo 'error: $(PYTHON) was not found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $$($(PYTHON) --version) is too old; name a Python of 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'error: $(PYTHON) cannot make environments; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@echo 'making $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)

# Groups of dependencies need pip 25.1, and Python may bring an older one.
$(RUNTIME): $(BIN)/python pyproject.toml constraints.txt
	@echo 'installing webhand and its dependencies'
	@$(BIN)/python -c 'import sys, pip; sys.exit(tuple(map(int, pip.__version__.split(".")[:2])) < (25, 1))' || \
		$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo 'installing the tools for development'
	@$(PIP) install --constraint constraints.txt --group dev
	@touch $@
