"""What is promised about the folder: at every size it holds the tiles of what was signed, and none twice."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.transparency.naive import grown, leaf_hashes, mth
from transparency.alarms import AnotherKey
from transparency.checkpoints import Checkpoint
from transparency.errors import TileMissing
from transparency.notes import SigningKey
from transparency.publishing import Folder
from transparency.tiles import HeldTiles, Tile, root

KEY = SigningKey("test.example/ledger", bytes(32))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEAVES = leaf_hashes(65_536 + 300)
TILES = grown(LEAVES)


class Files:
    """The tiles of a folder, as a web server or an auditor reads them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """Each by its path alone."""
        return [(self._path / tile.path).read_bytes() for tile in tiles]


def publish(folder: Folder, size: int, key: SigningKey = KEY) -> Checkpoint:
    """The first leaves, signed and published."""
    checkpoint = Checkpoint(key.name, size, root(size, TILES))
    folder.publish(checkpoint.signed(key), size, TILES, key=key.verifier, now=NOW)
    return checkpoint


@pytest.mark.parametrize("sizes", [(1, 2, 255, 256, 257, 600), (65_535, 65_536, 65_800), (65_800,), (256, 65_536)])
def test_every_checkpoint_comes_with_its_tiles(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    """However the tree grew: the root is made of the files alone, and a tile that became full is there once."""
    folder = Folder(tmp_path)
    for size in sizes:
        checkpoint = publish(folder, size)
        assert folder.last(KEY.verifier) == checkpoint
        assert root(size, Files(tmp_path)) == checkpoint.root
        for level in (0, 1):
            for index in range(size >> 8 * (level + 1)):
                full = tmp_path / Tile(level, index).path
                assert full.stat().st_size == 256 * 32
                assert not full.with_name(f"{full.name}.p").exists()
    assert mth(LEAVES[:600]) == root(600, TILES)
    assert not list(tmp_path.rglob(".*"))


def test_the_widest_state_of_a_tile_is_found(tmp_path: Path) -> None:
    """To compare with; none where it is not that wide."""
    folder = Folder(tmp_path)
    publish(folder, 256 + 40)
    assert folder.widest(Tile(0, 1, 7)) == b"".join(LEAVES[256 : 256 + 40])
    assert folder.widest(Tile(0, 0, 7)) == b"".join(LEAVES[:256])
    assert folder.widest(Tile(0, 1, 41)) is None
    assert folder.widest(Tile(0, 9)) is None


def test_another_key_does_not_publish_here(tmp_path: Path) -> None:
    """Nor is anything of it written."""
    folder = Folder(tmp_path)
    publish(folder, 5)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(AnotherKey):
        publish(folder, 9, SigningKey.generate(KEY.name))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_no_checkpoint_is_published_without_its_tiles(tmp_path: Path) -> None:
    """Tiles that are not there, or not whole, stop it before the checkpoint."""
    checkpoint = Checkpoint(KEY.name, 300, root(300, TILES))
    with pytest.raises(TileMissing):
        Folder(tmp_path).publish(checkpoint.signed(KEY), 300, HeldTiles(), key=KEY.verifier, now=NOW)
    assert Folder(tmp_path).note() is None
