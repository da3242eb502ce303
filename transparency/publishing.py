"""What was signed, kept in a folder outside the database: the last checkpoint, one of each day, the tiles and the key.

The folder has the layout of C2SP tlog-tiles, so any web server can serve it, and an auditor needs nothing else.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from transparency.alarms import AnotherKey
from transparency.checkpoints import Checkpoint, open_checkpoint
from transparency.errors import TileMissing
from transparency.notes import VerifierKey
from transparency.tiles import WIDTH, Tile, TileReader, right_edge
from transparency.tree import HASH_BYTES

CHECKPOINT, KEY, DAYS = "checkpoint", "key", "days"
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_AT_ONCE = 256


class Folder:
    """The folder of one ledger's checkpoints. Written by whoever holds the lock on the tree; read by anybody."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self) -> bytes | None:
        """The checkpoint that was published last, as a note."""
        return _read(self.path / CHECKPOINT)

    def last(self, key: VerifierKey) -> Checkpoint | None:
        """The checkpoint that was published last. Raises as `open_checkpoint` does."""
        note = self.note()
        return open_checkpoint(note, key).checkpoint if note is not None else None

    def key(self) -> VerifierKey | None:
        """The key by which the first checkpoint was published. Raises Malformed."""
        text = _read(self.path / KEY)
        return VerifierKey.parse(text.decode("utf-8", "replace").strip()) if text is not None else None

    def widest(self, tile: Tile) -> bytes | None:
        """As much of a tile as is published, at least what it holds; None where that is not published."""
        for width in range(WIDTH, tile.width - 1, -1):
            hashes = _read(self.path / Tile(tile.level, tile.index, width).path)
            if hashes is not None:
                return hashes
        return None

    def days(self) -> list[tuple[str, bytes]]:
        """The last checkpoint of each day, by its date."""
        found = ((path.name, _read(path)) for path in sorted((self.path / DAYS).glob("????-??-??")))
        return [(name, note) for name, note in found if note is not None]

    def publish(self, note: bytes, size: int, reader: TileReader, *, key: VerifierKey, now: datetime) -> None:
        """Put a checkpoint in the place of the last one, after its tiles. Raises AnotherKey, TileMissing."""
        known = self.key()
        if known is None:
            _write(self.path / KEY, f"{key}\n".encode())
        elif known != key:
            msg = "the published key is another"
            raise AnotherKey(msg)
        last = self.last(key)
        self._publish_tiles(last.size if last else 0, size, reader)
        self.put(note, now=now)

    def put(self, note: bytes, *, now: datetime) -> None:
        """Put a checkpoint in the place of the last one; its tiles are there."""
        day = now.astimezone(_STOCKHOLM).date().isoformat()
        _write(self.path / DAYS / day, note)
        _write(self.path / CHECKPOINT, note)

    def _publish_tiles(self, before: int, size: int, reader: TileReader) -> None:
        """Full tiles once; the ends of the levels as wide as they are now. What became full is not kept narrower."""
        is_few = (size - before) >> 8 < _AT_ONCE
        level = 0
        while size >> 8 * level:
            first, full = before >> 8 * (level + 1), size >> 8 * (level + 1)
            for start in range(first, full, _AT_ONCE):
                tiles = [Tile(level, index) for index in range(start, min(full, start + _AT_ONCE))]
                self._write_tiles(tiles, reader, at_once=is_few)
            if first < full:
                _remove_folder(self.path / f"{Tile(level, first).path}.p")
            level += 1
        self._write_tiles(right_edge(size), reader)
        if not is_few:
            os.sync()

    def _write_tiles(self, tiles: list[Tile], reader: TileReader, *, at_once: bool = True) -> None:
        for tile, hashes in zip(tiles, reader.read(tiles), strict=True):
            if len(hashes) != tile.width * HASH_BYTES:
                raise TileMissing(tile.path)
            _write(self.path / tile.path, hashes, is_safe=at_once)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(path: Path, content: bytes, *, is_safe: bool = True) -> None:
    """Put the content there, whole or not at all; safe on the disk, or when somebody sees to that for many at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            if is_safe:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _remove_folder(path: Path) -> None:
    if path.is_dir():
        for file in path.iterdir():
            file.unlink(missing_ok=True)
        path.rmdir()
