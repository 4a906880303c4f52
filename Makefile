# Two commands do everything on a machine with Python 3.11 to 3.13, git and make:
#   make refresh   installs, runs the main job on the real plans and published figures
#   make test      installs, runs the tests
.PHONY: help refresh test test-faults test-determinism test-nights test-spark test-spark-models up down demo bench bench-large fuzz install install-dev lint licences format types dbt check clean
.DEFAULT_GOAL := help

PYTHON ?= python3
UV := .tools/bin/uv
UV_VERSION := 0.13.9
RUN := $(UV) run --no-sync
# Nothing may be fetched but packages, and nothing may be sent out.
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(PYTHON)
# Behind a proxy that inspects TLS only the certificates of the system are right.
export UV_SYSTEM_CERTS := true
# Where Python may not write bytecode beside packages, every command would compile dbt and all else anew.
export UV_COMPILE_BYTECODE := 1
COMPILE := $(RUN) python -m compileall -q tiendo flows
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

MEASURE := PYTHONPATH=.:tests $(RUN) python -m benchmarks
DBT_HOME := $(CURDIR)/build/dbt
DBT_DAY := 2026-10-31
DATABASE := $(DBT_HOME)/data/warehouse/warehouse.duckdb
# dbt keeps its database locked; with a copy of the same name sqlfluff can run beside it.
LINT_DATABASE := $(CURDIR)/build/lint/warehouse.duckdb

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

refresh: install  ## install, run the main job on the real plans and published figures
	$(RUN) tiendo refresh
	$(RUN) tiendo status

# Two at a time, since one refresh keeps little more than one core busy; in the order of tests/conftest.py.
test: install-dev  ## install, run the tests
	$(RUN) pytest -n 2 --dist loadscope

# Its record lets an interrupted run be taken up again: make test-faults FAULTS="--record faults.jsonl"
test-faults: install-dev  ## kill and spoil a small home in some hundred ways: an hour on two cores
	PYTHONPATH=.:tests $(RUN) python -m faults $(FAULTS)

up: install  ## start the schedule with the Prefect server and UI on this machine, for a trial
	$(RUN) tiendo serve --background

down:  ## stop it
	$(RUN) tiendo serve --stop

demo: install  ## fill demo/ with a synthetic year and publish it
	$(RUN) tiendo demo --home demo
	$(RUN) tiendo refresh --home demo --as-of 2026-10-31 --known-at 2026-12-31T00:00+07:00
	$(RUN) tiendo status --home demo

install: $(UV)  ## install what running needs
	$(UV) sync --locked --no-dev --inexact --quiet
	@$(COMPILE)

install-dev: $(UV)  ## install what developing needs
	$(UV) sync --locked --quiet
	@$(COMPILE)

$(UV):
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

lint: install-dev dbt-home licences  ## ruff, sqlfluff, licences
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	TIENDO_DATABASE=$(LINT_DATABASE) $(RUN) sqlfluff lint dbt_project/models dbt_project/tests

# The list is pyproject.toml's; the reasons are in docs/security.md.
licences: install-dev  ## list the licence of every package, fail for one that is not allowed
	$(RUN) pip-licenses

format: install-dev  ## format Python
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

types: install-dev  ## pyright, strict on tiendo/
	$(RUN) pyright

# dbt and sqlfluff need the schema raw, Spark's comparison a few rows. The demo has files with faults: exit code 1.
.PHONY: dbt-home
dbt-home: install-dev
	test -e $(DBT_HOME)/data/raw/SYNTHETIC.md || $(RUN) tiendo demo --home $(DBT_HOME) --months 1 --dossiers 300 --provinces 66 > /dev/null
	$(RUN) tiendo refresh --home $(DBT_HOME) --as-of $(DBT_DAY) --known-at 2026-12-31T00:00+07:00 > /dev/null || test $$? = 1
	mkdir -p $(dir $(LINT_DATABASE))
	cp $(DATABASE) $(LINT_DATABASE)

# The refresh of dbt-home has built seeds and models and run the data tests: a refresh is a dbt build.
dbt: dbt-home  ## dbt on a small demo: seeds, models, data tests, then the unit tests
	TIENDO_DATABASE=$(DATABASE) $(RUN) dbt test --select test_type:unit --project-dir dbt_project --profiles-dir dbt_project --target-path $(DBT_HOME)/target --log-path $(DBT_HOME)/logs

bench: install-dev  ## time a hundredth of the workloads against other programs, readers, imports, the site of demo/
	$(RUN) python tests/benchmarks/bench_intake.py
	$(RUN) python tests/benchmarks/bench_refresh.py
	$(RUN) python tests/benchmarks/bench_site.py
	$(MEASURE) measure imports w1 w2 w5 --scale 0.01 --rounds 1 --out build/bench/small.json

# A part of it: make bench-large BENCH="w2 w4 --scale 0.1"
bench-large: install-dev  ## time the workloads in full, hours and 40 GB; writes docs/performance.md
	UV_PROJECT_ENVIRONMENT=build/bench/dlt $(UV) sync --locked --only-group bench --quiet
	$(MEASURE) measure $(BENCH) --folder build/bench --dlt build/bench/dlt/bin/python --out build/bench/large.json
	$(MEASURE) page build/bench/large.json --on $$(date +%F)

fuzz: install-dev  ## feed spoiled files to the readers for twenty minutes
	$(RUN) python tests/fuzz/fuzz_readers.py --minutes 20

test-determinism: install-dev  ## prove that releases depend on nothing but their inputs (ten minutes)
	$(RUN) python tests/integration/prove_determinism.py

# Seven minutes; in half a minute with NIGHTS=--light, which leaves out dbt and the checks.
test-nights: install-dev  ## live through a month of nights in which anything may happen
	PYTHONPATH=tests $(RUN) python tests/integration/live_through_nights.py $(NIGHTS)

# Half a gigabyte that nothing else needs: the next `make install-dev` takes it away again. SAMPLES="sample demo W1"
.PHONY: install-spark
install-spark: $(UV)
	@command -v java > /dev/null || { test "$$(id -u)" = 0 && apt-get update -qq \
		&& apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless > /dev/null; } \
		|| { echo "Spark needs Java: sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; }
	$(UV) sync --locked --group spark --quiet

test-spark: install-spark  ## install Java and Spark, prove that Spark gives the tables that DuckDB gives
	$(RUN) python tests/spark/compare_engines.py $(SAMPLES)

test-spark-models: dbt-home install-spark  ## the same in a minute: some models, each over what DuckDB made
	$(RUN) python tests/spark/compare_models.py $(DBT_HOME) $(DBT_DAY)

check: lint types dbt test  ## everything that .ci/run asks for

clean:  ## remove what can be built again; keeps releases
	rm -rf build .venv .tools data/warehouse
