"""The Merkle tree of RFC 6962 §2.1 (SHA-256): its hashes, and whether a proof leads from them to a root.

A tree of `size` leaves splits at the largest power of two below its size: all on the left is a whole tree that never
changes again, the rest is on the right. Both kinds of proof are read from the end, where the hash nearest the root is.
"""

from collections.abc import Sequence
from hashlib import sha256

from transparency.encoding import LARGEST
from transparency.errors import ProofWrong

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf; a leaf is never taken for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Where a tree of this size, at least 2, splits: the largest power of two below it."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """That the leaf of this hash is number `index`, counted from 0, of the tree of `size` leaves with this root.

    `proof` is the audit path of RFC 6962 §2.1.1, from the leaf's neighbour up. Raises ProofWrong.
    """
    if not 0 <= index < size <= LARGEST:
        raise _wrong()
    _are_hashes(leaf, root, *proof)
    if _root_from(leaf, index, size, proof) != root:
        raise _wrong()


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """That the tree of `size` leaves begins with the very leaves of the tree of `old_size`, in their order.

    `proof` is that of RFC 6962 §2.1.2; empty when nothing was before or nothing has come since. Raises ProofWrong.
    """
    if not 0 <= old_size <= size <= LARGEST:
        raise _wrong()
    _are_hashes(old_root, root, *proof)
    if (old_size == 0 and old_root != EMPTY_ROOT) or (size == 0 and root != EMPTY_ROOT):
        raise _wrong()
    if old_size == 0:
        if proof:
            raise _wrong()
    elif _two_roots(old_root, old_size, size, proof, whole=True) != (old_root, root):
        raise _wrong()


def _root_from(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    if size == 1:
        if proof:
            raise _wrong()
        return leaf
    if not proof:
        raise _wrong()
    below, other, left = proof[:-1], proof[-1], split(size)
    if index < left:
        return node_hash(_root_from(leaf, index, left, below), other)
    return node_hash(other, _root_from(leaf, index - left, size - left, below))


def _two_roots(known: bytes, old: int, size: int, proof: Sequence[bytes], *, whole: bool) -> tuple[bytes, bytes]:
    """The root of the first `old` leaves of this part of the tree, and the root of the part.

    `whole` says that the old tree begins where this part does: then its root, which the reader knows, stands for it.
    """
    if old == size:
        if len(proof) != (0 if whole else 1):
            raise _wrong()
        same = known if whole else proof[0]
        return same, same
    if not proof:
        raise _wrong()
    below, other, left = proof[:-1], proof[-1], split(size)
    if old <= left:
        before, now = _two_roots(known, old, left, below, whole=whole)
        return before, node_hash(now, other)
    before, now = _two_roots(known, old - left, size - left, below, whole=False)
    return node_hash(other, before), node_hash(other, now)


def _are_hashes(*values: bytes) -> None:
    if any(len(value) != HASH_BYTES for value in values):
        raise _wrong()


def _wrong() -> ProofWrong:
    return ProofWrong("the proof does not lead to the root")
