"""Growth: what an append and an overview cost in a small ledger and in a large one."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from uuid import UUID

import psycopg

from app.postgres import EmbeddedPostgres
from app.wiring import Parts, open_parts
from bench.databases import ours, peer_database
from bench.facts import Pupil
from bench.filling import fill, register
from bench.measure import Line, Scale
from commands.overview import Asked, look_at_overview
from events.base import Role
from projections.directory_projection import DirectoryProjection
from projections.overview import OverviewProjection, Overviews
from projections.runner import Runner
from store.sessions import Sessions, session_key

FULL = (10_000, 100_000, 1_000_000)
_EACH = 100
_PUPILS_AT_ONCE = 100
_TABLE = "create table bare (id bigint generated always as identity primary key, state bytea not null)"


@dataclass(frozen=True)
class _Step:
    """Milliseconds (p50) at one size; `bare` is a bare insert at the same moment, which tells the machine's mood."""

    events: int
    append: float
    overview: float
    bare: float


def growth(server: EmbeddedPostgres, scale: Scale) -> Iterator[Line]:
    """An append and the read of an overview at growing sizes: ours at the largest, peer at the smallest.

    GROWTH=full goes to a million events.
    """
    sizes = FULL if os.environ.get("GROWTH") == "full" else scale.growth
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        parts = stack.enter_context(open_parts(place.settings, place.reached.urls, place.reached.run))
        bare = stack.enter_context(psycopg.connect(stack.enter_context(peer_database(server)), autocommit=True))
        bare.execute(_TABLE)
        steps = list(_steps(parts, bare, sizes, min(_EACH, scale.file_events), scale.samples))
    more = {"bare_insert": {step.events: round(step.bare, 3) for step in steps}}
    for name, part in (("growth", "append"), ("growth_overview", "overview")):
        times = {step.events: getattr(step, part) for step in steps}
        at = {"at_events": {events: round(value, 3) for events, value in times.items()}}
        yield Line(name, times[sizes[-1]], times[sizes[0]], "ms", less_is_better=True, more=at | more)


def _steps(parts: Parts, bare: psycopg.Connection, sizes: tuple[int, ...], each: int, samples: int) -> Iterator[_Step]:
    runner = Runner(parts.pool, parts.ledger)
    following = [OverviewProjection(), DirectoryProjection()]
    overviews = Overviews(parts.pool, parts.ledger)
    pupils: list[Pupil] = []
    for size in sizes:
        while len(pupils) * each < size:
            new = [Pupil() for _ in range(min(_PUPILS_AT_ONCE, -(-size // each) - len(pupils)))]
            fill(parts.ledger, new, events_each=each)
            register(parts.ledger, [pupil.actors[Role.MENTOR] for pupil in new])
            pupils += new
        runner.catch_up(following)

        yield _Step(size, *_in_turn(_works(parts, overviews, bare, pupils), samples))


def _works(
    parts: Parts, overviews: Overviews, bare: psycopg.Connection, pupils: list[Pupil]
) -> tuple[Callable[[], None], ...]:
    chance = Random(13)
    sessions: dict[UUID, bytes] = {}

    def append() -> None:
        pupil = chance.choice(pupils)
        parts.ledger.append(pupil.append(pupil.revised(chance)))

    def read() -> None:
        pupil = chance.choice(pupils)
        now = datetime.now(UTC)
        asked = Asked(_session(parts, pupil, sessions), pupil.file_id, now, now - timedelta(hours=1), pupil.file_id)
        if look_at_overview(parts.context, overviews, asked, admit=lambda _: None) is None:
            raise AssertionError(pupil.file_id)

    def insert() -> None:
        bare.execute("insert into bare (state) values (%b)", (bytes(700),))

    return append, read, insert


def _session(parts: Parts, pupil: Pupil, sessions: dict[UUID, bytes]) -> bytes:
    """The session of the pupil's mentor; begun with the first look, which so is dearer."""
    mentor = pupil.people[Role.MENTOR]
    if mentor not in sessions:
        begun = Sessions(parts.pool, parts.ledger.keys).begin(
            mentor, level=2, provider="bench", terms=None, now=datetime.now(UTC)
        )
        sessions[mentor] = session_key(begun)
    return sessions[mentor]


def _in_turn(works: tuple[Callable[[], None], ...], samples: int) -> list[float]:
    times: list[list[float]] = [[] for _ in works]
    for _ in range(samples):
        for work, found in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            found.append((time.perf_counter() - began) * 1000)
    return [median(found[samples // 10 :]) for found in times]
