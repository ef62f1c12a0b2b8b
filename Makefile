# What can be done here; `make` lists it. Everything is set up first where that is needed.

PYTHON ?= python3
SETUP := $(PYTHON) tools/setup.py
DEMO := .venv/bin/python tools/demo.py
WITH_ENGINE = engine=$$($(SETUP)) && PATH="$$engine:$(CURDIR)/.venv/bin:$$PATH" && export PATH

# The state of the demo is a throw-away; a stack of your own wants a passphrase of your own.
export PULUMI_CONFIG_PASSPHRASE ?= demo

.DEFAULT_GOAL := help
.PHONY: help setup print-path up drift-demo down test test-live lint lock clean

help: ## list what can be done
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup: ## the virtual environment, and the programs of the Pulumi engine
	@$(SETUP) >/dev/null

print-path: ## the folder that holds the programs of the engine
	@$(SETUP)

up: ## bring the two meshes up: at PULUMI_MESH_URL, on a kuma-cp from PATH, or in the sandbox
	@$(WITH_ENGINE) && $(DEMO) up

drift-demo: ## edit a gateway behind Pulumi's back, see it found and repaired
	@$(WITH_ENGINE) && $(DEMO) drift

down: ## take everything down again, and stop what `make up` started
	@$(WITH_ENGINE) && $(DEMO) down

test: ## everything that must hold: style, types, tests, the real engine against the sandbox
	@$(WITH_ENGINE) && unset PULUMI_MESH_URL PULUMI_MESH_TOKEN && status=0; \
	ruff check || status=1; \
	ruff format --check || status=1; \
	pyright || status=1; \
	pytest -n 2 --dist worksteal || status=1; \
	exit $$status

test-live: ## the end-to-end tests against PULUMI_MESH_URL, or a kuma-cp from PATH
	@$(WITH_ENGINE) && $(DEMO) test-live

lint: ## put the source into shape, then tell what is left
	@$(SETUP) >/dev/null
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	.venv/bin/pyright
	.venv/bin/lint-imports

lock: ## resolve the versions anew (needs uv)
	uv pip compile pyproject.toml --constraint tools/constraints.txt --all-extras --universal --python-version 3.10 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --quiet --output-file tools/requirements.txt

clean: ## take away all that was made here, but not the engine in the cache
	@test ! -d .mesh || $(MAKE) --no-print-directory down
	@rm -rf .venv dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
