"""The second wall: a query that forgets its filter, or for whom it is made, finds nothing of a pupil."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from aggregates import person, school
from aggregates.holds import hold
from aggregates.student_file import student_file_id
from app.postgres_roles import Urls
from commands.context import STOCKHOLM
from events.base import Role
from events.enrolment import GroupJoined, GuardianLinked, GuardianUnlinked
from events.goals import GoalContent, GoalProposed
from events.person import PersonRegistered, PictureVisibilityChosen, RosterIdentified
from events.plan import PlanArchived
from events.reading import EmergencyAccessOpened, ProtectionKind, ProtectionMarked
from events.retention import DisposalAction, DocumentClass
from events.school import SchoolFounded, SchoolRoleGranted
from projections.notices import Notices, Reach
from projections.overview import _SQL as OVERVIEW
from projections.overview import Overviews
from projections.projection import Projection
from projections.registry import projections
from projections.runner import Runner
from projections.seen_by import SETTINGS, SYSTEM, Eyes, Queries, SeenBy, as_seen_by
from retention.due import Due
from retention.items import Items
from store.access_record import AccessRecord, Look, Part
from store.attachments import Attachments
from store.database import Pool
from store.drafts import Drafts
from store.ledger import Ledger
from store.migrate import migrate
from tests.aggregates.given import GUARDIAN, MENTOR, NEXT_PLAN, PLAN, PUPIL, SCHOOL, TEACHER, Story, an_id, day
from tests.aggregates.retention_stories import A_HOLD, REGISTRAR, a_run
from tests.projections.telling import SINCE, a_file, a_start, tell

ON = day(9, 1)
STRONG = Reach(others=True, protected=True)
OF_SCHOOLS = {"schools", "school_groups", "templates", "planning_documents"}
"""What a school's own tables hold is about nobody."""
WALLED = "select relname from pg_class where relnamespace = 'liggare'::regnamespace and relrowsecurity order by relname"


def _walled(owner: psycopg.Connection) -> list[str]:
    return [name for (name,) in owner.execute(WALLED).fetchall()]


def _count(connection: psycopg.Connection[Any], table: str, eyes: Eyes | None = None) -> int:
    """How many rows a query without any filter finds."""
    query = sql.SQL("select 1 from {}").format(sql.Identifier(table)).as_bytes(connection)
    given = connection.execute(query) if eyes is None else connection.execute(as_seen_by(query), eyes.settings)
    return len(given.fetchall())


@pytest.fixture
def two_pupils(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Two pupils of two classes with everybody around them: something in every table of the read models."""
    for name, plan, group, guardian in (
        ("Elsa Åkesson", PLAN, an_id("5A"), GUARDIAN.person_id),
        ("Noah Berg", NEXT_PLAN, an_id("5B"), an_id("Noah's guardian")),
    ):
        story = a_file(name)
        story.given(GroupJoined(group_id=group, joined_on=SINCE), a_start(plan))
        if guardian != GUARDIAN.person_id:
            theirs = next(r for r in story.state.relations.values() if r.role is Role.GUARDIAN)
            story.given(
                GuardianUnlinked(relation_id=theirs.id, ended_on=SINCE),
                GuardianLinked(relation_id=uuid4(), person_id=guardian, name="Ali", since=SINCE),
            )
        content = GoalContent(text="Läsa")
        story.given(GoalProposed(plan_id=plan, goal_id=uuid4(), content=content), by=TEACHER)
        story.given(ProtectionMarked(kind=ProtectionKind.SECRECY_MARKING, readers=(MENTOR.person_id, guardian)))
        following = uuid4()
        story.given(PlanArchived(plan_id=plan, archived_for=following), a_start(following), by=MENTOR)
        story.when(hold, **A_HOLD, by=REGISTRAR)
        tell(ledger, story.past)
        _tell_person(ledger, an_id(name), name)
        _tell_person(ledger, guardian, f"Guardian of {name}")
        look = Look(
            student_id=story.stream,
            part=Part.PLAN,
            person_id=guardian,
            role=Role.GUARDIAN.value,
            level=2,
            correlation_id=uuid4(),
        )
        AccessRecord(pool, ledger).add(look)
        Attachments(pool, ledger).keep(uuid4(), an_id(name), b"a picture")
        typed_at = datetime.now(UTC)
        Drafts(pool, ledger).keep(SeenBy(guardian, ON), plan, an_id(name), "svar-trivs", "Half written", now=typed_at)
    _plan_a_run(ledger, pool)
    runner.catch_up(projections())
    for reader in (GUARDIAN.person_id, MENTOR.person_id):
        (notice, *_) = Notices(pool, ledger).unread(reader, on=ON, reach=STRONG)
        assert Notices(pool, ledger).open_notice(reader, notice.notice_id, on=ON, reach=STRONG)


def _plan_a_run(ledger: Ledger, pool: Pool) -> None:
    story = a_run()
    tell(ledger, story.past, "disposal_run", "disposal_run")
    elsa = student_file_id(an_id("Elsa Åkesson"))
    due = Due(DocumentClass.STUDENT_FILE, elsa, ON, ON, an_id("schedule"), DisposalAction.PURGE)
    Items(pool).freeze(story.stream, ON, [due])


def _tell_person(ledger: Ledger, person_id: UUID, name: str) -> None:
    given_name, _, family_name = name.partition(" ")
    story: Story[Any] = Story(person.fold, stream=person_id, subject=person_id)
    story.given(
        PersonRegistered(given_name=given_name, family_name=family_name),
        RosterIdentified(source="sds", roster_id=str(person_id)),
        PictureVisibilityChosen(of_person_id=person_id, visible_to_class=True),
    )
    tell(ledger, story.past, "person", "person")


def test_every_table_about_people_is_walled(owner: psycopg.Connection) -> None:
    """All read models but a school's own, what recipients opened, pictures, who looked, and what is to be destroyed."""
    tables = {name for (name,) in owner.execute("select table_name from projection_tables").fetchall()}
    assert set(_walled(owner)) == (tables - OF_SCHOOLS) | {
        "notice_openings", "attachments", "drafts", "access_record", "disposal_items",
    }  # fmt: skip


@pytest.mark.requirement("S-SEC-2")
@pytest.mark.usefixtures("two_pupils")
def test_a_query_that_forgets_everything_finds_nothing(databases: Urls, owner: psycopg.Connection) -> None:
    """There are rows; without a word on whom it is for, no query of the application finds one or changes one."""
    options = "-c search_path=liggare"
    empty = {"school_roles", "sign_in_identifiers"}  # nobody in this story has a part at a school or signs in
    with psycopg.connect(databases.app, autocommit=True, options=options) as application:
        for table in _walled(owner):
            assert _count(owner, table) or table in empty, f"nothing in {table} to be hidden"
            assert _count(application, table) == 0
            if table not in {"access_record", "disposal_items"}:
                deleted = sql.SQL("delete from {}").format(sql.Identifier(table))
                assert application.execute(deleted).rowcount == 0


@pytest.mark.usefixtures("two_pupils")
def test_a_query_that_forgets_its_filter_finds_what_its_reader_may_see(pool: Pool, owner: psycopg.Connection) -> None:
    """Of the pupils only those the reader is something to, whatever is asked for; and the own relations, ended too."""
    elsa, noah = student_file_id(an_id("Elsa Åkesson")), student_file_id(an_id("Noah Berg"))
    readers = {
        GUARDIAN.person_id: ({elsa}, {elsa, noah}),
        an_id("Noah's guardian"): ({noah}, {noah}),
        MENTOR.person_id: ({elsa, noah}, {elsa, noah}),
        TEACHER.person_id: (set(), {elsa, noah}),  # the protection names no teacher
        an_id("Noah Berg"): ({noah}, {noah}),
        an_id("a stranger"): (set(), set()),
    }
    holding = [
        table
        for (table,) in owner.execute(
            "select table_name from information_schema.columns where column_name = 'student_id' "
            "and table_schema = 'liggare' and table_name = any(%s)",
            (_walled(owner),),
        ).fetchall()
        if table not in {"notice_sources", "notices", "file_retention"}  # no reader sees one of these by it
    ]
    assert len(holding) > 5
    with pool.connection() as connection:
        for reader, (seen, ever) in readers.items():
            for table in holding:
                query = sql.SQL("select distinct student_id from {}").format(sql.Identifier(table))
                wrapped = as_seen_by(query.as_bytes(connection))
                found = {row[0] for row in connection.execute(wrapped, SeenBy(reader, ON).settings).fetchall()}
                own = ever if table == "relations" else seen
                assert found == own, f"{table} shows another's rows"


@pytest.mark.usefixtures("two_pupils")
def test_for_whom_a_query_was_made_is_forgotten_with_it(pool: Pool) -> None:
    """The next query on the same connection starts with nobody, after a failure too."""
    with pool.connection() as connection:
        assert _count(connection, "overview", SYSTEM) == 4
        assert _count(connection, "overview") == 0
        assert _count(connection, "overview", SeenBy(GUARDIAN.person_id, ON)) == 2
        assert _count(connection, "overview") == 0
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute(as_seen_by(b"select 1 / count(*) from events where false"), SYSTEM.settings)
        assert _count(connection, "overview") == 0
        assert connection.execute(
            sql.SQL("select {}").format(
                sql.SQL(" || ").join(sql.SQL("current_setting({}, true)").format(name) for name in SETTINGS)
            )
        ).fetchone() == ("",)


def test_a_relation_counts_on_its_own_days(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Not the day before it begins, not from the day on which it ended."""
    story = a_file()
    story.given(a_start())
    relation = next(r for r in story.state.relations.values() if r.role is Role.GUARDIAN)
    ended_on = SINCE + timedelta(days=30)
    story.given(GuardianUnlinked(relation_id=relation.id, ended_on=ended_on))
    tell(ledger, story.past)
    runner.catch_up(projections())

    def seen(on: date) -> int:
        with pool.connection() as connection:
            return _count(connection, "overview", SeenBy(GUARDIAN.person_id, on))

    one_day = timedelta(days=1)
    assert [seen(on) for on in (SINCE - one_day, SINCE, ended_on - one_day, ended_on)] == [0, 1, 1, 0]


def test_what_is_opened_for_some_hours_is_closed_when_they_are_over(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """Also on the day on which they end: the wall and the decision agree to the moment."""
    now = datetime.now(UTC)
    today = now.astimezone(STOCKHOLM).date()
    principals = {an_id("open"): now + timedelta(hours=1), an_id("closed"): now - timedelta(minutes=1)}
    story = a_file()
    story.given(a_start())
    for person_id, expires_at in principals.items():
        story.given(
            EmergencyAccessOpened(
                relation_id=uuid4(),
                person_id=person_id,
                name="Rektor",
                reason="Olycka",
                since=today - timedelta(days=1),
                until=max(today, expires_at.astimezone(STOCKHOLM).date()),
                expires_at=expires_at,
            )
        )
    tell(ledger, story.past)
    runner.catch_up(projections())
    with pool.connection() as connection:
        seen = [_count(connection, "overview", SeenBy(principal, today)) for principal in principals]
    assert seen == [1, 0]


@pytest.mark.usefixtures("two_pupils")
def test_a_picture_is_found_for_those_who_may_know_of_the_person(pool: Pool, ledger: Ledger) -> None:
    """Whatever its id: whoever the identity is protected from, and whoever has nothing to do with one, finds none."""
    noah = an_id("Noah Berg")
    with pool.connection() as connection:
        query = sql.SQL("select attachment_id from attachments where subject_id = {}").format(noah)
        wrapped = as_seen_by(query.as_bytes(connection))
        ((picture,),) = connection.execute(wrapped, SYSTEM.settings).fetchall()
    readers = {
        noah: True,
        an_id("Noah's guardian"): True,
        MENTOR.person_id: True,
        TEACHER.person_id: False,
        GUARDIAN.person_id: False,
        an_id("a stranger"): False,
    }
    attachments = Attachments(pool, ledger)
    for reader, may in readers.items():
        assert (attachments.content(picture, SeenBy(reader, ON)) is not None) is may


def test_a_part_at_the_school_opens_its_pupils(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """A principal reads the school's files, other staff see who is there, a program reads the files of its school."""
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    founded: Story[Any] = Story(school.fold, stream=SCHOOL, subject=SCHOOL)
    principal, staff = an_id("principal"), an_id("staff")
    founded.given(SchoolFounded(name="Björkskolan"))
    for person_id, role in ((principal, Role.PRINCIPAL), (staff, Role.STAFF)):
        founded.given(SchoolRoleGranted(relation_id=uuid4(), person_id=person_id, role=role, since=SINCE))
    tell(ledger, founded.past, "school", "school")
    runner.catch_up(projections())
    with pool.connection() as connection:

        def seen(eyes: Eyes) -> list[int]:
            return [_count(connection, table, eyes) for table in ("overview", "students", "school_roles")]

        assert seen(SeenBy(principal, ON)) == [1, 1, 2]
        assert seen(SeenBy(staff, ON)) == [0, 1, 2]
        assert seen(SeenBy(an_id("program"), ON, SCHOOL)) == [1, 1, 0]
        assert seen(SeenBy(an_id("program"), ON, an_id("another school"))) == [0, 0, 0]
        assert seen(SeenBy(PUPIL.person_id, ON))[:2] == [0, 0] or PUPIL.person_id == story.state.person_id


def test_for_whom_a_query_is_made_is_set_before_it_looks_at_rows(pool: Pool) -> None:
    """The database sets it once, above everything that looks at rows; were it otherwise, nothing would be found."""
    query = as_seen_by(b"select student_id from students order by student_id")
    with pool.connection() as connection:
        plan = [row[0] for row in connection.execute(b"explain " + query, SYSTEM.settings).fetchall()]
    assert any("One-Time Filter" in line for line in plan)
    assert next(at for at, line in enumerate(plan) if "One-Time Filter" in line) < next(
        at for at, line in enumerate(plan) if "on students" in line
    )


@pytest.mark.parametrize("projection", projections(), ids=lambda each: each.name)
def test_migrating_during_a_rebuild_takes_no_right_away(
    databases: Urls, pool: Pool, owner: psycopg.Connection, projection: Projection
) -> None:
    """Privileges are set anew by each migration; the tables that a rebuild fills keep those of the live ones."""
    rights = """
    select replace(c.relname, '__next', ''), array(select a::text from unnest(c.relacl) as a order by 1)
    from pg_class as c inner join projection_tables as t on c.relname = t.table_name || %s
    where t.projection = %s order by 1
    """
    with pool.connection() as connection:
        connection.execute("select begin_generation(%s, %s)", (projection.name, uuid4()))
    migrate(databases.owner, databases.keys_owner)
    live = owner.execute(rights, ("", projection.name)).fetchall()
    assert live
    assert owner.execute(rights, ("__next", projection.name)).fetchall() == live


def test_queries_are_made_for_whom_they_say(ledger: Ledger, pool: Pool, runner: Runner) -> None:
    """A read model's named query, asked for one person and for another."""
    story = a_file()
    story.given(a_start())
    tell(ledger, story.past)
    runner.catch_up(projections())
    queries = Queries(pool, OVERVIEW)
    for reader, count in ((GUARDIAN.person_id, 1), (an_id("a stranger"), 0)):
        assert len(queries.fetch(SeenBy(reader, ON), "plans", story.stream)) == count


@pytest.mark.usefixtures("two_pupils")
def test_the_overviews_of_several_pupils_are_those_the_reader_may_see(ledger: Ledger, pool: Pool) -> None:
    """Whatever pupils are asked for: a class is read in one query, and the wall leaves out the others."""
    elsa, noah = student_file_id(an_id("Elsa Åkesson")), student_file_id(an_id("Noah Berg"))
    overviews = Overviews(pool, ledger)
    seen = {
        GUARDIAN.person_id: {elsa},
        MENTOR.person_id: {elsa, noah},
        TEACHER.person_id: set(),
        an_id("a stranger"): set(),
    }
    assert {reader: set(overviews.newest_of([elsa, noah], SeenBy(reader, ON))) for reader in seen} == seen
