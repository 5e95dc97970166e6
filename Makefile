# Two commands are enough: `make run` and `make test`. Both set up what is missing first; a second time there is nothing to do.
MAKEFLAGS += --no-print-directory
ARGS ?=
UPGRADE ?=
COMPILE = .venv/bin/uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate \
          --quiet $(UPGRADE)

.PHONY: help run extras test format docs lock audit wheel clean

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

run: ## set up, then start a session: make run ARGS="lower-back --typed"
	@scripts/set-up requirements.lock
	@.venv/bin/tuina start $(ARGS)

extras: ## set up with the optional packages too: the screen, pictures of tuina bench, somebody else's grammars
	@scripts/set-up requirements-extras.lock

test: ## set up, then lint, types, import contracts and tests
	@scripts/set-up requirements-dev.lock
	@scripts/check

format: ## put every Python file into the house format
	@scripts/set-up requirements-dev.lock
	@.venv/bin/ruff check --select I --fix --quiet .
	@.venv/bin/ruff format .

docs: ## make docs/states, docs/spoken.md, docs/card.html and docs/pictures anew
	@scripts/set-up requirements.lock
	@.venv/bin/python -m assistant.terminal.documents.make docs

lock: ## write the lock files anew from pyproject.toml (UPGRADE=--upgrade takes newer versions)
	@scripts/set-up requirements-dev.lock
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) --group build --constraint requirements.lock --output-file requirements-build.lock
	@$(COMPILE) pyproject.toml --all-extras --constraint requirements.lock --output-file requirements-extras.lock
	@$(COMPILE) pyproject.toml --all-extras --group build --group data --group dev \
	    --constraint requirements-extras.lock --constraint requirements-build.lock --output-file requirements-dev.lock
	@! grep -nE '://|^ *--(index|extra|find)' requirements*.lock

audit: ## ask for known weaknesses of what is locked; needs the internet
	@scripts/set-up requirements-dev.lock
	@.venv/bin/uv tool run --from pip-audit pip-audit --disable-pip --require-hashes -r requirements.lock

wheel: ## build dist/*.whl, with the grammars and routines inside
	@scripts/set-up requirements-dev.lock
	@.venv/bin/hatchling build -t wheel

clean: ## remove the virtual environment and everything that was made
	rm -rf .venv dist out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
