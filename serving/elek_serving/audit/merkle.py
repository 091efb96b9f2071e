"""Merkle tree of RFC 6962, section 2.1: hashes, inclusion and consistency proofs. Knows nothing of records or files."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""Root of the tree without leaves."""


def leaf_hash(content: bytes) -> bytes:
    """Hash a leaf: SHA-256 over 0x00 and the content."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash a node: SHA-256 over 0x01 and its two children."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree of which only the roots of its full subtrees are kept: O(log n) memory.

    Examples
    --------
    >>> tree = Tree()
    >>> tree.root() == EMPTY
    True
    >>> tree.add(leaf_hash(b"a")); tree.add(leaf_hash(b"b"))
    >>> tree.size, tree.root() == node_hash(leaf_hash(b"a"), leaf_hash(b"b"))
    (2, True)
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._full: list[bytes] = []  # roots of full subtrees, largest first; one for each bit set in size
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash, 32 bytes."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self._full.pop(), node)
            size >>= 1
        self._full.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Give the root hash, 32 bytes."""
        if not self._full:
            return EMPTY
        node = self._full[-1]
        for left in reversed(self._full[:-1]):
            node = node_hash(left, node)
        return node

    def copy(self) -> "Tree":
        """Give a tree that grows apart from this one."""
        other = Tree()
        other.size, other._full = self.size, list(self._full)
        return other


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes."""
    return Tree(leaves).root()


def _split(n: int) -> int:
    """Largest power of two below n, for n of 2 or more."""
    return 1 << ((n - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Give the audit path of a leaf, nearest sibling first.

    Parameters
    ----------
    leaves : sequence of bytes
        Leaf hashes of the whole tree.
    index : int
        From 0, below the number of leaves.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} is not in a tree of {len(leaves)}")
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(root_hash(leaves[middle:high]))
            high = middle
        else:
            path.append(root_hash(leaves[low:middle]))
            low = middle
    return path[::-1]


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Give the root that an inclusion proof leads to; None when the proof has the wrong length."""
    if not 0 <= index < size:
        return None
    node, last = leaf, size - 1
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """Give the proof that the tree of the first `old` leaves is the beginning of the tree of all leaves.

    Parameters
    ----------
    leaves : sequence of bytes
        Leaf hashes of the new tree.
    old : int
        Size of the old tree, 1 to the number of leaves.
    """
    if not 0 < old <= len(leaves):
        raise IndexError(f"a tree of {old} is not the beginning of one of {len(leaves)}")

    def part(low: int, high: int, old: int, whole: bool) -> list[bytes]:
        size = high - low
        if old == size:
            return [] if whole else [root_hash(leaves[low:high])]
        k = _split(size)
        if old <= k:
            return [*part(low, low + k, old, whole), root_hash(leaves[low + k : high])]
        return [*part(low + k, high, old - k, False), root_hash(leaves[low : low + k])]

    return part(0, len(leaves), old, True)


def consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Say whether a consistency proof ties an old (size, root) to a new one (RFC 9162, section 2.1.4.2)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return old_root == new_root and not proof
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, node)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
