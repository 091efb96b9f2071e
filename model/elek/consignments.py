"""Consignments: the lines that travel together, judged together, however far apart they stand in the manifest.

Members wait in a temporary database on disk, so memory does not grow with the manifest; each consignment is then read once.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elek.consignment_member import Member
from elek.drone_parts import OWN_PARTS
from elek.scored_chunk import Seen

SURE = 0.35
"""Probability from which a heading counts as what a line is; umbrella nouns make the model less sure."""

KINDS = 3
"""Different headings, of two chapters at least, from which lines count as different kinds of goods."""

KNOWN_SHARE = 1 / 3
"""Share of lines whose heading must be sure."""

DRONE_PARTS = 4
DRONE_PARTS_NAMED = 3
"""Different parts that make a drone: without, and with, a word for drone on any line."""

BULK = 4
"""Lines from which a consignment has a bulk that something can hide in."""

HIDDEN_SHARE = 0.2
"""Largest share of lines that still counts as hidden; one line always does."""

BENIGN = 0.25
"""Controlled score below which a line of the bulk is benign."""

SHOWN = 20
"""Line ids that a finding names."""

MAX_LEADS = 20_000
SUSPECT = ("wrong_code_hides_control", "controlled")
_FIELDS = Member._fields


class Consignments:
    """Members of every consignment, until the manifest ends.

    Parameters
    ----------
    bundle : str
        Digest, for the records.

    Attributes
    ----------
    n_lines : int
        Lines that belong to a consignment.
    counts : Counter of str
        Consignments by kind of finding, once `records` was read.
    """

    def __init__(self, bundle: str) -> None:
        self._bundle = bundle
        self._members = sqlite3.connect("")  # a temporary file, removed on close
        self._members.execute("PRAGMA journal_mode = OFF")
        self._members.execute("PRAGMA cache_size = -16384")
        self._members.execute("PRAGMA temp_store = FILE")
        self._members.execute(f"CREATE TABLE member (row INTEGER PRIMARY KEY, {', '.join(_FIELDS)})")
        # lines of one consignment mostly stand together: a run of rows, so that few things need to be sorted
        self._members.execute("CREATE TABLE run (consignment, first, last)")
        self._run: tuple[str, int] | None = None
        self._insert = f"INSERT INTO member ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"
        self.n_lines = 0
        self.counts: Counter[str] = Counter()

    def add(self, seen: Iterable[Seen]) -> None:
        """Take the members among scored lines."""
        members = [line.member for line in seen if line.member is not None]
        try:
            self._members.executemany(self._insert, members)
        except UnicodeEncodeError:
            self._members.execute("DELETE FROM member WHERE row > ?", (self.n_lines,))
            members = [Member(*[_clean(value) for value in member]) for member in members]
            self._members.executemany(self._insert, members)
        for member in members:
            self.n_lines += 1
            if self._run is None or member.consignment != self._run[0]:
                self._end_run(self.n_lines - 1)
                self._run = (member.consignment, self.n_lines)

    def _end_run(self, last: int) -> None:
        if self._run is not None:
            self._members.execute("INSERT INTO run VALUES (?, ?, ?)", (*self._run, last))

    def records(self) -> Iterator[dict[str, Any]]:
        """Give one record for each consignment, in the order of their first lines; `counts` holds the findings by kind."""
        self._end_run(self.n_lines)
        self._run = None
        runs = (
            "SELECT consignment, first, last FROM run"
            " JOIN (SELECT consignment AS c, MIN(first) AS begins FROM run GROUP BY consignment) ON consignment = c"
            " ORDER BY begins, first"
        )
        members = f"SELECT {', '.join(_FIELDS)} FROM member WHERE row BETWEEN ? AND ? ORDER BY row"
        judged: _Judged | None = None
        for consignment, first, last in self._members.execute(runs):
            if judged is None or judged.consignment != consignment:
                if judged is not None:
                    yield self._record(judged)
                judged = _Judged(consignment)
            for values in self._members.execute(members, (first, last)):
                judged.add(Member._make(values))
        if judged is not None:
            yield self._record(judged)

    def _record(self, judged: "_Judged") -> dict[str, Any]:
        record = judged.record(self._bundle)
        self.counts.update({finding["kind"] for finding in record["findings"]})
        return record

    def close(self) -> None:
        """Remove the members."""
        self._members.close()


def _clean(value: Any) -> Any:
    """Lone surrogates cannot be stored."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@dataclass(slots=True)
class _Group:
    """Lines of one consignment that share a declared code or leading words; nearly every line begins one, so it is light."""

    lines: int = 0
    ids: list[str] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)

    def add(self, member: Member) -> None:
        self.lines += 1
        if len(self.ids) < SHOWN:
            self.ids.append(member.line_id)
        if member.heading_p >= SURE:
            self.headings[member.heading] = self.headings.get(member.heading, 0) + 1


@dataclass
class _Judged:
    """A consignment while its lines are read."""

    consignment: str
    verdicts: Counter[str] = field(default_factory=Counter)
    expected: float = 0.0
    benign: int = 0
    codes: defaultdict[str, _Group] = field(default_factory=lambda: defaultdict(_Group))
    leads: dict[str, _Group] = field(default_factory=dict)
    suspects: list[Member] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    drone: bool = False

    def add(self, member: Member) -> None:
        self.verdicts[member.verdict] += 1
        self.expected += member.controlled
        self.benign += member.verdict in ("clear", "wrong_code") and member.controlled < BENIGN
        if member.declared:
            self.codes[member.declared].add(member)
        lead = self.leads.get(member.lead)
        if lead is None and len(self.leads) < MAX_LEADS:
            lead = self.leads[member.lead] = _Group()
        if lead is not None:
            lead.add(member)
        if member.verdict in SUSPECT and self.verdicts[member.verdict] <= SHOWN:
            self.suspects.append(member)
        if member.part:
            self.parts.setdefault(member.part, member.line_id)
        self.drone |= bool(member.drone)

    def record(self, bundle: str) -> dict[str, Any]:
        findings = [f for f in (self._one_code(), self._umbrella(), self._drone_in_parts(), self._hidden()) if f]
        return {
            "consignment_id": self.consignment,
            "lines": self.verdicts.total(),
            "verdicts": dict(sorted(self.verdicts.items())),
            "expected_controlled": round(self.expected, 3),
            "findings": findings,
            "bundle": bundle,
        }

    def _one_code(self) -> dict[str, Any] | None:
        """Find one code over different kinds of goods: many lines under it are surely something else, of several headings."""
        for code, group in sorted(self.codes.items(), key=lambda pair: -pair[1].lines):
            others = {heading: n for heading, n in group.headings.items() if heading != code[:4]}
            if _differ(others, group.lines):
                why = (
                    f"code {code} is declared for {group.lines} lines, and {sum(others.values())} of them read as goods of "
                    f"{len(others)} other headings: {_list(others)}"
                )
                return _finding("one_code", why, group.ids, code=code, headings=sorted(others))
        return None

    def _umbrella(self) -> dict[str, Any] | None:
        """Find an umbrella noun over different kinds of goods: lines begin alike and many are surely of several headings."""
        for lead, group in sorted(self.leads.items(), key=lambda pair: -pair[1].lines):
            if _differ(group.headings, group.lines):
                why = (
                    f"{group.lines} lines begin with '{lead}', and read as goods of {len(group.headings)} headings: "
                    f"{_list(group.headings)}"
                )
                return _finding("umbrella", why, group.ids, words=lead, headings=sorted(group.headings))
        return None

    def _drone_in_parts(self) -> dict[str, Any] | None:
        own = OWN_PARTS & set(self.parts)
        enough = len(self.parts) >= DRONE_PARTS and len(own) >= 2
        if not enough and not (self.drone and own and len(self.parts) >= DRONE_PARTS_NAMED):
            return None
        named = ", ".join(f"{part} (line {line_id})" for part, line_id in sorted(self.parts.items()))
        why = f"together the lines hold the parts of a drone: {named}"
        return _finding("drone_in_parts", why, list(self.parts.values()), parts=sorted(self.parts))

    def _hidden(self) -> dict[str, Any] | None:
        """Find a benign bulk that hides few controlled lines: those under a code that hides them, else all."""
        n = self.verdicts.total()
        for verdicts in (SUSPECT[:1], SUSPECT):
            k = sum(self.verdicts[verdict] for verdict in verdicts)
            if n >= BULK and 0 < k <= max(1, HIDDEN_SHARE * n) and self.benign * 2 >= n - k:
                hidden = [member for member in self.suspects if member.verdict in verdicts]
                worst = max(hidden, key=lambda member: member.controlled)
                why = (
                    f"{self.benign} of {n} lines are benign, and {k} {'reads' if k == 1 else 'read'} as controlled: line "
                    f"{worst.line_id} as {worst.entry or 'a listed good'} ({worst.controlled:.2f}), verdict {worst.verdict}"
                )
                return _finding("hidden_line", why, [m.line_id for m in hidden[:SHOWN]], entry=worst.entry)
        return None


def _differ(headings: Mapping[str, int], lines: int) -> bool:
    """Tell whether lines are of different kinds."""
    if len(headings) < KINDS or sum(headings.values()) < KNOWN_SHARE * lines:
        return False
    return len({heading[:2] for heading in headings}) > 1


def _finding(kind: str, why: str, lines: list[str], **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "why": why, "lines": lines, **facts}


def _list(kinds: Mapping[str, int]) -> str:
    shown = ", ".join(f"{heading} ({n})" for heading, n in Counter(kinds).most_common(8))
    return shown + (f" and {len(kinds) - 8} more" if len(kinds) > 8 else "")
