"""Label issues: labels that models trained on the other labels contradict, ranked, each with its reason.

Cross-validation by sets of relatives gives every line probabilities from a model that has not seen it or its copies. Confident
learning (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068; library cleanlab) estimates from them how many labels are wrong. The
ranking weighs each label by how it came about: a code that only repeats the declaration is wrong more often than one found on
inspection. Probabilities are made batch by batch and never stored, so memory does not grow with lines times codes.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from cleanlab.experimental.label_issues_batched import LabelInspector

from elek.scored_file import neutral
from elek_training.durable import write_whole
from elek_training.fit import GoodsModel, Prepared
from elek_training.labelled import LabelledLine
from elek_training.refit import Lessons, RefitConfig, refit
from elek_training.split import group_of
from elek_training.targets import hides_goods
from elek_training.tracking import Run

COPIED_WRONG, FOUND_WRONG = 0.10, 0.03
"""Share of wrong codes among labels that repeat the declared code, and among all others: assumptions of the noise model."""

CONTRADICTED = 0.9
"""Doubt above which a label counts as contradicted."""

_BATCH = 512

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """A label to look at again.

    Attributes
    ----------
    doubt : float
        Probability in [0, 1] that the label is wrong, by the noise model.
    line_id, description, declared_hs, case_id, source : str
    labelled, likelier : str
        Code or entry as labelled, and what the other labels say.
    reason : str
        A sentence.
    """

    doubt: float
    line_id: str
    description: str
    declared_hs: str
    case_id: str
    source: str
    labelled: str
    likelier: str
    reason: str


@dataclass(frozen=True)
class LabelReview:
    """All labels, most doubtful first, and the share that both confident learning and the noise model count as wrong."""

    issues: list[LabelIssue]
    share_wrong: float


@dataclass(frozen=True, slots=True)
class _Said:
    """What cross-validation says of one line: p of the label and the likeliest instead, for code and entry; NaN when unknown."""

    code_p: float
    code: str
    code_best_p: float
    entry_p: float
    entry: str
    entry_best_p: float


def find_label_issues(champion: GoodsModel, prepared: Prepared, config: RefitConfig, run: Run) -> LabelReview:
    """Rank labels by doubt.

    Parameters
    ----------
    champion : GoodsModel
        Each fold goes on from it.
    prepared : Prepared
        Labelled lines with their sets of relatives as `group`.
    config : RefitConfig
    run : Run
        Each fold is a step of it.

    Returns
    -------
    LabelReview
    """
    folds = _folds(prepared, config.folds)
    models = []
    for fold in range(config.folds):
        others = _part(prepared, np.flatnonzero(folds != fold))
        again = replace(config, epochs=config.fold_epochs, champion_share=0.0, seed=config.seed + fold)
        with run.step(f"cross-validate labels, fold {fold + 1}") as progress:
            models.append(refit(champion, Lessons(others, Prepared([], [])), again, progress))
    at = {code: i for i, code in enumerate(champion.space.tree.headings)}
    label = np.array([at.get(_heading(line), -1) for line in prepared.lines])
    inspector = LabelInspector(num_class=len(at), verbose=False, n_jobs=1, store_results=False)
    for rows, headings, _ in _probabilities(models, folds, prepared):
        if (label[rows] >= 0).any():
            inspector.update_confident_thresholds(label[rows][label[rows] >= 0], headings[label[rows] >= 0])
    issues = []
    for rows, headings, control in _probabilities(models, folds, prepared):
        if (label[rows] >= 0).any():
            inspector.score_label_quality(label[rows][label[rows] >= 0], headings[label[rows] >= 0])
        for k, row in enumerate(rows.tolist()):
            said = _said(champion, prepared.lines[row], int(label[row]), headings[k], control[k])
            issues.append(_issue(prepared.lines[row], said))
    wrong_codes = inspector.get_num_issues(silent=True) if (label >= 0).any() else 0
    share = min(wrong_codes / max(1, int((label >= 0).sum())), _contradicted(issues))
    return LabelReview(sorted(issues, key=lambda issue: (-issue.doubt, issue.line_id)), float(share))


def _heading(line: LabelledLine) -> str:
    return line.hs[:4] if line.hs and len(line.hs) >= 4 and not hides_goods(line) else ""


def _contradicted(issues: Sequence[LabelIssue]) -> float:
    """Share of labels that the other labels contradict firmly.

    A right label of goods that few others resemble is doubted at 0.5 and more; at 0.9 hardly one is, while most wrong ones are.
    """
    return sum(issue.doubt > CONTRADICTED for issue in issues) / max(1, len(issues))


def _folds(prepared: Prepared, n: int) -> npt.NDArray[np.int64]:
    """Fold of each line; whole sets of relatives, the largest first to the smallest fold."""
    sets: dict[str, list[int]] = {}
    for row, line in enumerate(prepared.lines):
        sets.setdefault(group_of(line), []).append(row)
    folds, sizes = np.zeros(len(prepared.lines), dtype=np.int64), [0] * n
    for _, rows in sorted(sets.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        smallest = sizes.index(min(sizes))
        folds[rows] = smallest
        sizes[smallest] += len(rows)
    return folds


def _part(prepared: Prepared, rows: npt.NDArray[np.int64]) -> Prepared:
    return Prepared([prepared.lines[i] for i in rows], [prepared.rows[i] for i in rows])


def _probabilities(
    models: Sequence[GoodsModel], folds: npt.NDArray[np.int64], prepared: Prepared
) -> Iterator[tuple[npt.NDArray[np.int64], Floats, Floats]]:
    """Rows, probabilities of headings and of control entries, batch by batch, each from the model that has not seen them."""
    for fold, model in enumerate(models):
        inside = np.flatnonzero(folds == fold)
        for at in range(0, len(inside), _BATCH):
            rows = inside[at : at + _BATCH]
            with torch.no_grad():
                embedding = model.embed([prepared.rows[i] for i in rows])
                mass = model.space.tree.heading_log_mass(model.heads.hs_logits(embedding))
                headings = torch.softmax(mass.double(), dim=1).numpy()
                control = torch.softmax(model.heads.control(embedding).double(), dim=1).numpy()
            yield rows, headings, control


def _said(champion: GoodsModel, line: LabelledLine, label: int, headings: Floats, control: Floats) -> _Said:
    names = [e.entry for e in champion.space.entries]
    best, best_entry = int(headings.argmax()), int(control.argmax())
    known = [names.index(e) for e in line.control or () if e in names and not hides_goods(line)]
    return _Said(
        float(headings[label]) if label >= 0 else np.nan,
        champion.space.tree.headings[best],
        float(headings[best]),
        float(control[known].sum()) if known else np.nan,
        names[best_entry],
        float(control[best_entry]),
    )


def _issue(line: LabelledLine, said: _Said) -> LabelIssue:
    copied = bool(line.declared_hs) and _heading(line) == line.declared_hs[:4]
    code_doubt = _posterior(said.code_p, said.code_best_p, COPIED_WRONG if copied else FOUND_WRONG)
    entry_doubt = _posterior(said.entry_p, said.entry_best_p, FOUND_WRONG)
    if code_doubt >= entry_doubt:
        doubt, labelled, likelier, p, best = code_doubt, line.hs or "", said.code, said.code_p, said.code_best_p
        how = "only repeats the declared code" if copied else "is not the declared code"
        reason = f"code {labelled} {how}; the other labels give it {p:.0%} and {likelier} {best:.0%}"
    else:
        labelled = ";".join(line.control or ())
        doubt, likelier, p, best = entry_doubt, said.entry, said.entry_p, said.entry_best_p
        reason = f"entry {labelled}: the other labels give it {p:.0%} and {likelier} {best:.0%}"
    return LabelIssue(
        round(doubt, 6),
        line.line_id,
        line.description,
        line.declared_hs,
        line.case_id,
        line.source,
        labelled,
        likelier,
        reason,
    )


def _posterior(p: float, best: float, prior: float) -> float:
    """Probability that a label is wrong: its own p against the best other's, weighed by how often such labels are wrong."""
    if np.isnan(p):
        return 0.0
    wrong, right = prior * max(best, 1e-9), (1 - prior) * max(p, 1e-9)
    return float(wrong / (wrong + right))


def write_issues(review: LabelReview, out: Path) -> None:
    """Write the ranked list as CSV, or as JSONL when the name ends so."""
    rows = [asdict(issue) for issue in review.issues]
    if out.suffix == ".jsonl":
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        file = io.StringIO(newline="")
        table = csv.DictWriter(file, LabelIssue.__slots__)
        table.writeheader()
        table.writerows({k: neutral(v) for k, v in row.items()} for row in rows)
        text = file.getvalue()
    write_whole(out, text.encode("utf-8", "replace"))
