"""Who is told of what, where it leads, and that it stays unread until opened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic_core import from_json

from aggregates.student_file import student_file_id
from app.postgres_roles import Urls
from events.assessments import (
    ActionProgrammeLinked,
    AssessmentPublished,
    DevelopmentAreaNoted,
    Forecast,
    ForecastCorrected,
    ProgrammeDecision,
)
from events.base import Actor, Event, Role
from events.enrolment import GuardianLinked, MentorUnassigned, TeacherAssigned
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalContent,
    GoalDeclined,
    GoalEvaluated,
    GoalProposed,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalWithdrawn,
    LearningNotePosted,
)
from events.plan import (
    AgreementGiven,
    AnswerRevised,
    ConversationEvaluated,
    CorrectionMade,
    PlanArchived,
    PlanLocked,
    PreparationReminded,
    QuestionAnswered,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    Target,
    TargetKind,
    ViewpointGiven,
)
from events.reading import EmergencyAccessOpened, ReadDelegated
from events.syllabus import SyllabusItem, SyllabusKind
from projections.notice_places import TELLING, happenings
from projections.notice_source import REMEMBERED, NoticeSource
from projections.notices import Notices, NoticesProjection, notice_id, recipients
from projections.rebuild import rebuild
from projections.registry import projections
from projections.runner import Runner
from store.database import Pool
from store.ledger import Ledger
from store.migrate import migrate
from store.settings import StoreSettings
from tests.aggregates.given import (
    ADMINISTRATOR,
    EDUCATOR,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GUARDIAN,
    OTHER_TEACHER,
    PLAN,
    PRINCIPAL,
    PUPIL,
    START,
    TEACHER,
    Story,
    a_template_content,
    an_id,
    day,
)
from tests.projections.rows import rows_of
from tests.projections.telling import SINCE, a_file, a_start, an_answer, an_educator, rel, tell

TODAY = day(8, 18)
HOME = {PUPIL, GUARDIAN, OTHER_GUARDIAN}
ALWAYS = HOME | {MENTOR}
MATHS = ALWAYS | {TEACHER, EDUCATOR}
SWEDISH = ALWAYS | {OTHER_TEACHER, EDUCATOR}
EVERYBODY = MATHS | SWEDISH
ITEM = SyllabusItem(subject="SV", years="4-6", kind=SyllabusKind.AIM, ordinal=1, version="0" * 64)
AREA, NOTE, CONCERN, PROGRAMME = (an_id(name) for name in ("area", "note", "concern", "programme"))
IDS = {"plan_id": PLAN, "goal_id": GOAL}
IUP = f"/elever/{a_file().stream}/iup/{PLAN}"
AGREED = f"{IUP}/samtalet#overenskommelse"


def a_goal(*subjects: str, syllabus: Sequence[SyllabusItem] = ()) -> GoalProposed:
    """A proposed goal in these subjects."""
    return GoalProposed(
        plan_id=PLAN, goal_id=GOAL, content=GoalContent(text="Läsa", subjects=subjects, syllabus=tuple(syllabus))
    )


def an_assessment(subject: str) -> AssessmentPublished:
    """A published assessment."""
    return AssessmentPublished(plan_id=PLAN, subject=subject, forecast=Forecast.EXPECTED, text="Räknar säkert.")


def an_area(subject: str) -> DevelopmentAreaNoted:
    """A development area."""
    return DevelopmentAreaNoted(plan_id=PLAN, area_id=AREA, subject=subject, text="Bråk", support="Spel")


def a_correction(kind: TargetKind, key: str | None = None, person_id: UUID | None = None) -> CorrectionMade:
    """A correction of a text."""
    role = Role.PUPIL if kind is TargetKind.ANSWER else None
    target = Target(kind=kind, key=key, role=role, person_id=person_id)
    return CorrectionMade(plan_id=PLAN, correction_id=uuid4(), target=target, text="Rätt", reason="Fel")


def a_concern() -> SecrecyConcernRaised:
    """A concern about an assessment."""
    target = Target(kind=TargetKind.ASSESSMENT, key="MA")
    return SecrecyConcernRaised(plan_id=PLAN, concern_id=CONCERN, target=target, text=None)


def a_programme(*subjects: str) -> ActionProgrammeLinked:
    """A linked action programme."""
    return ActionProgrammeLinked(
        plan_id=PLAN, programme_id=PROGRAMME, subjects=subjects, decision=ProgrammeDecision.DRAWN_UP, reference="Dnr 1"
    )


CASES: list[tuple[Sequence[Event], Actor, set[Actor], str]] = [
    ([an_answer("Bra", QuestionAnswered)], PUPIL, ALWAYS, f"{IUP}/om-mig#fraga-trivs"),
    ([an_answer("Bra", question="klassrum")], TEACHER, ALWAYS, f"{IUP}/mitt-larande#fraga-klassrum"),
    ([a_goal()], PUPIL, ALWAYS, f"{IUP}/min-iup#mal-{GOAL}"),
    ([a_goal("MA")], GUARDIAN, MATHS, f"{IUP}/min-iup#mal-{GOAL}"),
    ([a_goal(syllabus=[ITEM])], MENTOR, SWEDISH, f"{IUP}/min-iup#mal-{GOAL}"),
    (
        [a_goal("MA"), GoalRevised(**IDS, content=GoalContent(text="Skriva", subjects=("SV",)))],
        PUPIL, SWEDISH, f"{IUP}/min-iup#mal-{GOAL}",
    ),
    *(
        ([a_goal("MA"), event], MENTOR, MATHS, f"{IUP}/min-iup#mal-{GOAL}")
        for event in (
            GoalWithdrawn(**IDS), GoalAccepted(**IDS), GoalDeclined(plan_id=PLAN, goal_id=GOAL), GoalStarted(**IDS),
            GoalReportedDone(**IDS), GoalAchieved(**IDS), GoalReopened(**IDS, reason="Mer"),
            GoalAbandoned(**IDS, reason="Annat"), GoalEvaluated(**IDS, text="Bra"),
        )
    ),
    ([an_assessment("MA")], TEACHER, MATHS, f"{IUP}/omdomen#amne-MA"),
    ([an_assessment("SV")], OTHER_TEACHER, SWEDISH, f"{IUP}/omdomen#amne-SV"),
    ([an_area("MA")], TEACHER, MATHS, f"{IUP}/omdomen#amne-MA"),
    ([a_programme("SV")], PRINCIPAL, SWEDISH, f"{IUP}/omdomen#amne-SV"),
    ([ReadingConfirmed(plan_id=PLAN, plan_version=7)], GUARDIAN, ALWAYS, f"{IUP}/samtalet#bekraftelse"),
    ([ViewpointGiven(plan_id=PLAN, text="Läxor")], GUARDIAN, ALWAYS, f"{IUP}/samtalet#synpunkter"),
    ([ConversationEvaluated(plan_id=PLAN, text="Bra")], GUARDIAN, ALWAYS, f"{IUP}/samtalet#utvardering"),
    ([AgreementGiven(plan_id=PLAN, plan_version=7)], PUPIL, ALWAYS, AGREED),
    ([PlanLocked(plan_id=PLAN, plan_version=7, conversation_on=SINCE)], MENTOR, EVERYBODY, AGREED),
    (
        [a_concern()],
        GUARDIAN, ALWAYS, f"{IUP}/samtalet#granskning-{CONCERN}",
    ),
    (
        [a_concern(), SecrecyConcernClosed(plan_id=PLAN, concern_id=CONCERN, reason="Prövat")],
        MENTOR, ALWAYS, f"{IUP}/samtalet#granskning-{CONCERN}",
    ),
    ([a_correction(TargetKind.ANSWER, "trivs", PUPIL.person_id)], MENTOR, ALWAYS, f"{IUP}/om-mig#fraga-trivs"),
    ([a_goal("MA"), a_correction(TargetKind.GOAL, str(GOAL))], MENTOR, MATHS, f"{IUP}/min-iup#mal-{GOAL}"),
    ([a_goal(), a_correction(TargetKind.GOAL_EVALUATION, str(GOAL))], PUPIL, ALWAYS, f"{IUP}/min-iup#mal-{GOAL}"),
    ([a_correction(TargetKind.ASSESSMENT, "MA")], TEACHER, MATHS, f"{IUP}/omdomen#amne-MA"),
    (
        [
            an_assessment("MA"),
            ForecastCorrected(
                plan_id=PLAN, correction_id=uuid4(), subject="MA", forecast=Forecast.AT_RISK, reason="Fel ruta"
            ),
        ],
        TEACHER, MATHS, f"{IUP}/omdomen#amne-MA",
    ),
    ([an_area("SV"), a_correction(TargetKind.DEVELOPMENT_AREA, str(AREA))], MENTOR, SWEDISH, f"{IUP}/omdomen#amne-SV"),
    ([a_correction(TargetKind.VIEWPOINT, None, GUARDIAN.person_id)], GUARDIAN, ALWAYS, f"{IUP}/samtalet#synpunkter"),
    (
        [a_correction(TargetKind.CONVERSATION_EVALUATION, None, GUARDIAN.person_id)],
        GUARDIAN, ALWAYS, f"{IUP}/samtalet#utvardering",
    ),
    (
        [a_goal("MA"), LearningNotePosted(note_id=NOTE, text="Jag räknade", goal_ids=(GOAL,))],
        PUPIL, MATHS, f"/elever/{a_file().stream}/larblogg#anteckning-{NOTE}",
    ),
    (
        [LearningNotePosted(note_id=NOTE, text="Jag läste")],
        PUPIL, ALWAYS, f"/elever/{a_file().stream}/larblogg#anteckning-{NOTE}",
    ),
    (
        [PreparationReminded(plan_id=PLAN, reminded_on=SINCE, recipients=(PUPIL.person_id, GUARDIAN.person_id))],
        MENTOR, {PUPIL, GUARDIAN}, IUP,
    ),
    ([a_start(NEXT_PLAN)], MENTOR, EVERYBODY, f"/elever/{a_file().stream}/iup/{NEXT_PLAN}"),
    (
        [
            ReadDelegated(
                relation_id=NOTE, person_id=AREA, name="Gerd", guardian_relation_id=rel(GUARDIAN), since=SINCE,
                until=SINCE,
            ),
        ],
        GUARDIAN, ALWAYS - {PUPIL}, f"/elever/{a_file().stream}/lasratt#relation-{NOTE}",
    ),
    (
        [
            EmergencyAccessOpened(
                relation_id=NOTE, person_id=PRINCIPAL.person_id, name="Rut", reason="Eleven är försvunnen sedan i går.",
                since=SINCE, until=SINCE, expires_at=START,
            ),
        ],
        PRINCIPAL, ALWAYS - {PUPIL}, f"/elever/{a_file().stream}/lasratt#relation-{NOTE}",
    ),
]  # fmt: skip
"""What happens (the last of these), who does it, whom it concerns (who did it never counts), and where it leads."""


def surrounded() -> "Story[Any]":
    """A file with everybody around and a plan."""
    story = a_file()
    story.given(
        GuardianLinked(relation_id=rel(OTHER_GUARDIAN), person_id=OTHER_GUARDIAN.person_id, name="Örjan", since=SINCE),
        TeacherAssigned(
            relation_id=rel(OTHER_TEACHER),
            person_id=OTHER_TEACHER.person_id,
            name="Nils",
            subjects=("SV", "SL"),
            since=SINCE,
        ),
        an_educator(),
        a_start(),
    )
    return story


def places_of(owner: psycopg.Connection, ledger: Ledger, version: int) -> list[tuple[UUID, str]]:
    """Each recipient of the event of this version with each place."""
    rows = rows_of(owner, ledger, "notices")["notices"]
    return [(row["recipient_id"], from_json(row["sealed"])["place"]) for row in rows if row["version"] == version]


def told_of(owner: psycopg.Connection, ledger: Ledger, version: int) -> set[UUID]:
    """Who was told of the event of this version."""
    return {person_id for person_id, _ in places_of(owner, ledger, version)}


@pytest.mark.requirement("S-NOT-4")
@pytest.mark.requirement("S-NAV-3")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0][-1].code} by {case[1].role}")
def test_whom_an_event_concerns_and_where_it_leads(
    case: tuple[Sequence[Event], Actor, set[Actor], str],
) -> None:
    """Pupil, guardians, mentor, and the teachers of the subject; never the author, administrators or the principal."""
    events, author, concerned, place = case
    story = surrounded()
    story.given(*events, by=author)
    source = NoticeSource()
    for recorded in story.past:
        if isinstance(recorded.event, REMEMBERED):
            source.remember(recorded.event)
    source = NoticeSource.from_json(source.to_json())
    last = story.past[-1]
    (happening,) = happenings(last, source)
    told = recipients(source, last, happening)
    assert happening.place == place
    assert sorted(told) == sorted({actor.person_id for actor in concerned} - {author.person_id})
    assert not {ADMINISTRATOR.person_id, PRINCIPAL.person_id}.intersection(told)


def test_every_telling_event_stands_in_the_table() -> None:
    """An event that begins to concern others must say whom and where."""
    assert {case[0][-1].code for case in CASES} == {event.code for event in TELLING}
    assert PlanArchived not in TELLING, "the start of the next plan tells of it"


def test_a_programme_for_two_subjects_is_told_at_both(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection
) -> None:
    """One event at two places makes a notice at each."""
    story = surrounded()
    story.given(a_programme("MA", "SV"), by=PRINCIPAL)
    tell(ledger, story.past)
    runner.catch_up([NoticesProjection()])
    told = [place for person_id, place in places_of(owner, ledger, len(story.past)) if person_id == GUARDIAN.person_id]
    assert sorted(told) == [f"{IUP}/omdomen#amne-MA", f"{IUP}/omdomen#amne-SV"]


def test_a_row_does_not_tell_where_its_notice_leads(ledger: Ledger, runner: Runner, owner: psycopg.Connection) -> None:
    """Places that differ in a subject's code alone are sealed to the same length, and stand nowhere else."""
    story = surrounded()
    story.given(a_programme("SV", "SVA"), by=PRINCIPAL)
    tell(ledger, story.past)
    runner.catch_up([NoticesProjection()])
    rows = owner.execute(
        "select n::text, octet_length(n.sealed) from notices as n where n.version = %s and n.recipient_id = %s",
        (len(story.past), GUARDIAN.person_id),
    ).fetchall()
    assert len(rows) == 2
    assert len({length for _, length in rows}) == 1
    assert not [text for text, _ in rows if "omdomen" in text or b"omdomen".hex() in text]


def test_a_guess_at_where_a_notice_leads_is_not_confirmed(
    ledger: Ledger, empty_databases: Urls, tmp_path: Path
) -> None:
    """Its id is the same in every generation, but nobody computes it without the key file."""
    migrate(empty_databases.owner, empty_databases.keys_owner)
    settings = StoreSettings(empty_databases.app, empty_databases.keys, tmp_path / "another" / "ring.json")
    one = (GUARDIAN.person_id, student_file_id(PUPIL.person_id), f"{IUP}/omdomen#amne-SVA")
    with Ledger(settings) as another:
        assert notice_id(ledger.keys, *one) == notice_id(ledger.keys, *one)
        assert notice_id(ledger.keys, *one) != notice_id(another.keys, *one)


def test_the_pages_are_those_of_the_plans_own_template(
    ledger: Ledger, runner: Runner, owner: psycopg.Connection
) -> None:
    """A notice leads to the page that the question stands on in this plan, written as an address may have it."""
    story = a_file()
    pages = a_template_content().pages
    renamed = pages[0].model_copy(update={"key": "så/är-jag"})
    story.given(a_start(pages=(renamed, *pages[1:])))
    story.given(an_answer("Bra", QuestionAnswered), by=PUPIL)
    tell(ledger, story.past)
    runner.catch_up([NoticesProjection()])
    told = {place for _, place in places_of(owner, ledger, len(story.past))}
    assert told == {f"{IUP}/s%C3%A5%2F%C3%A4r-jag#fraga-trivs"}


def test_only_who_has_a_relation_on_that_day_is_told(ledger: Ledger, runner: Runner, owner: psycopg.Connection) -> None:
    """The day is Stockholm's: an event at 22:30 UTC in summer is of the next day, when the mentor had left."""
    story = a_file()
    story.given(a_start())
    story.given(MentorUnassigned(relation_id=rel(MENTOR), ended_on=date(2026, 8, 20)), by=ADMINISTRATOR)
    story.given(an_answer("Bra", QuestionAnswered), an_answer("Sådär"), by=PUPIL)
    *past, before, after = story.past
    before = replace(before, at=datetime(2026, 8, 19, 21, 59, tzinfo=UTC))
    after = replace(after, at=datetime(2026, 8, 19, 22, 30, tzinfo=UTC))
    tell(ledger, [*past, before])
    runner.catch_up([NoticesProjection()])
    assert told_of(owner, ledger, before.originator_version) == {GUARDIAN.person_id, MENTOR.person_id}
    tell(ledger, [after])
    runner.catch_up([NoticesProjection()])
    assert told_of(owner, ledger, after.originator_version) == {GUARDIAN.person_id}


def test_a_proxy_is_the_author_and_the_pupil_is_told(ledger: Ledger, runner: Runner, owner: psycopg.Connection) -> None:
    """What a guardian wrote in the child's field is news to the child, not to the guardian."""
    story = a_file()
    story.given(a_start())
    by = GUARDIAN.model_copy(update={"on_behalf_of": PUPIL.person_id})
    story.given(an_answer("Bra", QuestionAnswered, question="tillsammans"), by=by)
    tell(ledger, story.past)
    runner.catch_up([NoticesProjection()])
    assert told_of(owner, ledger, len(story.past)) == {PUPIL.person_id, MENTOR.person_id}


@pytest.fixture
def notices(pool: Pool, ledger: Ledger) -> Notices:
    """The queries."""
    return Notices(pool, ledger)


@pytest.mark.requirement("S-NOT-4")
def test_a_notice_is_unread_until_it_is_opened_and_again_when_something_new_happens(
    ledger: Ledger, runner: Runner, pool: Pool, notices: Notices
) -> None:
    """One unread notice a place however much happens; opening leads to the place; a rebuild keeps what was read."""
    story = a_file()
    story.given(a_start())
    story.given(an_answer("Bra", QuestionAnswered), an_answer("Mycket bra"), by=PUPIL)
    story.given(a_goal("MA"), by=PUPIL)
    tell(ledger, story.past)
    runner.catch_up(projections())

    def unread(who: Actor = GUARDIAN) -> list[str]:
        return [notice.place for notice in notices.unread(who.person_id, on=TODAY)]

    goal, answer, start = f"{IUP}/min-iup#mal-{GOAL}", f"{IUP}/om-mig#fraga-trivs", IUP
    assert unread() == [goal, answer, start]
    latest = notices.unread(GUARDIAN.person_id, on=TODAY)[1]
    assert (latest.kind, latest.version) == (AnswerRevised.code, 7)
    assert (latest.by_name, latest.by_role, latest.student_name) == (PUPIL.name, Role.PUPIL, PUPIL.name)
    assert notices.open_notice(GUARDIAN.person_id, latest.notice_id, on=TODAY) == answer
    assert unread() == [goal, start]
    assert unread(MENTOR) == [goal, answer]
    for _ in range(2):
        rebuild(pool, ledger, NoticesProjection())
        assert unread() == [goal, start]
    assert notices.open_notice(GUARDIAN.person_id, latest.notice_id, on=TODAY) == answer
    story.given(an_answer("Nja"), by=PUPIL)
    tell(ledger, story.past[-1:])
    runner.catch_up(projections())
    assert unread() == [answer, goal, start]


def test_a_notice_is_opened_by_its_recipient_alone(ledger: Ledger, runner: Runner, notices: Notices) -> None:
    """Somebody else's notice is not there; nor is it the recipient's any more when the relation has ended."""
    story = a_file()
    story.given(a_start())
    story.given(an_answer("Bra", QuestionAnswered), by=PUPIL)
    story.given(MentorUnassigned(relation_id=rel(MENTOR), ended_on=date(2026, 9, 1)), by=ADMINISTRATOR)
    tell(ledger, story.past)
    runner.catch_up(projections())
    (notice,) = notices.unread(MENTOR.person_id, on=date(2026, 8, 31))
    assert notices.open_notice(GUARDIAN.person_id, notice.notice_id, on=TODAY) is None
    assert notices.open_notice(MENTOR.person_id, uuid4(), on=TODAY) is None
    assert notices.unread(MENTOR.person_id, on=date(2026, 9, 1)) == []
    assert notices.open_notice(MENTOR.person_id, notice.notice_id, on=date(2026, 9, 1)) is None
    assert notices.open_notice(MENTOR.person_id, notice.notice_id, on=date(2026, 8, 31)) is not None


def test_notices_are_read_page_by_page(ledger: Ledger, runner: Runner, notices: Notices) -> None:
    """The latest first; the next page begins after the last one seen, and no notice is on two."""
    story = a_file()
    story.given(a_start())
    for number in range(7):
        goal = GoalProposed(plan_id=PLAN, goal_id=uuid4(), content=GoalContent(text=f"Mål {number}"))
        story.given(goal, by=PUPIL)
    tell(ledger, story.past)
    runner.catch_up(projections())
    everything = notices.unread(GUARDIAN.person_id, on=TODAY)
    assert [notice.version for notice in everything] == sorted((n.version for n in everything), reverse=True)
    pages, before = [], None
    while page := notices.unread(GUARDIAN.person_id, on=TODAY, before=before, limit=3):
        pages.append(page)
        before = (page[-1].noticed_at, page[-1].notice_id)
    assert [len(page) for page in pages] == [3, 3, 2]
    assert [notice for page in pages for notice in page] == everything
