"""Waiting for the read models, and telling how they are."""

import threading
from time import monotonic
from uuid import uuid4

import psycopg

from projections.checkpoints import SHOWN, statuses, wait
from projections.overview import OverviewProjection
from projections.registry import projection_named, projections
from projections.runner import Runner
from store.database import Pool
from store.ledger import Ledger
from tests.projections.telling import a_file, a_start, tell


def test_waiting_ends_when_all_read_models_hold_the_position(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Not before; and at once when they do."""
    story = a_file()
    appended = tell(ledger, story.past)
    positions = {appended.feed: appended.position}
    assert not wait(pool, positions, 0)
    runner.catch_up([OverviewProjection()])
    assert not wait(pool, positions, 0.01)
    assert wait(pool, positions, 0, projections=["overview"])
    worker = threading.Timer(0.05, lambda: runner.catch_up(projections()))
    worker.start()
    assert wait(pool, positions, 10)
    worker.join()
    assert not wait(pool, {appended.feed: appended.position + 1}, 0.01)


def test_nobody_waits_for_a_stopped_read_model(
    ledger: Ledger, pool: Pool, owner: psycopg.Connection, runner: Runner
) -> None:
    """The answer is no, long before the time is up; what the others hold they hold."""
    story = a_file()
    story.given(a_start())
    appended = tell(ledger, story.past)
    owner.execute("update events set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where version = 5")
    runner.catch_up(projections())
    positions = {appended.feed: appended.position}
    began = monotonic()
    assert not wait(pool, positions, 30)
    assert monotonic() - began < 10
    assert wait(pool, positions, 0, projections=["directory"])


def test_the_status_says_how_far_behind_each_is(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Every read model by name, the events it has not read, and whether a new generation is being filled."""
    story = a_file()
    tell(ledger, story.past)
    runner.catch_up([OverviewProjection()])
    with pool.connection() as connection:
        connection.execute("select begin_generation('notices', %s)", (uuid4(),))
    found = {status.projection: status for status in statuses(pool)}
    assert set(found) == set(SHOWN) == {projection.name for projection in projections()}
    assert found["overview"].behind == 0
    assert found["overview"].moved_at is not None
    assert found["directory"].behind == len(story.past)
    assert found["directory"].moved_at is None
    assert [name for name, status in found.items() if status.is_rebuilding] == ["notices"]


def test_a_projection_is_found_by_its_name() -> None:
    """And only by that."""
    assert isinstance(projection_named("overview"), OverviewProjection)
    assert projection_named("overview__next") is None
