"""The tree as the database keeps it: its head, its tiles, which leaf is which event, and what was signed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow

from store.database import Pool, fetch
from transparency.tiles import Tile
from transparency.tree import HASH_BYTES

Ask = Callable[[str, Sequence[Any]], list[Any]]
"""Runs a query and gives its rows: through a pool, or in somebody's transaction."""

_TILES = """
select t.hashes from unnest(%b::smallint[], %b::bigint[]) with ordinality as w (level, index, place)
left join tree_tiles as t on t.level = w.level and t.index = w.index order by w.place
"""
_HEAD = "select size, root from tree_head"
_LEAF = """
select r.first_leaf + e.position - r.first_position, r.count, e.position - r.first_position
from events as e
cross join lateral (
    select n.first_leaf, n.first_position, n.count from tree_runs as n
    where n.feed = e.feed and n.first_position <= e.position order by n.first_position desc limit 1
) as r
where e.stream_id = %b and e.version = %b
"""
_RUN = """
select feed, first_position + %b::bigint - first_leaf from tree_runs
where first_leaf <= %b::bigint and first_leaf + count > %b::bigint order by first_leaf desc limit 1
"""
_NEWEST = "select size, note, signed_at from checkpoints order by size desc limit 1"
_COVERING = "select size, note, signed_at from checkpoints where size > %b::bigint order by size desc limit 1"
_SEEN = "select coalesce(max(size), 0) from cosignatures where witness = %b"
_COSIGNED = "select witness, line from cosignatures where size = %b::bigint order by witness"


class Head(NamedTuple):
    """How many leaves the tree has, and its root."""

    size: int
    root: bytes


class SignedRow(NamedTuple):
    """A row of `checkpoints`."""

    size: int
    note: bytes
    signed_at: datetime


def through(pool: Pool) -> Ask:
    """Queries of their own, each asked again where a connection was lost."""
    return lambda query, values: fetch(pool, query, values)


def within(cursor: Cursor[TupleRow]) -> Ask:
    """Queries in the transaction of a binary cursor."""
    return lambda query, values: cursor.execute(query.encode(), values, prepare=True).fetchall()


class StoredTiles:
    """The tiles of the database, as `transparency.tiles` reads them."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def read(self, tiles: Sequence[Tile]) -> list[bytes]:
        """As `TileReader`; of a tile that is not there, or not so wide, what there is."""
        if not tiles:
            return []
        rows = self._ask(_TILES, ([tile.level for tile in tiles], [tile.index for tile in tiles]))
        return [(row[0] or b"")[: tile.width * HASH_BYTES] for row, tile in zip(rows, tiles, strict=True)]


def head(ask: Ask) -> Head:
    """The head of the tree; of one that is not there, a size that no tree has."""
    return next((Head(*row) for row in ask(_HEAD, ())), Head(-1, b""))


def newest_checkpoint(ask: Ask) -> SignedRow | None:
    """What was signed last."""
    rows = ask(_NEWEST, ())
    return SignedRow(*rows[0]) if rows else None


def covering_checkpoint(ask: Ask, leaf: int) -> SignedRow | None:
    """The last checkpoint, where its tree has this leaf."""
    rows = ask(_COVERING, (leaf,))
    return SignedRow(*rows[0]) if rows else None


def cosignatures(ask: Ask, size: int) -> dict[str, str]:
    """What each witness, by its name, has signed of the checkpoint of this size: a line of the note."""
    return dict(ask(_COSIGNED, (size,)))


def cosigned_size(ask: Ask, witness: str) -> int:
    """The size of the last checkpoint that a witness, by its name, has cosigned; 0 for none."""
    size: int = ask(_SEEN, (witness,))[0][0]
    return size


def leaf_of(ask: Ask, stream_id: UUID, version: int) -> int | None:
    """The leaf of an event; None where there is no such event or it has none yet."""
    rows = [leaf for leaf, count, at in ask(_LEAF, (stream_id, version)) if at < count]
    return rows[0] if rows else None


def with_cosignatures(ask: Ask, row: SignedRow) -> bytes:
    """The note of a checkpoint and the lines of its witnesses."""
    return row.note + "".join(cosignatures(ask, row.size).values()).encode()


def event_of(ask: Ask, leaf: int) -> tuple[int, int] | None:
    """The feed and position that a leaf stands for, whether or not the event is still there."""
    rows = ask(_RUN, (leaf, leaf, leaf))
    return (rows[0][0], rows[0][1]) if rows else None
