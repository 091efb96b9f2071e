"""Label: what a decision or a seizure says of one line, with who said so, when and in which case."""

import hashlib
from dataclasses import dataclass

from elek.text import normalise
from elek_training.labelled import LabelledLine

SEIZURE, DESK = "seizure", "desk"
"""Where a label comes from: goods that were opened, or a reviewer who read the line."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label, every value as text.

    Attributes
    ----------
    description, declared_hs : str
        What was declared.
    hs : str
        True code, 2, 4 or 6 digits of the edition; empty when unknown.
    control : str
        Entries joined by ``;``, ``none`` when known not controlled, empty when unknown.
    vague : str
        ``1``, ``0`` or empty.
    source : {"seizure", "desk"}
    who : str
        Officer or reviewer.
    labelled_at : str
        ISO date or time.
    case_id, shipper, typology, lang : str
        Empty when unknown.
    reason : str
        In the words of who labelled.
    bundle : str
        Digest of the bundle whose score the reviewer saw; empty for a seizure.
    weight : str
        A number of 0 or more; the desk gives less to a reviewer who is often overruled.
    """

    description: str
    declared_hs: str = ""
    hs: str = ""
    control: str = ""
    vague: str = ""
    source: str = SEIZURE
    who: str = ""
    labelled_at: str = ""
    case_id: str = ""
    shipper: str = ""
    typology: str = ""
    lang: str = ""
    reason: str = ""
    bundle: str = ""
    weight: str = "1"

    @property
    def line_key(self) -> str:
        """Name of the goods line: equal for equal normalised text and declared code.

        Examples
        --------
        >>> Label("МИКРОСХЕМА  FPGA", "8542").line_key == Label("микросхема fpga", "8542").line_key
        True
        """
        text = f"{normalise(self.description).text}\n{self.declared_hs}"
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

    def as_line(self, group: str) -> LabelledLine:
        """Give the label as a training line of a group."""
        return LabelledLine(
            self.description,
            hs=self.hs or None,
            control=tuple(self.control.split(";")) if self.control else None,
            vague=None if self.vague == "" else self.vague == "1",
            declared_hs=self.declared_hs,
            line_id=self.line_key,
            lang=self.lang,
            source=self.source,
            case_id=self.case_id,
            group=group,
            typology=self.typology,
            labelled_at=self.labelled_at,
            weight=float(self.weight),
        )
