"""The tree is that of RFC 6962: hashes by its definitions, the well-known tree of eight leaves, proofs of every size."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elek_serving.audit.merkle import (
    EMPTY,
    Tree,
    consistency_proof,
    consistent,
    inclusion_proof,
    leaf_hash,
    root_hash,
    root_of_inclusion,
)

# The eight leaves that implementations of certificate transparency check against.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of section 2.1, written as the RFC writes it."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def hashes(n: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(n)]


def test_the_well_known_tree_of_eight_leaves():
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES]
    for n in range(1, 9):
        assert root_hash([leaf_hash(leaf) for leaf in leaves[:n]]).hex() == ROOTS[n - 1]
        assert by_definition(leaves[:n]).hex() == ROOTS[n - 1]


def test_the_examples_of_the_rfc_for_seven_leaves():
    """Section 2.1.3: the audit paths of d0, d3, d4 and d6, and the consistency proofs of 3, 4 and 6."""
    leaves = hashes(7)
    a, b, c, d, e, f, j = leaves
    g, h, i = root_hash([a, b]), root_hash([c, d]), root_hash([e, f])
    k, left = root_hash([a, b, c, d]), root_hash([e, f, j])
    assert inclusion_proof(leaves, 0) == [b, h, left]
    assert inclusion_proof(leaves, 3) == [c, g, left]
    assert inclusion_proof(leaves, 4) == [f, j, k]
    assert inclusion_proof(leaves, 6) == [i, k]
    assert consistency_proof(leaves, 3) == [c, d, g, left]
    assert consistency_proof(leaves, 4) == [left]
    assert consistency_proof(leaves, 6) == [i, j, k]


@given(st.lists(st.binary(max_size=20), max_size=70))
def test_the_growing_tree_has_the_root_of_the_definition(leaves):
    assert Tree([leaf_hash(leaf) for leaf in leaves]).root() == by_definition(leaves)


@pytest.mark.parametrize("n", [*range(1, 20), 31, 32, 33, 64, 65])
def test_every_inclusion_and_consistency_proof_holds_and_no_changed_one_does(n):
    leaves = hashes(n)
    root = root_hash(leaves)
    for index in range(n):
        path = inclusion_proof(leaves, index)
        assert root_of_inclusion(leaves[index], index, n, path) == root
        assert root_of_inclusion(leaf_hash(b"other"), index, n, path) != root
        assert root_of_inclusion(leaves[index], index, n, [*path, path[0] if path else root]) != root
        if path:
            assert root_of_inclusion(leaves[index], index, n, path[:-1]) != root
            assert root_of_inclusion(leaves[index], index, n, [leaf_hash(b"x"), *path[1:]]) != root
    for old in range(1, n + 1):
        proof = consistency_proof(leaves, old)
        before = (old, root_hash(leaves[:old]))
        assert consistent(before, (n, root), proof)
        assert not consistent((old, leaf_hash(b"x")), (n, root), proof)
        assert not consistent(before, (n, leaf_hash(b"x")), proof)
        assert not consistent(before, (n, root), [*proof, root])


def test_a_leaf_that_is_not_there_has_no_proof():
    with pytest.raises(IndexError, match="leaf 3"):
        inclusion_proof(hashes(3), 3)
    assert root_of_inclusion(leaf_hash(b""), 3, 3, []) is None
    with pytest.raises(IndexError, match="beginning"):
        consistency_proof(hashes(3), 4)
