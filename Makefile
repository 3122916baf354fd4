SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
PY = "$(VENV)/bin/python"
UV = "$(VENV)/bin/uv"
NPM = $(PY) -m web.build npm
UV_VERSION := 0.13.9
# Trust the certificates that this machine trusts, where it has any; otherwise those that uv brings.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif
# The universal lock says the same for every Python and machine, and names no address.
COMPILE = $(UV) pip compile -q --generate-hashes --universal --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links

.PHONY: help
help: ## Say what can be done here
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: set-up
set-up: ## Make the virtual environment (once; again only when tools/requirements-dev.txt changes)
	@is_new_enough() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
	stamp="$$(sha256sum < tools/requirements-dev.txt) uv $(UV_VERSION)"
	if [ "$$(cat "$(VENV)/.set-up" 2>/dev/null)" = "$$stamp" ] && is_new_enough $(PY); then exit 0; fi
	python=
	for name in "$${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14 python; do
		if is_new_enough "$$name"; then python=$$name; break; fi
	done
	if [ -z "$$python" ]; then
		echo "Python 3.11 or newer is needed, and none was found. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2
		exit 1
	fi
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then
		echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2
		exit 1
	fi
	echo "Setting up in $(VENV) (once, a minute or two) ..."
	if ! is_new_enough $(PY); then "$$python" -m venv --clear "$(VENV)"; fi
	if [ ! -w "$${HOME:-/nonexistent}" ]; then export UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1; fi
	$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) pip sync --quiet --require-hashes --python $(PY) tools/requirements-dev.txt
	printf '%s' "$$stamp" > "$(VENV)/.set-up"

.PHONY: run
run: set-up ## Start everything: database, store, analysis server, API server (PORT, ANALYSIS_PORT)
	@exec $(PY) -m local

.PHONY: demo
demo: set-up ## Send a recording through the whole service and show its scores
	@exec $(PY) -m local.demo

.PHONY: test
test: set-up ## Run every test, on real servers; the page's components, too (TEST_REDIS=1: all API servers over Redis)
	$(NPM) test
	$(PY) -m pytest

.PHONY: e2e
e2e: set-up ## Use the page in a real browser with a microphone; keeps pictures in .data/e2e (E2E)
	$(PY) -m web.build sizes
	$(PY) -m pytest tests/e2e $(E2E)

.PHONY: chaos
chaos: set-up ## Kill, restart and stall every server under load, count what became of the jobs; ≤ 10 minutes (CHAOS)
	$(PY) -m tools.chaos $(CHAOS)

.PHONY: test-cluster
test-cluster: set-up ## The same for a cluster over Redis: two API servers behind a proxy, workers of both kinds (CHAOS)
	$(PY) -m tools.chaos --cluster --rounds 1 $(CHAOS)

.PHONY: set-up-eval
set-up-eval: set-up
	stamp="$$(cat tools/requirements-dev.txt analysis/eval/requirements.txt | sha256sum)"
	if [ "$$(cat "$(VENV)/.set-up-eval" 2>/dev/null)" = "$$stamp" ]; then exit 0; fi
	echo "Adding what the evaluation needs (once) ..."
	$(UV) pip install -q --require-hashes -r analysis/eval/requirements.txt
	echo "$$stamp" > "$(VENV)/.set-up-eval"

.PHONY: eval
eval: set-up-eval ## Measure the judgement, write docs/evaluation.md; fails below a floor (EVAL_PROCESSES)
	$(PY) -m analysis.eval --processes "$${EVAL_PROCESSES:-2}"

.PHONY: fit
fit: set-up-eval ## Fit the second vote on rendered voices, anew (a quarter of an hour)
	$(PY) -m analysis.eval.fit

.PHONY: fuzz
fuzz: set-up ## Attack our own servers, and print what it did (FUZZ="audio --seed 2" for a part)
	$(PY) -m tools.fuzz $(FUZZ)

.PHONY: check
check: set-up ## Format, lint, types, import direction, migrations, docs/openapi.json, the page, known vulnerabilities
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	$(PY) -m tools.lint_imports
	$(PY) -m tools.lint_prose
	$(PY) -m pytest -q tests/test_architecture.py tests/routers/test_openapi.py tests/core/test_migrations.py
	$(NPM) run check
	$(PY) -m web.build sizes
	$(PY) -m tools.audit_dependencies

.PHONY: format
format: set-up ## Format the code and repair what the linter can
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	$(NPM) run format

.PHONY: openapi
openapi: set-up ## Write docs/openapi.json, docs/errors.md, docs/result.schema.json and the page's client from the code
	$(PY) -m tools.export_openapi
	$(PY) -m tools.error_catalogue
	$(PY) -m analysis.contract
	$(NPM) run api

.PHONY: web-dev
web-dev: set-up ## The page on port 3000, live while you edit web/, in front of a running service (YOUSYNC_API)
	$(NPM) run dev

.PHONY: bench
bench: set-up ## Measure the service beside its baselines, write docs/performance.md (BENCH="uploads --quick" for a part)
	$(PY) -m tools.bench $(BENCH)

.PHONY: bench-analysis
bench-analysis: set-up ## Measure the analysis engine: CPU by stage, memory, lines per minute
	$(PY) -m analysis.bench

.PHONY: simulate
simulate: set-up ## Simulate the analysis queue: waiting times by number of workers (SIMULATE="--learners 50000")
	$(PY) -m tools.bench.simulate $(SIMULATE)

.PHONY: cost
cost: set-up ## Reckon what a month costs by part, with the prices in tools/bench/cost.toml (COST="--learners 50000")
	$(PY) -m tools.bench.cost $(COST)

.PHONY: lock
lock: set-up ## Pin the newest releases of everything named in the requirements*.in
	$(COMPILE) tools/requirements-dev.in -o tools/requirements-dev.txt
	$(COMPILE) -c tools/requirements-dev.txt analysis/eval/requirements.in -o analysis/eval/requirements.txt
	$(COMPILE) -c tools/requirements-dev.txt requirements.in -o requirements.txt
	$(COMPILE) -c tools/requirements-dev.txt analysis/requirements.in -o analysis/requirements.txt

.PHONY: clean
clean: ## Remove the virtual environment and caches (the data in .data stay)
	rm -rf "$(VENV)" web/node_modules web/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
