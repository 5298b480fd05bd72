# make demo: play the story and serve it. make test: the suite. The rest: make test-all check bench up clean;
# make torture: a whole house under kills, full disks and worse (ARGS="--minutes 30 --seed 7");
# made for readers: make roles (docs/roles.md), pictures (docs/pictures), screens (every page, docs/screens).
SHELL := /bin/sh
READY := .venv/.ready
BIN := .venv/bin
DEPLOYED := EINKLANG_HOME=var/check EINKLANG_ENV=production EINKLANG_PUBLIC_URL=https://portal.example.com \
	EINKLANG_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')
MANAGE := $(BIN)/python -m django

.DEFAULT_GOAL := demo
.PHONY: demo up roles screens pictures eyes test test-all torture check bench chromium clean

$(READY): requirements.lock pyproject.toml .ci/venv
	@.ci/venv
	@touch $@

demo: $(READY)
	@$(BIN)/einklang demo $(ARGS)

up: $(READY)
	@$(BIN)/einklang up $(ARGS)

test: $(READY) chromium
	$(BIN)/python -m pytest -n auto --maxschedchunk 2 -m "not slow" $(ARGS)

test-all: $(READY) chromium
	$(BIN)/python -m pytest -n auto --maxschedchunk 2 -m "not eyes" $(ARGS)

torture: $(READY)
	$(BIN)/python -m tests.torture $(ARGS)

eyes: $(READY) chromium
	$(BIN)/python -m pytest -n0 -m eyes $(ARGS)

check: export DJANGO_SETTINGS_MODULE = einklang.project.settings
check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(DEPLOYED) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/shape

bench: $(READY)
	@$(BIN)/einklang bench all --json

roles: export DJANGO_SETTINGS_MODULE = einklang.project.settings
roles: $(READY)
	@$(BIN)/python -m einklang.project.permissions > docs/roles.md

screens: export DJANGO_SETTINGS_MODULE = einklang.project.settings
screens: $(READY) chromium
	$(BIN)/python -m tests.eyes $(ARGS)

pictures: export DJANGO_SETTINGS_MODULE = einklang.project.settings
pictures: $(READY) chromium
	$(BIN)/python -m tests.eyes.pictures $(ARGS)

chromium:
	@.ci/chromium

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
