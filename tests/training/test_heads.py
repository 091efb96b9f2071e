import pytest

torch = pytest.importorskip("torch")

from elek.labels import ControlEntry
from elek_training.heads import Heads
from elek_training.labelled import LabelledLine
from elek_training.targets import LabelSpace
from elek_training.tree import read_tree

SPACE = LabelSpace(read_tree(), tuple(ControlEntry(e) for e in ("none", "3A001", "2B001")))


@pytest.fixture
def heads():
    torch.manual_seed(0)
    heads = Heads(8, SPACE.tree, 3)
    for parameter in heads.parameters():
        torch.nn.init.normal_(parameter, 0, 0.3)
    return heads


def loss(heads, **known):
    return heads.loss(torch.ones(1, 8), SPACE.targets([LabelledLine("x", **known)])).item()


def test_headings_are_log_sums_of_their_subheadings(heads):
    logits = heads.hs_logits(torch.randn(3, 8))
    mass = SPACE.tree.heading_log_mass(logits)
    for column, heading in list(enumerate(SPACE.tree.headings))[::97]:
        children = [i for i, code in enumerate(SPACE.tree.subheadings) if code[:4] == heading]
        assert torch.allclose(mass[:, column], torch.logsumexp(logits[:, children], dim=1), atol=1e-5)


def test_a_heading_costs_less_than_any_of_its_subheadings_and_a_chapter_less_still(heads):
    assert loss(heads, hs="85") < loss(heads, hs="8542") < loss(heads, hs="854231")


def test_unknown_labels_cost_nothing(heads):
    assert loss(heads) == 0


def test_two_entries_cost_less_than_one(heads):
    both = loss(heads, control=("3A001", "2B001"))
    assert both < min(loss(heads, control=("3A001",)), loss(heads, control=("2B001",)))


def test_weight_scales_the_loss(heads):
    assert loss(heads, hs="8542", weight=0.5) == pytest.approx(0.5 * loss(heads, hs="8542"), rel=1e-5)


def test_the_folded_layer_gives_the_same_logits(heads):
    embedding = torch.randn(4, 8)
    assert torch.allclose(heads.folded()(embedding), heads.hs_logits(embedding), atol=1e-5)


def test_an_evasion_that_hides_the_goods_trains_neither_code_nor_entry():
    targets = SPACE.targets([LabelledLine("x", hs="8542", control=("3A001",), vague=True, typology="T1")])
    assert (targets.level.item(), targets.control.sum().item(), targets.vague.item()) == (0, 0, 1)
