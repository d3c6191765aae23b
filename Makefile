# ClientDesk: `make run` tries it, `make test` checks it. Both set up .venv by themselves.

PORT ?= 8000
VENV := .venv/bin
# One more than there are cores: a test that waits for a browser or a process of its own leaves its core to another. Files keep the order
# that tests/conftest.py gives them. Compiled modules are kept whatever the machine says: to compile the tests takes longer than to read them.
TESTING := PYTHONDONTWRITEBYTECODE= $(VENV)/python -m pytest
PYTEST := $(TESTING) --dist loadfile --no-loadscope-reorder -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# What the environment or .env says comes first; the rest is for trying ClientDesk on one's own machine.
says = $(shell grep -qsE '^(export +)?$(1)=' .env && echo yes)
ifeq ($(call says,DEBUG),)
run: export DEBUG ?= true
endif
ifeq ($(call says,PUBLIC_BASE_URL),)
run: export PUBLIC_BASE_URL ?= http://localhost:$(PORT)
endif
ifeq ($(call says,LOG_LEVEL),)
run: export LOG_LEVEL ?= WARNING
endif
ifeq ($(call says,COMPANY_NAME),)
run: export COMPANY_NAME ?= Nordwort
endif

.DEFAULT_GOAL := help
.PHONY: help run test suite ready test-postgresql browser lint bench shots messages environment dev clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile

environment:
	@scripts/environment requirements.lock

dev:
	@scripts/environment requirements-dev.lock

run: environment ## start web and worker with demo data (PORT=8000)
	@$(VENV)/python manage.py run --port $(PORT)

lint: dev ## ruff, ty, djlint and the floors of the house
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/ty check --error-on-warning
	@$(VENV)/djlint --quiet --lint templates
	@$(VENV)/lint-imports

test: lint suite ## the checks, then every test; the database under test is DATABASE_URL's

suite: dev
	@$(PYTEST)

# What the processes of `make suite` would each do at their start, or wait for.
ready: dev
	@$(TESTING) --collect-only -q >/dev/null
	@DJANGO_SETTINGS_MODULE=tests.settings $(VENV)/python -c "from tests.migrating import keep_file; keep_file()"

# Asked once, by `make test`: what never asks a database, who may enter (decided before any is asked), how formats, files, pictures and brands
# look, what a form refuses or leaves out before it asks a database, how often a page asks, `make run` itself, and the browser, which `DATABASE_URL=... make browser` drives on PostgreSQL.
ONCE := $(addprefix --ignore=,tests/browser $(wildcard tests/test_reader_*.py) $(patsubst %,tests/test_%.py,guessing near_names crawl checks design house doors mail_kinds reset rights signin passwords second_factor pictures headers spreadsheets german tax_numbers trial run constant_queries pages_queries brand contact_photo import_template import_tax_numbers import_cells import_match_foreign import_match_dates error_workbook)) \
	$(addprefix --deselect=tests/,test_history_is_for_ever.py::test_no_route_alters_an_entry_whoever_asks_and_whatever_is_sent \
	test_demo.py::test_a_second_demo_adds_nothing_unless_told \
	$(addprefix test_contact_preferences.py::,test_a_portal_page_shows_what_the_preview_showed test_a_forged_choice_is_refused) \
	$(addprefix test_two_people.py::,test_an_edit_changes_only_what_its_form_shows test_a_new_record_takes_only_what_its_form_shows) \
	$(addprefix test_settings_lists.py::,test_only_administrators_open_settings test_a_name_that_cannot_be_is_refused) \
	test_contact_main_data.py::test_what_is_wrong_is_said_at_the_field \
	test_client_addresses.py::test_a_wrong_value_is_named_and_nothing_is_saved \
	test_contact_social.py::test_what_could_lead_elsewhere_is_refused_with_a_sentence \
	$(addprefix test_restricted.py::,test_a_restricted_record_answers_as_an_unknown_one_and_nothing_changes test_no_page_of_another_record_tells_of_it test_the_one_responsible_finds_it))

test-postgresql: dev ## every test that asks the database, on a throw-away PostgreSQL
	@trap '.ci/postgres stop' EXIT; DATABASE_URL=$$(.ci/postgres start) $(PYTEST) $(ONCE)

browser: dev ## the journeys in a real Chromium
	@$(PYTEST) tests/browser

bench: dev ## import speed beside the stock way, and the database time of each page at 100,000 and 1,000,000 clients, and the report over 200,000 jobs
	@$(VENV)/python -m tests.bench
	@$(VENV)/python -m tests.bench.growth
	@$(VENV)/python -m tests.bench.lists
	@$(VENV)/python -m tests.bench.reports

shots: dev ## pictures of the main pages in both themes, in shots/
	@$(VENV)/python -m tests.browser.shots

messages: dev ## renew and compile the catalogues of what contacts read in other languages, in locale/
	@$(VENV)/python scripts/messages.py

clean: ## remove the environment, keep the data
	rm -rf .venv .ruff_cache .pytest_cache .import_linter_cache
