# Everything runs in .venv, made from this folder alone. PYTHON may name another interpreter (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test soak benchmark lint serve starter story

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[tables,training,serving,dev]"
	touch $@

demo: $(STAMP)  ## train a bundle on data/, score the sample manifest, print the table
	$(BIN)/elek train catalogue
	$(BIN)/elek train fit --out bundles/demo
	$(BIN)/elek score data/sample/manifest.csv --bundle bundles/demo --table

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(STAMP) lint  ## reduced counts, minutes
	$(BIN)/python -m pytest -m "not soak"

soak: $(STAMP)  ## full counts
	ELEK_SOAK=1 $(BIN)/python -m pytest

benchmark: $(STAMP)  ## elek and its peers, side by side
	$(BIN)/python benchmarks/run.py

serve: $(STAMP)
	$(BIN)/elek serve

starter: $(STAMP)  ## rebuild the bundle inside the package
	$(BIN)/elek train fit --config ngram --no-track --out model/elek/starter
