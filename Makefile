# `make` lists what there is. Each target sets up .venv by itself the first time.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
# The one version that is chosen by hand: plain `torch` may bring several GB of CUDA packages.
TORCH := 2.13.0
LOCK_VENV := build/lock

SHELL := /bin/sh
# Threads of torch must not spin while they wait: on shared cores that is up to ten times as slow.
export OMP_WAIT_POLICY = PASSIVE
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# `make -j` must not run two test suites on the same cores, nor install twice into .venv.
.NOTPARALLEL:
.PHONY: help report test test-fast test-slow check lint notebooks label-studio clean lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: $(STAMP) ## Write a report on the sample articles to results/report
	$(BIN)/framing report annotations/samples/articles.jsonl --out results/report
	@echo "The report: file://$(CURDIR)/results/report/index.html"

test: test-fast test-slow ## Run all tests: the fast ones on two processes, then the slow ones

test-fast: $(STAMP) ## Run the fast tests
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-slow: $(STAMP) ## Run the slow tests
	$(BIN)/python -m pytest -m slow

check: lint test-fast ## Lint, types, layers and the fast tests

lint: $(STAMP) ## Lint, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Times of execution would differ on every run, so they are not recorded.
notebooks: $(STAMP) ## Execute the notebooks, each in a clean kernel, and keep their output
	$(if $(wildcard notebooks/*.ipynb),\
		$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
			--ExecutePreprocessor.record_timing=False notebooks/*.ipynb,\
		@echo "There is no notebook in notebooks/.")

label-studio: build/label-studio/bin/label-studio ## Build Label Studio's own environment (1 GB), for its slow test

# It asks for an older numpy than framing, so it never shares an environment with it.
build/label-studio/bin/label-studio:
	$(PYTHON) -m venv build/label-studio
	build/label-studio/bin/pip install --quiet --disable-pip-version-check "label-studio==1.23.*"

clean: ## Remove the sample report, builds and caches; .venv and other results stay
	rm -rf results/report build/lock dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find framing tests experiments notebooks -depth \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -exec rm -rf {} +

# A clean environment takes the newest versions that pyproject.toml allows; its list loses
# +cpu and the like (they name a build, and with it an index) and CUDA packages (torch asks for
# those it needs).
lock: ## Make requirements.lock anew from pyproject.toml
	rm -rf $(LOCK_VENV)
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/pip install --quiet --disable-pip-version-check torch==$(TORCH)
	$(LOCK_VENV)/bin/pip install --quiet --disable-pip-version-check \
		hatchling editables -e ".[embedded,notebooks,dev]"
	$(LOCK_VENV)/bin/pip check
	$(LOCK_VENV)/bin/pip freeze --exclude-editable > $(LOCK_VENV)/freeze
	{ echo "# Exact versions of all that make installs, on Linux with Python 3.11; made by \`make lock\`."; \
	  echo "# No index, folder or hash is named, so that every machine asks its own index."; \
	  sed -E -e 's/\+.*$$//' -e '/^(nvidia-|cuda-|triton)/d' $(LOCK_VENV)/freeze | LC_ALL=C sort -f; \
	} > $(LOCK_VENV)/requirements.lock
	mv $(LOCK_VENV)/requirements.lock requirements.lock

$(STAMP): requirements.lock requirements-encoder.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"framing needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "Setting up .venv (takes some minutes the first time)"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		-r requirements-encoder.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	@touch $(STAMP)
