"""What became of a plan in the next one."""

from aggregates import assessments, goals
from aggregates.comparison import ForecastTurn, changes_between
from events.assessments import Forecast
from events.goals import GoalStatus
from events.template import SubjectHeading
from tests.aggregates.given import (
    GOAL,
    MENTOR,
    NEXT_PLAN,
    PLAN,
    PUPIL,
    TEACHER,
    FileStory,
    a_template_content,
    an_approved_template,
    an_id,
    planned,
)

OTHER, THIRD, NEW = (an_id(name) for name in ("other goal", "third goal", "new goal"))


def assessed(story: FileStory, plan_id: object, forecast: Forecast) -> None:
    """Maths is assessed."""
    more = {"text": "Räknar.", "documents": (), "risk_needs_programme": False}
    story.when(assessments.publish_assessment, by=TEACHER, plan_id=plan_id, subject="MA", forecast=forecast, **more)


def test_a_goal_that_is_carried_over_is_not_left() -> None:
    """Carried, left and achieved are told apart, and a goal of the new plan's own is new."""
    story = planned()
    for goal_id in (GOAL, OTHER, THIRD):
        story.proposes(goal_id)
        story.accepts(goal_id)
    assessed(story, PLAN, Forecast.AT_RISK)
    story.starts(NEXT_PLAN, reason="Ny termin", carry_over=[OTHER])
    before, plan = story.state.plans[PLAN], story.state.plans[NEXT_PLAN]
    before.goals[GOAL].status = GoalStatus.ACHIEVED
    assessed(story, NEXT_PLAN, Forecast.EXPECTED)
    story.when(goals.propose_goal, by=PUPIL, plan_id=NEXT_PLAN, goal_id=NEW, content=before.goals[GOAL].content)
    story.when(goals.accept_goal, by=MENTOR, plan_id=NEXT_PLAN, goal_id=NEW)
    changes = changes_between(before, plan)
    assert [goal.id for goal in changes.achieved] == [GOAL]
    assert [goal.id for goal in changes.left] == [THIRD]
    assert [goal.carried_from.goal_id for goal in changes.carried if goal.carried_from] == [OTHER]
    assert [goal.id for goal in changes.new] == [NEW]
    assert changes.forecasts == (ForecastTurn("MA", plan.subjects["MA"].name, Forecast.AT_RISK, Forecast.EXPECTED),)
    assert (changes.subjects_added, changes.subjects_gone) == ((), ())


def test_a_goal_that_was_broken_off_is_named_as_that() -> None:
    """Not as left."""
    story = planned()
    story.proposes(GOAL)
    story.accepts(GOAL)
    story.starts(NEXT_PLAN, reason="Ny termin")
    before, plan = story.state.plans[PLAN], story.state.plans[NEXT_PLAN]
    before.goals[GOAL].status = GoalStatus.ABANDONED
    changes = changes_between(before, plan)
    assert ([goal.id for goal in changes.abandoned], changes.left) == ([GOAL], ())


def test_subjects_are_named_by_the_plan_that_has_them() -> None:
    """A template for another year has other subjects."""
    story = planned()
    chemistry = SubjectHeading(code="KE", name="Kemi")
    content = a_template_content()
    content = content.model_copy(update={"subjects": (*content.subjects[1:], chemistry)})
    story.starts(NEXT_PLAN, reason="Ny termin", template=an_approved_template(content))
    changes = changes_between(story.state.plans[PLAN], story.state.plans[NEXT_PLAN])
    assert changes.subjects_added == ("Kemi",)
    assert changes.subjects_gone == (story.plan.subjects[next(iter(story.plan.subjects))].name,)


def test_a_plan_like_the_one_before_has_nothing_to_tell() -> None:
    """No goals, no assessments, the same subjects."""
    story = planned()
    story.starts(NEXT_PLAN, reason="Ny termin")
    changes = changes_between(story.state.plans[PLAN], story.state.plans[NEXT_PLAN])
    assert not any(getattr(changes, name) for name in changes.__slots__)
