"""Destroying files: how many a second when nothing else goes on, and what readers notice of it at ten a second."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from statistics import median, quantiles
from threading import Thread
from uuid import UUID, uuid4

from app.disposing import RATE
from app.local import system_command
from app.postgres import EmbeddedPostgres
from app.purging import open_purger
from app.wiring import Parts, open_parts
from bench.client import Client
from bench.databases import ours
from bench.facts import Pupil
from bench.filling import fill, register
from bench.measure import Line, Scale
from bench.serving import client_of, process
from commands import disposal, schedules
from commands.context import Command
from commands.due import to_be_destroyed
from commands.terms import CURRENT_TERMS
from events.base import Role
from events.enrolment import SchoolingEndCause, SchoolingEnded
from projections.registry import projections
from projections.runner import Runner
from store.sessions import Sessions
from transparency.notary import Notary

_SLICES_A_PAIR = 3
_READERS = 4
_READS_A_SECOND = 40
"""Of each reader: together they keep the server busy and leave it time."""
_ENDED_ON = date(2018, 6, 12)
_FILES = 100
_MARGIN = 5
"""Files more than are destroyed while it is measured, so that the run does not end before."""
_GIVE_UP_SECONDS = 180.0


def purge(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Files a second, from the fence to the certificate, each asked of anew whether it is due; `events` is of each."""
    files = max(2, _FILES * scale.file_events // Scale.file_events)
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        parts = stack.enter_context(open_parts(place.settings, place.reached.urls, place.reached.run))
        _ended(parts, files, scale.file_events)
        (run_id,) = _approved(parts, [files])
        disposal.start(parts.context, _command(), run_id=run_id)
        purger = stack.enter_context(open_purger(place.settings, place.reached.urls, parts.ledger, parts.pool))
        began = time.perf_counter()
        run = disposal.run(parts.context, purger, run_id, now=lambda: datetime.now(UTC))
        rate = files / (time.perf_counter() - began)
        if len(run.purged) != files:
            raise AssertionError(run.skipped)
    return Line("purge", rate, None, "files/s", more={"files": files, "events": scale.file_events})


def beside(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Milliseconds of an overview at the 99th percentile while the worker destroys files, and while it does not."""
    seconds, amount = scale.seconds * 16, -(-scale.slices // _SLICES_A_PAIR)
    each = int(seconds * RATE) + _MARGIN
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        parts = stack.enter_context(open_parts(place.settings, place.reached.urls, place.reached.run))
        readers = _readers(parts, min(100, scale.file_events))
        _ended(parts, each * (amount + 1), scale.file_events)
        runs = _approved(parts, [each] * (amount + 1))
        stack.enter_context(process(place.environment, "app", "serve"))
        stack.enter_context(process(place.environment, "app", "worker"))
        port = place.settings.port
        pairs = [(_p99(port, readers, seconds), _p99_beside(parts, run, port, readers, seconds)) for run in runs][1:]
    ratios = sorted(busy / quiet for quiet, busy in pairs)
    more = {"rate": RATE, "median_of_pairs": median(ratios), "pairs": [float(f"{ratio:.3g}") for ratio in ratios]}
    quiet, busy = (median(side) for side in zip(*pairs, strict=True))
    return Line("purge_beside", busy, quiet, "ms", less_is_better=True, more=more)


def _p99_beside(parts: Parts, run_id: UUID, port: int, readers: list[tuple[str, str]], seconds: float) -> float:
    """The same while the worker carries out a run, which goes on for a little longer."""
    disposal.start(parts.context, _command(), run_id=run_id)
    _wait(lambda: any(item.state == "purged" for item in parts.context.items.of(run_id)))
    measured = _p99(port, readers, seconds)
    _wait(lambda: all(item.state == "purged" for item in parts.context.items.of(run_id)))
    return measured


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _GIVE_UP_SECONDS
    while not until():
        if time.monotonic() > deadline:
            msg = "the worker did not carry out the run"
            raise TimeoutError(msg)
        time.sleep(0.05)


def _ended(parts: Parts, files: int, events: int) -> None:
    """So many files of pupils whose schooling ended long ago, numbered and in every read model."""
    pupils = [Pupil() for _ in range(files)]
    for at in range(0, files, 40):
        fill(parts.ledger, pupils[at : at + 40], events_each=events - 1)
    ended = SchoolingEnded(ended_on=_ENDED_ON, cause=SchoolingEndCause.COMPLETED)
    for pupil in pupils:
        parts.ledger.append(pupil.append((Role.MENTOR, ended)))
    Runner(parts.pool, parts.ledger).catch_up(projections())
    Notary(parts.pool, parts.ledger.settings.tenant).advance()


def _approved(parts: Parts, sizes: list[int]) -> list[UUID]:
    """Runs of so many files each, planned and approved."""
    context = parts.context
    schedules.adopt_default_profile(context, _command(), decision_reference="BUN 2026/17", valid_from=_ENDED_ON)
    on = system_command().on
    due = iter(due for due in to_be_destroyed(context, on, sum(sizes)) if due.subject_id is not None)
    runs = []
    for size in sizes:
        planning = _command()
        run_id = planning.new_id("run")
        context.items.freeze(run_id, on, list(islice(due, size)))
        disposal.plan(context, planning)
        disposal.approve(context, _command(uuid4()), run_id=run_id, plan_hash=context.items.plan_hash(run_id, on))
        runs.append(run_id)
    return runs


def _command(person_id: UUID | None = None) -> Command:
    """A command of the system, or of another one that has its rights."""
    command = system_command()
    return command if person_id is None else replace(command, caller=replace(command.caller, person_id=person_id))


def _readers(parts: Parts, events: int) -> list[tuple[str, str]]:
    """Pupils who stay: for each the address of the overview, and a mentor's session."""
    pupils = [Pupil() for _ in range(_READERS)]
    fill(parts.ledger, pupils, events_each=events)
    register(parts.ledger, [pupil.actors[Role.MENTOR] for pupil in pupils])
    Runner(parts.pool, parts.ledger).catch_up(projections())
    sessions, now = Sessions(parts.pool, parts.ledger.keys), datetime.now(UTC)
    return [
        (
            f"/api/v1/students/{pupil.file_id}/overview",
            sessions.begin(pupil.people[Role.MENTOR], level=2, provider="bench", terms=CURRENT_TERMS, now=now),
        )
        for pupil in pupils
    ]


def _p99(port: int, readers: list[tuple[str, str]], seconds: float) -> float:
    """Milliseconds of a read at the 99th percentile, of readers that each come so many times a second."""
    times: list[float] = []

    def read(client: Client, deadline: float) -> None:
        due = time.perf_counter()
        while due < deadline:
            time.sleep(max(0.0, due - time.perf_counter()))
            began = time.perf_counter()
            client.get()
            times.append((time.perf_counter() - began) * 1000)
            due += 1 / _READS_A_SECOND

    with ExitStack() as stack:
        clients = [client_of(stack, port, path, session) for path, session in readers]
        for client in clients:
            client.get()
        deadline = time.perf_counter() + seconds
        threads = [Thread(target=read, args=(client, deadline)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return quantiles(times, n=100)[-1]
