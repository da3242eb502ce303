"""Exactly once, whatever happens: interrupted batches, two workers, events that cannot be read, erased subjects."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from events.base import Recorded
from events.goals import GoalContent, GoalProposed
from events.plan import AnswerRevised, QuestionAnswered
from projections.checkpoints import statuses
from projections.overview import OverviewProjection
from projections.overview_changes import fold_plan
from projections.overview_document import PlanOverview
from projections.projection import Memory, Projection, Target, kinds_of
from projections.reading import Batch
from projections.registry import projections
from projections.runner import Runner, Went
from store.appends import feed_of
from store.database import Pool
from store.ledger import Ledger
from tests.aggregates.given import GOAL, PLAN, PUPIL, Story
from tests.projections.rows import rows_of
from tests.projections.telling import a_file, a_start, an_answer, tell
from tests.store.making import destroy_keys


class Interrupted(Exception):
    """The process dies here."""


class Counting(Projection):
    """Counts each event as often as it comes, in a table that does not forgive: what exactly-once means."""

    name: ClassVar[str] = "overview"
    kinds: ClassVar[frozenset[str]] = kinds_of(AnswerRevised)

    def __init__(self) -> None:
        self.dies_after_rows = False

    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:  # noqa: ARG002 - needs none
        for recorded in batch:
            target.cursor.execute(
                "insert into counted (stream, version) values (%s, %s)",
                (recorded.originator_id, recorded.originator_version),
            )
        if self.dies_after_rows:
            raise psycopg.OperationalError


@pytest.fixture
def counted(owner: psycopg.Connection) -> psycopg.Connection:
    """The table of counted events, without any key that would hide a second one."""
    owner.execute("create table counted (stream uuid, version bigint)")
    owner.execute("grant all on counted to liggare_app")
    return owner


def many_answers(ledger: Ledger, count: int) -> "Story[Any]":
    """A file whose pupil revised an answer so many times."""
    story = a_file()
    story.given(a_start())
    story.given(an_answer("Bra", QuestionAnswered), by=PUPIL)
    for number in range(count):
        story.given(an_answer(f"Bra {number}"), by=PUPIL)
    for at in range(0, len(story.past), 100):
        tell(ledger, story.past[at : at + 100])
    return story


def how_often(owner: psycopg.Connection) -> tuple[int, int]:
    """How many events were counted, and how many different ones."""
    row = owner.execute("select count(*), count(distinct (stream, version)) from counted").fetchone()
    assert row is not None
    return row


def test_a_death_between_rows_and_checkpoint_loses_and_doubles_nothing(
    ledger: Ledger, pool: Pool, counted: psycopg.Connection
) -> None:
    """What a dying process had written of its batch is gone with it; the next one folds the batch once."""
    story = many_answers(ledger, 130)
    projection = Counting()
    feed = feed_of(story.stream)
    projection.dies_after_rows = True
    for _ in range(3):
        with pytest.raises(Exception, match="database does not answer"):
            Runner(pool, ledger, batch=50).step(projection, feed)
    assert how_often(counted) == (0, 0)
    projection.dies_after_rows = False
    Runner(pool, ledger, batch=50).step(projection, feed)
    projection.dies_after_rows = True
    with pytest.raises(Exception, match="database does not answer"):
        Runner(pool, ledger, batch=50).step(projection, feed)
    projection.dies_after_rows = False
    Runner(pool, ledger, batch=50).catch_up([projection])
    assert how_often(counted) == (130, 130)


def test_two_workers_count_each_event_once(ledger: Ledger, pool: Pool, counted: psycopg.Connection) -> None:
    """Two runners at the same feeds at the same time, while somebody writes: each event is counted once."""
    stories = [many_answers(ledger, 5)]
    done = threading.Event()

    def follow() -> None:
        runner = Runner(pool, ledger, batch=3)
        while not done.is_set():
            for feed in range(16):
                runner.step(Counting(), feed)

    workers = [threading.Thread(target=follow) for _ in range(2)]
    for worker in workers:
        worker.start()
    story = stories[0]
    for number in range(60):
        story.given(an_answer(f"Bättre {number}"), by=PUPIL)
        tell(ledger, story.past[-1:])
    done.set()
    for worker in workers:
        worker.join()
    Runner(pool, ledger).catch_up([Counting()])
    assert how_often(counted) == (65, 65)


def test_a_feed_that_another_worker_has_is_left_to_it(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection
) -> None:
    """A worker does not wait for the other; it says that the feed is busy and goes on elsewhere."""
    story = many_answers(ledger, 1)
    feed = feed_of(story.stream)
    with owner.transaction():
        owner.execute(
            "select 1 from projection_checkpoints where projection = 'overview' and feed = %s for update", (feed,)
        )
        assert runner.step(OverviewProjection(), feed).went is Went.BUSY
    assert runner.step(OverviewProjection(), feed).went is Went.ON


@contextmanager
def damaged(owner: psycopg.Connection, story: "Story[Any]", change: str) -> Iterator[tuple[int, int]]:
    """The third last event of the story is damaged; its feed and position. Afterwards it is whole again."""
    version = len(story.past) - 2
    where = "where stream_id = %s and version = %s"
    row = owner.execute(
        f"select feed, position, sealed, kind from events {where}".encode(), (story.stream, version)
    ).fetchone()
    assert row is not None
    owner.execute(f"update events set {change} {where}".encode(), (story.stream, version))
    yield row[0], row[1]
    owner.execute(f"update events set sealed = %s, kind = %s {where}".encode(), (row[2], row[3], story.stream, version))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("kind = 'goal_dreamt.v1'", "unknown_kind"),
        ("sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)", "not_authentic"),
        ("kind = 'answer_revised.v1', sealed = sealed", "not_authentic"),
    ],
)
def test_an_unreadable_event_stops_its_projection_with_an_alarm(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection, change: str, reason: str
) -> None:
    """Everything before it is shown, nothing after it; the alarm says which event and why; whole again, it goes on."""
    story = a_file()
    story.given(a_start())
    for number in range(6):
        story.given(GoalProposed(plan_id=PLAN, goal_id=uuid4(), content=GoalContent(text=f"Mål {number}")), by=PUPIL)
    tell(ledger, story.past)
    with damaged(owner, story, change) as (feed, position), capture_logs() as logs:
        assert runner.step(OverviewProjection(), feed).went is Went.ON
        assert runner.step(OverviewProjection(), feed).went is Went.STOPPED
        (alarm,) = logs
        assert alarm["event"] == "projection_stopped"
        assert alarm["log_level"] == "error"
        assert (alarm["projection"], alarm["feed"], alarm["position"], alarm["reason"]) == (
            "overview",
            feed,
            position,
            reason,
        )
        (row,) = rows_of(owner, ledger, "overview")["overview"]
        assert row["version"] == len(story.past) - 3
        (stop,) = _status(runner, "overview").stops
        assert (stop.feed, stop.position, stop.reason) == (feed, position, reason)
        assert runner.step(OverviewProjection(), feed).went is Went.STOPPED
        assert runner.step(OverviewProjection(), feed, retry=True).went is Went.STOPPED
    assert runner.step(OverviewProjection(), feed, retry=True).went is Went.ON
    (row,) = rows_of(owner, ledger, "overview")["overview"]
    assert row["version"] == len(story.past)
    assert not _status(runner, "overview").stops


def _status(runner: Runner, name: str) -> Any:  # noqa: ANN401 - a Status
    return next(status for status in statuses(runner._pool) if status.projection == name)


def test_the_others_go_on_when_one_has_stopped(ledger: Ledger, runner: Runner, owner: psycopg.Connection) -> None:
    """An event that the overview cannot read and the directory does not need stops the overview alone."""
    story = many_answers(ledger, 8)
    with damaged(owner, story, "sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)") as (feed, _):
        runner.catch_up(projections())
        stopped = {status.projection for status in statuses(runner._pool) if status.stops}
        assert stopped == {"overview", "notices"}
        directory = _status(runner, "directory")
        assert directory.positions[feed] == ledger.feed_positions()[feed]


def test_a_mistake_in_our_own_code_stops_at_the_very_event(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything before the event is folded and kept; nothing of it and after it."""
    story = many_answers(ledger, 40)
    whole = fold_plan

    def stumbling(plan: PlanOverview, recorded: Recorded[Any]) -> None:
        whole(plan, recorded)
        if recorded.originator_version == 29:
            raise KeyError

    with capture_logs() as logs, monkeypatch.context() as patched:
        patched.setattr("projections.overview.fold_plan", stumbling)
        runner.catch_up([OverviewProjection()])
    (alarm,) = logs
    assert (alarm["event"], alarm["reason"]) == ("projection_stopped", "not_foldable")
    (row,) = rows_of(owner, ledger, "overview")["overview"]
    assert row["version"] == 28
    runner.step(OverviewProjection(), feed_of(story.stream), retry=True)
    (row,) = rows_of(owner, ledger, "overview")["overview"]
    assert row["version"] == len(story.past)


def erase(ledger: Ledger, keys_owner: psycopg.Connection, subject_id: UUID) -> None:
    """Destroy the subject's key, as a purge does first."""
    destroy_keys(ledger, keys_owner, subject_id)
    ledger.forget(subject_id)


def test_an_erased_subject_is_passed_by(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection, keys_owner: psycopg.Connection
) -> None:
    """Events whose key was destroyed are no alarm: the subject is erased here too; others of the feed are shown."""
    gone = a_file("Gone Åkesson")
    gone.given(a_start(uuid4()))
    files = (a_file(f"Elev {number}") for number in count())
    stays = next(story for story in files if feed_of(story.stream) == feed_of(gone.stream))
    stays.given(a_start())
    tell(ledger, gone.past[:-1])
    tell(ledger, stays.past)
    runner.catch_up(projections())
    runner.forget()
    tell(ledger, gone.past[-1:])
    stays.given(an_answer("Bra", QuestionAnswered), by=PUPIL)
    tell(ledger, stays.past[-1:])
    erase(ledger, keys_owner, gone.subject)
    runner.catch_up(projections())
    assert not [status for status in statuses(runner._pool) if status.stops]
    owner.execute("delete from overview where subject_id = %s", (gone.subject,))
    (row,) = rows_of(owner, ledger, "overview")["overview"]
    assert (row["student_id"], row["version"]) == (stays.stream, len(stays.past))


def test_a_missing_key_is_not_an_erased_subject(ledger: Ledger, runner: Runner, keys_owner: psycopg.Connection) -> None:
    """Where the key is gone without a trace, nothing is passed by: the projection stops."""
    story = many_answers(ledger, 1)
    keys_owner.execute("delete from wrapped_keys where subject_id = %s", (story.subject,))
    ledger.forget()
    runner.catch_up([OverviewProjection()])
    (stop,) = _status(runner, "overview").stops
    assert stop.reason == "key_missing"


def test_a_goal_is_found_again_after_everything_was_forgotten(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection
) -> None:
    """What another worker wrote meanwhile is read back, never overwritten by what this one remembers."""
    story = a_file()
    story.given(a_start())
    story.given(GoalProposed(plan_id=PLAN, goal_id=GOAL, content=GoalContent(text="Läsa")), by=PUPIL)
    tell(ledger, story.past)
    runner.catch_up([OverviewProjection()])
    other = Runner(runner._pool, ledger)
    for who, text in ((other, "Ett"), (runner, "Två"), (other, "Tre"), (runner, "Fyra")):
        story.given(GoalProposed(plan_id=PLAN, goal_id=uuid4(), content=GoalContent(text=text)), by=PUPIL)
        tell(ledger, story.past[-1:])
        who.catch_up([OverviewProjection()])
    (row,) = rows_of(owner, ledger, "overview")["overview"]
    for text in ("Läsa", "Ett", "Två", "Tre", "Fyra"):
        assert f'"text":"{text}"'.encode() in row["sealed"]
