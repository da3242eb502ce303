"""The tree as tiles of 256 hashes (C2SP tlog-tiles): growing it, its root, and the proofs, each from a few tiles.

Tile `index` of level `level` holds hashes of whole subtrees of 256 ** `level` leaves, in order. A full tile never
changes. Each level ends in at most one that is not full, and what it held when it was narrower is its beginning.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from transparency.encoding import LARGEST
from transparency.errors import Malformed, TileMissing
from transparency.tree import EMPTY_ROOT, HASH_BYTES, node_hash, split

WIDTH = 256
"""Hashes in a full tile."""

_HEIGHT = 8
_TOP = 63
_PATH = re.compile(r"tile/([0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: of which level, which in order on it, and how many hashes it holds, 1 to 256."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served and kept, such as `tile/0/x001/234` or, not full, `tile/1/000.p/17`."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *above, last = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        end = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{''.join(f'x{part}/' for part in above)}{last}{end}"

    @classmethod
    def parse(cls, path: str) -> "Tile":
        """The tile of a path. Raises Malformed for any other spelling than `path` gives."""
        match = _PATH.fullmatch(path)
        if match:
            level, index, width = match.groups()
            tile = cls(int(level), int(index.replace("x", "").replace("/", "")), int(width or WIDTH))
            if tile.level <= _TOP and tile.index <= LARGEST and tile.path == path and 0 < tile.width <= WIDTH:
                return tile
        msg = "no tile has this path"
        raise Malformed(msg)


class TileReader(Protocol):
    """Where tiles come from."""

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """The hashes of each tile, one after the other, 32 bytes each: in the order asked for."""
        ...


class HeldTiles:
    """Tiles in memory, each in its widest state, from which every narrower one is read."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], bytes] = {}

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """As `TileReader`; of a tile that is not here, or not so wide, what there is."""
        return [self._tiles.get((tile.level, tile.index), b"")[: tile.width * HASH_BYTES] for tile in tiles]

    def keep(self, tiles: Iterable[tuple[Tile, bytes]]) -> None:
        """Put these in, over narrower states of them."""
        self._tiles.update(((tile.level, tile.index), hashes) for tile, hashes in tiles)


def right_edge(size: int) -> list[Tile]:
    """The tiles that are not full in a tree of this size, from the leaves up: all that is needed to grow it."""
    return [Tile(level, size >> _HEIGHT * (level + 1), width) for level, width in enumerate(_digits(size)) if width]


def grow(size: int, edge: Sequence[bytes], leaves: Sequence[bytes]) -> dict[Tile, bytes]:
    """The tiles that are new or wider when these leaf hashes follow in a tree of `size` leaves.

    `edge` is what the tiles of `right_edge(size)` hold. Each tile is given once, as wide as it becomes.
    """
    before = {tile.level: hashes for tile, hashes in zip(right_edge(size), edge, strict=True)}
    changed: dict[Tile, bytes] = {}
    level, new = 0, b"".join(leaves)
    while new:
        held = before.get(level, b"") + new
        first = size >> _HEIGHT * (level + 1)
        tiles = [held[at : at + WIDTH * HASH_BYTES] for at in range(0, len(held), WIDTH * HASH_BYTES)]
        changed |= {Tile(level, first + at, len(tile) // HASH_BYTES): tile for at, tile in enumerate(tiles)}
        new = b"".join(_top(tile) for tile in tiles if len(tile) == WIDTH * HASH_BYTES)
        level += 1
    return changed


def root(size: int, reader: TileReader) -> bytes:
    """The root of the first `size` leaves. Raises TileMissing."""
    return _hashes([(0, size)], size, reader)[0] if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, reader: TileReader) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 §2.1.1). Raises TileMissing, ValueError."""
    if not 0 <= index < size:
        msg = "the tree has no such leaf"
        raise ValueError(msg)
    parts: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    return _hashes(parts[::-1], size, reader)


def consistency_proof(old: int, size: int, reader: TileReader) -> list[bytes]:
    """That the first `old` leaves begin the tree of `size` (RFC 6962 §2.1.2). Raises TileMissing, ValueError."""
    if not 0 <= old <= size:
        msg = "the old tree is no beginning of the tree"
        raise ValueError(msg)
    parts: list[tuple[int, int]] = []
    start, end = 0, size
    while 0 < old < end:
        middle = start + split(end - start)
        if old <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    if start:
        parts.append((start, end))
    return _hashes(parts[::-1], size, reader)


def _digits(size: int) -> list[int]:
    """How many hashes beyond full tiles each level holds: the size in base 256, lowest first."""
    return list(size.to_bytes(-(-size.bit_length() // 8), "little"))


def _hashes(parts: Sequence[tuple[int, int]], size: int, reader: TileReader) -> list[bytes]:
    """The hash of each part of the tree, from and to which leaf, with one reading of the tiles they need."""
    whole = [list(_whole_subtrees(start, end)) for start, end in parts]
    wanted = list(dict.fromkeys(_tile_of(start, height, size) for part in whole for start, height in part))
    held = {}
    for tile, hashes in zip(wanted, reader.read(wanted), strict=True):
        if len(hashes) != tile.width * HASH_BYTES:
            raise TileMissing(tile.path)
        held[tile] = hashes
    return [_joined([_subtree(start, height, size, held) for start, height in part]) for part in whole]


def _whole_subtrees(start: int, end: int) -> Iterable[tuple[int, int]]:
    """The largest whole subtrees, (first leaf, height), that these leaves consist of, from the left."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield start, height
        start += 1 << height


def _tile_of(start: int, height: int, size: int) -> Tile:
    """The tile that holds what a whole subtree's hash is made of, as wide as a tree of this size has it."""
    level = height // _HEIGHT
    index = start >> _HEIGHT * (level + 1)
    return Tile(level, index, min(WIDTH, (size >> _HEIGHT * level) - index * WIDTH))


def _subtree(start: int, height: int, size: int, held: dict[Tile, bytes]) -> bytes:
    level, levels = divmod(height, _HEIGHT)
    at = (start >> _HEIGHT * level) % WIDTH * HASH_BYTES
    return _top(held[_tile_of(start, height, size)][at : at + (HASH_BYTES << levels)])


def _top(hashes: bytes) -> bytes:
    """The hash of a whole subtree from the hashes of its leaves, one after the other; as many as a power of two."""
    pair = 2 * HASH_BYTES
    while len(hashes) > HASH_BYTES:
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + pair]).digest() for at in range(0, len(hashes), pair)])
    return hashes


def _joined(hashes: list[bytes]) -> bytes:
    """The hash over whole subtrees that follow each other, each smaller than the one before."""
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined
