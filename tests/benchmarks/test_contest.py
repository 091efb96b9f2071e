import numpy as np
import pytest

pytest.importorskip("torch")

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.contest import folds, ranking_figures
from benchmarks.guesses import Guesses, hits, join
from benchmarks.lines import DataAbsent, Task, declarations, without
from benchmarks.peers import svc
from benchmarks.settings import FOLDS, Settings, fold_of
from elek.text import normalise
from elek_training.labelled import LabelledLine

WORDS = {"8413": "насос", "8482": "подшипник", "9503": "игрушка"}
LINES = [
    LabelledLine(f"{word} {n} {'серый' if n % 2 else 'новый'}", hs=code, group=f"{code}:{n % 7}")
    for code, word in WORDS.items()
    for n in range(21)
]


def test_no_group_and_no_text_stands_on_both_sides_of_a_fold():
    beside = [LabelledLine("НАСОС 3 СЕРЫЙ", hs="8413"), LabelledLine("pump", hs="8413")]
    tasks = list(folds(LINES, beside, 4, Settings()))
    for task in tasks:
        assert not {line.group for line in task.train} & {line.group for line in task.test}
        assert not {normalise(line.description).text for line in task.train} & {
            normalise(line.description).text for line in task.test
        }
        assert "pump" in {line.description for line in task.train}
    assert sorted(line.description for task in tasks for line in task.test) == sorted(x.description for x in LINES)


@given(st.text(), st.text())
def test_a_fold_depends_on_the_group_alone(a, b):
    assert fold_of(LabelledLine(a, group="g")) == fold_of(LabelledLine(b, group="g")) < FOLDS


def test_lines_that_read_the_same_are_dropped_from_training():
    train = [LabelledLine("Насос, НОВЫЙ"), LabelledLine("насос старый")]
    assert without(train, [LabelledLine("насос новый")]) == train[1:]


def test_guesses_of_folds_join_and_unknown_classes_come_last():
    joined = join(
        [
            Guesses(("a", "b"), np.array([[0.2, 0.9]], dtype=np.float32)),
            Guesses(("b", "c"), np.array([[-3.0, -5.0]], dtype=np.float32)),
        ]
    )
    assert joined.ranks(3) == [["b", "a", "c"], ["b", "c", "a"]]
    assert joined.probabilities().sum(axis=1) == pytest.approx(1)


def test_hits_count_the_first_and_the_first_five():
    task = Task([], [LabelledLine("x", hs="841300"), LabelledLine("y", hs="9503")], 4)
    assert hits(task, [["8413"], ["8413", "9503"]]) == ([True, False], [True, True])


def test_the_svc_peer_learns_and_its_choice_is_kept(tmp_path):
    [task, *_] = folds(LINES, [], 4, Settings())
    store = tmp_path / "svc.json"
    choice = svc.search(task, store)
    figures = ranking_figures([task], {svc.NAME: (lambda t: svc.guess(t, choice).ranks(), "peer")}, "heading")
    assert figures[0].found.value == 1
    assert svc.search(Task([], [], 4), store) == choice


def test_absent_data_is_said_and_not_hidden(tmp_path):
    with pytest.raises(DataAbsent, match="--data"):
        declarations(Settings(data=tmp_path))
