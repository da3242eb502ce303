"""Loading one long file through the repository, and how many bytes an event takes."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from random import Random
from typing import Any
from uuid import UUID

from aggregates.student_file import fold
from app.postgres import EmbeddedPostgres
from bench.databases import library_settings, one_value, ours, peer_database
from bench.facts import Pupil, whole_file
from bench.filling import fill
from bench.library import Files, save_in_parts
from bench.measure import Line, Scale, in_turn
from store.ledger import Ledger

_BATCH = 100


def load(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Milliseconds to load a file of 500 events, decryption included; no snapshot and no cache on either side."""
    with ExitStack() as stack:
        ledger = stack.enter_context(stack.enter_context(ours(server)).ledger())
        files = stack.enter_context(Files(library_settings(stack.enter_context(peer_database(server)))))
        ids = _fill(ledger, files, files_count=scale.files, events=scale.file_events)
        own, peer = in_turn(
            [
                lambda: _each(lambda i: ledger.load(i, fold), [i for i, _ in ids], scale),
                lambda: _each(files.repository.get, [i for _, i in ids], scale),
            ],
            scale.slices * 2,
        )
    return Line("load_500", own, peer, "ms", less_is_better=True, more={"events": scale.file_events})


def size(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Bytes on disk of an event that is a command of its own, indexes included: ours sealed and with its receipt."""
    with ExitStack() as stack:
        place, peer_url = stack.enter_context(ours(server)), stack.enter_context(peer_database(server))
        ledger, url = stack.enter_context(place.ledger()), place.reached.urls.owner
        files = stack.enter_context(Files(library_settings(peer_url)))
        pupils = [Pupil() for _ in range(scale.files)]
        events = fill(ledger, pupils, events_each=scale.file_events, command=1)
        chance = Random(7)
        for pupil in pupils:
            save_in_parts(files, pupil, whole_file(pupil, scale.file_events, chance))
        total = "select sum(pg_total_relation_size(oid)) from pg_class where relname = any('{%s}')"
        own, receipts = (int(one_value(url, total % tables)) / events for tables in ("events,commands", "commands"))
        peer = int(one_value(peer_url, total % "files_events")) / events
        sealed = float(one_value(url, "select avg(octet_length(sealed)) from events"))
        plain = float(one_value(peer_url, "select avg(octet_length(state)) from files_events"))
    more = {"of_these_receipts": receipts, "sealed": sealed, "peer_state": plain}
    return Line("bytes", own, peer, "bytes/event", less_is_better=True, more=more)


def _fill(ledger: Ledger, files: Files, *, files_count: int, events: int) -> list[tuple[UUID, UUID]]:
    """So many files of so many events each, the same facts on both sides; the ids there and here."""
    chance = Random(3)
    ids = []
    for _ in range(files_count):
        pupil = Pupil()
        facts = whole_file(pupil, events, chance)
        for start in range(0, events, _BATCH):
            ledger.append(pupil.append(*facts[start : start + _BATCH]))
        aggregate = save_in_parts(files, pupil, facts)
        ids.append((pupil.file_id, aggregate.id))
    return ids


def _each(get: Callable[[UUID], Any], ids: list[UUID], scale: Scale) -> float:
    """Milliseconds a file."""
    began = time.perf_counter()
    versions = [get(file_id).version for file_id in ids]
    elapsed = time.perf_counter() - began
    if set(versions) != {scale.file_events}:
        msg = "not the whole file was loaded"
        raise AssertionError(msg)
    return elapsed * 1000 / len(ids)
