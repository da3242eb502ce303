"""Serving the overview: signed in, access checked, unsealed; beside a bare route that reads one row."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from app.postgres import EmbeddedPostgres
from app.wiring import open_parts
from bench.client import Client
from bench.databases import Ours, free_port, ours, peer_database
from bench.facts import Pupil
from bench.filling import fill, register
from bench.measure import Line, Scale, in_turn, rate
from commands.terms import CURRENT_TERMS
from events.base import Role
from projections.directory_projection import DirectoryProjection
from projections.overview import OverviewProjection, Overviews
from projections.runner import Runner
from store.sessions import Sessions

_START_SECONDS = 60


def overview(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Requests a second over the same number of connections; the bare route answers the very bytes of our answer."""
    with ExitStack() as stack:
        place, peer_url = stack.enter_context(ours(server)), stack.enter_context(peer_database(server))
        addresses, documents = _filled(place, scale.clients, min(100, scale.file_events))
        ids = _bare_rows(peer_url, documents)
        stack.enter_context(process(place.environment, "app", "serve"))
        peer_port = stack.enter_context(_bare_server(peer_url))
        own_port = place.settings.port
        sides = [
            [client_of(stack, own_port, path, session) for path, session in addresses],
            [client_of(stack, peer_port, f"/rows/{row}", "") for row in ids],
        ]
        for own, peer in zip(*sides, strict=True):
            if own.get() != peer.get():
                msg = "the two sides answer differently"
                raise AssertionError(msg)
        own_rate, peer_rate = in_turn([_side(clients, scale.seconds) for clients in sides], scale.slices)
    size = sum(map(len, documents)) / len(documents)
    more = {"connections": scale.clients, "bytes": size}
    return Line("overview", own_rate, peer_rate, "requests/s", more=more)


def record(server: EmbeddedPostgres, scale: Scale) -> Line:
    """The same requests with the record of looks and the second wall, and without either: what the two cost."""
    with ExitStack() as stack:
        place = stack.enter_context(ours(server))
        addresses, documents = _filled(place, scale.clients, min(100, scale.file_events))
        stack.enter_context(process(place.environment, "app", "serve"))
        own_port, peer_port = place.settings.port, free_port()
        stack.enter_context(process(place.environment | {"PORT": str(peer_port)}, "bench.unrecorded_server"))
        sides = [
            [client_of(stack, port, path, session) for path, session in addresses] for port in (own_port, peer_port)
        ]
        for document, own, peer in zip(documents, *sides, strict=True):
            if not document == own.get() == peer.get():
                msg = "the two sides answer differently"
                raise AssertionError(msg)
        own_rate, peer_rate = in_turn([_side(clients, scale.seconds) for clients in sides], scale.slices)
    return Line("record", own_rate, peer_rate, "requests/s", more={"connections": scale.clients})


def _side(clients: list[Client], seconds: float) -> Callable[[], float]:
    return lambda: rate([client.get for client in clients], seconds)


def _filled(place: Ours, pupils: int, events: int) -> tuple[list[tuple[str, str]], list[bytes]]:
    """For each of some pupils the address of the overview with a mentor's session, and the overview."""
    urls = place.reached.urls
    with open_parts(place.settings, urls, place.reached.run) as parts:
        some = [Pupil() for _ in range(pupils)]
        fill(parts.ledger, some, events_each=events)
        register(parts.ledger, [pupil.actors[Role.MENTOR] for pupil in some])
        Runner(parts.pool, parts.ledger).catch_up([OverviewProjection(), DirectoryProjection()])
        sessions, overviews = Sessions(parts.pool, parts.ledger.keys), Overviews(parts.pool, parts.ledger)
        addresses, documents = [], []
        for pupil in some:
            mentor = pupil.people[Role.MENTOR]
            session = sessions.begin(mentor, level=2, provider="bench", terms=CURRENT_TERMS, now=datetime.now(UTC))
            addresses.append((f"/api/v1/students/{pupil.file_id}/overview", session))
            shown = overviews.current(pupil.file_id)
            documents.append(shown.json if shown else b"")
    return addresses, documents


def _bare_rows(url: str, documents: list[bytes]) -> list[UUID]:
    ids = [Pupil().person_id for _ in documents]
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("create table bare (id uuid primary key, document bytea not null)")
        cursor.executemany("insert into bare values (%s, %s)", list(zip(ids, documents, strict=True)))
    return ids


@contextmanager
def _bare_server(url: str) -> Iterator[int]:
    port = free_port()
    with process({"BENCH_PEER_URL": url, "PORT": str(port)}, "bench.bare_server"):
        yield port


@contextmanager
def process(environment: Mapping[str, str], *command: str) -> Iterator[None]:
    """A module in a process of its own, ended also when the measuring fails.

    Both sides are started here: a session of its own would give one of them another share of a busy machine.
    """
    command = (sys.executable, "-m", *command)
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:  # noqa: S603 - our own command
        try:
            yield
        finally:
            process.terminate()


def client_of(stack: ExitStack, port: int, path: str, session: str = "", *, cookie: str = "") -> Client:
    """A connection to a server that may still be starting."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return stack.enter_context(Client(port, path, session, cookie=cookie))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
