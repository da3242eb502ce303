"""A walk over the whole tree: every event is read again, hashed, and held against its leaf; the tree grows anew."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import NamedTuple

from transparency.alarms import NotALeaf
from transparency.leaves import ENVELOPE, LeafMaker
from transparency.opening import Opener
from transparency.stored import Ask
from transparency.tiles import HeldTiles, Tile, grow, right_edge, root
from transparency.tree import HASH_BYTES

AT_ONCE = 4096
"""About how many leaves are read at a time."""

_RUNS = """
select first_leaf, feed, first_position, count from tree_runs
where first_leaf >= %b::bigint order by first_leaf limit %b::bigint
"""
_ROWS = f"""
select w.place, e.position, {ENVELOPE}
from unnest(%b::smallint[], %b::bigint[], %b::bigint[]) with ordinality as w (feed, first, last, place)
cross join lateral (
    select * from events as i where i.feed = w.feed and i.position between w.first and w.last order by i.position
) as e
"""  # noqa: S608 - columns are a constant
_LEAVES = "select index, hashes from tree_tiles where level = 0 and index between %b::bigint and %b::bigint"

_WIDTH = 256
_AHEAD = 2


class Run(NamedTuple):
    """Leaves that are positions of a feed: the first leaf, the feed, the first position, how many events."""

    leaf: int
    feed: int
    position: int
    events: int


class Part(NamedTuple):
    """Some runs that follow each other, the rows of their events, and the hashes that the tree has for them."""

    runs: list[Run]
    rows: Sequence[tuple[int, int, bytes, bytes]]
    stored: bytes


class Leaves(NamedTuple):
    """What a part comes to: from which leaf on, the hash that the tree has for each, and where that is not the event's.

    `missing` are leaves, with feed and position, whose event is not there; `wrong`, whose event has another hash;
    `foreign`, whose event has the hash and was not sealed by the ledger.
    """

    first: int
    hashes: list[bytes]
    missing: list[tuple[int, int, int]]
    wrong: list[tuple[int, int, int]]
    foreign: list[tuple[int, int, int]]


def parts(ask: Ask) -> Iterator[Part]:
    """The whole tree, as the database has it, in order. Stops where the leaves do not follow each other."""
    after = 0
    while runs := [Run(*row) for row in ask(_RUNS, (after, AT_ONCE // 8))]:
        taken = list(_taken(runs, after))
        if not taken:
            return
        yield _part(ask, taken)
        after = taken[-1].leaf + taken[-1].events


def _taken(runs: Iterable[Run], after: int) -> Iterator[Run]:
    begun = after
    for run in runs:
        if run.leaf != after or run.events < 1 or (after > begun and run.leaf + run.events - begun > AT_ONCE):
            return
        yield run
        after = run.leaf + run.events


def _part(ask: Ask, runs: list[Run]) -> Part:
    feeds, firsts = [run.feed for run in runs], [run.position for run in runs]
    rows = ask(_ROWS, (feeds, firsts, [run.position + run.events - 1 for run in runs]))
    first, end = runs[0].leaf, runs[-1].leaf + runs[-1].events
    tiles = dict(ask(_LEAVES, (first // _WIDTH, (end - 1) // _WIDTH)))
    held = b"".join(
        tiles.get(index, b"").ljust(_WIDTH * HASH_BYTES, b"\0")
        for index in range(first // _WIDTH, (end - 1) // _WIDTH + 1)
    )
    at = first % _WIDTH * HASH_BYTES
    return Part(runs, rows, held[at : at + (end - first) * HASH_BYTES])


@contextmanager
def read_ahead(source: Iterator[Part]) -> Iterator[Iterator[Part]]:
    """The same parts, read in a thread of its own: the database works while we hash."""
    queue: Queue[Part | BaseException | None] = Queue(_AHEAD)
    left = False

    def read() -> None:
        try:
            for part in source:
                if left:
                    return
                queue.put(part)
            queue.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where the parts are asked for
            queue.put(error)

    def given() -> Iterator[Part]:
        while (part := queue.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            yield part

    thread = Thread(target=read, name="verification", daemon=True)
    thread.start()
    try:
        yield given()
    finally:
        left = True
        while thread.is_alive():
            if not queue.empty():
                queue.get()
            thread.join(0.01)


def leaves_of(part: Part, maker: LeafMaker, opener: Opener | None = None) -> Leaves:
    """Make the hash of every event of a part from its row, and hold it against the tree's; open it if asked to."""
    found = Leaves(part.runs[0].leaf, [], [], [], [])
    if opener is not None:
        opener.know(row[2] for row in part.rows)
    rows = iter(part.rows)
    row = next(rows, None)
    for place, run in enumerate(part.runs, 1):
        for at in range(run.events):
            leaf, position = run.leaf + at, run.position + at
            begin = (leaf - found.first) * HASH_BYTES
            stored = part.stored[begin : begin + HASH_BYTES]
            found.hashes.append(stored)
            if row is None or row[0] != place or row[1] != position:
                found.missing.append((leaf, run.feed, position))
                continue
            if _hash(maker, row[2], row[3]) != stored:
                found.wrong.append((leaf, run.feed, position))
            elif opener is not None and not opener.is_ours(row[2], row[3]):
                found.foreign.append((leaf, run.feed, position))
            row = next(rows, None)
    return found


def _hash(maker: LeafMaker, envelope: bytes, sealed: bytes) -> bytes:
    try:
        return maker.hash(envelope, sealed)
    except NotALeaf:
        return b""


class Growing:
    """A tree that grows by leaf hashes and remembers its right edge alone."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def add(self, hashes: Sequence[bytes]) -> dict[Tile, bytes]:
        """Put leaves after the others; the tiles that changed."""
        changed = grow(self.size, self.edge, hashes)
        held = HeldTiles()
        held.keep(zip(right_edge(self.size), self.edge, strict=True))
        held.keep(changed.items())
        self.size += len(hashes)
        self.edge = held.read(right_edge(self.size))
        return changed

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        held = HeldTiles()
        held.keep(zip(right_edge(self.size), self.edge, strict=True))
        return root(self.size, held)
