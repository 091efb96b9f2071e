# Everything runs in .venv, made from this folder alone. PYTHON may name another interpreter (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: demo test soak benchmark lint serve starter story

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[tables,training,benchmark,serving,dev]"
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

test: $(STAMP) lint  ## reduced counts, minutes; installs PostgreSQL and Chromium where it may
	tests/install_services.sh
	$(BIN)/python -m pytest -m "not soak"

soak: $(STAMP)  ## full counts
	tests/install_services.sh
	ELEK_SOAK=1 $(BIN)/python -m pytest

benchmark: $(STAMP)  ## elek and its peers, side by side
	$(BIN)/python -m benchmarks.run

serve: $(STAMP)
	$(BIN)/elek serve

# The official texts and reference lists that the starter is trained on beside catalogue and nomenclature; see data/README.md.
OFFICIAL ?= ../shared/data
IMPORTS := build/imports

starter: $(STAMP)  ## rebuild the bundle inside the package from catalogue, nomenclature and official texts
	mkdir -p $(IMPORTS)
	$(BIN)/elek train import tnved $(OFFICIAL)/tnved-ru/tnved10_ru.csv -o $(IMPORTS)/tnved.csv
	for c in 84_2022_08.03.2026 85_2022_08.03.2026 88_2022 90_2022_08.03.2026; do \
	  $(BIN)/elek train import tnved $(OFFICIAL)/tnved-ru/ru.$$c.txt -o $(IMPORTS)/tnved-$$c.csv || exit 1; done
	$(BIN)/elek train import hts $(OFFICIAL)/hs-nomenclature/us_hts2026_db.json.gz -o $(IMPORTS)/hts.csv
	for f in extra_references.csv search_references.json vague_terms.csv brands.csv; do \
	  $(BIN)/elek train import fpo $(OFFICIAL)/uk-fpo/$$f -o $(IMPORTS)/fpo-$$f.csv || exit 1; done
	$(BIN)/elek train import annex1 $(OFFICIAL)/eu-annex1/annex1_paragraphs.csv -o $(IMPORTS)/annex1.csv
	$(BIN)/elek train import ccl $(OFFICIAL)/ccl/ccl_index.json -o $(IMPORTS)/ccl.csv
	cp $(OFFICIAL)/electronic-parts/lines.csv $(IMPORTS)/electronic-parts.csv
	$(BIN)/elek train fit --config starter --no-track $$(printf -- '--lines %s ' $(IMPORTS)/*.csv) --out model/elek/starter

story: $(STAMP)  ## seizures of unseen families -> retrain -> gate -> promote under load -> rollback
	$(BIN)/python tests/story/story.py
