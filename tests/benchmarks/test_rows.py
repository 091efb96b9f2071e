"""Every row of the benchmark is executed, small: it gives figures of elek and of a peer, or says which data is absent."""

import math

import pytest

pytest.importorskip("torch")

from benchmarks.figures import ELEK
from benchmarks.lines import DataAbsent
from benchmarks.rows import ROWS
from benchmarks.settings import Settings
from counts import SOAK


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Settings(cache=tmp_path_factory.mktemp("benchmark"), folds=1, quick=True, share=0.02)


@pytest.mark.skipif(not SOAK, reason="minutes; run with ELEK_SOAK=1")
@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_row_gives_figures_for_each_of_its_bars(name, small):
    try:
        figures = ROWS[name].measure(small)
    except DataAbsent as absent:
        pytest.skip(str(absent))
    mine = {figure.measure: figure.found for figure in figures if figure.contestant == ELEK}
    assert set(ROWS[name].bars) <= set(mine)
    for figure in figures:
        assert math.isfinite(figure.found.value)
        assert figure.found.n > 0
