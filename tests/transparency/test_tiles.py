"""What the tiles promise: the same tree, however it grew, from few readings and never from a tile that is not whole."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transparency.naive import consistency, grown, leaf_hashes, mth, path
from transparency.errors import Malformed, TileMissing
from transparency.tiles import HeldTiles, Tile, consistency_proof, grow, inclusion_proof, right_edge, root
from transparency.tree import EMPTY_ROOT, verify_consistency, verify_inclusion

MANY = 70_000
LEAVES = leaf_hashes(MANY)


class Counting:
    """A reader that notes what it was asked for."""

    def __init__(self, held: HeldTiles) -> None:
        self.held, self.asked = held, list[list[Tile]]()

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """As the tiles held."""
        self.asked.append(list(tiles))
        return self.held.read(tiles)


@pytest.fixture(scope="module")
def large() -> HeldTiles:
    """A tree of 70,000 leaves, grown in one go."""
    return grown(LEAVES)


@pytest.mark.parametrize(
    ("tile", "path_"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(1, 0, 17), "tile/1/000.p/17"),
        (Tile(63, 5, 255), "tile/63/005.p/255"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path_: str) -> None:
    """C2SP tlog-tiles: three digits an element, all but the last with an x, and the width where it is not full."""
    assert tile.path == path_
    assert Tile.parse(path_) == tile


@pytest.mark.parametrize(
    "path_",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/x01/000",
        "tile/0/001/000",
        "tile/0/xx00/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000.p/-1",
        "tile/0/000.p/1/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/\u0660\u0661\u0662",
        "tile/entries/000",
        "tile/0/" + "x999/" * 6 + "999",
        "tile/0/" + "x100/" * 3_000 + "000",
    ],
)
def test_no_other_spelling_is_a_tile(path_: str) -> None:
    """A cache or a file system is never asked for the same tile by two names, nor for anything that is no tile."""
    with pytest.raises(Malformed):
        Tile.parse(path_)


@settings(deadline=None)
@given(st.builds(Tile, st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256)))
def test_every_path_is_read_as_the_tile_it_was_made_of(tile: Tile) -> None:
    """There and back, at every size of number."""
    assert Tile.parse(tile.path) == tile


def test_the_tiles_of_seventy_thousand_leaves() -> None:
    """The example of the specification: 273 full tiles and one of 112, one full and one of 17, and one of 1."""
    tiles = sorted(grow(0, [], LEAVES), key=lambda tile: (tile.level, tile.index))
    leaves = [Tile(0, index) for index in range(273)]
    assert tiles == [*leaves, Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert right_edge(MANY) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_a_full_tile_has_no_edge_of_its_own() -> None:
    """A tree of 256 leaves is a full tile and one hash above it; an empty one has nothing."""
    assert right_edge(256) == [Tile(1, 0, 1)]
    assert right_edge(0) == []
    assert set(grow(0, [], LEAVES[:256])) == {Tile(0, 0), Tile(1, 0, 1)}
    assert grow(256, [LEAVES[0]], []) == {}


@settings(deadline=None)
@given(st.lists(st.integers(1, 700), max_size=8), st.integers(0, 1500))
def test_however_a_tree_grew_it_is_the_same(steps: list[int], size: int) -> None:
    """In one go or in many, every tile is the same, and each step changes only what it must."""
    leaves = LEAVES[:size]
    whole, parts = grown(leaves), grown(leaves, *steps)
    tiles = list(grow(0, [], leaves))
    assert whole.read(tiles) == parts.read(tiles)
    assert root(size, parts) == mth(leaves)
    more = grow(size, parts.read(right_edge(size)), LEAVES[size : size + 1])
    assert max((tile.level for tile in more if tile.width == 256), default=-1) < max(tile.level for tile in more)


@settings(deadline=None)
@given(st.integers(0, 600), st.data())
def test_the_proofs_of_the_tiles_are_the_proofs_of_the_rfc(size: int, data: st.DataObject) -> None:
    """Root, path and consistency proof of every tree that the tiles have been, not only of the last."""
    held = grown(LEAVES[:600], 100, 256)
    leaves = LEAVES[:size]
    assert root(size, held) == mth(leaves)
    old = data.draw(st.integers(0, size))
    assert consistency_proof(old, size, held) == consistency(old, leaves)
    if size:
        index = data.draw(st.integers(0, size - 1))
        assert inclusion_proof(index, size, held) == path(index, leaves)


@settings(deadline=None)
@given(st.integers(1, MANY), st.data())
def test_the_proofs_of_a_large_tree_are_verified(large: HeldTiles, size: int, data: st.DataObject) -> None:
    """Across three levels of tiles, at any size."""
    old, index = data.draw(st.integers(0, size)), data.draw(st.integers(0, size - 1))
    now = root(size, large)
    verify_consistency(old, root(old, large), size, now, consistency_proof(old, size, large))
    verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, large), now)


def test_a_proof_reads_its_tiles_once_and_few(large: HeldTiles) -> None:
    """One reading, no tile twice, and no more than the path and the edge; each as wide as the tree has it."""
    reader = Counting(large)
    inclusion_proof(12_345, MANY, reader)
    (asked,) = reader.asked
    assert set(asked) == {Tile(0, 48), Tile(1, 0), *right_edge(MANY)} - {Tile(2, 0, 1)}
    assert len(asked) == len(set(asked))
    consistency_proof(257, MANY, reader)
    assert len(reader.asked[1]) <= 6


@pytest.mark.parametrize("lost", right_edge(MANY))
def test_a_tile_that_is_missing_or_short_is_named(large: HeldTiles, lost: Tile) -> None:
    """Nothing is computed from what is not there."""
    (whole,) = large.read([lost])

    class Losing(Counting):
        def read(self, tiles: Sequence[Tile]) -> list[bytes]:
            return [
                whole[:-32] if tile == lost else hashes for tile, hashes in zip(tiles, super().read(tiles), strict=True)
            ]

    with pytest.raises(TileMissing) as refused:
        root(MANY, Losing(large))
    assert refused.value.path == lost.path


@pytest.mark.parametrize(("first", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_there_is_no_path_of_a_leaf_that_is_not_there(first: int, size: int) -> None:
    """Asked for by mistake, never by another's file."""
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(first, size, HeldTiles())
    with pytest.raises(ValueError, match="no beginning"):
        consistency_proof(size + 1, size, HeldTiles())


def test_the_empty_tree_needs_no_tiles() -> None:
    """Its root is that of nothing."""
    assert root(0, HeldTiles()) == EMPTY_ROOT
