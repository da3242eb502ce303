"""From write to visible: how long until what one process appended stands in the view that another keeps."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from statistics import median, quantiles
from uuid import uuid4

from eventsourcing.utils import Environment

from app.children import Child
from app.postgres import EmbeddedPostgres
from app.wiring import Parts, open_parts
from bench.databases import library_settings, ours, peer_database
from bench.facts import Pupil, opening, prose
from bench.library import Files, envelope, opened
from bench.library_view import View
from bench.measure import Line, Scale, in_turn
from projections.overview import Overviews

_LOOK_SECONDS = 0.0005
_GIVE_UP_SECONDS = 30.0
_IN_A_SLICE = 20


def visible(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Milliseconds (p50) from before the append until the overview shows it; the peer waits as the library waits.

    `peer_polled` looks at the library's view as often as we look at ours.
    """
    with ExitStack() as stack:
        place, peer_url = stack.enter_context(ours(server)), stack.enter_context(peer_database(server))
        worker = Child("worker", "--with-parent", environment=place.environment)
        stack.callback(worker.stop)
        worker.start()
        reached = place.reached
        parts = stack.enter_context(open_parts(place.settings, reached.urls, reached.run))
        stack.enter_context(_library_worker(peer_url))
        sides = [_ours(parts), _librarys(stack, peer_url, polled=False), _librarys(stack, peer_url, polled=True)]
        samples: list[list[float]] = [[] for _ in sides]
        each = min(_IN_A_SLICE, scale.writes)
        own, peer, polled = in_turn(
            [_slice(side, each, found) for side, found in zip(sides, samples, strict=True)],
            max(scale.writes // each, 1),
        )
    p95 = quantiles(samples[0], n=20)[-1]
    more = {"p95": p95, "writes": len(samples[0]), "peer_polled": polled}
    return Line("visible", own, peer, "ms", less_is_better=True, more=more)


def _slice(write: Callable[[], float], writes: int, found: list[float]) -> Callable[[], float]:
    chance = Random(11)

    def measured() -> float:
        times = []
        for _ in range(writes):
            time.sleep(chance.uniform(0.001, 0.04))  # at any moment of a poll
            times.append(write())
        found.extend(times)
        return median(times)

    return measured


def _ours(parts: Parts) -> Callable[[], float]:
    chance = Random(5)
    pupil = Pupil()
    overviews = Overviews(parts.pool, parts.ledger)

    def shown(version: int) -> bool:
        overview = overviews.current(pupil.file_id)
        return overview is not None and overview.version >= version

    appended = parts.ledger.append(pupil.append(*opening(pupil)))
    parts.context.announce(appended.feed)
    _until(lambda: shown(appended.version))

    def write() -> float:
        append = pupil.append(pupil.revised(chance))
        began = time.perf_counter()
        appended = parts.ledger.append(append)
        parts.context.announce(appended.feed)
        _until(lambda: shown(appended.version))
        return (time.perf_counter() - began) * 1000

    return write


def _librarys(stack: ExitStack, url: str, *, polled: bool) -> Callable[[], float]:
    chance = Random(5)
    pupil = Pupil()
    files = stack.enter_context(Files(library_settings(url)))
    view = files.factory.construct(Environment("view", library_settings(url))).tracking_recorder(View)
    aggregate = opened(pupil, opening(pupil))
    by = envelope(next(iter(pupil.actors.values())), uuid4())

    def save() -> int:
        return int(files.save(aggregate)[-1].notification.id)

    view.wait(files.name, save(), timeout=_GIVE_UP_SECONDS)

    def write() -> float:
        aggregate.revise(pupil.plan_id, "fraga-1", "pupil", pupil.person_id, prose(chance), by)
        began = time.perf_counter()
        position = save()
        if polled:
            _until(lambda: view.has_tracking_id(files.name, position))
        else:
            view.wait(files.name, position, timeout=_GIVE_UP_SECONDS)
        return (time.perf_counter() - began) * 1000

    return write


@contextmanager
def _library_worker(url: str) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.library_worker"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, "BENCH_PEER_URL": url}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as worker:
        if worker.stdout is None or worker.stdin is None or worker.stdout.readline() != b"ready\n":
            msg = "the library's runner did not start"
            raise RuntimeError(msg)
        yield
        worker.stdin.close()


def _until(done: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + _GIVE_UP_SECONDS
    while not done():
        if time.perf_counter() > deadline:
            msg = "what was written did not become visible"
            raise TimeoutError(msg)
        time.sleep(_LOOK_SECONDS)
