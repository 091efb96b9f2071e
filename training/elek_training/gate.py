"""Gate: rules that say whether a challenger is better, not better, or worse somewhere it must not be; and why."""

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from elek.errors import ElekError
from elek_training.compare import SLICE_CONFIDENCE, Comparison
from elek_training.config import CONFIGS
from elek_training.labelled import LabelledLine
from elek_training.paired import CONFIDENCE, Paired

Answer = Literal["better", "not better", "worse"]
EXIT_CODES: dict[Answer, int] = {"better": 0, "not better": 1, "worse": 2}


class GateError(ElekError, ValueError):
    """Rules or a record of the gate that cannot be read."""


@dataclass(frozen=True)
class GateRules:
    """Rules of the gate.

    Attributes
    ----------
    review_budget : float
        Share of innocent lines that may be flagged when recall is measured.
    least_positives : int
        Lines that a category, typology, language or chapter needs to be judged by itself.
    rounds : int
        Of the bootstrap.
    may_fall : float
        A figure is worse when it falls by more, its interval lies below zero, and McNemar's test is as sure.
    calibration_may_rise : float
        The same for calibration errors.
    most_label_doubt : float
        Share of the new labels that cross-validation contradicts; above it nothing is promoted, whatever the figures.
    least_speed, most_size : float
        As shares of the champion's.
    must_rise_one : tuple of str
        One of these must rise with its whole interval above zero, by McNemar's test too.
    """

    review_budget: float
    least_positives: int
    rounds: int
    may_fall: float
    calibration_may_rise: float
    most_label_doubt: float
    least_speed: float
    most_size: float
    must_rise_one: tuple[str, ...]


def read_gate_rules(path: Path = CONFIGS / "gate.toml") -> GateRules:
    """Read rules; every key must be there and known."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = sorted(set(raw) ^ {f.name for f in fields(GateRules)})
    if wrong:
        raise GateError(f"{path}: key '{wrong[0]}' is {'unknown' if wrong[0] in raw else 'missing'}")
    return GateRules(**{**raw, "must_rise_one": tuple(raw["must_rise_one"])})


@dataclass(frozen=True)
class GateResult:
    """What the gate says.

    Attributes
    ----------
    answer : {"better", "not better", "worse"}
    rises, falls, refusals : list of str
        Sentences: what is better, what is worse, what else stands in the way.
    warnings : list of str
        Falls that this test is too small to tell from chance.
    """

    answer: Answer
    rises: list[str]
    falls: list[str]
    refusals: list[str]
    warnings: list[str]


def judge(found: Comparison, label_doubt: float | None, rules: GateRules) -> GateResult:
    """Apply the rules.

    Parameters
    ----------
    found : Comparison
    label_doubt : float or None
        As the retraining recorded it in the challenger; None for a bundle that was not retrained.
    rules : GateRules

    Returns
    -------
    GateResult
    """
    falls: list[str] = []
    warnings: list[str] = []
    for name, paired in (found.figures | found.slices).items():
        if name.endswith("calibration error"):
            if paired.difference.value > rules.calibration_may_rise and paired.difference.low > 0:
                falls.append(_sentence(name, paired))
        elif paired.difference.value < -rules.may_fall:
            chance = 1 - (SLICE_CONFIDENCE if name in found.slices else CONFIDENCE)
            is_sure = paired.difference.high < 0 and _is_no_chance(paired, chance)
            (falls if is_sure else warnings).append(_sentence(name, paired))
    sure, perhaps = _evaded(found, rules)
    falls += sure
    warnings += perhaps
    refusals = []
    if label_doubt is not None and label_doubt > rules.most_label_doubt:
        refusals.append(
            f"{label_doubt:.0%} of the new labels contradict cross-validation, more than {rules.most_label_doubt:.0%}: "
            "look at them with `elek train label-issues` before anything learns from them"
        )
    if found.speed < rules.least_speed:
        refusals.append(f"it scores at {found.speed:.2f} times the champion's speed, less than {rules.least_speed:.2f}")
    if found.size > rules.most_size:
        refusals.append(f"it is {found.size:.2f} times as large as the champion, more than {rules.most_size:.2f}")
    judged = {name: found.figures[name] for name in rules.must_rise_one if name in found.figures}
    risen = {name: p for name, p in judged.items() if p.difference.low > 0 and _is_no_chance(p, 1 - CONFIDENCE)}
    rises = [_sentence(name, paired) for name, paired in risen.items()]
    answer: Answer = "worse" if falls else "better" if rises and not refusals else "not better"
    return GateResult(answer, rises, falls, refusals, warnings)


def _is_no_chance(paired: Paired, chance: float) -> bool:
    """Tell whether McNemar's test says so too: of five lines lost and none won a bootstrap is surer than it may be."""
    return paired.p_value is None or paired.p_value < chance


def _evaded(found: Comparison, rules: GateRules) -> tuple[list[str], list[str]]:
    """Treatments of the scorecard that work better on the challenger: surely, and perhaps."""
    sure, perhaps = [], []
    for before, after in zip(*found.scorecards, strict=True):
        if before.evaded.n < rules.least_positives:
            continue
        allowed = (after.limit or 0.0) + rules.may_fall
        is_new = bool(before.passed) and after.evaded.low > allowed
        shares = f"{before.evaded.value:.1%} to {after.evaded.value:.1%}, n {after.evaded.n:,}"
        sentence = f"evasion, {after.row}: {after.treatment} makes more queued lines pass: {shares}"
        if is_new or after.evaded.low > before.evaded.high:
            sure.append(sentence)
        elif before.passed and after.evaded.value > allowed:
            perhaps.append(sentence)
    return sure, perhaps


def _sentence(name: str, paired: Paired) -> str:
    d = paired.difference
    return (
        f"{name}: {paired.champion:.3f} to {paired.challenger:.3f}, {100 * d.value:+.1f} points "
        f"({100 * d.low:+.1f} to {100 * d.high:+.1f}, n {d.n:,})"
    )


def lines_digest(lines: Sequence[LabelledLine]) -> str:
    """Name a test: sha256 over its lines in order."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(
            repr((line.description, line.declared_hs, line.hs, line.control, line.vague)).encode("utf-8", "replace")
        )
    return f"sha256:{digest.hexdigest()}"


def gate_record(found: Comparison, result: GateResult) -> dict[str, Any]:
    """Give the record that `promote` asks for; JSON types only."""
    return {
        "format": 1,
        "champion": found.champion.bundle,
        "challenger": found.challenger.bundle,
        "test": {
            "digest": lines_digest(found.champion.lines),
            "lines": len(found.champion.lines),
            "seen": found.n_seen,
        },
        "answer": result.answer,
        "rises": result.rises,
        "falls": result.falls,
        "refusals": result.refusals,
        "warnings": result.warnings,
        "figures": {name: p.as_dict() for name, p in (found.figures | found.slices).items()},
        "scorecards": [[r.as_dict() for r in card] for card in found.scorecards],
        "speed": round(found.speed, 3),
        "size": round(found.size, 3),
        "flipped": len(found.flips),
    }


def read_record(path: Path) -> dict[str, Any]:
    """Read a gate record; `GateError` when it is none."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["answer"] not in EXIT_CODES or not raw["champion"].startswith("sha256:"):
            raise GateError(f"'{path}' is no record of the gate; write one with `elek train compare --record {path}`")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GateError(
            f"'{path}' is no record of the gate ({error}); write one with `elek train compare --record`"
        ) from error
    return dict(raw)
