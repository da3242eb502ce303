"""The notary: what it costs those who append, how fast the whole ledger is verified, and a proof from storage."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from random import Random

import psycopg

from app.postgres import EmbeddedPostgres
from bench.appends import revising
from bench.databases import Ours, one_value, ours
from bench.facts import Pupil
from bench.filling import fill
from bench.measure import Line, Scale, in_turn, rate
from store.database import Pool, fetch, open_pool
from transparency.evidence import Evidence
from transparency.leaves import ENVELOPE
from transparency.notary import Notary
from transparency.notes import SigningKey
from transparency.publishing import Folder
from transparency.stored import StoredTiles, through
from transparency.tiles import HeldTiles, grow, inclusion_proof, right_edge, root
from transparency.tree import verify_inclusion
from transparency.verification import verify

_EACH = 100
_THREADS = 16
_AT_ONCE = 4096
_READ = f"select {ENVELOPE} from events as e where e.feed = %b order by e.position"  # noqa: S608 - columns are a constant


def cost(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Events a second that sixteen threads append while a notary in a process of its own numbers them, and without it.

    `behind_ms` is how long after the last append the last event had its leaf.
    """
    with ExitStack() as stack:
        noted, bare = stack.enter_context(ours(server)), stack.enter_context(ours(server))
        sides = []
        for place in (noted, bare):
            ledger = stack.enter_context(place.ledger())
            sides.append([revising(ledger, 1, Random(seed)) for seed in range(_THREADS)])
        stack.enter_context(_notary(noted))
        seconds = scale.seconds * 4
        own, peer = in_turn([lambda: rate(sides[0], seconds), lambda: rate(sides[1], seconds)], scale.slices)
        behind = _wait_for_leaves(noted)
    return Line("notary", own, peer, "events/s", more={"costs": 1 - own / peer, "behind_ms": behind})


@contextmanager
def _notary(place: Ours) -> Iterator[None]:
    """A notary as the worker has it, but it looks ten times a second: no slice is spared its work."""
    command = [sys.executable, "-m", "bench.notary_process", place.reached.urls.app]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own
        if process.stdout is not None:
            process.stdout.readline()
        try:
            yield
        finally:
            if process.stdin is not None:
                process.stdin.close()


def _wait_for_leaves(place: Ours) -> float:
    """Milliseconds until every event has a leaf."""
    began = time.perf_counter()
    waiting = "select (select sum(last) from feeds) > (select size from tree_head)"
    while one_value(place.reached.urls.owner, waiting):
        time.sleep(0.001)
    return (time.perf_counter() - began) * 1000


def verification(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Events a second verified from storage; the peer only reads the same rows, feed by feed."""
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        ledger = stack.enter_context(place.ledger())
        each = min(_EACH, scale.file_events)
        pupils = [Pupil() for _ in range(scale.catch_up_events // each)]
        key = SigningKey.generate("bench/ledger")
        folder = Folder(place.settings.home / "checkpoints")
        with open_pool(place.reached.urls.app, schema="liggare", size=1, name="notary") as pool:
            notary = Notary(pool, "liggare")
            for start in range(0, len(pupils), 40):
                fill(ledger, pupils[start : start + 40], events_each=each)
                notary.advance()
                notary.sign(key, datetime.now(UTC), folder)
        urls = place.reached.urls
        pool = stack.enter_context(open_pool(urls.read, schema="liggare", size=2, name="bench", by_index=True))
        own, peer = in_turn([lambda: _verified(pool, key, folder), lambda: _read(pool)], max(scale.slices // 4, 1))
    return Line("verify", own, peer, "events/s", more={"events": len(pupils) * each})


def _verified(pool: Pool, key: SigningKey, folder: Folder) -> float:
    began = time.perf_counter()
    evidence = Evidence(key.verifier, kept=[("published", folder.note() or b"")], folder=folder)
    report = verify(pool, "liggare", evidence)
    if report.first or report.outside != report.size:
        raise AssertionError(report.first)
    return report.events / (time.perf_counter() - began)


def _read(pool: Pool) -> float:
    began = time.perf_counter()
    events = sum(len(fetch(pool, _READ, (feed,))) for feed in range(16))
    return events / (time.perf_counter() - began)


def proving(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Milliseconds for the proof of one leaf from the tiles in the database; each is verified, which is not counted."""
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        hashes = [sha256(number.to_bytes(8, "big")).digest() for number in range(scale.leaves)]
        now = _store(place.reached.urls.owner, hashes)
        pool = stack.enter_context(
            open_pool(place.reached.urls.read, schema="liggare", size=1, name="bench", by_index=True)
        )
        reader, chance, times = StoredTiles(through(pool)), Random(11), []
        for _ in range(scale.samples):
            leaf = chance.randrange(len(hashes))
            began = time.perf_counter()
            path = inclusion_proof(leaf, len(hashes), reader)
            times.append((time.perf_counter() - began) * 1000)
            verify_inclusion(hashes[leaf], leaf, len(hashes), path, now)
    times.sort()
    more = {"leaves": len(hashes), "p99": times[len(times) * 99 // 100]}
    return Line("prove", times[len(times) // 2], None, "ms", less_is_better=True, more=more)


def _store(owner: str, hashes: Sequence[bytes]) -> bytes:
    """Put a tree of these leaves into the database; its root."""
    held = HeldTiles()
    with (
        psycopg.connect(owner, options="-c search_path=liggare") as connection,
        connection.cursor() as cursor,
        cursor.copy("copy tree_tiles (level, index, hashes) from stdin (format binary)") as copy,
    ):
        copy.set_types(["int2", "int8", "bytea"])
        last: dict[tuple[int, int], bytes] = {}
        for size in range(0, len(hashes), _AT_ONCE):
            changed = grow(size, held.read(right_edge(size)), hashes[size : size + _AT_ONCE])
            held.keep(changed.items())
            last.update({(tile.level, tile.index): content for tile, content in changed.items()})
        for (level, index), content in last.items():
            copy.write_row((level, index, content))
    return root(len(hashes), held)
