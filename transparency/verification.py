"""Verifies the whole ledger from storage, and names the first bad position; a key that opens events is not needed.

What stands in the database is not believed: every leaf is made anew from its row, the tree is grown anew from the
leaves, and at each size that was ever signed its root is held against the signature. Only what is signed, and of that
only what was kept outside the database, is evidence against somebody who can write everywhere in it.
"""

from collections.abc import Callable, Iterator

from psycopg import Connection
from psycopg.rows import TupleRow

from store.database import Pool, connection
from transparency.destroyed import Ranges, certified, certified_outside, first_outside, joined
from transparency.evidence import Evidence, Signed, signed_in_order
from transparency.findings import Finding, Kind, Report
from transparency.leaves import LeafMaker
from transparency.stored import Ask, StoredTiles, event_of, head, within
from transparency.tiles import WIDTH, Tile, right_edge
from transparency.tree import HASH_BYTES
from transparency.walking import Growing, Leaves, leaves_of, parts, read_ahead

_TAILS = """
select f.feed, f.last, coalesce(n.last, 0), w.count, w.last
from feeds as f
left join lateral (
    select r.first_position + r.count - 1 as last from tree_runs as r
    where r.feed = f.feed order by r.first_position desc limit 1
) as n on true
left join lateral (
    select count(*) as count, max(e.position) as last from events as e
    where e.feed = f.feed and e.position > coalesce(n.last, 0)
) as w on true
order by f.feed
"""
_AFTER = "select position from events where feed = %b::smallint and position > %b::bigint order by position"


def verify(pool: Pool, tenant: str, evidence: Evidence, *, tell: Callable[[int], None] = lambda _: None) -> Report:
    """Verify everything, as it is at this moment; `tell` hears of leaves as they are done.

    The pool has room for two connections, of a role that reads. Raises StoreUnavailable.
    """
    with connection(pool) as one, connection(pool) as other, one.transaction(), other.transaction():
        _same_moment(one, other)
        with one.cursor(binary=True) as walker, other.cursor(binary=True) as asker:
            return _Verification(within(walker), within(asker), tenant, evidence).run(tell)


def _same_moment(one: Connection[TupleRow], other: Connection[TupleRow]) -> None:
    """Let both see the database as it is now, whatever is written meanwhile."""
    for each in (one, other):
        each.execute("set transaction isolation level repeatable read, read only")
    row = one.execute("select pg_export_snapshot()").fetchone()
    if row is not None:
        other.execute(f"set transaction snapshot '{row[0]}'".encode())


class _Verification:
    """One verification."""

    def __init__(self, walk: Ask, ask: Ask, tenant: str, evidence: Evidence) -> None:
        self._walk = walk
        self._ask = ask
        self._maker = LeafMaker(tenant)
        self._evidence = evidence
        self._report = Report()
        self._tree = Growing()
        self._missing: Ranges = []
        self._agreed = 0
        """The largest size at which the tree is what was signed."""
        self._is_rewritten = False

    def run(self, tell: Callable[[int], None]) -> Report:
        """Walk, and then look at what a walk does not come to."""
        signed = signed_in_order(self._ask, self._evidence, self._report)
        waiting = next(signed, None)
        with read_ahead(parts(self._walk)) as ahead:
            for part in ahead:
                found = leaves_of(part, self._maker, self._evidence.opener)
                self._note(found)
                waiting = self._grow(found.hashes, waiting, signed)
                tell(len(found.hashes))
        self._end()
        if waiting is not None:
            self._report.add(Finding(Kind.ROLLED_BACK, self._tree.size, about=waiting.about))
            self._report.checkpoints += sum(1 for _ in signed)
        self._hold_against_certificates()
        self._look_at_tails()
        return self._report

    def _note(self, found: Leaves) -> None:
        """Keep what the rows of a part tell."""
        self._report.events += len(found.hashes) - len(found.missing)
        for kind, wrong in ((Kind.ALTERED, found.wrong), (Kind.NOT_OURS, found.foreign)):
            for leaf, feed, position in wrong:
                self._report.add(Finding(kind, leaf, feed, position))
        for leaf, *_ in found.missing:
            if self._missing and self._missing[-1][1] == leaf - 1:
                self._missing[-1] = (self._missing[-1][0], leaf)
            else:
                self._missing.append((leaf, leaf))

    def _grow(self, hashes: list[bytes], waiting: Signed | None, signed: Iterator[Signed]) -> Signed | None:
        """Let the tree grow, and hold it against each signature at its size; the first that it has not come to."""
        done = 0
        while waiting is not None and waiting.size <= self._tree.size + len(hashes) - done:
            until = done + waiting.size - self._tree.size
            self._add(hashes[done:until])
            done = until
            self._hold_against(waiting)
            waiting = next(signed, None)
        self._add(hashes[done:])
        return waiting

    def _add(self, hashes: list[bytes]) -> None:
        full = {tile: held for tile, held in self._tree.add(hashes).items() if tile.level and tile.width == WIDTH}
        for tile, stored in zip(full, StoredTiles(self._ask).read(list(full)), strict=True):
            if stored != full[tile]:
                self._tile_is_wrong(tile, stored, full[tile])

    def _tile_is_wrong(self, tile: Tile, stored: bytes, made: bytes) -> None:
        """Name the first leaf below the first hash that is wrong, unless an altered one below it says it better."""
        pairs = range(0, len(made), HASH_BYTES)
        at = next((at for at in pairs if stored[at : at + HASH_BYTES] != made[at : at + HASH_BYTES]), 0)
        below = WIDTH**tile.level
        leaf = (tile.index * WIDTH + at // HASH_BYTES) * below
        if not any(leaf <= altered < leaf + below for altered in self._altered()):
            self._report.add(Finding(Kind.TILE_ALTERED, leaf, about=tile.path))

    def _altered(self) -> list[int]:
        found = (one.leaf for one in self._report.findings if one.kind is Kind.ALTERED)
        return [leaf for leaf in found if leaf is not None]

    def _end(self) -> None:
        """Hold the ends of the levels, and the head, against the tree that was grown."""
        tree = head(self._ask)
        edge = right_edge(self._tree.size)
        for tile, stored, made in zip(edge, StoredTiles(self._ask).read(edge), self._tree.edge, strict=True):
            if stored != made and tile.level:
                self._tile_is_wrong(tile, stored, made)
        if tree.size > self._tree.size:
            self._report.add(Finding(Kind.UNACCOUNTED, self._tree.size))
        elif tree != (self._tree.size, self._tree.root):
            self._report.add(Finding(Kind.HEAD_ALTERED))
        self._report.size = self._tree.size

    def _hold_against(self, signed: Signed) -> None:
        if self._tree.root == signed.root:
            self._agreed = signed.size
        elif not self._is_rewritten:
            self._is_rewritten = True
            leaf = self._first_other_leaf(signed.size)
            self._find(Kind.REWRITTEN, leaf, signed.about)

    def _find(self, kind: Kind, leaf: int, about: str = "") -> None:
        """Keep a finding at a leaf, with the event that the leaf stands for."""
        feed, position = event_of(self._ask, leaf) or (None, None)
        self._report.add(Finding(kind, leaf, feed, position, about))

    def _first_other_leaf(self, size: int) -> int:
        """The first leaf that is published otherwise; where that cannot be told, the first that nothing vouches for."""
        folder = self._evidence.folder
        for index in range(self._agreed // WIDTH, (size - 1) // WIDTH + 1):
            tile = Tile(0, index, min(WIDTH, size - index * WIDTH))
            published = folder.widest(tile) if folder else None
            stored = StoredTiles(self._ask).read([tile])[0]
            if published is not None:
                for at in range(0, min(len(published), len(stored)), HASH_BYTES):
                    if published[at : at + HASH_BYTES] != stored[at : at + HASH_BYTES]:
                        return index * WIDTH + at // HASH_BYTES
        return min((leaf for leaf in self._altered() if leaf >= self._agreed), default=self._agreed)

    def _hold_against_certificates(self) -> None:
        """What is missing is accounted for, and nothing else is said to be destroyed."""
        evidence, size = self._evidence, self._tree.size
        said = certified(self._ask, size, evidence.key, self._report)
        outside = certified_outside(self._ask, size, evidence.key, evidence.certificates)
        missing = joined(self._missing)
        self._report.destroyed = sum(last - first + 1 for first, last in missing)
        for kind, leaf in (
            (Kind.MISSING, first_outside(missing, said)),
            (Kind.PURGED_IS_BACK, first_outside(joined([*said, *outside]), missing)),
        ):
            if leaf is not None:
                self._find(kind, leaf)

    def _look_at_tails(self) -> None:
        """Events that have no leaf yet follow each other up to the end of their feed, and none is beyond it."""
        for feed, last, numbered, count, newest in self._ask(_TAILS, ()):
            self._report.waiting += count
            if max(numbered, newest or 0) > last:
                self._report.add(Finding(Kind.UNACCOUNTED, feed=feed, position=last + 1))
            elif count != last - numbered:
                self._report.add(Finding(Kind.MISSING, feed=feed, position=self._first_gap(feed, numbered)))

    def _first_gap(self, feed: int, after: int) -> int:
        for (position,) in self._ask(_AFTER, (feed, after)):
            if position != after + 1:
                break
            after = position
        return after + 1
