from uuid import UUID

import pytest

from aggregates import agreement, answers, assessments, conversation, enrolment, goals, plans, template
from aggregates.errors import Refusal
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.plans import (
    PlanIsArchived,
    PlanIsNotLocked,
    PlanNotFound,
    PreviousPlanNotEvaluated,
    PreviousPlanNotLocked,
    SchoolYearNotConsecutive,
    TemplateNotApproved,
    TemplateNotForGrade,
    TemplateOfAnotherSchool,
)
from aggregates.errors.school import TemplateVersionNotFound
from aggregates.plan import PlanState
from aggregates.plans import locked_plan
from events.assessments import Forecast
from events.enrolment import SchoolingEndCause
from events.goals import GoalContent, GoalStatus
from events.plan import PlanArchived, PlanStarted, Target, TargetKind
from events.template import TemplateDrafted
from tests.aggregates.given import (
    FOR_PUPIL,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GOAL,
    OTHER_SCHOOL,
    PLAN,
    PUPIL,
    SCHOOL,
    TEACHER,
    TEMPLATE,
    Details,
    Story,
    a_move,
    a_start,
    a_template_content,
    an_approved_template,
    an_id,
    archived,
    day,
    enrolled,
    evaluated,
    locked,
    only,
    planned,
    with_people,
)


@pytest.mark.requirement("S-TPL-1")
def test_a_plan_is_started_from_a_version_of_a_template() -> None:
    """It carries the whole of that version, and says when it was started, by whom and for which year."""
    story = with_people()
    started = only(story.starts())
    assert started == PlanStarted(
        plan_id=PLAN,
        template_id=TEMPLATE,
        template_version=1,
        template=a_template_content(),
        school_year="2026/2027",
        term="HT",
    )
    plan = story.plan
    assert (plan.template.name, plan.school_year, plan.term) == ("IUP 4-6", "2026/2027", "HT")
    assert (plan.started_by, plan.started_at, plan.state) == (MENTOR, story.past[-1].at, PlanState.OPEN)
    assert set(plan.questions) == {q.key for page in plan.template.pages for q in page.questions}


@pytest.mark.requirement("S-TPL-1")
def test_a_plan_reads_the_same_whatever_becomes_of_its_template() -> None:
    """A later version of the template reaches only plans started from it."""
    story = planned()
    newer: Story[template.Template] = Story(template.fold, stream=TEMPLATE, subject=SCHOOL)
    newer.given(TemplateDrafted(school_id=SCHOOL, template_version=1, content=a_template_content()))
    newer.given(TemplateDrafted(school_id=SCHOOL, template_version=2, content=a_template_content(name="Ny mall")))
    newer.when(template.approve_template, template_version=2)
    assert story.plan.template.name == "IUP 4-6"
    story.starts(NEXT_PLAN, template=newer.state, template_version=2, reason="Fel mall.")
    assert [plan.template.name for plan in story.state.plans.values()] == ["IUP 4-6", "Ny mall"]


@pytest.mark.requirement("S-TPL-7")
@pytest.mark.parametrize(("grade", "fits"), [(3, False), (4, True), (6, True), (7, False), (0, False)])
def test_a_template_is_for_certain_school_years(grade: int, *, fits: bool) -> None:
    """A plan is started only from a template made for the pupil's year."""
    story = enrolled(grade=grade)
    if fits:
        assert isinstance(only(story.starts()), PlanStarted)
    else:
        story.refuses(TemplateNotForGrade, plans.start_plan, **a_start())


@pytest.mark.requirement("S-TPL-1")
def test_a_plan_is_started_only_from_an_approved_version_of_the_pupils_school() -> None:
    """G-9: a draft, a version that is not there, and another school's template are refused."""
    story = enrolled()
    draft: Story[template.Template] = Story(template.fold, stream=TEMPLATE, subject=SCHOOL)
    draft.given(TemplateDrafted(school_id=SCHOOL, template_version=1, content=a_template_content()))
    story.refuses(TemplateNotApproved, plans.start_plan, **a_start(template=draft.state))
    story.refuses(TemplateVersionNotFound, plans.start_plan, **a_start(template_version=2))
    of_another_school = an_approved_template(school_id=OTHER_SCHOOL)
    story.refuses(TemplateOfAnotherSchool, plans.start_plan, **a_start(template=of_another_school))


@pytest.mark.parametrize("school_year", ["2026/2031", "2026/2026", "2027/2026", "9999/0000"])
def test_a_school_year_is_two_years_in_a_row(school_year: str) -> None:
    """What a plan says it is for is a year that there is, whatever else could be written so."""
    story = enrolled()
    story.refuses(SchoolYearNotConsecutive, plans.start_plan, **a_start(school_year=school_year))
    assert only(story.starts(school_year="2099/2100")).school_year == "2099/2100"  # type: ignore[attr-defined]  # a start


@pytest.mark.requirement("S-ARC-1")
def test_a_new_plan_archives_the_one_before() -> None:
    """Both in one go: the old is archived for the new, and there is one current plan at any time."""
    story = evaluated()
    gone, started = story.starts(NEXT_PLAN, term="VT")
    assert gone == PlanArchived(plan_id=PLAN, archived_for=NEXT_PLAN)
    assert isinstance(started, PlanStarted)
    assert started.started_without is None
    assert story.plan.state is PlanState.ARCHIVED
    assert story.plan.archived_at is not None
    assert story.state.current_plan is story.state.plans[NEXT_PLAN]


def test_starting_over_an_unlocked_plan_needs_a_reason() -> None:
    """G-15: the reason is kept with the new plan."""
    story = planned()
    story.refuses(PreviousPlanNotLocked, plans.start_plan, **a_start(NEXT_PLAN))
    story.starts(NEXT_PLAN, reason="Eleven bytte mentor innan samtalet.")
    assert story.state.plans[NEXT_PLAN].started_without == "Eleven bytte mentor innan samtalet."


@pytest.mark.requirement("S-AGR-4")
@pytest.mark.requirement("S-GOA-10")
def test_a_plan_is_evaluated_before_the_next_or_a_reason_is_stated() -> None:
    """G-15: one evaluation of each agreed goal, by anybody; an abandoned goal needs none."""
    story = locked()
    story.refuses(PreviousPlanNotEvaluated, plans.start_plan, **a_start(NEXT_PLAN))
    with_reason, after_evaluation, abandoned = story.retold(), story.retold(), story.retold()
    with_reason.starts(NEXT_PLAN, reason="Läsåret är slut.")
    assert with_reason.state.plans[NEXT_PLAN].started_without == "Läsåret är slut."
    after_evaluation.when(goals.evaluate_goal, plan_id=PLAN, goal_id=GOAL, text="Bra.", by=GUARDIAN)
    after_evaluation.starts(NEXT_PLAN, reason="Onödigt skäl.")
    assert after_evaluation.state.plans[NEXT_PLAN].started_without is None
    abandoned.moves(GoalStatus.ABANDONED, reason="Inte aktuellt.")
    abandoned.starts(NEXT_PLAN)
    assert abandoned.state.current_plan is abandoned.state.plans[NEXT_PLAN]


@pytest.mark.requirement("S-GOA-10")
def test_one_goal_without_evaluation_is_enough_to_ask_for_a_reason() -> None:
    """G-15: each agreed goal is evaluated, not just some."""
    story = planned()
    for goal_id in (GOAL, OTHER_GOAL):
        story.proposes(goal_id)
        story.accepts(goal_id)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    story.when(goals.evaluate_goal, plan_id=PLAN, goal_id=OTHER_GOAL, text="Bra.", by=PUPIL)
    story.refuses(PreviousPlanNotEvaluated, plans.start_plan, **a_start(NEXT_PLAN))
    story.when(goals.evaluate_goal, plan_id=PLAN, goal_id=GOAL, text="Bra.", by=PUPIL)
    story.starts(NEXT_PLAN)
    assert story.state.plans[NEXT_PLAN].started_without is None


def test_no_plan_is_started_for_a_pupil_who_has_left() -> None:
    """Re-enrolment comes first."""
    story = evaluated()
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.COMPLETED, on=day(6, 10, 2027))
    story.refuses(SchoolingHasEnded, plans.start_plan, **a_start(NEXT_PLAN))


@pytest.mark.requirement("S-ARC-2")
def test_an_archived_plan_stays_to_be_read() -> None:
    """Everything that stood in it stands in it."""
    story = planned()
    story.saves(FOR_PUPIL, "Bra.", by=PUPIL)
    story.proposes()
    story.accepts()
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    story.when(goals.evaluate_goal, plan_id=PLAN, goal_id=GOAL, text="Bra.", by=GUARDIAN)
    kept = story.retold().plan
    story.starts(NEXT_PLAN)
    assert (story.plan.answers, story.plan.goals, story.plan.agreements, story.plan.lock) == (
        kept.answers,
        kept.goals,
        kept.agreements,
        kept.lock,
    )


@pytest.mark.requirement("S-ARC-1")
@pytest.mark.parametrize(
    ("decision", "details"),
    [
        (answers.save_answer, {"question": FOR_PUPIL.key, "text": "Hej", "choice": None}),
        (goals.propose_goal, {"goal_id": OTHER_GOAL, "content": GoalContent(text="Mer")}),
        (goals.revise_goal, {"goal_id": GOAL, "content": GoalContent(text="Mer")}),
        (goals.withdraw_goal, {"goal_id": GOAL}),
        (goals.accept_goal, {"goal_id": GOAL}),
        (goals.decline_goal, {"goal_id": GOAL}),
        (goals.move_goal, {k: v for k, v in a_move(GoalStatus.STARTED).items() if k != "plan_id"}),
        (goals.evaluate_goal, {"goal_id": GOAL, "text": "Bra."}),
        (
            assessments.publish_assessment,
            {
                "subject": "MA",
                "forecast": Forecast.EXPECTED,
                "text": "Bra.",
                "documents": {},
                "risk_needs_programme": True,
            },
        ),
        (
            assessments.note_development_area,
            {"area_id": an_id("area"), "subject": "MA", "text": "Bråk.", "support": "Övning."},
        ),
        (conversation.confirm_reading, {"plan_version": 1}),
        (conversation.give_viewpoint, {"text": "Hej"}),
        (conversation.evaluate_conversation, {"text": "Hej"}),
        (
            conversation.raise_concern,
            {"concern_id": an_id("c"), "target": Target(kind=TargetKind.GOAL, key=str(GOAL)), "text": None},
        ),
        (conversation.close_concern, {"concern_id": an_id("c"), "reason": "Prövat."}),
        (agreement.agree, {"plan_version": 1}),
        (agreement.lock_plan, {"plan_version": 1, "conversation_on": day(10, 14)}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_archived_plan_is_read_not_written(decision: object, details: Details) -> None:
    """Each way to write in a plan is refused by the same rule."""
    assert callable(decision)
    for by in (PUPIL, GUARDIAN, TEACHER, MENTOR):
        archived().refuses(PlanIsArchived, decision, by=by, plan_id=PLAN, **details)


@pytest.mark.parametrize(("plan_id", "refusal"), [(PLAN, PlanIsNotLocked), (NEXT_PLAN, PlanNotFound)])
def test_what_belongs_after_the_conversation_needs_the_lock(plan_id: UUID, refusal: type[Refusal]) -> None:
    """An open plan is not followed up, nor is one that is not there."""
    with pytest.raises(refusal):
        locked_plan(planned().state, plan_id)
