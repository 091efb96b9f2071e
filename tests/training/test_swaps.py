import pytest

pytest.importorskip("torch")

from elek_training.labelled import LabelledLine
from elek_training.swaps import Swapper, section
from elek_training.tree import read_tree

LINES = [
    LabelledLine(f"line {i}", hs=hs, group=f"g{i % 7}")
    for i, hs in enumerate(["854231", "8413", "080810", "848210"] * 30)
]


@pytest.mark.parametrize("distance", ["frequency", "section", "chapter", "sibling"])
def test_wrong_codes_are_wrong_and_lie_at_their_distance(distance):
    swapper = Swapper(LINES, read_tree())
    carried = {}
    for line in LINES:
        carried.setdefault(line.group, set()).add(line.hs[:4])
    wrong = [d for d in swapper.draw(1.0, [distance], 3) if d.wrong]
    for declared in wrong:
        line = LINES[declared.row]
        assert declared.code[:4] not in carried[line.group]
        if distance == "section":
            assert section(declared.code) == section(line.hs)
        if distance in ("chapter", "sibling"):
            assert declared.code[:2] == line.hs[:2]


def test_right_codes_are_the_line_s_own():
    for declared in Swapper(LINES, read_tree()).draw(0.0, ["frequency"], 1):
        assert not declared.wrong
        assert LINES[declared.row].hs.startswith(declared.code)
