"""Retrain: new labels in, a challenger bundle and the gate's answer out; it goes on where it was stopped."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import torch

from elek.bundle import write_index
from elek.errors import ElekError
from elek_training.catalogue import Good, read_catalogue, read_vague
from elek_training.champion_weights import Champion, read_champion
from elek_training.compare import Comparison, compare
from elek_training.compose import Composer
from elek_training.durable import write_whole
from elek_training.evaluate import Evaluation, evaluate_judged
from elek_training.export import BundleFacts, export
from elek_training.fit import prepare
from elek_training.gate import GateResult, GateRules, judge, lines_digest
from elek_training.graph import GoodsGraph
from elek_training.intake import take_in, trainable
from elek_training.known_words import known_words
from elek_training.label_issues import LabelReview, find_label_issues
from elek_training.label_store import LabelStore
from elek_training.labelled import LabelledLine
from elek_training.leaks import LeakReport, find_leaks
from elek_training.precedents import unpack
from elek_training.refit import Lessons, RefitConfig, refit
from elek_training.retrain_card import write_retrain_card
from elek_training.sources import lexicon_lines, nomenclature_lines
from elek_training.split import split_lines
from elek_training.tracking import Run
from elek_training.trained_on import seen_as
from elek_training.training_set import IntakeRules, Selection

LEAST_LINES = 20
"""Fewer new lines than this teach nothing that could be measured."""


class RetrainError(ElekError):
    """New labels that cannot be trained on; the message says why and what to do."""


@dataclass(frozen=True)
class RetrainRequest:
    """What to retrain, from what.

    Attributes
    ----------
    seizures : str
        File of seizures, or export of the desk; empty for what the store holds.
    champion, out : Path
        Folders of the champion's bundle and of the new one.
    store : LabelStore
    tests : list of LabelledLine
        A frozen test beside the held-out part of the new lines and the canary; may be empty.
    config : RefitConfig
    intake_rules : IntakeRules
    gate_rules : GateRules
    now : datetime
        Aware.
    goods : sequence of Good or None
        Goods to rehearse with; None is the whole catalogue.
    """

    seizures: str
    champion: Path
    out: Path
    store: LabelStore
    tests: list[LabelledLine]
    config: RefitConfig
    intake_rules: IntakeRules
    gate_rules: GateRules
    now: datetime
    goods: Sequence[Good] | None = None


@dataclass(frozen=True)
class Retrained:
    """What a retraining gives.

    Attributes
    ----------
    digest : str
        Of the challenger.
    selection : Selection
    leaks : LeakReport
    review : LabelReview
    evaluation : Evaluation
        Of the challenger on the test.
    comparison : Comparison
    gate : GateResult
    """

    digest: str
    selection: Selection
    leaks: LeakReport
    review: LabelReview
    evaluation: Evaluation
    comparison: Comparison
    gate: GateResult


def retrain(request: RetrainRequest, run: Run) -> Retrained:
    """Take in, clean, split, refit, evaluate, compare, and write the challenger.

    Parameters
    ----------
    request : RetrainRequest
    run : Run
        Where progress goes.

    Returns
    -------
    Retrained

    Raises
    ------
    RetrainError
        If a row has a problem, or too few labels may be trained on.
    """
    torch.use_deterministic_algorithms(True)
    with run.step("take in and clean labels"):
        selection = _take_in(request)
        split = split_lines(selection.lines, request.config.test_share, request.config.seed)
        test = [*split.test, *selection.canary, *request.tests]
        leaks = find_leaks(split.train, test)
        champion = read_champion(request.champion)
        seen = seen_as(champion.bundle.files["trained_on.bin"], test)
        test = [line for line, known, way in zip(test, leaks.leaking, seen, strict=True) if not known and not way]
    work = _work_folder(request, champion, split.train)
    new = prepare(split.train, champion.model.config.n_rows)
    review = find_label_issues(champion.model, new, request.config, run)
    with run.step("rehearse and learn") as progress:
        lessons = Lessons(new, prepare(rehearsal_lines(request.config, request.goods), champion.model.config.n_rows))
        model = refit(champion.model, lessons, request.config, progress, work)
    with run.step("export"):
        draft = work / "draft"
        facts = _facts(champion, request, selection, review, split.train)
        shown = [*split.train, *unpack(champion.bundle.files["precedents.npz"])]
        graph = GoodsGraph(model, champion.calibration)
        export(graph, champion.model.space, shown, facts, draft)
    with run.step("evaluate and compare"):
        rules = request.gate_rules
        found = compare((request.champion, draft), test, rules.review_budget, rules.least_positives, rules.rounds)
        evaluation = evaluate_judged(found.challenger, found.scorecards[1], Counter())
        gate = judge(found, review.share_wrong, rules)
        digest = _finish(draft, request.out, facts, evaluation, found)
    found = replace(found, challenger=replace(found.challenger, bundle=digest))
    evaluation = replace(evaluation, judged=replace(evaluation.judged, bundle=digest))
    shutil.rmtree(work, ignore_errors=True)
    return Retrained(digest, selection, leaks, review, evaluation, found, gate)


def rehearsal_lines(config: RefitConfig, goods: Sequence[Good] | None = None) -> list[LabelledLine]:
    """Give the lines on which the champion's answers are kept; their own labels are not used.

    Composed lines, half of them of controlled goods, for most goods have no entry; and the names and texts of every heading:
    what the champion knows of goods that no catalogue names.
    """
    goods = read_catalogue() if goods is None else list(goods)
    controlled = [good for good in goods if good.is_controlled] or goods
    half = config.rehearsal_lines // 2
    composed = [
        line
        for part, seed in ((goods, config.seed + 1), (controlled, config.seed + 2))
        for line in Composer(part, read_vague()).lines(half, seed)
    ]
    named = [*nomenclature_lines(1.0), *lexicon_lines(config.rehearsal_terms)] if config.rehearsal_terms else []
    return composed + named


def _take_in(request: RetrainRequest) -> Selection:
    if request.seizures:
        found = take_in(request.seizures, request.store, request.now)
        if found.problems:
            raise RetrainError(
                f"{len(found.problems):,} rows of '{request.seizures}' have problems, the first: {found.problems[0]}; "
                "see them all with `elek train intake`"
            )
    selection = trainable(request.store, request.intake_rules, request.now)
    if len(selection.lines) < LEAST_LINES:
        causes = "; ".join(f"{n:,} {cause}" for cause, n in selection.left_out.items()) or "the store is empty"
        raise RetrainError(
            f"only {len(selection.lines):,} labels may be trained on, fewer than {LEAST_LINES} ({causes}); wait for quarantine, add labels "
            "of more shippers and reviewers, let in who is held (`elek train intake` names them), or give other --rules"
        )
    return selection


def _work_folder(request: RetrainRequest, champion: Champion, lines: Sequence[LabelledLine]) -> Path:
    """Folder of checkpoints beside the bundle; emptied when it belongs to other inputs."""
    work = request.out.resolve().with_name(f".{request.out.name}.work")
    asked = {"champion": champion.bundle.digest, "lines": lines_digest(lines), "config": request.config.as_dict()}
    inputs = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    if (work / "inputs").is_file() and (work / "inputs").read_text(encoding="ascii") != inputs:
        shutil.rmtree(work)
    write_whole(work / "inputs", inputs.encode())
    return work


def _facts(
    champion: Champion,
    request: RetrainRequest,
    selection: Selection,
    review: LabelReview,
    lines: Sequence[LabelledLine],
) -> BundleFacts:
    index: dict[str, Any] = dict(champion.bundle.index)
    recorded = {name: index[name] for name in ("editions", "priors", "config", "data", "conformal")}
    recorded["retrain"] = {
        "champion": champion.bundle.digest,
        "config": request.config.as_dict(),
        "lines": len(lines),
        "lines_digest": lines_digest(lines),
        "label_doubt": round(review.share_wrong, 4),
        "selection": selection.as_dict(),
    }
    words = known_words((), lines, champion.words)
    return BundleFacts(index["thresholds"], recorded, "", words, champion.bundle.files["trained_on.bin"])


def _finish(draft: Path, out: Path, facts: BundleFacts, evaluation: Evaluation, found: Comparison) -> str:
    """Write what was measured into the draft's card and index, and move it to its place."""
    out = out.resolve()
    described = json.loads((draft / "bundle.json").read_text(encoding="utf-8"))
    described["metrics"] = evaluation.as_dict()["figures"]
    described["retrain"]["differences"] = {name: paired.as_dict() for name, paired in found.figures.items()}
    (draft / "card.md").write_text(write_retrain_card(described, evaluation, found), encoding="utf-8")
    kept = {name: value for name, value in described.items() if name not in ("files", "format_version")}
    digest = write_index(draft, kept)
    if out.exists():
        if not (out / "bundle.json").is_file():
            raise RetrainError(f"'{out}' exists and is no bundle; choose another --out")
        shutil.rmtree(out)
    draft.rename(out)
    return digest
