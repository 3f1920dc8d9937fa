# Two commands matter: `make run` (a working assistant) and `make test` (everything that decides whether a change is good).
# .venv holds the serving set, .venv-dev everything; both come from the locks, with hashes.

export RASA_TELEMETRY_ENABLED := false
export OMP_NUM_THREADS := 1
export TOKENIZERS_PARALLELISM := false
# CUDA and TensorFlow have nothing to say here.
export TF_CPP_MIN_LOG_LEVEL := 3

BOOT_PYTHON ?= $(shell for p in python3.10 python3 python; do command -v $$p && break; done)
UV := $(shell command -v uv || echo .venv-uv/bin/uv)
PORT ?= 8080
SITE_PORT ?= 8081

.PHONY: run demo test lint types units bench lock clean

run: .venv/.ready ## set up all it needs and start
	.venv/bin/linkway serve --port $(PORT) --site-port $(SITE_PORT)

demo: .venv/.ready ## a month of invented life for the demo practices, and who can sign in to see it
	.venv/bin/linkway demo $(DEMO_ARGS)

test: .venv-dev/.ready lint types units ## everything that decides

lint: .venv-dev/.ready
	.venv-dev/bin/ruff check .

types: .venv-dev/.ready
	.venv-dev/bin/mypy

units: .venv-dev/.ready
	.venv-dev/bin/python -m pytest tests $(PYTEST_ARGS)

bench: .venv/.ready .venv-dev/.ready ## figures beside their peers; minutes to an hour, never part of the tests
	.venv-dev/bin/python -W ignore -m benchmarks.turn
	.venv-dev/bin/python -W ignore -m benchmarks.understanding --held-out t3
	.venv-dev/bin/python -W ignore -m benchmarks.safety --held-out t6
	.venv-dev/bin/python -W ignore -m benchmarks.search

.venv-uv/bin/uv:
	$(BOOT_PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip install -q uv

.venv/.ready: requirements.lock .python-version | $(UV)
	@echo "Setting up the serving environment"
	$(UV) venv -q --clear --python "$$(cat .python-version)" .venv
	$(UV) pip sync --python .venv requirements.lock
	$(UV) pip install -q --python .venv --no-deps --no-build-isolation -e .
	@touch $@

.venv-dev/.ready: requirements-dev.lock .python-version | $(UV)
	@echo "Setting up the full environment (several GB)"
	$(UV) venv -q --clear --python "$$(cat .python-version)" .venv-dev
	$(UV) pip sync -q --python .venv-dev requirements-dev.lock
	$(UV) pip install -q --python .venv-dev --no-deps --no-build-isolation -e .
	@touch $@

lock: | $(UV) ## after changing pyproject.toml
	$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.10 \
	  --override requirements-overrides.txt pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.10 \
	  --extra dev pyproject.toml -o requirements-dev.lock

clean: ## the environments and everything made at run time
	rm -rf .venv .venv-dev .venv-uv var
