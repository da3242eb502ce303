"""Who is reminded to prepare, and how often."""

from aggregates import enrolment, reminders
from aggregates.errors.plans import NobodyToRemind, PlanIsArchived, PlanIsLocked, RemindedToday
from aggregates.reminders import remind
from events.plan import PreparationReminded
from tests.aggregates.given import (
    FOR_ALL,
    FOR_CHILD,
    FOR_GUARDIAN,
    FOR_PUPIL,
    GUARDIAN,
    OTHER_GUARDIAN,
    PLAN,
    PUPIL,
    RATING,
    FileStory,
    archived,
    day,
    locked,
    only,
    planned,
)

ON = day(10, 1)


def reminded(story: FileStory) -> tuple[object, ...]:
    """Who would be reminded now."""
    event = only(story.decide(remind, plan_id=PLAN, on=ON))
    assert isinstance(event, PreparationReminded)
    return event.recipients


def prepared_by_pupil() -> FileStory:
    """A plan in which the pupil has answered everything but the comment box, which need not be answered (S-OVR-4)."""
    story = planned()
    for question in (FOR_PUPIL, FOR_CHILD):
        story.saves(question, "Bra.", by=PUPIL)
    story.saves(RATING, None, choice="ofta", by=PUPIL)
    return story


def test_those_at_home_with_something_left_are_reminded() -> None:
    """The pupil and each guardian; who has answered everything is left alone."""
    assert reminded(planned()) == (PUPIL.person_id, GUARDIAN.person_id, OTHER_GUARDIAN.person_id)
    assert reminded(prepared_by_pupil()) == (GUARDIAN.person_id, OTHER_GUARDIAN.person_id)


def test_one_guardian_answers_for_both() -> None:
    """As in the bar: what a party has answered is answered, whoever of them did it."""
    story = planned()
    story.saves(FOR_GUARDIAN, "Lugnt.", by=GUARDIAN)
    assert reminded(story) == (PUPIL.person_id,)


def test_nobody_is_reminded_when_all_is_answered() -> None:
    """There is nothing to remind of."""
    story = prepared_by_pupil()
    story.saves(FOR_GUARDIAN, "Lugnt.", by=GUARDIAN)
    story.saves(FOR_ALL, "Inget mer.", by=GUARDIAN)
    story.refuses(NobodyToRemind, remind, plan_id=PLAN, on=ON)


def test_a_plan_is_reminded_of_once_a_day() -> None:
    """The next day it can be done again."""
    story = planned()
    story.when(remind, plan_id=PLAN, on=ON)
    story.refuses(RemindedToday, remind, plan_id=PLAN, on=ON)
    assert story.decide(remind, plan_id=PLAN, on=day(10, 2))


def test_what_is_agreed_or_archived_is_not_prepared() -> None:
    """Reminders end with the lock."""
    locked().refuses(PlanIsLocked, remind, plan_id=PLAN, on=ON)
    archived().refuses(PlanIsArchived, remind, plan_id=PLAN, on=ON)


def test_a_reminder_changes_nothing_that_was_agreed_to() -> None:
    """It is no content: agreements and receipts stand."""
    story = planned()
    before = story.plan.content_version
    story.when(remind, plan_id=PLAN, on=ON)
    assert story.plan.content_version == before


def test_a_guardian_whose_part_has_ended_is_not_reminded() -> None:
    """Nor one whose part has not begun."""
    story = planned()
    relation = next(r for r in story.state.relations.values() if r.person_id == OTHER_GUARDIAN.person_id)
    story.when(enrolment.end_relation, relation_id=relation.id, on=day(9, 1))
    assert OTHER_GUARDIAN.person_id not in reminded(story)
    assert set(reminders.HOME) == {PUPIL.role, GUARDIAN.role}
