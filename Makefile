# Lactoscope. `make` lists what can be done.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PORT   ?= 8501
DEMO   := data/demo/store.duckdb

.DEFAULT_GOAL := help
.PHONY: help run demo test check format

help: ## List the commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

$(READY): requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

# A store of an older layout cannot be read, so it is made anew.
$(DEMO): $(READY) pipelines/store/layout.py
	$(BIN)/python -m pipelines demo

run: $(READY) $(DEMO) ## Open the dashboard (PORT=8501), on a synthetic study until data are added
	STREAMLIT_SERVER_PORT=$${STREAMLIT_SERVER_PORT:-$(PORT)} $(BIN)/python -m streamlit run dashboard/app.py

demo: $(READY) ## Make the synthetic study anew
	$(BIN)/python -m pipelines demo

check: $(READY) ## Lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(READY) check ## Checks and all tests; the browser tests need chromium
	$(BIN)/python -m pytest

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
