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
help: ## Start · List all targets
	@for group in Start Test Measure Maintain; do
		printf '%s\n' "$$group"
		awk -F " ## $$group · " 'NF == 2 { sub(/:.*/, "", $$1); printf "  make %-15s %s\n", $$1, $$2 }' Makefile
	done

.PHONY: set-up
set-up: ## Start · Create the virtual environment; repeated after an interruption and after tools/requirements-dev.txt changed
	@VENV="$(VENV)" tools/set_up $(UV_VERSION)

.PHONY: run
run: set-up ## Start · Start everything: database, store, analysis server, API server, page (PORT, ANALYSIS_PORT)
	@exec $(PY) -m local

.PHONY: demo
demo: set-up ## Start · Send a recording through the whole service and print its scores
	@exec $(PY) -m local.demo

# More workers than cores, since tests wait for servers much of the time. Each keeps a module, and the servers of it.
TEST_WORKERS ?= 3
PARALLEL = -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: test
test: set-up ## Test · Run all tests on real servers, and those of the page (TEST_WORKERS; TEST_REDIS=1: all with a broker)
	@$(PY) -m web.build
	$(MAKE) --jobs 2 test-page test-servers

.PHONY: test-page test-servers
test-page: set-up
	$(NPM) test

test-servers: set-up
	$(PY) -m pytest $(PARALLEL)

.PHONY: test-quick
test-quick: set-up ## Test · Run the tests that start no server and load no model: within a minute
	$(PY) -m pytest $(PARALLEL) -n 2 -m "not server and not model"

.PHONY: e2e
e2e: set-up ## Test · Use the page in a real browser with a microphone; screenshots in .data/e2e (E2E)
	$(PY) -m web.build sizes
	$(PY) -m pytest tests/e2e $(E2E)

.PHONY: chaos
chaos: set-up ## Test · Break servers, network, clocks and disks under load and count lost jobs; 10 minutes (CHAOS="--jobs 1000": more)
	$(PY) -m tools.chaos $(CHAOS)

.PHONY: test-cluster
test-cluster: set-up ## Test · Do the same to a cluster: a broker, two API servers, workers of both kinds (CHAOS)
	$(PY) -m tools.chaos --cluster --rounds 1 $(CHAOS)

.PHONY: soak
soak: set-up ## Measure · Load the servers lightly for two hours; fails when memory or descriptors grow (SOAK="--hours 1 --csv FILE")
	$(PY) -m tools.chaos.soak $(SOAK)

.PHONY: set-up-eval
set-up-eval: set-up ## Measure · Add the packages of the evaluation (eval and fit do it themselves)
	stamp="$$(cat tools/requirements-dev.txt analysis/eval/requirements.txt | sha256sum)"
	if [ "$$(cat "$(VENV)/.set-up-eval" 2>/dev/null)" = "$$stamp" ]; then exit 0; fi
	echo "Adding what the evaluation needs (once) ..."
	if ! $(UV) pip install -q --require-hashes -r analysis/eval/requirements.txt; then
		echo "The packages of the evaluation could not be installed: check the internet connection, then repeat this." >&2
		exit 1
	fi
	echo "$$stamp" > "$(VENV)/.set-up-eval"

.PHONY: eval
eval: set-up-eval ## Measure · Measure the accuracy, write docs/evaluation.md; fails below a floor (EVAL_PROCESSES, CORPUS=FOLDER)
	$(PY) -m analysis.eval --processes "$${EVAL_PROCESSES:-2}" $(EVAL) \
		$(if $(CORPUS),--corpus "$(CORPUS)") $(if $(SET),--set "$(SET)")

.PHONY: fit
fit: set-up-eval ## Measure · Fit the rescoring network again on rendered voices; 15 minutes (FIT="--language en")
	$(PY) -m analysis.eval.fit $(FIT)

.PHONY: fit-rating
fit-rating: set-up-eval ## Measure · Fit the rating model on rated learners; long (CORPUS=FOLDER, FIT="--folds" measures unseen speakers)
	$(PY) -m analysis.eval.fit_rating $(if $(CORPUS),$(CORPUS),$(error CORPUS=FOLDER names rated learners)) $(FIT)

.PHONY: field
field: set-up ## Test · Try inputs of the field on the service; FIELD=FOLDER has expected.json and lines.tsv (PART=recordings)
	@$(PY) -m tools.field $(if $(FIELD),"$(FIELD)") $(if $(PART),--part "$(PART)")

.PHONY: test-clients
test-clients: set-up ## Test · Try clients of others on a running service: uploads, streams, webhooks; 4 minutes (CLIENTS="--only upload")
	$(PY) -m tools.clients $(CLIENTS)

.PHONY: fuzz
fuzz: set-up ## Test · Attack our own servers and print the findings (FUZZ="audio --seed 2" for a part)
	$(PY) -m tools.fuzz $(FUZZ)

.PHONY: check
check: set-up ## Test · Check format, lint, types, imports, prose, migrations, generated files, known vulnerabilities
	@$(MAKE) --jobs 2 --output-sync=target check-python check-page check-dependencies

# AUDIT=--strict fails as well where no advisories can be reached.
.PHONY: check-python check-page check-dependencies
check-python: set-up
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	$(PY) -m tools.lint_imports
	$(PY) -m tools.lint_prose
	$(PY) -m tools.python_client --check
	$(PY) -m pytest -q tests/test_architecture.py tests/routers/test_openapi.py tests/core/test_migrations.py

check-page: set-up
	$(NPM) run check
	$(PY) -m web.build sizes

check-dependencies: set-up
	$(PY) -m tools.audit_dependencies $(AUDIT)

.PHONY: format
format: set-up ## Maintain · Format the code and fix what the linters can fix
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	$(NPM) run format

.PHONY: openapi
openapi: set-up ## Maintain · Write openapi.json, errors.md and the result's schema in docs/, both clients, .env.example
	$(PY) -m tools.export_openapi
	$(PY) -m tools.error_catalogue
	$(PY) -m tools.env_example
	$(PY) -m analysis.contract
	$(PY) -m tools.python_client
	$(NPM) run api

.PHONY: web-dev
web-dev: set-up ## Start · Serve the page on port 3000 with live reload, in front of a running service (YOUSYNC_API)
	$(NPM) run dev

.PHONY: bench
bench: set-up ## Measure · Compare the service with its baselines, write docs/performance.md (BENCH="uploads --quick")
	$(PY) -m tools.bench $(BENCH)

.PHONY: bench-web
bench-web: set-up ## Measure · Compare the page with the one of an earlier commit in a browser; 30 minutes (BENCH_WEB="--base COMMIT --quick")
	$(PY) -m tools.bench.web $(BENCH_WEB)

.PHONY: bench-analysis
bench-analysis: set-up ## Measure · Measure the analysis engine: CPU by stage, memory, lines per minute
	$(PY) -m analysis.bench

.PHONY: simulate
simulate: set-up ## Measure · Simulate the analysis queue: waiting times by number of workers (SIMULATE="--learners 50000")
	$(PY) -m tools.bench.simulate $(SIMULATE)

.PHONY: cost
cost: set-up ## Measure · Compute the monthly cost of each part from tools/bench/cost.toml (COST="--learners 50000")
	$(PY) -m tools.bench.cost $(COST)

.PHONY: lock
lock: set-up ## Maintain · Pin the newest releases of everything named in the requirements*.in
	$(COMPILE) tools/requirements-dev.in -o tools/requirements-dev.txt
	$(COMPILE) -c tools/requirements-dev.txt analysis/eval/requirements.in -o analysis/eval/requirements.txt
	$(COMPILE) -c tools/requirements-dev.txt requirements.in -o requirements.txt
	$(COMPILE) -c tools/requirements-dev.txt analysis/requirements.in -o analysis/requirements.txt
	$(COMPILE) -c tools/requirements-dev.txt tools/clients/requirements.in -o tools/clients/requirements.txt

.PHONY: bill
bill: set-up ## Maintain · Write the bills of materials (CycloneDX) of both images and the page into .data/bills (BILL=FOLDER)
	$(PY) -m tools.bill_of_materials $(if $(BILL),"$(BILL)",.data/bills)

.PHONY: pictures
pictures: set-up ## Maintain · Take the pictures of the READMEs and of docs/curating.md in a real browser; 3 minutes
	$(PY) -m web.build
	$(PY) -m tools.pictures

.PHONY: clean
clean: ## Maintain · Remove the virtual environment and caches; the data in .data stay
	rm -rf "$(VENV)" web/node_modules web/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
