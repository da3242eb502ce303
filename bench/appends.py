"""Appending: through the whole ledger, through the library's application, and as bare inserts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from random import Random
from typing import TypeVar
from uuid import uuid4

import psycopg

from app.postgres import EmbeddedPostgres
from bench.databases import library_settings, ours, peer_database
from bench.facts import Pupil, opening
from bench.library import Files, opened
from bench.measure import Line, Scale, Work, in_turn, rate
from store.ledger import Ledger

T = TypeVar("T")
_STREAMS = 8
"""Streams a thread, used in turn."""
_TABLE = "create table bare (stream uuid, version bigint, topic text, state bytea, primary key (stream, version))"
_INSERT = "insert into bare values (%b, %b, %b, %b)"
_STATE = bytes(Random(1).randbytes(700))
"""As long as a sealed answer."""


def measure(server: EmbeddedPostgres, scale: Scale, *, threads: int, batch: int) -> Line:
    """Events a second: seal, commitment and feed on our side, the library's defaults on the other.

    `with_receipt` is ours for commands that their clients gave a key, each of which leaves a receipt as well.
    """
    with ExitStack() as stack:
        ledger = stack.enter_context(stack.enter_context(ours(server)).ledger())
        files = stack.enter_context(Files(library_settings(stack.enter_context(peer_database(server)))))
        bare_url = stack.enter_context(peer_database(server))
        with psycopg.connect(bare_url, autocommit=True) as connection:
            connection.execute(_TABLE)
        sides = [
            [revising(ledger, batch, Random(seed)) for seed in range(threads)],
            [revising(ledger, batch, Random(seed), keyed=True) for seed in range(threads)],
            [_librarys(files, batch, Random(seed)) for seed in range(threads)],
            [stack.enter_context(_Bare(bare_url, batch)) for _ in range(threads)],
        ]
        seconds, slices = (scale.seconds, scale.slices) if threads > 1 else (scale.seconds / 5, scale.slices * 5)
        own, keyed, peer, bare = in_turn([_side(workers, seconds, batch) for workers in sides], slices)
    name = f"append_{threads}" if batch == 1 else f"append_{batch}"
    return Line(name, own, peer, "events/s", more={"with_receipt": keyed, "bare": bare, "share_of_bare": own / bare})


def _side(workers: list[Work], seconds: float, batch: int) -> Callable[[], float]:
    return lambda: rate(workers, seconds, batch)


def revising(ledger: Ledger, batch: int, chance: Random, *, keyed: bool = False) -> Work:
    """Appends so many more wordings of answers to one of some files; `keyed`: as a command that leaves a receipt."""
    pupils = _in_turn([Pupil() for _ in range(_STREAMS)])
    for _ in range(_STREAMS):
        pupil = next(pupils)
        ledger.append(pupil.append(*opening(pupil)))

    def append() -> None:
        pupil = next(pupils)
        ledger.append(pupil.append(*(pupil.revised(chance) for _ in range(batch)), keyed=keyed))

    return append


def _librarys(files: Files, batch: int, chance: Random) -> Work:
    pupils = [Pupil() for _ in range(_STREAMS)]
    aggregates = [opened(pupil, opening(pupil)) for pupil in pupils]
    for aggregate in aggregates:
        files.save(aggregate)
    bys = {(p.person_id, role): actor.model_dump(exclude_none=True) for p in pupils for role, actor in p.actors.items()}
    pairs = _in_turn(list(zip(pupils, aggregates, strict=True)))

    def save() -> None:
        pupil, aggregate = next(pairs)
        command_id = uuid4()
        for _ in range(batch):
            role, question, text = pupil.wording(chance)
            by = bys[pupil.person_id, role] | {"command_id": command_id, "correlation_id": command_id}
            aggregate.revise(pupil.plan_id, question, role, pupil.people[role], text, by)
        files.save(aggregate)

    return save


class _Bare:
    """Inserts over one connection, a commit for each batch."""

    def __init__(self, url: str, batch: int) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._batch = batch

    def __enter__(self) -> Work:
        return self._insert

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _insert(self) -> None:
        stream = uuid4()
        rows = [(stream, version, "answer_revised.v1", _STATE) for version in range(self._batch)]
        with self._connection.cursor() as cursor:
            if self._batch == 1:
                cursor.execute(_INSERT, rows[0], prepare=True)
            else:
                with self._connection.transaction():
                    cursor.executemany(_INSERT, rows)


def _in_turn(items: list[T]) -> Iterator[T]:
    while True:
        yield from items
