"""What the overview shows of a plan, row by row of the sources."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import psycopg
import pytest

from aggregates.plan import PlanEvent
from events.assessments import AssessmentPublished, Forecast
from events.base import Role
from events.goals import GoalContent, GoalProposed
from events.plan import QuestionAnswered
from events.school import SchoolFounded, SchoolRoleGranted
from events.template import Page, PageKind, Question
from projections.directory import DirectoryStanding
from projections.overview import Overview, OverviewProjection, Overviews, Sight, SightChanged
from projections.overview_changes import CHANGING
from projections.registry import projections
from projections.runner import Runner
from store.access_record import Look, Part
from store.database import Pool
from store.ledger import Ledger
from store.sessions import Sessions, session_key
from tests.aggregates.given import (
    EDUCATOR,
    FOR_ALL,
    FOR_CHILD,
    FOR_TEACHER,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GUARDIAN,
    PLAN,
    PRINCIPAL,
    PUPIL,
    SCHOOL,
    TEACHER,
    FileStory,
    Story,
    a_template_content,
    an_approved_template,
    an_id,
    day,
    evaluated,
    for_pupil,
    planned,
)
from tests.projections.telling import SINCE, tell

NOW = datetime.now(UTC)
IDLE = NOW - timedelta(hours=1)


@pytest.fixture
def overviews(pool: Pool, ledger: Ledger) -> Overviews:
    """The queries."""
    return Overviews(pool, ledger)


class Showing:
    """Tells a story and shows the overview of its newest plan."""

    def __init__(self, ledger: Ledger, runner: Runner, overviews: Overviews) -> None:
        self._ledger, self._runner, self._overviews = ledger, runner, overviews
        self._told = 0

    def __call__(self, story: FileStory) -> dict[str, Any]:
        tell(self._ledger, story.past[self._told :])
        self._told = len(story.past)
        self._runner.catch_up([OverviewProjection()])
        overview = self._overviews.current(story.stream)
        assert overview is not None
        assert overview.version == json.loads(overview.json)["version"]
        return dict(json.loads(overview.json))


@pytest.fixture
def show(ledger: Ledger, runner: Runner, overviews: Overviews) -> Showing:
    """Tells and shows."""
    return Showing(ledger, runner, overviews)


def answered(shown: dict[str, Any]) -> dict[str, int]:
    """How many questions each party has answered."""
    return {party: bar["answered"] for party, bar in shown["bars"].items()}


@pytest.mark.requirement("S-OVR-2")
@pytest.mark.requirement("S-OVR-4")
def test_a_question_to_several_is_everybodys_own_share(show: Showing) -> None:
    """One role's answer fills no other's bar; a role has answered when one of its persons has (G-7, G-13)."""
    story = planned()
    shown = show(story)
    assert shown["bars"]["guardian"] == {"asked": 2, "answered": 0}
    assert sum(bar["asked"] for bar in shown["bars"].values()) > len(shown["questions"])
    story.saves(FOR_ALL, "Vi med", by=GUARDIAN)
    assert answered(show(story)) == {"pupil": 0, "guardian": 1, "teacher": 0, "mentor": 0}
    story.saves(FOR_ALL, "Jag också", by=OTHER_GUARDIAN)
    story.saves(FOR_ALL, "Vi ändrar oss", by=GUARDIAN)
    assert answered(show(story)) == {"pupil": 0, "guardian": 1, "teacher": 0, "mentor": 0}
    story.saves(FOR_ALL, "Inget", by=PUPIL)
    shown = show(story)
    assert answered(shown) == {"pupil": 1, "guardian": 1, "teacher": 0, "mentor": 0}
    (question,) = [question for question in shown["questions"] if question["key"] == FOR_ALL.key]
    assert [answer["name"] for answer in question["answered_by"]] == [GUARDIAN.name, OTHER_GUARDIAN.name, PUPIL.name]


@pytest.mark.requirement("S-OVR-3")
def test_assessments_never_count(show: Showing) -> None:
    """Neither a published assessment nor a question that a template put on the page of assessments."""
    asked = Question(key="larare-om-amnet", text="Något om ämnet?", directed_to=(Role.TEACHER, Role.PUPIL))
    pages = [
        Page(key=page.key, title=page.title, kind=page.kind, questions=(asked,))
        if page.kind is PageKind.ASSESSMENTS
        else page
        for page in a_template_content().pages
    ]
    plain, fuller = planned(), planned()
    del fuller.past[-1:]
    fuller = FileStory(fuller.past)
    fuller.starts(template=an_approved_template(a_template_content(pages=tuple(pages))))
    before = show(fuller)
    bars = before["bars"]
    assert asked.key in fuller.plan.questions
    assert bars["teacher"]["asked"] == sum(Role.TEACHER in q.directed_to for q in plain.plan.questions.values())
    assert asked.key not in [question["key"] for question in before["questions"]]
    fuller.given(
        AssessmentPublished(plan_id=PLAN, subject="MA", forecast=Forecast.EXPECTED, text="Räknar säkert."),
        QuestionAnswered(plan_id=PLAN, question=asked.key, role=Role.TEACHER, person_id=TEACHER.person_id, text="Ja"),
        by=TEACHER,
    )
    after = show(fuller)
    assert after["bars"] == bars
    assert {subject: one["forecast"] for subject, one in after["assessments"].items()} == {"MA": "expected"}
    assert after["content_version"] == len(fuller.past)


@pytest.mark.requirement("S-OVR-5")
def test_it_says_who_answered_and_who_held_the_pen(show: Showing) -> None:
    """Written for the pupil, the answer is the pupil's and says by whom; an educator answers as teacher."""
    story = planned()
    story.saves(FOR_CHILD, "Att rita", by=for_pupil(EDUCATOR))
    story.saves(FOR_TEACHER, "Bra", by=EDUCATOR)
    shown = show(story)
    assert answered(shown) == {"pupil": 1, "guardian": 0, "teacher": 1, "mentor": 0}
    by_key = {question["key"]: question["answered_by"] for question in shown["questions"]}
    (drawn,) = by_key[FOR_CHILD.key]
    assert (drawn["role"], drawn["person_id"]) == ("pupil", str(PUPIL.person_id))
    assert drawn["written_by"]["name"] == EDUCATOR.name
    assert drawn["written_by"]["on_behalf_of"] == str(PUPIL.person_id)
    assert "name" not in drawn
    assert by_key[FOR_TEACHER.key][0]["name"] == EDUCATOR.name
    story.saves(FOR_CHILD, "Att måla", by=PUPIL)
    (drawn,) = {question["key"]: question["answered_by"] for question in show(story)["questions"]}[FOR_CHILD.key]
    assert drawn["name"] == PUPIL.name
    assert "written_by" not in drawn


@pytest.mark.requirement("S-OVR-8")
@pytest.mark.requirement("S-OVR-9")
def test_it_says_when_and_by_whom(show: Showing) -> None:
    """Started and last changed, by whom, and the template's name."""
    story = planned()
    shown = show(story)
    assert shown["template"]["name"] == "IUP 4-6"
    assert shown["started"] == shown["changed"]
    assert shown["started"]["by"]["name"] == MENTOR.name
    story.proposes(by=GUARDIAN)
    shown = show(story)
    assert (shown["changed"]["by"]["role"], shown["changed"]["by"]["name"]) == ("guardian", GUARDIAN.name)
    assert shown["changed"]["at"] > shown["started"]["at"]
    assert shown["version"] == len(story.past)


@pytest.mark.requirement("S-OVR-6")
def test_a_carried_goal_says_where_it_came_from(show: Showing, overviews: Overviews) -> None:
    """The next plan shows the unfinished goal as a proposal; the plan before stays, archived, in the list."""
    story = evaluated()
    first = story.plan
    story.starts(NEXT_PLAN, carry_over=[goal.id for goal in first.goals.values()])
    shown = show(story)
    (goal,) = shown["goals"]
    assert (goal["decision"], goal["status"], goal["carried_from"]["plan_id"]) == ("proposed", "new", str(PLAN))
    assert [earlier["plan_id"] for earlier in shown["earlier_plans"]] == [str(PLAN)]
    assert [(plan.plan_id, plan.state) for plan in overviews.plans(story.stream)] == [
        (NEXT_PLAN, "open"),
        (PLAN, "archived"),
    ]
    before = overviews.plan(story.stream, PLAN)
    assert before is not None
    assert json.loads(before.json)["state"] == "archived"
    assert overviews.plan(NEXT_PLAN, PLAN) is None, "another pupil's plan is not there"
    assert overviews.current(NEXT_PLAN) is None


class Reader:
    """A person with a session, who looks at a pupil's overview as the application does."""

    def __init__(
        self,
        overviews: Overviews,
        sessions: Sessions,
        person_id: UUID,
        student_id: UUID,
        role: Role = Role.GUARDIAN,
        level: int = 2,
    ) -> None:
        self.level = level
        self._overviews, self._sessions, self._student_id = overviews, sessions, student_id
        self.role = role
        self.person_id = person_id
        self.key = session_key(sessions.begin(person_id, level=level, provider="test", terms=None, now=NOW))

    def _relation(self, standing: DirectoryStanding | None) -> UUID | None:
        assert standing is not None
        ids = [relation.id for relation in standing.relations if relation.role is self.role]
        ids += [part.id for part in standing.school_roles if part.role is self.role]
        return ids[0] if ids else None

    def sight(self, *, fresh: bool = False) -> Sight:
        found = self._overviews.sight(self.key, self._student_id, now=NOW, seen_after=IDLE, fresh=fresh)
        assert found is not None
        return found

    def look(self, sight: Sight | None = None, **changes: Any) -> Overview | None:  # noqa: ANN401 - of a dataclass
        sight = sight or self.sight(fresh=True)
        look = Look(
            student_id=self._student_id,
            part=Part.OVERVIEW,
            person_id=self.person_id,
            role=self.role.value,
            level=self.level,
            correlation_id=an_id("request"),
            relation_id=self._relation(sight.standing),
        )
        moment = {"now": NOW, "on": day(9, 1), "seen_after": IDLE} | changes
        return self._overviews.read(sight, look, **moment)[1]


@pytest.fixture
def sessions(pool: Pool, ledger: Ledger) -> Sessions:
    """Who is signed in."""
    return Sessions(pool, ledger.keys)


def test_what_a_person_is_to_the_pupil_is_asked_first(
    ledger: Ledger, runner: Runner, overviews: Overviews, sessions: Sessions
) -> None:
    """Relations to the pupil and parts at the school, nobody else's; nothing where there is no such pupil."""
    school: Story[Any] = Story(lambda _, __: None, stream=SCHOOL, subject=SCHOOL)
    part = an_id("part")
    school.given(
        SchoolFounded(name="Ålidskolan"),
        SchoolRoleGranted(relation_id=part, person_id=PRINCIPAL.person_id, role=Role.PRINCIPAL, since=SINCE),
    )
    story = planned()
    tell(ledger, story.past)
    tell(ledger, school.past, "school", "school")
    runner.catch_up(projections())
    for person, role in ((GUARDIAN, "guardian"), (PRINCIPAL, None)):
        reader = Reader(overviews, sessions, person.person_id, story.stream, person.role)
        standing = reader.sight().standing
        assert standing is not None
        assert reader.look() == overviews.current(story.stream)
        assert [relation.role for relation in standing.relations] == ([role] if role else [])
        assert [one.id for one in standing.school_roles if one.holds(day(9, 1))] == ([] if role else [part])
    assert Reader(overviews, sessions, GUARDIAN.person_id, an_id("nobody")).sight().standing is None
    assert overviews.sight(b"0" * 32, story.stream, now=NOW, seen_after=IDLE) is None


def test_a_look_is_on_record_with_what_it_read_or_not_at_all(
    ledger: Ledger, runner: Runner, overviews: Overviews, sessions: Sessions, owner: psycopg.Connection
) -> None:
    """Nothing read, nothing recorded: no plan yet, or a right that was decided on what is not so any more."""
    story = planned()
    tell(ledger, story.past[:-1])
    runner.catch_up(projections())
    reader = Reader(overviews, sessions, GUARDIAN.person_id, story.stream)

    def on_record() -> int:
        ((count,),) = owner.execute("select count(*) from access_record").fetchall()
        return int(count)

    assert reader.look() is None, "no plan yet"
    assert on_record() == 0
    tell(ledger, story.past[-1:])
    runner.catch_up(projections())
    remembered = reader.sight()
    assert (remembered.is_fresh, reader.sight(fresh=True).is_fresh) == (False, True)
    assert reader.look(remembered) == overviews.current(story.stream)
    assert on_record() == 1
    undone = (
        "update relations set ended_on = '2026-09-01' where person_id = %(person)s",
        "update students set is_protected = true where student_id = %(student)s",
        "update sessions set level = 1 where session_hash = %(session)s",
        "update sessions set terms = 'other' where session_hash = %(session)s",
        "update sessions set ends_at = began_at + interval '1 second' where session_hash = %(session)s",
        "delete from sessions where session_hash = %(session)s",
    )
    given = {"person": GUARDIAN.person_id, "student": story.stream, "session": reader.key}
    for change in undone:
        owner.execute(change.encode(), given)
        with pytest.raises(SightChanged):
            reader.look(remembered, now=NOW + timedelta(minutes=2))
        _undo(owner, given, story.stream)
    assert reader.look(remembered) is not None
    assert on_record() == 2


def _undo(owner: psycopg.Connection, given: dict[str, Any], student_id: UUID) -> None:
    owner.execute("update relations set ended_on = null where student_id = %s", (student_id,))
    owner.execute("update students set is_protected = false")
    owner.execute(
        """
        insert into sessions (session_hash, subject_id, level, provider, terms, began_at, seen_at, ends_at)
        values (%(session)s, %(person)s, 2, 'test', null, %(now)s, %(now)s, %(now)s + interval '12 hours')
        on conflict (session_hash) do update set level = 2, terms = null, ends_at = excluded.ends_at
        """,
        given | {"now": NOW},
    )


def test_a_session_that_the_server_did_not_make_sees_nothing(
    ledger: Ledger, runner: Runner, overviews: Overviews, sessions: Sessions, owner: psycopg.Connection
) -> None:
    """Also where it is looked up together with what the person is to the pupil."""
    story = planned()
    tell(ledger, story.past)
    runner.catch_up(projections())
    reader = Reader(overviews, sessions, an_id("stranger"), story.stream)
    owner.execute("update sessions set subject_id = %s", (GUARDIAN.person_id,))
    for fresh in (False, True):
        assert overviews.sight(reader.key, story.stream, now=NOW, seen_after=IDLE, fresh=fresh) is None


def test_what_was_decided_at_the_highest_level_is_not_shown_when_it_is_over(
    ledger: Ledger, runner: Runner, overviews: Overviews, sessions: Sessions
) -> None:
    """A quarter of an hour later the database says that it has changed, also for what is remembered."""
    story = planned()
    tell(ledger, story.past)
    runner.catch_up(projections())
    reader = Reader(overviews, sessions, GUARDIAN.person_id, story.stream, level=3)
    decided = reader.sight()
    assert decided.session.level == 3
    assert reader.look(decided, now=NOW + timedelta(minutes=14)) is not None
    with pytest.raises(SightChanged):
        reader.look(decided, now=NOW + timedelta(minutes=15))


def test_a_wrong_decision_shows_nothing(
    ledger: Ledger, runner: Runner, overviews: Overviews, sessions: Sessions
) -> None:
    """Were somebody let through in a relation that is none, or not yet one, nothing is read."""
    story = planned()
    tell(ledger, story.past)
    runner.catch_up(projections())
    with pytest.raises(SightChanged):
        Reader(overviews, sessions, an_id("stranger"), story.stream).look()
    guardian = Reader(overviews, sessions, GUARDIAN.person_id, story.stream)
    with pytest.raises(SightChanged):
        guardian.look(on=SINCE - timedelta(days=1))
    assert guardian.look() is not None


def test_what_people_wrote_is_sealed(ledger: Ledger, runner: Runner, owner: psycopg.Connection) -> None:
    """Neither goals nor names stand in the clear in a row of the overview."""
    story = planned()
    content = GoalContent(text="Hemligt mål")
    story.given(GoalProposed(plan_id=PLAN, goal_id=an_id("goal"), content=content), by=PUPIL)
    tell(ledger, story.past)
    runner.catch_up(projections())
    for table in ("overview", "notices", "notice_sources"):
        rows = owner.execute(f"select t::text, t.sealed from {table} as t".encode()).fetchall()
        assert rows
        for text, sealed in rows:
            for secret in ("Hemligt", PUPIL.name, MENTOR.name):
                assert secret not in text
                assert secret.encode() not in sealed


def test_every_event_of_a_plan_has_its_place_in_the_overview() -> None:
    """An event that is new to plans must say what it changes here, if only who changed the plan last."""
    assert set(get_args(PlanEvent)) <= CHANGING
