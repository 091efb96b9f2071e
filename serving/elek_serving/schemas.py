"""Request and response bodies of the HTTP API."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class LineIn(BaseModel):
    """One goods line; the fields of `elek.GoodsLine`."""

    model_config = ConfigDict(extra="forbid")

    description: str = Field(examples=["КВАДРОКОПТЕР DJI MAVIC 3"])
    declared_hs: str | None = Field(default=None, examples=["9503.00"])
    line_id: str | None = Field(default=None, examples=["7"])
    consignment_id: str | None = None
    quantity: str | None = None
    unit: str | None = None
    net_weight_kg: str | None = None
    value_usd: str | None = None


class ScoreRequest(BaseModel):
    """Lines to score."""

    model_config = ConfigDict(extra="forbid")

    lines: list[LineIn] = Field(min_length=1)
    top: int = Field(default=5, ge=1, le=100, description="Length of the ranked lists.")


class ScoreResponse(BaseModel):
    """One scored line for each line, in order; the records of the command line."""

    bundle: str = Field(examples=["sha256:…"])
    lines: list[dict[str, Any]]


class Ready(BaseModel):
    """Whether the service can score, and with which bundle."""

    status: str
    bundle: str


class Health(BaseModel):
    """Whether the process answers."""

    status: str
