"""Verify: the whole log against its checkpoints. Needs the records, the checkpoint file and the public key."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from elek_serving.audit.checkpoint import Checkpoint
from elek_serving.audit.export import Held
from elek_serving.audit.merkle import Tree, leaf_hash
from elek_serving.audit.record import canonical

MAX_TOLD = 20


@dataclass
class Verified:
    """What verifying found.

    Attributes
    ----------
    records, checkpoints : int
        How many were read.
    covered : int
        Records under the newest checkpoint that holds; later ones are not vouched for yet.
    root : str
        Root hash over all records, hex.
    faults : list of str
        What does not hold, each with its place; empty when all does.
    """

    records: int = 0
    checkpoints: int = 0
    covered: int = 0
    root: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def tell(self, fault: str) -> None:
        """Add a fault; after twenty only that there are more."""
        if len(self.faults) < MAX_TOLD:
            self.faults.append(fault)
        elif len(self.faults) == MAX_TOLD:
            self.faults.append("and more")


def verify(records: Iterable[Held], checkpoints: Sequence[Checkpoint], key: Ed25519PublicKey) -> Verified:
    """Check every record and every checkpoint.

    Parameters
    ----------
    records : iterable of Held
        In order, from the first.
    checkpoints : sequence of Checkpoint
        From the log's file, and those that were held elsewhere.
    key : Ed25519PublicKey
        The log's public key, got apart from the log.

    Returns
    -------
    Verified
    """
    found = Verified(checkpoints=len(checkpoints))
    roots = _check_signatures(checkpoints, key, found)
    tree = Tree()
    for held in records:
        _check_record(held, tree.size, found)
        tree.add(leaf_hash(held.content))
        for root in roots.pop(tree.size, ()):
            if root == tree.root():
                found.covered = max(found.covered, tree.size)
            else:
                found.tell(f"checkpoint {tree.size}: the records before it are not those that were signed")
    for size in sorted(roots):
        if size > tree.size:
            found.tell(f"checkpoint {size}: the log has only {tree.size} records; the rest was cut off")
    found.records, found.root = tree.size, tree.root().hex()
    if tree.size and not checkpoints:
        found.tell("there is no checkpoint; nobody vouches for the log")
    return found


def _check_signatures(
    checkpoints: Sequence[Checkpoint], key: Ed25519PublicKey, found: Verified
) -> dict[int, set[bytes]]:
    """Give the roots that were signed, by size."""
    roots: dict[int, set[bytes]] = {}
    origins = set()
    for number, checkpoint in enumerate(checkpoints, start=1):
        origins.add(checkpoint.origin)
        if not checkpoint.signed_by(key):
            found.tell(f"checkpoint {number} (size {checkpoint.size}): the signature does not hold")
        elif checkpoint.size < 1:
            found.tell(f"checkpoint {number}: it is of an empty log")
        else:
            roots.setdefault(checkpoint.size, set()).add(checkpoint.root)
    if len(origins) > 1:
        found.tell(f"the checkpoints are of different logs: {', '.join(sorted(origins))}")
    return roots


def _check_record(held: Held, place: int, found: Verified) -> None:
    if held.seq != place:
        found.tell(f"record {place}: its place is taken by record {held.seq}")
    if held.leaf is not None and held.leaf != leaf_hash(held.content):
        found.tell(f"record {place}: its stored hash is not that of its content")
    try:
        body = json.loads(held.content)
        sound = isinstance(body, dict) and body.get("seq") == place and canonical(body) == held.content
    except (ValueError, RecursionError):
        sound = False
    if not sound:
        found.tell(f"record {place}: it is not in canonical form, or does not name its own place")
