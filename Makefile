# Sightline. `make run` is all that a newcomer needs; everything below lives in .venv, node_modules, .setup and data.
PY := .venv/bin/python
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# A file stays in one process: its tests share a site whose start takes ten seconds.
PYTEST := $(PY) -m pytest -n $(CORES) --dist loadfile --no-loadscope-reorder --durations=15 --durations-min=5

.PHONY: help setup demo-setup test-setup run test check smoke bench tour words
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

setup:  ## .venv and page libraries as the lock files name them, and the compiled words of other languages
	@sh deploy/setup.sh python pages words

demo-setup: setup
	@case "$${DEMO:-}" in drawn|none) ;; *) sh deploy/setup.sh demo ;; esac

test-setup: demo-setup
	@sh deploy/setup.sh browser

run: demo-setup  ## everything up: page, workers, sweeper, scheduler, broker, demonstration (SIGHTLINE_DATA, PORT, DEMO)
	@exec $(PY) manage.py up

test: test-setup  ## all tests: SQLite, then what touches the tables again on PostgreSQL; real Redis, real browser
	TEST_DATABASE=sqlite $(PYTEST)
	TEST_DATABASE=postgres $(PYTEST) -m "database and not pages"

check: setup  ## style, types, ladder of imports, migrations
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check

smoke: demo-setup  ## all five levels by the public API alone, in a temporary folder; one JSON object
	@$(PY) manage.py smoke

bench: test-setup  ## speed as ratios from one run
	@$(PY) manage.py bench

tour: setup  ## the journey's steps, each with the first line of its docstring
	@$(PY) manage.py tour

words: setup  ## bring the lists of translations up to the marked sentences
	@$(PY) -m deploy.words gather
