import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("sklearn")

from sklearn.metrics import average_precision_score, roc_auc_score

from elek_training.resampled import area_under_roc, average_precision, calibration_errors, recall_at_budget

SCORES = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), st.booleans()), min_size=2, max_size=40)


@given(SCORES, st.integers(0, 99))
def test_weighted_figures_are_those_of_the_lines_drawn(lines, seed):
    p, truth = np.array([s for s, _ in lines]), np.array([float(t) for _, t in lines])
    n = len(lines)
    rows = np.random.default_rng(seed).integers(0, n, n)
    weights = np.bincount(rows, minlength=n)[None].astype(float)
    if 0 < truth[rows].sum() < n:
        assert average_precision(p, truth, weights)[0] == pytest.approx(average_precision_score(truth[rows], p[rows]))
        assert area_under_roc(p, truth, weights)[0] == pytest.approx(roc_auc_score(truth[rows], p[rows]))
    else:
        assert np.isnan([average_precision(p, truth, weights)[0], area_under_roc(p, truth, weights)[0]]).all()


@given(SCORES, st.sampled_from([0.02, 0.1, 0.3]), st.integers(0, 99))
def test_weighted_recall_is_that_of_the_lines_drawn_at_their_own_cutoff(lines, budget, seed):
    p, truth = np.array([s for s, _ in lines]), np.array([float(t) for _, t in lines])
    rows = np.random.default_rng(seed).integers(0, len(lines), len(lines))
    weights = np.bincount(rows, minlength=len(lines))[None].astype(float)
    if not (truth == 0).any() or not (truth == 1).any():
        return
    found = recall_at_budget(p, truth, truth == 1, budget, weights)[0]
    drawn_p, drawn_truth = p[rows], truth[rows]
    if 0 < drawn_truth.sum() < len(lines):
        cutoff = np.quantile(drawn_p[drawn_truth == 0], 1 - budget, method="higher")
        assert found == pytest.approx((drawn_p[drawn_truth == 1] > cutoff).mean())
    else:
        assert np.isnan(found)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.integers(1, 20))
def test_calibration_error_is_that_of_bins_of_equal_count(lines, bins):
    p, truth = np.array([s for s, _ in lines]), np.array([float(t) for _, t in lines])
    parts = [part for part in np.array_split(np.argsort(p, kind="stable"), bins) if len(part)]
    expected = sum(len(part) * abs(p[part].mean() - truth[part].mean()) for part in parts) / len(p)
    assert calibration_errors(p, truth, np.ones((3, len(p))), bins) == pytest.approx(np.full(3, expected), abs=1e-9)
