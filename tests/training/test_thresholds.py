import pytest

pytest.importorskip("torch")

import numpy as np

from elek_training.thresholds import HIGHEST, LOWEST, choose_threshold


def test_no_more_innocent_lines_are_queued_than_allowed():
    random = np.random.default_rng(1)
    p, truth = random.random(5000), (random.random(5000) < 0.3).astype(float)
    limit = choose_threshold(p, truth, 0.3)
    assert (p[truth == 0] >= limit).mean() <= 0.3 + 1e-3


def test_thresholds_stay_within_bounds_and_unknown_lines_do_not_count():
    assert choose_threshold(np.full(10, 0.999), np.zeros(10), 0.1) == HIGHEST
    assert choose_threshold(np.full(10, 0.001), np.zeros(10), 0.1) == LOWEST
    assert choose_threshold(np.array([0.1, 0.9]), np.array([np.nan, 1.0]), 0.1) == 0.5
