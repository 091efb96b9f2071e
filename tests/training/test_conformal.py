import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek_training.conformal import conformal_threshold


@given(st.integers(200, 2000), st.integers(0, 2**32 - 1), st.sampled_from([0.8, 0.9, 0.95]))
def test_new_lines_are_covered_as_promised(n, seed, coverage):
    generator = np.random.default_rng(seed)
    threshold = conformal_threshold(generator.beta(2, 1, n), coverage)
    covered = np.mean(generator.beta(2, 1, 20000) >= threshold)
    assert covered == pytest.approx(coverage, abs=4.5 * np.sqrt(coverage * (1 - coverage) / n) + 0.015)


def test_too_few_lines_exclude_nothing():
    assert conformal_threshold(np.array([0.9, 0.8]), 0.95) == 0.0
