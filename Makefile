# One command each: `make chat`, `make quick`, `make check`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt

# Of llama.cpp what Python loads, less than half of its files: neither what its own
# tools share nor what reads pictures. The user's own CMAKE_ARGS come after and win.
LLAMA := -DLLAVA_BUILD=OFF -DCMAKE_PROJECT_llama_cpp_INCLUDE='$(CURDIR)/scripts/llama.cmake'

# Rooms whose tests take no model, browser or network.
QUICK := language question verification retrieval answering evaluation wiring
COMMA := ,
SPACE := $(subst ,, )

# Two processes, half of the tests each, in order; the one that is done first takes over
# half of what the other has left. Tests of a file share what they set up: most stay together.
PARALLEL := -n 2 --dist worksteal -m "not alone"

# Tests of what the extras `scale` and `ocr` bring.
OF_EXTRAS := index/test_store_contract.py index/test_shared.py lab/test_bench_shared.py workers \
	documents/test_pictures.py

.PHONY: chat build quick check test test-extras format clean

chat: $(VENV)/.installed
	@$(BIN)/qa chat

build: $(VENV)/.installed
	@$(BIN)/qa build

quick: $(VENV)/.installed-dev
	@HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -m "not real and not browser" $(QUICK:%=tests/%)

check: $(VENV)/.installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

# Coverage is that of the quick rooms by their own tests: tracing all tests would add
# a third to their time, and those of models, processes and pages run mostly elsewhere.
test: $(VENV)/.installed-dev
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest $(PARALLEL) $(QUICK:%=tests/%)
	@$(BIN)/coverage combine -q
	@$(BIN)/python -m pytest $(PARALLEL) $(QUICK:%=--ignore=tests/%)
	@$(BIN)/python -m pytest -m alone
	@$(BIN)/coverage report --include="$(subst $(SPACE),$(COMMA),$(QUICK:%=qa/%/*))"

# After `test`, which also tells how the product does without them.
test-extras: $(VENV)/.installed-extras
	@SKIPPED_TESTS=failed $(BIN)/python -m pytest $(PARALLEL) $(OF_EXTRAS:%=tests/%) -k "not without_the_extra"

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .coverage .coverage.*
	find index -mindepth 1 ! -name README.md -delete

$(VENV)/.installed: pyproject.toml constraints.txt
	@sh scripts/preflight.sh "$(PYTHON)"
	@[ -x $(BIN)/python ] || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing into $(VENV). The first time this compiles llama-cpp-python,"
	@echo "which takes three to seven minutes."
	@CMAKE_ARGS="$(LLAMA) $$CMAKE_ARGS" $(PIP) -q -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests and checks need."
	@$(PIP) -q -e ".[dev]"
	@touch $@

$(VENV)/.installed-extras: $(VENV)/.installed-dev
	@echo "Installing the extras and an S3 server to test them with."
	@$(PIP) -q -e ".[scale,ocr]" "moto[server,s3]"
	@touch $@
