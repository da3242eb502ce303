"""What goes on while somebody is destroyed: projections in the middle of a batch, requests before they insert."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from projections.checkpoints import statuses
from projections.directory_projection import DirectoryProjection
from projections.overview import OverviewProjection
from projections.projection import Target
from projections.rebuild import rebuild
from projections.registry import projections
from projections.runner import Runner
from store.access_record import AccessRecord
from store.attachments import Attachments
from store.drafts import Drafts
from store.errors import SubjectErased, SubjectFenced
from store.ledger import Ledger, feed_of
from store.readers import SeenBy
from store.sessions import Sessions
from store.settings import StoreSettings
from tests.aggregates.given import GUARDIAN
from tests.projections.telling import a_file, a_start, pupil_id, tell
from tests.retention.purging import World, a_look

WAIT = 20.0
BRIEFLY = 0.3


class Hold:
    """A place where a thread stops until it is let go."""

    def __init__(self) -> None:
        self.reached, self.let_go = Event(), Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.let_go.wait(WAIT)


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[Thread]:
    """Work in a thread, over at the end; what it raises is raised here."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised again where it is waited for
            failures.append(failure)

    thread = Thread(target=run)
    thread.start()
    yield thread
    thread.join(WAIT)
    assert not thread.is_alive()
    if failures:
        raise failures[0]


@pytest.fixture
def another(settings: StoreSettings) -> Iterator[Ledger]:
    """The ledger of another process, which remembers keys on its own."""
    with Ledger(settings) as opened:
        yield opened


def test_a_projection_in_the_middle_of_a_batch_is_waited_for(
    world: World, another: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has read and is about to write is written first, and then deleted with everything else."""
    story = told(world, "Elsa Åkesson")
    hold, write = Hold(), Target.write

    def held(*given: Any) -> None:  # noqa: ANN401 - as it is
        hold()
        write(*given)

    begun = world.begin_run(story)
    monkeypatch.setattr(Target, "write", held)
    runner = Runner(world.pool, another)
    with beside(lambda: runner.step(OverviewProjection(), feed_of(story))):
        assert hold.reached.wait(WAIT)
        with beside(begun.purge) as purging:
            purging.join(BRIEFLY)
            assert purging.is_alive()
            hold.let_go.set()
    assert rows_of(world, "overview", story) == 0
    assert world.holding(story) == []


def test_what_one_projection_read_before_is_not_written_by_another_after(world: World, another: Ledger) -> None:
    """Projections share what they read of a feed, and remember keys for a minute: neither brings anybody back."""
    story = told(world, "Elsa Åkesson")
    runner = Runner(world.pool, another)
    runner.step(OverviewProjection(), feed_of(story))
    assert rows_of(world, "overview", story) == 1
    world.begin_run(story).purge()
    runner.step(DirectoryProjection(), feed_of(story))
    runner.catch_up(projections())
    assert rows_of(world, "overview", story) == rows_of(world, "students", story) == 0
    assert world.holding(story) == []


def test_a_rebuild_that_is_going_on_does_not_bring_anybody_back(
    world: World, another: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of filling the new tables, which are deleted from as the live ones are."""
    gone, stays = told(world, "Elsa Åkesson"), told(world, "Noah Berg")
    world.runner.catch_up(projections())
    hold, write, begun = Hold(), Target.write, world.begin_run(gone)
    stopped: list[str] = []

    def held(target: Target, *given: Any) -> None:  # noqa: ANN401 - as it is
        if target.generation and not stopped:
            stopped.append(target.generation)
            hold()
        write(target, *given)

    monkeypatch.setattr(Target, "write", held)
    with beside(lambda: rebuild(world.pool, another, DirectoryProjection())):
        assert hold.reached.wait(WAIT)
        with beside(begun.purge):
            hold.let_go.set()
    assert stopped
    assert rows_of(world, "students", gone) == 0
    assert rows_of(world, "students", stays) == 1
    assert world.holding(gone) == []


def test_feeds_are_read_on_over_what_is_gone(world: World) -> None:
    """A purge leaves holes in a feed: later events of others are folded, and a rebuild finds them all."""
    stories = {name: told(world, name) for name in ("Elsa Åkesson", "Noah Berg", "Signe Lind")}
    world.begin_run(stories["Noah Berg"]).purge()
    late = told(world, "Olle Dahl")
    world.runner.catch_up(projections())
    world.runner.catch_up(projections())
    assert all(not status.behind for status in statuses(world.pool))
    for projection in projections():
        rebuild(world.pool, world.ledger, projection)
    shown = world.owner.execute("select student_id from students").fetchall()
    assert {row[0] for row in shown} == {stories["Elsa Åkesson"], stories["Signe Lind"], late}


def look(world: World, ledger: Ledger, file: UUID) -> None:
    """Somebody looks at the file."""
    AccessRecord(world.pool, ledger).add(a_look(file))


def type_something(world: World, ledger: Ledger, file: UUID) -> None:
    """Somebody types and does not save."""
    now = datetime.now(UTC)
    seen_by = SeenBy(GUARDIAN.person_id, now.date())
    Drafts(world.pool, ledger).keep(seen_by, uuid4(), file, "svar", "Halvt", now=now)


def keep_a_picture(world: World, ledger: Ledger, file: UUID) -> None:
    """A picture is kept."""
    Attachments(world.pool, ledger).keep(uuid4(), file, b"en bild")


def sign_in(world: World, ledger: Ledger, file: UUID) -> None:
    """A session begins; what it is about is a person, and a file does as well."""
    Sessions(world.pool, ledger.keys).begin(file, level=2, provider="x", terms=None, now=datetime.now(UTC))


REQUESTS = [look, type_something, keep_a_picture, sign_in]
TABLES = ["access_record", "drafts", "attachments", "sessions"]


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_behind_a_purge_inserts_nothing(
    world: World, another: Ledger, request_: Callable[[World, Ledger, UUID], None]
) -> None:
    """It has the key in memory and comes a moment late: the database refuses it, by name."""
    story = world.pupil("Elsa Åkesson")
    another.keys.key(story.stream)
    world.begin_run(story.stream).purge()
    another.keys.key(story.stream)  # it is still remembered, which is what this is about
    with pytest.raises(SubjectErased):
        request_(world, another, story.stream)
    assert world.holding(story.stream) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_request_that_has_inserted_is_waited_for(world: World, table: str) -> None:
    """Its transaction is open when the purge comes to delete: the purge waits, and deletes what it inserted too."""
    story = world.pupil("Elsa Åkesson")
    begun = world.begin_run(story.stream)
    with psycopg.connect(world.urls.owner, options="-c search_path=liggare") as request_:
        request_.execute(COPY[table].encode(), (story.stream,))
        with beside(begun.purge) as purging:
            purging.join(BRIEFLY)
            assert purging.is_alive()
            request_.commit()
    assert world.holding(story.stream) == []


COPY = {
    "access_record": """
        insert into access_record (subject_id, student_id, record_id, part, role, level, correlation_id, sealed)
        select f, f, gen_random_uuid(), 'plan', 'guardian', 2, gen_random_uuid(), ''
        from (select %b::uuid as f) as g""",
    "drafts": """
        insert into drafts (subject_id, person_id, plan_id, field_hash, saved_at, useless_at, sealed)
        select %b, person_id, gen_random_uuid(), field_hash, now(), now(), '' from drafts limit 1""",
    "attachments": """
        insert into attachments (subject_id, attachment_id, size, sealed) values (%b, gen_random_uuid(), 1, '')""",
    "sessions": """
        insert into sessions (subject_id, session_hash, level, provider, began_at, seen_at, ends_at)
        values (%b, sha256('x'), 2, 'x', now(), now(), now() + interval '1 hour')""",
}


def test_an_append_that_is_under_way_is_waited_for_and_the_next_refused(world: World, another: Ledger) -> None:
    """The fence closes behind what was being appended: that is destroyed too, and what comes after is refused."""
    story = world.pupil("Elsa Åkesson")
    begun = world.begin_run(story.stream)
    asked = Event()

    def still_due() -> None:
        asked.set()
        with pytest.raises(SubjectFenced):
            tell(another, [replace(story.past[-1], originator_version=len(story.past) + 2)])

    feed = feed_of(story.stream)
    story.given(story.past[-1].event)
    with psycopg.connect(world.urls.owner, options="-c search_path=liggare") as blocking:
        blocking.execute("select 1 from feeds where feed = %s for update", (feed,))
        with beside(lambda: tell(another, story.past[-1:])) as appending:
            appending.join(BRIEFLY)
            with beside(lambda: begun.purge(still_due=still_due)):
                assert not asked.wait(BRIEFLY)
                blocking.commit()
    assert asked.is_set()
    assert world.holding(story.stream) == []


def told(world: World, name: str) -> UUID:
    """A pupil's file with a plan, which no read model has yet."""
    story = a_file(name)
    story.given(a_start(uuid4()))
    tell(world.ledger, story.past)
    world.person(pupil_id(name), name)
    return story.stream


def rows_of(world: World, table: str, file: UUID) -> int:
    """How many rows a table of the read models has of a file."""
    row = world.owner.execute(f"select count(*) from {table} where subject_id = %s", (file,)).fetchone()
    return row[0] if row else 0
