"""The tree of all events: how fast it grows in one process, and how long the proof of one leaf takes."""

import time
from hashlib import sha256
from random import Random

from app.postgres import EmbeddedPostgres
from bench.measure import Line, Scale, Work, in_turn
from transparency.tiles import HeldTiles, grow, inclusion_proof, right_edge, root
from transparency.tree import leaf_hash, verify_inclusion

_LEAF_BYTES = 216
_AT_ONCE = 1_000


def leaves(_server: EmbeddedPostgres, scale: Scale) -> Line:
    """Leaves a second, hashed and grown into tiles by a thousand; the peer is the same hashing with no tree."""
    data = _data(min(scale.leaves, 50_000))
    own, peer = in_turn(
        [lambda: _rate(lambda: _tree([leaf_hash(leaf) for leaf in data]), len(data)), lambda: _hashing(data)],
        scale.slices,
    )
    return Line("tree", own, peer, "leaves/s", more={"leaf_bytes": _LEAF_BYTES})


def proof(_server: EmbeddedPostgres, scale: Scale) -> Line:
    """Milliseconds for the proof of one leaf, from tiles in memory; each is verified, and that is not counted."""
    size = scale.leaves
    hashes = [leaf_hash(number.to_bytes(8, "big")) for number in range(size)]
    held = _tree(hashes)
    now = root(size, held)
    chance, times = Random(11), []
    for _ in range(scale.samples):
        index = chance.randrange(size)
        began = time.perf_counter()
        path = inclusion_proof(index, size, held)
        times.append((time.perf_counter() - began) * 1000)
        verify_inclusion(hashes[index], index, size, path, now)
    times.sort()
    more = {"leaves": size, "p99": times[len(times) * 99 // 100]}
    return Line("proof", times[len(times) // 2], None, "ms", less_is_better=True, more=more)


def _tree(hashes: list[bytes]) -> HeldTiles:
    held = HeldTiles()
    for size in range(0, len(hashes), _AT_ONCE):
        changed = grow(size, held.read(right_edge(size)), hashes[size : size + _AT_ONCE])
        held.keep(changed.items())
    return held


def _hashing(data: list[bytes]) -> float:
    """The hash of each leaf and one of two hashes for it, which is what a tree needs at the least."""
    return _rate(lambda: [sha256(b"\x01" + (leaf := leaf_hash(each)) + leaf).digest() for each in data], len(data))


def _rate(work: Work, count: int) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def _data(count: int) -> list[bytes]:
    chance = Random(5)
    return [chance.randbytes(_LEAF_BYTES) for _ in range(count)]
