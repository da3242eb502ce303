# Liggare: `make run` starts it, `make test` tests it, `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PY := .venv/bin/python
PORT ?= 8000
WORKERS ?= 2
LOCK_HASH := $(shell cat requirements.txt requirements-dev.txt 2>/dev/null | cksum | tr -d ' ')
STAMP := .venv/.ready-$(LOCK_HASH)
COMPILE := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

# Where compiled Python is not kept, each process started here compiles all it imports anew: two seconds for a server.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## List what make can do
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

.PHONY: run
run: $(STAMP)  ## Start Liggare on http://127.0.0.1:$PORT (8000) with a demo school; LIGGARE_DEMO=0 starts empty
	@PORT=$(PORT) exec $(PY) -m app run

.PHONY: test
test: $(STAMP)  ## Run every test; ARGS="tests/app -k start" narrows, WORKERS sets how many run at once
	$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: check
check: $(STAMP)  ## Lint, format, types, import contracts, migrations
	@./tools/check.sh

.PHONY: bench
bench: $(STAMP)  ## Measure against the library and bare drivers; ONLY=append_16 for one
	$(PY) -m bench $(if $(ONLY),$(foreach name,$(ONLY),--only $(name)))

.PHONY: requirements
requirements: $(STAMP)  ## Which requirements the last complete `make test` of this commit proved
	@$(PY) -m tests.requirements

.PHONY: docs
docs: $(STAMP)  ## Rewrite the pages in docs/ that are made from the code
	$(PY) -m app.events_doc
	$(PY) -m app.api_doc

.PHONY: lock
lock: $(STAMP)  ## Write the lock files anew from pyproject.toml; UPGRADE=1 takes newer versions
	./tools/uv.sh pip compile pyproject.toml $(COMPILE) $(if $(UPGRADE),--upgrade) --output-file requirements.txt
	./tools/uv.sh pip compile pyproject.toml --group dev $(COMPILE) $(if $(UPGRADE),--upgrade) --constraints requirements.txt --output-file requirements-dev.txt

.PHONY: venv
venv: $(STAMP)  ## Make .venv with the locked dependencies

.PHONY: clean
clean:  ## Remove .venv and the caches; the data in .liggare stays
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready-%:
	@./tools/venv.sh
	@rm -f .venv/.ready-*
	@touch $@
