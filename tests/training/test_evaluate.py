import pytest

pytest.importorskip("torch")

from elek_training.evaluate import evaluate
from elek_training.labelled import LabelledLine
from elek_training.leaks import LeakError
from elek_training.metrics import bootstrap, calibration_error, share


def test_figures_carry_n_and_interval(smoke_bundle):
    lines = [
        LabelledLine("насос водяной бытовой", hs="8413", declared_hs="8413", control=("none",), vague=False, lang="ru"),
        LabelledLine(
            "fresh pears in boxes", hs="080830", declared_hs="8542", control=("none",), vague=False, lang="en"
        ),
        LabelledLine("нечто иное", vague=True, lang="ru"),
    ]
    found = evaluate(smoke_bundle, lines)
    assert found.figures["heading top-1"].n == 2
    assert found.figures["subheading top-1"].n == 1
    assert found.figures["misdeclaration average precision"].n == 2
    assert set(found.slices["language"]) == {"ru", "en"}
    assert found.slices["chapter"]["84"]["heading top-1"].n == 1
    assert found.as_dict()["n_lines"] == 3


def test_a_leaking_split_is_refused(smoke_bundle):
    with pytest.raises(LeakError, match="2 of 2"):
        evaluate(
            smoke_bundle, [LabelledLine("НАСОС ЦЕНТРОБЕЖНЫЙ", hs="8413"), LabelledLine("другое", hs="8413", group="g2")]
        )


def test_a_few_lines_seen_by_chance_are_left_out(smoke_bundle):
    lines = [LabelledLine(f"строка номер {i}", hs="8413") for i in range(199)] + [
        LabelledLine("насос центробежный", hs="8413")
    ]
    found = evaluate(smoke_bundle, lines)
    assert (found.seen.total(), len(found.judged.lines)) == (1, 199)


def test_intervals_hold_the_value_and_narrow_with_n():
    few, many = share([True, False] * 10), share([True, False] * 1000)
    assert few.low < 0.5 < few.high
    assert many.high - many.low < few.high - few.low


def test_calibration_error_is_zero_when_the_share_is_as_said():
    import numpy as np

    p = np.full(1000, 0.3)
    truth = np.array([1.0] * 300 + [0.0] * 700)
    np.random.default_rng(0).shuffle(truth)
    assert calibration_error(p, truth, bins=1) == pytest.approx(0, abs=1e-9)
    assert calibration_error(1 - p, truth, bins=1) == pytest.approx(0.4)
    assert bootstrap("auc", p, np.zeros(1000)).n == 1000
