"""Consignment members: what a consignment is judged by, of each of its lines."""

from typing import Any, NamedTuple

from elek.drone_parts import drone_part
from elek.goods import GoodsLine

LEAD_WORDS = 3
LEAD_CHARACTERS = 40


class Member(NamedTuple):
    """One line of a consignment, in few bytes.

    Attributes
    ----------
    consignment, line_id : str
    verdict : str
    controlled : float
        Controlled score; 0 for an error.
    declared : str
        Declared code as judged; empty for none or an unreadable one.
    heading, heading_p : str, float
        Likeliest heading.
    entry : str
        Likeliest control entry, "none" among them.
    part : str
        Part of a drone that it names; empty for none.
    drone : int
        1 when it speaks of drones.
    lead : str
        Its leading words, by which an umbrella noun shows.
    """

    consignment: str
    line_id: str
    verdict: str
    controlled: float
    declared: str
    heading: str
    heading_p: float
    entry: str
    part: str
    drone: int
    lead: str


def member_of(goods: GoodsLine, record: dict[str, Any]) -> Member | None:
    """Take from a line and its record what its consignment is judged by; None when it has no consignment."""
    if not goods.consignment_id:
        return None
    heading, heading_p, part, drone = "", 0.0, "", False
    if record["headings"]:
        heading, heading_p = record["headings"][0]["hs"], record["headings"][0]["p"]
        part, drone = drone_part(goods.description, [r["hs"] for r in record["headings"][:3]])
    declared = record["declared"]
    return Member(
        consignment=goods.consignment_id,
        line_id=goods.line_id or "",
        verdict=record["verdict"] or "error",
        controlled=record["controlled_score"] or 0.0,
        declared=declared["hs"] if declared and declared["p"] is not None else "",
        heading=heading,
        heading_p=heading_p,
        entry=next((r["entry"] for r in record["control"] if r["entry"] != "none"), ""),
        part=part,
        drone=int(drone),
        lead=lead_of(goods.description),
    )


def lead_of(description: str) -> str:
    """Give the words that a description begins with: up to a colon, else the first three.

    Examples
    --------
    >>> lead_of("Запасные части для сельхозтехники: реле"), lead_of("подшипник")
    ('запасные части для сельхозтехники', 'подшипник')
    """
    head, colon, _ = description[:200].replace("：", ":").partition(":")
    words = head.casefold().split(None, 12 if colon else LEAD_WORDS)
    return " ".join(words if colon else words[:LEAD_WORDS])[:LEAD_CHARACTERS]
