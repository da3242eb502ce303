"""What the law and the school's settings still ask for, by the day."""

import pytest

from aggregates import assessments, enrolment
from aggregates.duties import Duty, DutyKind, open_duties, school_year_of, term_of
from events.assessments import Forecast, ProgrammeDecision
from events.enrolment import SchoolingEndCause
from events.school import Interval, SchoolSettings
from tests.aggregates.given import PLAN, PRINCIPAL, TEACHER, FileStory, an_id, day, enrolled, locked, planned

AUTUMN, SPRING = day(11, 24), day(3, 2, 2027)
BY_TERM = SchoolSettings(iup_interval=Interval.TERM)


def kinds(story: FileStory, settings: SchoolSettings, on: object) -> set[DutyKind]:
    """The kinds of duty that are open."""
    return {duty.kind for duty in open_duties(story.state, settings, on=on)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "year", "term"),
    [
        (day(6, 30), "2025/2026", "VT"),
        (day(7, 1), "2026/2027", "HT"),
        (day(12, 31), "2026/2027", "HT"),
        (day(1, 1, 2027), "2026/2027", "VT"),
    ],
)
def test_the_school_year_turns_in_july_and_the_term_in_january(on: object, year: str, term: str) -> None:
    """The days around both turns."""
    assert (school_year_of(on), term_of(on)) == (year, term)  # type: ignore[arg-type]


def test_a_plan_that_is_only_started_fulfils_nothing() -> None:
    """The lock is what records that a conversation was held and a plan agreed."""
    assert kinds(planned(), SchoolSettings(), AUTUMN) == {DutyKind.PLAN, DutyKind.CONVERSATION}


def test_a_locked_plan_counts_for_its_year_and_its_conversation_for_its_term() -> None:
    """The defaults of 2026: one plan a school year, one conversation a term; a school may ask for a plan each term."""
    story = locked()
    assert kinds(story, SchoolSettings(), AUTUMN) == set()
    assert kinds(story, SchoolSettings(), SPRING) == {DutyKind.CONVERSATION}
    assert kinds(story, BY_TERM, AUTUMN) == set()
    assert kinds(story, BY_TERM, SPRING) == {DutyKind.PLAN, DutyKind.CONVERSATION}
    assert kinds(story, SchoolSettings(), day(9, 1, 2027)) == {DutyKind.PLAN, DutyKind.CONVERSATION}


def test_only_the_years_of_the_settings_must_have_a_plan() -> None:
    """Years 1-5 by default, all nine where the school still works as the sources did."""
    story = enrolled(grade=8)
    assert kinds(story, SchoolSettings(), AUTUMN) == {DutyKind.CONVERSATION}
    everybody = SchoolSettings(iup_years=tuple(range(1, 10)), conversation_years=())
    assert kinds(story, everybody, AUTUMN) == {DutyKind.PLAN}


@pytest.mark.requirement("S-OMD-10")
def test_a_risk_is_a_duty_until_a_programme_is_linked_even_in_an_archived_plan() -> None:
    """The signal opens the duty for that subject, and the link closes it; schooling's end closes all."""
    story = planned()
    story.when(
        assessments.publish_assessment,
        plan_id=PLAN,
        subject="MA",
        forecast=Forecast.AT_RISK,
        text="Behöver mer tid med tal.",
        documents=(),
        risk_needs_programme=True,
        by=TEACHER,
    )
    due = Duty(DutyKind.ACTION_PROGRAMME, PLAN, "MA")
    assert due in open_duties(story.state, SchoolSettings(), on=AUTUMN)
    story.starts(an_id("plan two"), reason="Mallen byttes.")
    assert due in open_duties(story.state, SchoolSettings(), on=AUTUMN)
    ended = story.retold()
    ended.when(enrolment.end_schooling, cause=SchoolingEndCause.MOVED, on=AUTUMN)
    assert open_duties(ended.state, SchoolSettings(), on=AUTUMN) == []
    story.when(
        assessments.link_action_programme,
        plan_id=PLAN,
        programme_id=an_id("programme"),
        subjects=("MA",),
        decision=ProgrammeDecision.DRAWN_UP,
        reference="ÅP 2026:14",
        by=PRINCIPAL,
    )
    assert due not in open_duties(story.state, SchoolSettings(), on=AUTUMN)


@pytest.mark.requirement("S-OMD-10")
def test_a_risk_that_comes_back_is_a_new_duty() -> None:
    """A programme answers the risk it was linked to; the same risk said again opens nothing, a new one does."""
    story = planned()

    def publishes(forecast: Forecast, text: str) -> None:
        story.when(
            assessments.publish_assessment,
            plan_id=PLAN,
            subject="MA",
            forecast=forecast,
            text=text,
            documents=(),
            risk_needs_programme=True,
            by=TEACHER,
        )

    publishes(Forecast.AT_RISK, "Behöver mer tid med tal.")
    programme = an_id("programme")
    story.when(
        assessments.link_action_programme,
        plan_id=PLAN,
        programme_id=programme,
        subjects=("MA",),
        decision=ProgrammeDecision.DRAWN_UP,
        reference="ÅP 2026:14",
        by=PRINCIPAL,
    )
    publishes(Forecast.AT_RISK, "Behöver fortfarande mer tid.")
    assert story.plan.obligations == {"MA": programme}
    publishes(Forecast.EXPECTED, "Har arbetat i kapp.")
    publishes(Forecast.AT_RISK, "Har missat mycket under våren.")
    assert story.plan.obligations == {"MA": None}
