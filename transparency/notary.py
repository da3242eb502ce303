"""The notary: gives every committed event a leaf, and signs what the tree has become.

What can go wrong is that it signs a tree that does not begin with what it signed before: then nobody could tell any
more which of the two is true. So before each signature the tree is held against the last checkpoint in the database
and, which counts, against the last one in the folder outside it; it must follow from both, or nothing is signed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Cursor
from psycopg.rows import TupleRow

from store.database import Pool, connection
from transparency.alarms import (
    AlreadyPublished,
    AnotherKey,
    CheckpointsMissing,
    FeedHasGap,
    NotNumbered,
    TreeRewritten,
    TreeRolledBack,
)
from transparency.checkpoints import Checkpoint, open_checkpoint
from transparency.errors import NotSigned, ProofWrong, SignatureWrong, TransparencyError
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.notes import SigningKey, VerifierKey
from transparency.publishing import Folder
from transparency.stored import Ask, Head, StoredTiles, newest_checkpoint, through, with_cosignatures, within
from transparency.tiles import WIDTH, HeldTiles, Tile, consistency_proof, grow, right_edge, root
from transparency.tree import HASH_BYTES, verify_consistency

_TILES_AT_ONCE = 256
BATCH = 2048
"""The most events that one transaction gives leaves."""

_NEW = """
select f.feed, coalesce(n.last, 0), f.last from feeds as f
left join lateral (
    select r.first_position + r.count - 1 as last from tree_runs as r
    where r.feed = f.feed order by r.first_position desc limit 1
) as n on true
where f.last > coalesce(n.last, 0) order by f.feed
"""
_ROWS = f"""
select e.feed, e.position, {ENVELOPE}
from unnest(%b::smallint[], %b::bigint[], %b::bigint[]) with ordinality as w (feed, first, last, place)
cross join lateral (
    select * from events as i where i.feed = w.feed and i.position between w.first and w.last order by i.position
) as e
"""  # noqa: S608 - columns are a constant
_EXTEND = """
select extend_tree(
    %b::bigint, %b::smallint[], %b::bigint[], %b::bigint[], %b::smallint[], %b::bigint[], %b::bytea[], %b::bytea
)
"""
_RANGES = """
select r.first_leaf + w.position - r.first_position, w.position < r.first_position + r.count
from unnest(%b::smallint[], %b::bigint[]) as w (feed, position)
left join lateral (
    select n.first_leaf, n.first_position, n.count from tree_runs as n
    where n.feed = w.feed and n.first_position <= w.position order by n.first_position desc limit 1
) as r on true
order by 1
"""
_COSIGN = "insert into cosignatures (size, witness, line) values (%b, %b, %b) on conflict do nothing"
_KEEP = "insert into checkpoints (size, note, signed_at) values (%b, %b, %b)"


class Run(NamedTuple):
    """Positions of a feed that follow each other, first and last included, and get the next leaves."""

    feed: int
    first: int
    last: int


class Notary:
    """Keeps the tree of one tenant. Any number may work at once; the pool is of the application's role."""

    def __init__(self, pool: Pool, tenant: str) -> None:
        self._pool = pool
        self._leaves = LeafMaker(tenant)

    def advance(self) -> int:
        """Give every event a leaf that was committed before this call; the number of leaves given.

        Raises FeedHasGap or NotALeaf where the ledger is not what it was, and StoreUnavailable.
        """
        given = step = self.step()
        while step == BATCH:
            step = self.step()
            given += step
        return given

    def step(self) -> int:
        """Give leaves to at most `BATCH` events, in one transaction; fewer than that are all there were."""
        with connection(self._pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            ask = within(cursor)
            size = ask("select out_size from lock_tree()", ())[0][0]
            runs = _runs(ask(_NEW, ()))
            if runs:
                _extend(ask, size, runs, self._hashes(ask, runs))
            return sum(run.last - run.first + 1 for run in runs)

    def sign(self, key: SigningKey, now: datetime, folder: Folder) -> bytes | None:
        """Sign the tree as it is, and publish it in the folder; the note, or None where nothing is new.

        Raises Alarm where the tree does not follow from what was signed before, and StoreUnavailable.
        """
        with connection(self._pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            ask = within(cursor)
            tree = Head(*ask("select out_size, out_root from lock_tree()", ())[0])
            reader = StoredTiles(ask)
            published, kept = _signed_before(ask, key.verifier, folder)
            if not tree.size or published == kept == Checkpoint(key.name, *tree):
                return None
            for signed in filter(None, (kept, published)):
                _follow(tree, signed, reader)
            row = newest_checkpoint(ask)
            if row is not None and row.size == tree.size:
                note = row.note
            else:
                note = Checkpoint(key.name, *tree).signed(key)
                cursor.execute(_KEEP.encode(), (tree.size, note, now))
            folder.publish(note, tree.size, reader, key=key.verifier, now=now)
            return note

    def publish_anew(self, key: SigningKey, now: datetime, folder: Folder) -> int:
        """Fill an empty folder with what was signed last; its size. Raises Alarm where there is nothing or no need."""
        with connection(self._pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            ask = within(cursor)
            tree = Head(*ask("select out_size, out_root from lock_tree()", ())[0])
            row = newest_checkpoint(ask)
            if row is None or folder.note() is not None:
                msg = "nothing was signed" if row is None else f"there is a checkpoint in {folder.path.name}"
                raise AlreadyPublished(msg)
            _follow(tree, _by(key.verifier, row.note), StoredTiles(ask))
            folder.publish(with_cosignatures(ask, row), row.size, StoredTiles(ask), key=key.verifier, now=now)
            return row.size

    def keep_cosignature(self, size: int, witness: str, line: str, folder: Folder, *, now: datetime) -> None:
        """Keep what a witness signed of a checkpoint, and publish that with it if it is still the last."""
        with connection(self._pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            ask = within(cursor)
            ask("select out_size from lock_tree()", ())
            cursor.execute(_COSIGN.encode(), (size, witness, line))
            row = newest_checkpoint(ask)
            if row is not None and row.size == size:
                folder.put(with_cosignatures(ask, row), now=now)

    def leaf_ranges(self, cursor: Cursor[TupleRow], positions: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
        """The leaves of these positions of feeds, as ranges in order, first and last included.

        Asked in the transaction of the cursor, which is binary. Raises NotNumbered.
        """
        pairs = [(feed, position) for feed, found in positions.items() for position in found]
        rows = within(cursor)(_RANGES, ([feed for feed, _ in pairs], [position for _, position in pairs]))
        if not all(numbered for _, numbered in rows):
            msg = "an event has no leaf yet"
            raise NotNumbered(msg)
        return _ranges(leaf for leaf, _ in rows)

    def leaf_hashes(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """The hashes of the leaves of ranges, first and last included, as the tree has them."""
        indexes = sorted({index for first, last in ranges for index in range(first // WIDTH, last // WIDTH + 1)})
        tiles: dict[int, bytes] = {}
        ask = StoredTiles(through(self._pool))
        for at in range(0, len(indexes), _TILES_AT_ONCE):
            some = indexes[at : at + _TILES_AT_ONCE]
            tiles.update(zip(some, ask.read([Tile(0, index) for index in some]), strict=True))
        leaves = (leaf for first, last in ranges for leaf in range(first, last + 1))
        places = ((tiles[leaf // WIDTH], leaf % WIDTH * HASH_BYTES) for leaf in leaves)
        return [hashes[at : at + HASH_BYTES] for hashes, at in places]

    def _hashes(self, ask: Ask, runs: Sequence[Run]) -> list[bytes]:
        """The leaf hash of every position of the runs, in order. Raises FeedHasGap, NotALeaf."""
        feeds, firsts, lasts = (list(column) for column in zip(*runs, strict=True))
        rows = iter(ask(_ROWS, (feeds, firsts, lasts)))
        hashes = []
        for run in runs:
            for position in range(run.first, run.last + 1):
                row = next(rows, None)
                if row is None or row[:2] != (run.feed, position):
                    raise FeedHasGap(run.feed, position)
                hashes.append(self._leaves.hash(row[2], row[3]))
        return hashes


def leaf_hashes(ask: Ask, first: int, last: int) -> list[bytes]:
    """The hashes of these leaves, first and last included; fewer where the tree is shorter."""
    tiles = [Tile(0, index) for index in range(first // WIDTH, last // WIDTH + 1)]
    held = b"".join(StoredTiles(ask).read(tiles))
    begin, end = (first % WIDTH) * HASH_BYTES, (first % WIDTH + last - first + 1) * HASH_BYTES
    return [held[at : at + HASH_BYTES] for at in range(begin, min(end, len(held)), HASH_BYTES)]


def _runs(new: Iterable[tuple[int, int, int]]) -> list[Run]:
    """What is new of the feeds, as much as one transaction takes."""
    room, runs = BATCH, []
    for feed, numbered, last in new:
        if room:
            end = min(last, numbered + room)
            runs.append(Run(feed, numbered + 1, end))
            room -= end - numbered
    return runs


def _extend(ask: Ask, size: int, runs: Sequence[Run], hashes: Sequence[bytes]) -> None:
    edge = right_edge(size)
    held = StoredTiles(ask).read(edge)
    changed = grow(size, held, hashes)
    tiles = HeldTiles()
    tiles.keep(zip(edge, held, strict=True))
    tiles.keep(changed.items())
    values: list[Any] = [
        size,
        [run.feed for run in runs],
        [run.first for run in runs],
        [run.last - run.first + 1 for run in runs],
        [tile.level for tile in changed],
        [tile.index for tile in changed],
        list(changed.values()),
        root(size + len(hashes), tiles),
    ]
    ask(_EXTEND, values)


def _signed_before(ask: Ask, key: VerifierKey, folder: Folder) -> tuple[Checkpoint | None, Checkpoint | None]:
    """The last checkpoint in the folder, and the last in the database. Raises AnotherKey, CheckpointsMissing."""
    row, note = newest_checkpoint(ask), folder.note()
    published = _by(key, note) if note is not None else None
    kept = _by(key, row.note) if row else None
    if kept is not None and published is None:
        msg = f"nothing is published in {folder.path.name}, though {kept.size} leaves were signed"
        raise CheckpointsMissing(msg)
    return published, kept


def _by(key: VerifierKey, note: bytes) -> Checkpoint:
    """The checkpoint of a note that this key signed. Raises AnotherKey, Malformed."""
    try:
        return open_checkpoint(note, key).checkpoint
    except (NotSigned, SignatureWrong) as error:
        msg = "what was signed before is not by this key"
        raise AnotherKey(msg) from error


def _follow(tree: Head, signed: Checkpoint, reader: StoredTiles) -> None:
    """See that the tree begins with what was signed. Raises TreeRolledBack, TreeRewritten."""
    if signed.size > tree.size:
        raise TreeRolledBack(tree.size, signed.size)
    try:
        proof = consistency_proof(signed.size, tree.size, reader)
        verify_consistency(signed.size, signed.root, tree.size, tree.root, proof)
        if root(tree.size, reader) != tree.root:
            raise TreeRewritten(signed.size)
    except ProofWrong:
        raise TreeRewritten(signed.size) from None
    except TransparencyError as error:
        raise TreeRewritten(signed.size) from error


def _ranges(leaves: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for leaf in leaves:
        if ranges and leaf == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], leaf)
        else:
            ranges.append((leaf, leaf))
    return ranges
