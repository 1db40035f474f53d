# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
SEED   ?= 0..100
# mypy and import-linter cannot follow the mapping of folders to import names: they get a tree of links that has them.
LINKS  := $(VENV)/links
# What the benchmarks of the stream run: the core compiled to C, as in the image, or the source (CORE=interpreted).
CORE   ?= compiled
ifeq ($(CORE),compiled)
BUILT_CORE := $(VENV)/compiled/.ready
AS_BUILT   := PYTHONPATH=$(CURDIR)/$(VENV)/compiled
endif
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
           --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo up test simulate train gold bench bench-latency bench-scale bench-startup bench-profile sizing bench-extract bench-fold bench-recovery bench-hot-city basemap screenshots check lint links \
        types imports format chaos load soak failover audit fuzz schemas reference lock clean

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## run the main job on a real Kafka with the articles in seeds/ (ARGS=--once: and stop by itself)
	@$(BIN)/muster demo --data-dir .muster/demo seeds/articles $(ARGS)

up: $(VENV)/.runtime ## broker, topics, the three roles and /metrics
	@$(BIN)/muster up $(ARGS)

test: $(VENV)/.dev check ## all checks and tests
	$(BIN)/python -m pytest $(ARGS)

simulate: $(VENV)/.dev ## run the stream under faults and recount its totals (SEED=7 or SEED=0..2000)
	@$(BIN)/python -m tests.simulation $(SEED)

check: lint types imports ## the checks that need no tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

links: $(VENV)/.dev
	@rm -rf $(LINKS) && mkdir -p $(LINKS)/muster
	@ln -s $(CURDIR)/streams/* $(CURDIR)/schemas $(LINKS)/muster/

types: links
	MYPYPATH=$(LINKS) $(BIN)/mypy -p muster

imports: links
	PYTHONPATH=$(LINKS) $(BIN)/lint-imports

format: $(VENV)/.dev ## format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: $(VENV)/.dev ## learn the weights of extraction from the annotated articles
	@$(BIN)/python -m tests.gold.train

gold: $(VENV)/.dev ## score extraction on the annotated articles, cross-validated
	@$(BIN)/python -m tests.gold.measure $(ARGS)

chaos: $(VENV)/.dev ## kill, pause and starve a stream for minutes, then look for anything lost (ARGS="--seed 2 --seconds 60")
	@$(BIN)/python -m tests.chaos.run $(ARGS)

load: $(VENV)/.dev ## put loads on a stream: backlog, bursts, hot keys, large articles (ARGS="--scale 0.05" for a quick look)
	@$(BIN)/python -m tests.load $(ARGS)

soak: $(VENV)/.dev ## twenty minutes of traffic and rebalances: does anything grow? (ARGS="--minutes 2")
	@$(BIN)/python -m tests.load.soak $(ARGS)

bench: $(VENV)/bench/.ready $(BUILT_CORE) ## time the extract role beside its peers, 25 minutes (ARGS="--rounds 1 --seconds 5" for a quick look; CORE=interpreted)
	@$(AS_BUILT) $(VENV)/bench/bin/python -m tests.bench.streams $(ARGS)

bench-latency: $(VENV)/.dev $(BUILT_CORE) ## milliseconds from an article to its city's total at 100, 1,000 and 5,000 articles a second (ARGS="--rate 200")
	@$(AS_BUILT) $(BIN)/python -m tests.bench.streams.latency $(ARGS)

bench-scale: $(VENV)/.dev $(BUILT_CORE) ## what an article costs among 10,000 to 2,000,000, on 1 to 64 partitions, for 2 workers (ARGS="--articles 10000")
	@$(AS_BUILT) $(BIN)/python -m tests.bench.streams.scale $(ARGS)

bench-startup: $(VENV)/.dev $(BUILT_CORE) ## seconds until a worker is ready (ARGS="--rounds 1")
	@$(AS_BUILT) $(BIN)/python -m tests.bench.streams.startup $(ARGS)

bench-profile: $(VENV)/bench/.ready ## where an extract worker's time goes; as root on most systems (ARGS="--seconds 5 --articles 300000")
	@$(VENV)/bench/bin/python -m tests.bench.streams.profile $(ARGS)

sizing: $(VENV)/.dev ## what a cluster needs, from what was measured, into docs/sizing.md (ARGS="--help")
	@$(BIN)/python -m tests.bench.sizing $(ARGS)

failover: $(VENV)/.dev ## seconds of silence when a worker is stopped or dies
	@$(BIN)/python -m tests.load.failover $(ARGS)

bench-extract: $(VENV)/.dev ## articles a second, memory, and time against length (ARGS=--keep: and into docs/bench)
	@$(BIN)/python -m tests.bench.extract_speed $(ARGS)

bench-fold: $(VENV)/.dev ## memory and speed of the fold role (ARGS="REPORTS CITIES turns"; a million takes many minutes)
	@$(BIN)/python -m tests.bench.fold_memory $(ARGS)

compiled: $(VENV)/compiled/.ready ## compile the core to C, see that it reads as its source does, and time both (needs gcc; minutes)
	@$(BIN)/python -m tests.bench.compiled $(VENV)/compiled

$(VENV)/compiled/.ready: $(VENV)/.dev setup.py $(wildcard streams/core/*.py streams/core/lexicon/*.py)
	@echo "Compiling the core into $(VENV)/compiled (some minutes)"
	@rm -rf $(VENV)/compiled
	@MUSTER_COMPILE=1 $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --target $(VENV)/compiled .
	@# All but the core is the checkout's, so that only a change of the core has it compiled again.
	@cd $(VENV)/compiled/muster && rm -rf data schemas shell && \
	  ln -s $(CURDIR)/streams/data $(CURDIR)/schemas $(CURDIR)/streams/shell .
	@touch $@

basemap: $(VENV)/.dev ## make the base map of the page from the npm package world-atlas (needs npm)
	@mkdir -p build && cd build && npm pack --silent world-atlas@2.0.2 >/dev/null && tar xzf world-atlas-2.0.2.tgz
	@$(BIN)/python -m tests.page.make_world build/package/countries-50m.json

screenshots: $(VENV)/.dev ## take the pictures of the page in docs/images (needs chromium)
	@$(BIN)/python -m tests.page.screenshots

fuzz: $(VENV)/.dev ## throw 100,000 hostile inputs at every parser (ARGS="--inputs 5000 --seed 7"; minutes)
	@$(BIN)/python -m tests.fuzz $(ARGS)

audit: $(VENV)/audit/bin/pip-audit ## look the locked packages up among known vulnerabilities (asks a service on the network)
	@$(BIN)/python tests/audit.py $<

bench-recovery: $(VENV)/.dev ## how long a fold worker needs to get its table back from Kafka (ARGS="ROWS CITIES")
	@$(BIN)/python -m tests.bench.recovery $(ARGS)

bench-hot-city: $(VENV)/.dev ## what one more report costs in a city of 100, 1,000 and 10,000
	@$(BIN)/python -m tests.bench.hot_city

schemas: $(VENV)/.dev ## generate JSON Schema, AsyncAPI and docs/api/asyncapi.md from the contracts
	$(BIN)/python -m muster.schemas.generate

lock: ## resolve pyproject.toml into the lock files, with hashes, for every Python from 3.11 on (needs uv)
	echo 'setuptools>=77' | $(COMPILE) pyproject.toml --extra broker - -o requirements.lock
	echo 'setuptools>=77' | $(COMPILE) pyproject.toml --extra otel - -c requirements.lock -o requirements-image.lock
	$(COMPILE) --group dev -c requirements.lock -c requirements-image.lock -o requirements-dev.lock
	echo 'setuptools>=77' | $(COMPILE) --group compile -c requirements.lock -c requirements-dev.lock - -o requirements-compile.lock
	echo 'setuptools>=77' | $(COMPILE) pyproject.toml --extra broker --group bench - -o requirements-bench.lock

reference: $(VENV)/.dev ## generate docs/reference.md and docs/api/openapi.md from the code
	$(BIN)/python -m muster.shell.reference > docs/reference.md
	$(BIN)/python -m muster.shell.api.openapi_page > docs/api/openapi.md

clean: ## remove what the targets above made
	rm -rf $(VENV) .muster build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Muster needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml setup.py | $(VENV)/bin/python
	@echo "Installing Muster and what it needs into $(VENV) (once; about 420 MB on disk)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the tools of the tests into $(VENV) (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/bench/.ready: requirements-bench.lock | $(VENV)/bin/python
	@echo "Installing Muster and its peers into $(VENV)/bench (once)"
	@$(PYTHON) -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@$(VENV)/bench/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Apart from the tests' own packages: it brings many of its own.
$(VENV)/audit/bin/pip-audit: | $(VENV)/bin/python
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip install -q --disable-pip-version-check pip-audit==2.10.1
