# Everything starts from a bare Python: scripts/setup.py makes the environment and the rest runs in it.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,$(if $(shell command -v $(name)),$(name))))
PORT ?= 8000
ARGS ?=
# LANGUAGE from the environment is gettext's own variable; only `make demo LANGUAGE=en` is meant for us.
SPEAK = $(if $(filter command line,$(origin LANGUAGE)),--language $(LANGUAGE))
RUN = .venv/bin/python

.PHONY: demo setup test check torture bench truth messages reference lock wheel screenshots clean python

demo: python
	@$(PYTHON) scripts/setup.py --port $(PORT)
	@.venv/bin/calidez demo --port $(PORT) $(SPEAK)

# What the rest needs to be installed; nothing where it is.
setup: python
	@$(PYTHON) scripts/setup.py --dev

test: setup
	@$(RUN) scripts/test.py $(ARGS)

check: setup
	@$(RUN) scripts/check.py $(ARGS)

# Kills processes under load and looks what was lost; hostile files and backups have their own words.
torture: setup
	@$(RUN) -m calidez.config.tests.torture $(ARGS)

bench: setup
	@$(RUN) benchmarks/run.py $(ARGS)

# What charts say of simulated services: how often for nothing, how often of what is there.
truth: setup
	@$(RUN) benchmarks/truth.py $(ARGS)

messages: setup
	@$(RUN) scripts/messages.py extract
	@$(RUN) scripts/messages.py compile

reference: setup
	@$(RUN) scripts/reference.py write

wheel: setup
	@$(RUN) scripts/wheel.py

screenshots: setup
	@$(RUN) scripts/screenshots.py $(ARGS)

lock: setup
	@$(RUN) scripts/lock.py $(ARGS)

# The data folder stays: it may hold somebody's data.
clean:
	@rm -rf .venv node_modules src/calidez/static/vendor build dist test-results
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete

python:
	@test -n "$(PYTHON)" || { echo "Calidez needs Python 3.11 or newer, and none was found on this machine."; exit 1; }
