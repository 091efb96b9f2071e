"""Proof: that one record is in the log under a signed checkpoint, in a file that a third party checks with the public key alone."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from elek_serving.audit.checkpoint import AuditError, Checkpoint, parse
from elek_serving.audit.export import Held
from elek_serving.audit.merkle import inclusion_proof, leaf_hash, root_of_inclusion

FORMAT = "elek-inclusion-proof/1"


@dataclass(frozen=True)
class Proof:
    """A record, its audit path, and the checkpoint that the path leads to."""

    content: bytes
    seq: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    def to_json(self) -> str:
        """Give the proof as a file's text."""
        body = {
            "format": FORMAT,
            "seq": self.seq,
            "record": self.content.decode("utf-8"),
            "path": [base64.b64encode(node).decode() for node in self.path],
            "checkpoint": self.checkpoint.note(),
        }
        return json.dumps(body, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Proof":
        """Read a proof's file.

        Raises
        ------
        AuditError
            If it is not in the form of `to_json`.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            if raw["format"] != FORMAT:
                raise ValueError(raw["format"])
            [checkpoint] = parse(raw["checkpoint"])
            path = tuple(base64.b64decode(node, validate=True) for node in raw["path"])
            return cls(raw["record"].encode("utf-8"), int(raw["seq"]), path, checkpoint)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise AuditError(f"this is no proof in the form '{FORMAT}'; make it with `elek audit prove`") from error

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Say whether the record is under the checkpoint, and the checkpoint signed by this key."""
        root = root_of_inclusion(leaf_hash(self.content), self.seq, self.checkpoint.size, self.path)
        return root == self.checkpoint.root and self.checkpoint.signed_by(key)


def prove(seq: int, records: Sequence[Held], checkpoints: Sequence[Checkpoint]) -> Proof:
    """Prove that a record is in the log, under the newest checkpoint that covers it.

    Parameters
    ----------
    seq : int
    records : sequence of Held
        The whole log.
    checkpoints : sequence of Checkpoint

    Raises
    ------
    AuditError
        If there is no such record, or no checkpoint covers it yet.
    """
    if not 0 <= seq < len(records):
        raise AuditError(f"there is no record {seq}; the log has {len(records)}, from 0")
    covering = [c for c in checkpoints if seq < c.size <= len(records)]
    if not covering:
        raise AuditError(f"no checkpoint covers record {seq} yet; ask again in a few seconds")
    checkpoint = max(covering, key=lambda c: c.size)
    leaves = [leaf_hash(held.content) for held in records[: checkpoint.size]]
    return Proof(records[seq].content, seq, tuple(inclusion_proof(leaves, seq)), checkpoint)
