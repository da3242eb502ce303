"""Catching up: the overview from all events of a school, unsealing and sealing, beside one upsert an event."""

import time
from contextlib import ExitStack
from random import Random

import psycopg

from app.postgres import EmbeddedPostgres
from bench.databases import library_settings, one_value, ours, peer_database
from bench.facts import Pupil, whole_file
from bench.filling import fill
from bench.library import Files, save_in_parts
from bench.library_view import runner
from bench.measure import Line, Scale, in_turn
from projections.overview import OverviewProjection
from projections.runner import Runner
from store.database import Pool, open_pool
from store.ledger import Ledger

_EACH = 100
"""Events a pupil, about one school year."""
_FORGET_OURS = (
    "truncate overview",
    "update projection_checkpoints set position = 0, generation = gen_random_uuid() where projection = 'overview'",
)
_FORGET_PEER = ("truncate overview", "delete from view_tracking where application_name = 'files'")
_PEER_SECONDS = 3
_PEER_PART = 10
"""The peer is measured on a tenth of the events, and for no longer than a few seconds: what counts is its rate."""


def catch_up(server: EmbeddedPostgres, scale: Scale) -> Line:
    """Events a second from the first event to the last."""
    each = min(_EACH, scale.file_events)
    with ExitStack() as stack:
        place, peer_url = stack.enter_context(ours(server)), stack.enter_context(peer_database(server))
        ledger = stack.enter_context(place.ledger())
        pool = stack.enter_context(open_pool(place.reached.urls.app, schema="liggare", size=2, name="bench"))
        pupils = [Pupil() for _ in range(scale.catch_up_events // each)]
        fill(ledger, pupils, events_each=each)
        last = _fill_peer(peer_url, len(pupils) // _PEER_PART + 1, each)
        own, peer = in_turn(
            [lambda: _ours(ledger, pool, place.reached.urls.owner), lambda: _librarys(peer_url, last)],
            max(scale.slices // 4, 1),
        )
    return Line("catch_up", own, peer, "events/s", more={"events": scale.catch_up_events})


def _ours(ledger: Ledger, pool: Pool, owner: str) -> float:
    _forget(owner, _FORGET_OURS)
    ledger.forget()
    began = time.perf_counter()
    folded = Runner(pool, ledger).catch_up([OverviewProjection()])
    return folded / (time.perf_counter() - began)


def _fill_peer(url: str, pupils: int, each: int) -> int:
    chance = Random(7)
    with Files(library_settings(url)) as files:
        for _ in range(pupils):
            pupil = Pupil()
            facts = whole_file(pupil, each, chance)
            save_in_parts(files, pupil, facts)
    with runner(url):
        pass  # makes the tables
    return int(one_value(url, "select max(notification_id) from files_events"))


def _librarys(url: str, last: int) -> float:
    _forget(url, _FORGET_PEER)
    began = time.perf_counter()
    with runner(url) as running:
        while running.view.seen < last and time.perf_counter() - began < _PEER_SECONDS:
            time.sleep(0.001)
        return running.view.seen / (time.perf_counter() - began)


def _forget(url: str, statements: tuple[str, ...]) -> None:
    with psycopg.connect(url, autocommit=True, options="-c search_path=liggare,public") as connection:
        for statement in statements:
            connection.execute(statement.encode())
