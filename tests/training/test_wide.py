from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from elek_training.config import read_config
from elek_training.fit import GoodsModel, Prepared, prepare
from elek_training.fit_members import fit
from elek_training.labelled import LabelledLine
from elek_training.targets import LabelSpace
from elek_training.taxonomy import read_taxonomy
from elek_training.tree import read_tree
from elek_training.vague_wording import COMPOSED_WEIGHT, wording_weights
from elek_training.wide import N_COLUMNS, Mix, choose_mix, mix_in, places, widen

CONFIG = replace(read_config("smoke"), members=2, width=16, epochs=1)
GOODS = ("насос", "подшипник", "кабель", "станок", "датчик", "двигатель", "фильтр", "клапан")


def lines(numbers: range) -> list[LabelledLine]:
    """Vague lines say "прочее"; lines of entry 6A003 say "тепловизор"."""
    found = []
    for n in numbers:
        good = f"{GOODS[n % len(GOODS)]} {n}"
        found.append(LabelledLine(f"прочее {good}", vague=True, lang="ru", source="july"))
        found.append(LabelledLine(f"стальной {good}", control=("none",), vague=False, lang="ru", source="july"))
        found.append(LabelledLine(f"тепловизор {good}", control=("6A003",), vague=False, lang="ru", source="july"))
    return found


@pytest.fixture(scope="module")
def fitted() -> tuple[GoodsModel, Prepared]:
    prepared = prepare(lines(range(60)), CONFIG.n_rows)
    space = LabelSpace(read_tree(), read_taxonomy().labels())
    return fit(prepared, CONFIG, space, lambda *_: None), prepared


@pytest.fixture(scope="module")
def held() -> Prepared:
    return prepare(lines(range(100, 140)), CONFIG.n_rows)


def test_wide_columns_change_no_answer_before_they_are_mixed_in(fitted, held):
    model, prepared = fitted
    wider = widen(model, prepared)
    assert wider.config.width == CONFIG.width + N_COLUMNS
    with torch.no_grad():
        before, after = model.embed(held.rows), wider.embed(held.rows)
        for head in ("control", "vague"):
            torch.testing.assert_close(getattr(wider.heads, head)(after), getattr(model.heads, head)(before))
        torch.testing.assert_close(wider.heads.hs_logits(after), model.heads.hs_logits(before))
    kept = [k for k in range(wider.config.width) if k not in places(wider).tolist()]
    torch.testing.assert_close(after[:, kept], before)


def test_mixed_columns_tell_vague_and_controlled_wording_that_the_short_fit_does_not(fitted, held):
    model, prepared = fitted
    wider = widen(model, prepared)
    mix = choose_mix(wider, held)
    assert mix.vague_wide > 0
    assert mix.category > 0
    mix_in(wider, mix)
    entry = [e.entry for e in wider.space.entries].index("6A003")
    vague = torch.tensor([bool(line.vague) for line in held.lines])
    heat = torch.tensor([line.control == ("6A003",) for line in held.lines])
    with torch.no_grad():
        embedding = wider.embed(held.rows)
        said = wider.heads.vague(embedding)[:, 0]
        control = torch.softmax(wider.heads.control(embedding), dim=1)[:, entry]
    assert said[vague].min() > said[~vague].max()
    assert control[heat].min() > control[~heat].max()


def test_columns_never_outgrow_the_dimensions_they_share_a_factor_with(fitted):
    model, prepared = fitted
    wider = widen(model, prepared)
    share = N_COLUMNS // CONFIG.members
    for table, _ in wider.encoder.pairs:
        deep, wide = table.weight[:, :-share].abs().amax(dim=1), table.weight[:, -share:].abs().amax(dim=1)
        assert (wide <= deep * (1 + 1e-6)).all()


def test_a_mix_of_nothing_leaves_the_heads_as_they_were(fitted, held):
    model, prepared = fitted
    wider = widen(model, prepared)
    mix_in(wider, Mix(1.0, 0.0, 1.0, 0.0))
    with torch.no_grad():
        torch.testing.assert_close(
            wider.heads.control(wider.embed(held.rows)), model.heads.control(model.embed(held.rows))
        )


def test_composed_lines_do_not_overrule_what_somebody_called_vague():
    told = LabelledLine("parts", vague=True, lang="en", source="fpo")
    english, russian = (LabelledLine("pump", vague=False, lang=lang, source="composed") for lang in ("en", "ru"))
    assert wording_weights([told, english, russian]).tolist() == [1.0, 0.0, COMPOSED_WEIGHT]
    assert wording_weights([english, russian]).tolist() == [1.0, 1.0]
