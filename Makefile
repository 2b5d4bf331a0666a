# One command each: `make chat`, `make test`, `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt

.PHONY: chat build test check format clean

chat: $(VENV)/.installed
	@$(BIN)/qa chat

build: $(VENV)/.installed
	@$(BIN)/qa build

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest

check: $(VENV)/.installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) index dist .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.installed: pyproject.toml constraints.txt
	@sh scripts/preflight.sh "$(PYTHON)"
	@[ -x $(BIN)/python ] || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing into $(VENV). The first time this compiles llama-cpp-python,"
	@echo "which takes three to seven minutes."
	@$(PIP) -q -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests and checks need."
	@$(PIP) -q -e ".[dev]"
	@touch $@
