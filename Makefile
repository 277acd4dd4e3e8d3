# Two commands for a bare machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := demo

.PHONY: demo test lint types check clean

demo: $(VENV)/.installed  ## builds a graph from examples/articles/ and shows what it found
	@rm -rf $(DEMO)
	@echo; echo '$$ kg build examples/articles --graph $(DEMO)/graph'
	@$(BIN)/kg build examples/articles --graph $(DEMO)/graph
	@echo; echo '$$ kg query entities-by-articles --graph $(DEMO)/graph'
	@$(BIN)/kg query entities-by-articles --graph $(DEMO)/graph
	@echo; echo '$$ kg query timeline --graph $(DEMO)/graph'
	@$(BIN)/kg query timeline --graph $(DEMO)/graph
	@echo; echo '$$ kg query who-met-whom --graph $(DEMO)/graph'
	@$(BIN)/kg query who-met-whom --graph $(DEMO)/graph
	@$(BIN)/kg export --graph $(DEMO)/graph -o $(DEMO)/news.ttl
	@echo; echo 'The graph as Turtle: $(DEMO)/news.ttl'
	@echo 'Ask it more: $(BIN)/kg queries; serve it: $(BIN)/kg serve --graph $(DEMO)/graph'

test: lint types  ## everything that a change must pass
	@$(BIN)/python -m pytest

lint: $(VENV)/.developed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.developed
	@$(BIN)/mypy

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is older or missing."; \
	    echo "Install it, or say which one to use: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "The environment could not be made: this Python has no venv module."; \
	    echo "On Debian and Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@echo "Installing into $(VENV) (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

clean:  ## removes what the commands made
	rm -rf $(VENV) $(DEMO) .pytest_cache .mypy_cache .ruff_cache build dist
