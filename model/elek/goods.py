"""Goods lines, the thing scored, and scored lines, the answer: plain values, no logic of the model."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Verdict = Literal["clear", "controlled", "wrong_code", "wrong_code_hides_control", "too_vague"]


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One description with an optional declared code.

    Attributes
    ----------
    description : str
        Free text in any language.
    declared_hs : str or None
        As declared; read by `elek.codes.parse_hs`. Empty means none.
    line_id, consignment_id : str or None
        Opaque. Lines of one consignment travel together.
    quantity, unit, net_weight_kg, value_usd : str or None
        As declared, carried along; no score uses them.
    """

    description: str
    declared_hs: str | None = None
    line_id: str | None = None
    consignment_id: str | None = None
    quantity: str | None = None
    unit: str | None = None
    net_weight_kg: str | None = None
    value_usd: str | None = None


class Ranked(NamedTuple):
    """A code or control entry with its probability in [0, 1], rounded to 6 decimals."""

    code: str
    p: float


@dataclass(frozen=True, slots=True)
class DeclaredCode:
    """How the declared code stands.

    Attributes
    ----------
    hs : str
        Digits as judged, at most 6; the raw text when it could not be read.
    valid : bool
        Whether the edition has this code.
    p : float or None
        Probability of the code at its own length; of its longest valid prefix when the edition lacks it; 0 when it lacks
        the chapter too; None when the text is no code.
    chpl_tier : str or None
        Tier of the declared subheading on the Common High Priority List.
    """

    hs: str
    valid: bool
    p: float | None
    chpl_tier: str | None


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """The answer for one goods line; `to_record` gives the published form.

    Attributes
    ----------
    status : {"ok", "error"}
        On "error" the scores are None and `error` says what to do.
    controlled_score, misdeclaration_score, vagueness_score : float or None
        Calibrated probabilities in [0, 1], rounded to 6 decimals. `misdeclaration_score` is None without a readable declared code.
    control, headings, subheadings : tuple of Ranked
        Most probable first; `control` always holds the entry "none".
    chpl : Ranked or None
        Heaviest tier, and the probability mass of all listed subheadings.
    flags : tuple of str
        Repairs of the text, defects of the code, thresholds crossed.
    ask : str or None
        The one fact that would decide.
    bundle : str
        Digest of the bundle that scored the line.
    """

    line_id: str
    status: Literal["ok", "error"]
    bundle: str
    verdict: Verdict | None = None
    controlled_score: float | None = None
    misdeclaration_score: float | None = None
    vagueness_score: float | None = None
    control: tuple[Ranked, ...] = ()
    chpl: Ranked | None = None
    declared: DeclaredCode | None = None
    headings: tuple[Ranked, ...] = ()
    subheadings: tuple[Ranked, ...] = ()
    flags: tuple[str, ...] = ()
    ask: str | None = None
    error: str | None = None
    consignment_id: str | None = field(default=None, compare=False)

    def to_record(self) -> dict[str, Any]:
        """Give the line as the published record, keys in the published order.

        Returns
        -------
        dict
            JSON types only.

        Examples
        --------
        >>> ScoredLine("7", "error", "sha256:0", error="description is empty").to_record()["status"]
        'error'
        """
        record: dict[str, Any] = {
            "line_id": self.line_id,
            "status": self.status,
            "verdict": self.verdict,
            "controlled_score": self.controlled_score,
            "misdeclaration_score": self.misdeclaration_score,
            "vagueness_score": self.vagueness_score,
            "control": [{"entry": code, "p": p} for code, p in self.control],
            "chpl": self.chpl and {"tier": self.chpl.code, "p": self.chpl.p},
            "declared": self.declared
            and {
                "hs": self.declared.hs,
                "valid": self.declared.valid,
                "p": self.declared.p,
                "chpl_tier": self.declared.chpl_tier,
            },
            "headings": [{"hs": code, "p": p} for code, p in self.headings],
            "subheadings": [{"hs": code, "p": p} for code, p in self.subheadings],
            "flags": list(self.flags),
            "ask": self.ask,
            "bundle": self.bundle,
        }
        if self.status == "error":
            record["error"] = self.error
        return record
