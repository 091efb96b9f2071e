import pytest

pytest.importorskip("torch")

import csv

from elek_training.folders import data_folder
from elek_training.nomenclature import read_nomenclature
from elek_training.taxonomy import read_taxonomy


def test_all_fifty_listed_codes_exist_with_a_tier():
    taxonomy = read_taxonomy()
    assert len(taxonomy.chpl) == 50
    assert set(taxonomy.chpl) <= set(read_nomenclature().codes(6))
    assert {tier: list(taxonomy.chpl.values()).count(tier) for tier in ("1", "2")} == {"1": 4, "2": 5}


def test_every_goods_entry_has_a_title_a_question_and_a_usual_code():
    taxonomy = read_taxonomy()
    assert sum(e.regime != "US" for e in taxonomy.entries.values()) == 264
    for entry, facts in taxonomy.entries.items():
        assert facts.title, entry
        assert facts.ask.endswith("?"), entry
        assert taxonomy.entry_hs[entry], entry
        assert set(taxonomy.entry_hs[entry]) <= set(read_nomenclature().codes(6)), entry
        assert (facts.category, facts.product_group) == (entry[0], entry[1])


def test_moves_lead_from_gone_codes_to_existing_ones():
    taxonomy = read_taxonomy()
    codes = set(read_nomenclature().codes(6))
    for old, new in taxonomy.moves.items():
        assert old not in codes
        assert set(new) <= codes
    assert (taxonomy.moved("854890"), taxonomy.moved("852580"), taxonomy.moved("080810")) == (
        "854800",
        "8525",
        "080810",
    )


@pytest.mark.parametrize("name", ["control_entries.csv", "control_hs.csv", "chpl.csv", "hs_moves.csv"])
def test_every_fact_has_a_source_and_a_date(name):
    with (data_folder("taxonomy") / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"], row
            assert row["date"], row
