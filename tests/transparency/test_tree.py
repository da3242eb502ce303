"""What a Merkle proof promises: it leads to the root or is refused, and no other proof does."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transparency.naive import consistency, consistent, includes, leaf_hashes, mth, path
from transparency.errors import ProofWrong
from transparency.tree import EMPTY_ROOT, leaf_hash, node_hash, verify_consistency, verify_inclusion

# The leaves with which logs of RFC 6962 are commonly tried, and the roots of their first 1 to 8.
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
HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
HUGE = 2**63


def wrong(verify: Callable[..., None], *given: object) -> bool:
    """Whether a verification refuses."""
    with suppress(ProofWrong):
        verify(*given)
        return False
    return True


def bent(proof: list[bytes]) -> Iterator[list[bytes]]:
    """The proof with each one of its bytes changed, a hash too few, too many, twice, cut short, or out of order."""
    for at, hash_ in enumerate(proof):
        for byte in range(len(hash_)):
            yield [*proof[:at], hash_[:byte] + bytes([hash_[byte] ^ 1]) + hash_[byte + 1 :], *proof[at + 1 :]]
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[:at], hash_, *proof[at:]]
        yield [*proof[:at], hash_[:-1], *proof[at + 1 :]]
    for at in range(len(proof) - 1):
        yield [*proof[:at], proof[at + 1], proof[at], *proof[at + 2 :]]
    yield [*proof, EMPTY_ROOT]
    yield [EMPTY_ROOT, *proof]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962 §2.1."""
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert mth([]) == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_one_to_eight_leaves(size: int) -> None:
    """The hashes of leaves and nodes are those that other logs have, so another's program can check ours."""
    assert mth(HASHES[:size]).hex() == ROOTS[size - 1]


def test_the_proofs_of_the_seven_leaves_drawn_in_the_rfc() -> None:
    """RFC 6962 §2.1.3: the nodes that its picture names, written out."""
    a, b, c, d, e, f, j = HASHES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, last = node_hash(g, h), node_hash(i, j)
    root = node_hash(k, last)
    verify_inclusion(a, 0, 7, [b, h, last], root)
    verify_inclusion(d, 3, 7, [c, g, last], root)
    verify_inclusion(e, 4, 7, [f, j, k], root)
    verify_inclusion(j, 6, 7, [i, k], root)
    verify_consistency(3, node_hash(g, c), 7, root, [c, d, g, last])
    verify_consistency(4, k, 7, root, [last])
    verify_consistency(6, node_hash(k, i), 7, root, [i, j, k])


@pytest.mark.parametrize("size", range(1, 20))
def test_every_leaf_is_proven_and_at_no_other_place(size: int) -> None:
    """The path of each leaf leads to the root from its own number and from no other."""
    leaves = leaf_hashes(size)
    root = mth(leaves)
    for index, place in product(range(size), range(-1, size + 1)):
        assert wrong(verify_inclusion, leaves[index], place, size, path(index, leaves), root) == (place != index)


@pytest.mark.parametrize("size", range(1, 20))
def test_every_older_tree_is_proven_a_beginning(size: int) -> None:
    """From every smaller size, none and the same included; and from no other root."""
    leaves = leaf_hashes(size)
    for old in range(size + 1):
        before = mth(leaves[:old])
        proof = consistency(old, leaves)
        verify_consistency(old, before, size, mth(leaves), proof)
        assert wrong(verify_consistency, old, leaf_hash(b"another"), size, mth(leaves), proof)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (4, 5), (3, 8), (6, 7), (70, 100)])
def test_a_bent_path_is_refused(index: int, size: int) -> None:
    """Every byte of every hash of the path counts, and so do their number and order; so do leaf and root."""
    leaves = leaf_hashes(size)
    root = mth(leaves)
    for proof in bent(path(index, leaves)):
        assert wrong(verify_inclusion, leaves[index], index, size, proof, root)
    for other in bent([leaves[index]]):
        assert wrong(verify_inclusion, b"".join(other), index, size, path(index, leaves), root)
        assert wrong(verify_inclusion, leaves[index], index, size, path(index, leaves), bytes(32))


@pytest.mark.parametrize(("old", "size"), [(0, 5), (5, 5), (1, 2), (3, 7), (4, 7), (6, 7), (64, 100), (77, 100)])
def test_a_bent_consistency_proof_is_refused(old: int, size: int) -> None:
    """As a path; and where nothing is to be proven, every proof but the empty one."""
    leaves = leaf_hashes(size)
    for proof in bent(consistency(old, leaves)):
        assert wrong(verify_consistency, old, mth(leaves[:old]), size, mth(leaves), proof)


@settings(deadline=None)
@given(st.data())
def test_what_is_verified_is_what_the_rfc_verifies(data: st.DataObject) -> None:
    """For any claim made of true hashes, right or wrong, the answer is that of the RFC's own loops."""
    size = data.draw(st.integers(1, 40))
    leaves = leaf_hashes(size)
    index, claimed = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, 50))
    place = data.draw(st.integers(0, claimed - 1))
    answer = includes(leaves[index], place, claimed, path(index, leaves), mth(leaves))
    assert wrong(verify_inclusion, leaves[index], place, claimed, path(index, leaves), mth(leaves)) != answer
    old, before = data.draw(st.integers(1, size)), data.draw(st.integers(1, 50))
    proof = consistency(old, leaves)
    if before < claimed:
        claim = (before, mth(leaves[:old]), claimed, mth(leaves), proof)
        assert wrong(verify_consistency, *claim) != consistent(*claim)


@pytest.mark.parametrize(("old", "size"), [(2, 1), (-1, 1), (0, HUGE), (HUGE, HUGE)])
def test_impossible_sizes_are_refused(old: int, size: int) -> None:
    """A tree does not shrink, and none has as many leaves as the database cannot count."""
    assert wrong(verify_consistency, old, EMPTY_ROOT, size, EMPTY_ROOT, [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (0, HUGE), (HUGE - 1, HUGE)])
def test_impossible_places_are_refused(index: int, size: int) -> None:
    """As the sizes."""
    assert wrong(verify_inclusion, HASHES[0], index, size, [], HASHES[0])


def test_an_empty_tree_has_only_its_own_root() -> None:
    """Nothing follows from a tree that is said to be empty and is not."""
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    verify_consistency(0, EMPTY_ROOT, 1, HASHES[0], [])
    assert wrong(verify_consistency, 0, HASHES[0], 0, HASHES[0], [])
    assert wrong(verify_consistency, 0, HASHES[0], 1, HASHES[0], [])
    assert wrong(verify_consistency, 0, EMPTY_ROOT, 1, HASHES[0], [HASHES[0]])
