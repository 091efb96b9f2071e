import pytest

from elek.bundle import Thresholds
from elek.goods import DeclaredCode
from elek.verdict import crossed, decide

HALF = Thresholds(0.5, 0.5, 0.5)
UNLISTED = DeclaredCode("950300", True, 0.0, None)
LISTED = DeclaredCode("854231", True, 0.0, "1")


@pytest.mark.parametrize(
    ("controlled", "misdeclared", "vague", "declared", "verdict"),
    [
        (0.9, 0.9, 0.9, UNLISTED, "wrong_code_hides_control"),
        (0.9, 0.9, 0.9, LISTED, "controlled"),
        (0.9, 0.1, 0.9, UNLISTED, "controlled"),
        (0.1, 0.9, 0.9, UNLISTED, "too_vague"),
        (0.1, 0.9, 0.1, UNLISTED, "wrong_code"),
        (0.1, 0.1, 0.1, UNLISTED, "clear"),
        (0.9, None, 0.1, None, "controlled"),
        (0.1, None, 0.1, None, "clear"),
    ],
)
def test_the_first_verdict_that_holds(controlled, misdeclared, vague, declared, verdict):
    assert decide(crossed(HALF, controlled, misdeclared, vague), declared) == verdict
