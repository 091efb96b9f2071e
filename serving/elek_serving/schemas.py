"""Request and response bodies of the HTTP API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from elek.goods import Verdict


def _encodable(text: str) -> str:
    """Refuse half of a surrogate pair: no UTF-8 text holds one."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("holds half of a surrogate pair; send whole characters")
    return text


Text = Annotated[str, AfterValidator(_encodable)]


class LineIn(BaseModel):
    """One goods line; the fields of `elek.GoodsLine`."""

    model_config = ConfigDict(extra="forbid")

    description: Text = Field(examples=["КВАДРОКОПТЕР DJI MAVIC 3"], description="At most 4,096 characters.")
    declared_hs: Text | None = Field(default=None, examples=["9503.00"], max_length=64)
    line_id: Text | None = Field(default=None, examples=["7"], max_length=200)
    consignment_id: Text | None = Field(default=None, examples=["KZ-2207"], max_length=200)
    quantity: Text | None = Field(default=None, max_length=64)
    unit: Text | None = Field(default=None, max_length=64)
    net_weight_kg: Text | None = Field(default=None, max_length=64)
    value_usd: Text | None = Field(default=None, max_length=64)


class ScoreRequest(BaseModel):
    """Lines to score."""

    model_config = ConfigDict(extra="forbid")

    lines: list[LineIn] = Field(min_length=1, description="At most 256.")
    top: int = Field(default=5, ge=1, le=100, description="Length of the ranked lists.")


class EntryP(BaseModel):
    """A control entry and its probability."""

    entry: str = Field(examples=["3A001"])
    p: float


class CodeP(BaseModel):
    """A code and its probability."""

    hs: str = Field(examples=["8542"])
    p: float


class TierP(BaseModel):
    """Heaviest tier of the Common High Priority List, and the probability of the whole list."""

    tier: str = Field(examples=["1"])
    p: float


class DeclaredOut(BaseModel):
    """How the declared code stands."""

    hs: str
    valid: bool
    p: float | None
    chpl_tier: str | None


class LineOut(BaseModel):
    """A scored line."""

    line_id: str
    status: Literal["ok", "error"]
    verdict: Verdict | None
    controlled_score: float | None
    misdeclaration_score: float | None
    vagueness_score: float | None
    control: list[EntryP]
    chpl: TierP | None
    declared: DeclaredOut | None
    headings: list[CodeP]
    subheadings: list[CodeP]
    flags: list[str]
    ask: str | None
    bundle: str
    error: str | None = None


class ScoreResponse(BaseModel):
    """One scored line for each line, in order; the records of the command line."""

    bundle: str = Field(examples=["sha256:9f86d081884c7d65"])
    lines: list[LineOut]


class ManifestOut(BaseModel):
    """How far a manifest is."""

    id: int
    name: str
    state: Literal["waiting", "scoring", "scored", "failed"]
    lines: int = Field(description="Lines scored so far.")
    counts: dict[str, int] = Field(description="Lines by verdict, once scored.")
    bundle: str | None
    report: str | None = Field(description="What was found: format, encoding, separator, columns.")
    error: str | None
    sha256: str
    uploaded_at: datetime
    scored_at: datetime | None


class DecisionIn(BaseModel):
    """What a reviewer says of a line."""

    model_config = ConfigDict(extra="forbid")

    manifest: int = Field(ge=1, le=2**31 - 1, examples=[1])
    row: int = Field(ge=1, le=2**31 - 1, examples=[1], description="Row of the line in its manifest, from 1.")
    decision: Literal["confirm", "clear", "refer", "undo"]
    reason: str = Field(default="", max_length=32, examples=["inspected"])
    words: Text = Field(default="", max_length=2000)
    correct_hs: str | None = Field(default=None, max_length=16, examples=["854231"])
    correct_entry: str | None = Field(default=None, max_length=24, examples=["3A001"])


class DecisionOut(BaseModel):
    """What was written down."""

    decision: int
    state: Literal["undecided", "second", "disputed", "decided"]
    seq: int = Field(description="Number of the audit record.")


class BundleOut(BaseModel):
    """The bundle that answers."""

    bundle: str
    since: datetime
    editions: dict[str, Any]
    thresholds: dict[str, float]
    metrics: dict[str, Any]


class Ready(BaseModel):
    """Whether the service can score, and with which bundle."""

    status: str
    bundle: str


class Health(BaseModel):
    """Whether the process answers."""

    status: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(examples=["lines[3].description: Field required"])
    faults: list[dict[str, str]] | None = Field(default=None, description="Where and what, for a body with faults.")


def _problem(about: str) -> dict[str, Any]:
    return {"description": about, "content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The body cannot be read"),
    401: _problem("No API key, or one that does not hold"),
    403: _problem("The key lacks the scope"),
    404: _problem("There is no such thing"),
    409: _problem("It cannot be done as things stand"),
    413: _problem("The body is too large"),
    422: _problem("The request cannot be read: which line and field, and the remedy"),
    429: _problem("Too many requests; see Retry-After"),
    503: _problem("It took too long, or the audit log does not answer; see Retry-After"),
}
"""Errors that any route of the API may answer."""
