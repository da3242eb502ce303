"""The tree as RFC 6962 §2.1 and RFC 9162 §2.1 define it, letter by letter and slowly: what ours is held against."""

from collections.abc import Sequence
from hashlib import sha256

from transparency.tiles import HeldTiles, grow, right_edge


def mth(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes (§2.1)."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _below(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The audit path (§2.1.1)."""
    if len(leaves) == 1:
        return []
    k = _below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def consistency(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The consistency proof (§2.1.2)."""
    return _subproof(m, leaves, whole=True) if m else []


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """The loop of RFC 9162 §2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha256(b"\x01" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """The loop of RFC 9162 §2.1.4.2, for 0 < old < size."""
    if not proof:
        return False
    first, *rest = [old_root, *proof] if old & (old - 1) == 0 else proof
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = first
    for c in rest:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = sha256(b"\x01" + c + fr).digest(), sha256(b"\x01" + c + sr).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha256(b"\x01" + sr + c).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == root


def leaf_hashes(count: int) -> list[bytes]:
    """So many leaf hashes, each of its own number."""
    return [sha256(b"\x00" + str(number).encode()).digest() for number in range(count)]


def grown(leaves: Sequence[bytes], *steps: int) -> HeldTiles:
    """The tiles of a tree that grew by so many leaves at a time, and by the rest at last."""
    held, size = HeldTiles(), 0
    for step in (*steps, len(leaves)):
        new = leaves[size : size + step]
        held.keep(grow(size, held.read(right_edge(size)), new).items())
        size += len(new)
    return held


def _subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = _below(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def _below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
