# One command equals CI. Every target sets up what it needs; only Python 3.11, pip and make are required.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Zone data comes from the tzdata package, never from the machine.
export PYTHONTZPATH =

# Our programs start hundreds of times in the tests; without this they are compiled again each time where the machine asks
# Python to write no bytecode.
unexport PYTHONDONTWRITEBYTECODE

# Processes that share the tests, each with servers of its own. More than the processors: most tests wait for servers.
WORKERS ?= 4
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist load
# Tests that wait for nothing: a process for each processor, as one more would only collect them once more.
QUICK := $(BIN)/pytest -n logical --dist load

# What the properties share in `make fuzz`; collecting, starting servers and the last example of each come on top.
FUZZ_SECONDS ?= 420

.DEFAULT_GOAL := help
.PHONY: help setup lint check coverage test demo bench chaos fuzz screenshots format pins clean

help:
	@echo "make demo    play real tickets on real servers (ARGS=--exit: exit when done)"
	@echo "make test    run all tests: unit, workflow, replay, integration, end to end"
	@echo "make check   run the quick gate: make lint, then the quick unit tests"
	@echo "make coverage  run the tests of the pure core; list the lines and branches that they miss, and fail if there are any"
	@echo "make lint    check format, lint, types and import contracts"
	@echo "make bench   measure cost and speed against a bare workflow; takes minutes"
	@echo "make chaos   kill workers and cut connections during a run, then judge the result; takes minutes"
	@echo "make setup   create the virtual environment with the command $(BIN)/escalations"
	@echo "make fuzz    try new examples of the property tests for 8 minutes (FUZZ_SECONDS=60 for less, ARGS=tests/unit/delivery for one folder)"
	@echo "make screenshots  live a case in a browser, and renew the pictures in docs/images; needs Chromium"
	@echo "make format  format the code"
	@echo "make pins    update the pinned dependencies after an edit of pyproject.toml (ARGS=--upgrade for newer releases)"
	@echo "make clean   remove everything the other targets created"

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it: make setup PYTHON=/path/to/python"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint
	$(QUICK) -q -m "not slow" tests/unit tests/replay

# Tests marked `core` are the same in every run; what they do not reach of the pure core is listed, and fails the gate.
coverage: setup
	$(QUICK) -q -m core --cov --cov-report=term tests/unit

test: lint coverage
	$(PYTEST) -m "not core" $(ARGS)

demo: setup
	$(BIN)/python -m examples.demo $(ARGS)

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)

chaos: setup
	$(BIN)/python -m tests.chaos $(ARGS)

fuzz: setup
	$(BIN)/pytest -q -m fuzz --fuzz-seconds=$(FUZZ_SECONDS) --timeout=900 $(ARGS)

screenshots: setup
	$(BIN)/python -m tests.screenshots

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Extras are part of a pin, or pip looks for another release of what it has already (tests/unit/test_requirements.py).
PIN = $(BIN)/uv pip compile --quiet pyproject.toml --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-strip-extras

pins: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(PIN) --extra apprise --extra embedded --extra http --group dev --output-file requirements/dev.txt $(ARGS)
	$(PIN) --extra http --constraint requirements/dev.txt --output-file requirements/runtime.txt

clean:
	rm -rf $(VENV) .escalations build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
