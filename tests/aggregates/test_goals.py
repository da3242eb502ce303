from collections.abc import Callable

import pytest

from aggregates import agreement, enrolment, goals, plans
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.goals import (
    CarriedGoalNotUnfinished,
    GoalNotAgreed,
    GoalNotFound,
    GoalNotOpenForDecision,
    GoalStepNotAllowed,
    NotOwnProposal,
    OnlyMentorConfirmsHere,
    ReasonRequired,
)
from aggregates.errors.plans import PlanIsArchived, PlanIsLocked, PlanNotFound
from aggregates.goal import GoalDecision
from events.base import Actor, Event
from events.enrolment import SchoolingEndCause
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalContent,
    GoalDeclined,
    GoalEvaluated,
    GoalOrigin,
    GoalProposed,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalStatus,
    GoalWithdrawn,
    LearningNotePosted,
)
from events.plan import PlanStarted
from events.syllabus import SyllabusItem, SyllabusKind
from tests.aggregates.given import (
    EDUCATOR,
    GOAL,
    GUARDIAN,
    MENTOR,
    NEXT_PLAN,
    OTHER_GOAL,
    OTHER_TEACHER,
    PLAN,
    PUPIL,
    TEACHER,
    Details,
    FileStory,
    a_move,
    a_start,
    an_id,
    archived,
    carried,
    day,
    evaluated,
    locked,
    only,
    planned,
    with_goal,
)

NEW, STARTED, DONE, ACHIEVED, ABANDONED = GoalStatus
CLIMB = {NEW: (), STARTED: (STARTED,), DONE: (STARTED, DONE), ACHIEVED: (STARTED, DONE, ACHIEVED)}
ALLOWED: dict[tuple[GoalStatus, GoalStatus], type[Event]] = {
    (NEW, STARTED): GoalStarted,
    (STARTED, DONE): GoalReportedDone,
    (DONE, ACHIEVED): GoalAchieved,
    (DONE, STARTED): GoalReopened,
    (ACHIEVED, STARTED): GoalReopened,
    (NEW, ABANDONED): GoalAbandoned,
    (STARTED, ABANDONED): GoalAbandoned,
    (DONE, ABANDONED): GoalAbandoned,
}
WAYS: dict[str, Callable[..., Event]] = {
    "accepted": goals.accept_goal,
    "declined": goals.decline_goal,
    "withdrawn": goals.withdraw_goal,
}
IDS: Details = {"plan_id": PLAN, "goal_id": GOAL}


def _at(status: GoalStatus) -> FileStory:
    story = locked()
    if status is ABANDONED:
        story.moves(ABANDONED, reason="Inte aktuellt.")
    else:
        story.moves(*CLIMB[status])
    return story


@pytest.mark.requirement("S-GOA-1")
@pytest.mark.parametrize("who", [PUPIL, GUARDIAN, TEACHER, MENTOR, EDUCATOR], ids=lambda actor: actor.name)
def test_a_goal_is_proposed_before_the_conversation(who: Actor) -> None:
    """It is a proposal, it is new, and it is the proposer's."""
    story = planned()
    assert only(story.proposes(by=who)) == GoalProposed(**IDS, content=GoalContent(text="Läsa en bok i veckan"))
    assert (story.goal.decision, story.goal.status) == (GoalDecision.PROPOSED, NEW)
    assert story.goal.proposed_by == who


@pytest.mark.requirement("S-TPL-5")
def test_a_goal_says_what_how_and_who_and_points_at_the_syllabus() -> None:
    """Goal, activities, responsibility, subjects, and the syllabus item in the wording it had."""
    item = SyllabusItem(subject="SV", years="4-6", kind=SyllabusKind.CONTENT, ordinal=3, version="a1" * 32)
    content = GoalContent(
        text="Läsa mer",
        activities="Högläsning hemma",
        responsibility="Elsa och pappa",
        subjects=("SV",),
        syllabus=(item,),
    )
    story = planned()
    story.when(goals.propose_goal, by=PUPIL, **IDS, content=content)
    assert story.goal.content == content


@pytest.mark.requirement("S-GOA-2")
def test_proposals_of_all_stand_side_by_side_before_the_conversation() -> None:
    """Each proposal is in the plan under its own id, with who made it."""
    story = planned()
    story.proposes(GOAL, by=PUPIL)
    story.proposes(OTHER_GOAL, by=GUARDIAN)
    assert {goal.id: goal.proposed_by.role for goal in story.plan.goals.values()} == {
        GOAL: PUPIL.role,
        OTHER_GOAL: GUARDIAN.role,
    }


@pytest.mark.requirement("S-GOA-1")
def test_a_goal_is_not_proposed_after_the_conversation_nor_nowhere() -> None:
    """A locked plan and an archived one take no proposals; a plan that is not there takes none either."""
    new: Details = {"goal_id": OTHER_GOAL, "content": GoalContent(text="Mer")}
    locked().refuses(PlanIsLocked, goals.propose_goal, plan_id=PLAN, **new)
    archived().refuses(PlanIsArchived, goals.propose_goal, plan_id=PLAN, **new)
    planned().refuses(PlanNotFound, goals.propose_goal, plan_id=NEXT_PLAN, **new)


def test_a_proposal_is_reworded_by_the_proposer_or_the_mentor() -> None:
    """Another's proposal is for the mentor to reword; the same words again say nothing new."""
    story = planned()
    story.proposes(by=GUARDIAN)
    content = GoalContent(text="Läsa två böcker")
    for who in (PUPIL, TEACHER, EDUCATOR):
        story.refuses(NotOwnProposal, goals.revise_goal, by=who, **IDS, content=content)
    assert only(story.when(goals.revise_goal, by=GUARDIAN, **IDS, content=content)) == GoalRevised(
        **IDS, content=content
    )
    assert story.when(goals.revise_goal, by=MENTOR, **IDS, content=content) == []
    story.when(goals.revise_goal, by=MENTOR, **IDS, content=GoalContent(text="Läsa tre"))
    assert story.goal.content.text == "Läsa tre"
    assert story.goal.proposed_by == GUARDIAN


def test_only_the_proposer_takes_a_proposal_back() -> None:
    """Not even the mentor withdraws another's proposal; the mentor declines it."""
    story = planned()
    story.proposes(by=PUPIL)
    for who in (GUARDIAN, TEACHER, MENTOR):
        story.refuses(NotOwnProposal, goals.withdraw_goal, by=who, **IDS)
    assert only(story.when(goals.withdraw_goal, by=PUPIL, **IDS)) == GoalWithdrawn(**IDS)
    assert story.goal.decision is GoalDecision.WITHDRAWN


def test_the_mentor_accepts_or_declines_each_proposal() -> None:
    """G-14: a decision is an event of its own, a decline may say why."""
    story = planned()
    story.proposes(GOAL)
    story.proposes(OTHER_GOAL)
    assert only(story.accepts(GOAL)) == GoalAccepted(**IDS)
    other: Details = IDS | {"goal_id": OTHER_GOAL}
    assert only(story.when(goals.decline_goal, **other, reason="För mycket på en gång.")) == GoalDeclined(
        **other, reason="För mycket på en gång."
    )
    assert [goal.id for goal in story.plan.agreed_goals] == [GOAL]
    assert story.plan.goals[OTHER_GOAL].decision is GoalDecision.DECLINED


@pytest.mark.parametrize("decided", ["accepted", "declined", "withdrawn"])
def test_a_proposal_is_decided_on_once(decided: str) -> None:
    """G-14: what was accepted, declined or withdrawn does not wait for a decision any more."""
    story = planned()
    story.proposes()
    story.when(WAYS[decided], by=PUPIL, **IDS)
    for again in WAYS.values():
        story.refuses(GoalNotOpenForDecision, again, by=PUPIL, **IDS)
    if decided != "accepted":
        content = GoalContent(text="Ändå")
        story.refuses(GoalNotOpenForDecision, goals.revise_goal, by=PUPIL, **IDS, content=content)


@pytest.mark.requirement("S-GOA-3")
@pytest.mark.requirement("S-GOA-4")
@pytest.mark.requirement("S-GOA-5")
@pytest.mark.requirement("S-GOA-6")
def test_a_goal_climbs_one_step_at_a_time() -> None:
    """Nytt, Påbörjat, Klart, Uppnått: each step is an event of its own (G-4)."""
    story = locked()
    assert story.goal.status is NEW
    for to, kind, by in (
        (STARTED, GoalStarted, PUPIL),
        (DONE, GoalReportedDone, PUPIL),
        (ACHIEVED, GoalAchieved, MENTOR),
    ):
        assert only(story.moves(to, by=by)) == kind(**IDS)
        assert story.goal.status is to


@pytest.mark.requirement("S-GOA-6")
@pytest.mark.requirement("S-GOA-7")
@pytest.mark.parametrize("to", GoalStatus, ids=lambda status: f"to {status}")
@pytest.mark.parametrize("at", GoalStatus, ids=lambda status: f"from {status}")
def test_there_are_no_other_steps(at: GoalStatus, to: GoalStatus) -> None:
    """G-4: no step is skipped, none goes back but the reopening, and Avbruten is the end."""
    story = _at(at)
    if (at, to) in ALLOWED:
        reason = "Vi har talat om det." if "reason" in ALLOWED[at, to].model_fields else None
        moved = only(story.moves(to, reason=reason))
        assert type(moved) is ALLOWED[at, to]
        assert story.goal.status is to
    else:
        story.refuses(GoalStepNotAllowed, goals.move_goal, **a_move(to, reason="Vi har talat om det."))


def test_what_has_a_reason_to_be_started_is_reopened() -> None:
    """So a goal that has not begun is not, and no reason that somebody wrote is lost."""
    _at(NEW).refuses(GoalStepNotAllowed, goals.move_goal, **a_move(STARTED, reason="Vi har talat om det."))


@pytest.mark.parametrize("reason", [None, "", "  \n"], ids=ascii)
@pytest.mark.parametrize(("at", "to"), [move for move, kind in ALLOWED.items() if "reason" in kind.model_fields])
def test_reopening_and_abandoning_are_explained(at: GoalStatus, to: GoalStatus, reason: str | None) -> None:
    """G-4: without a reason neither happens."""
    _at(at).refuses(ReasonRequired, goals.move_goal, **a_move(to, reason=reason))


@pytest.mark.requirement("S-GOA-6")
def test_a_school_may_let_the_mentor_alone_confirm() -> None:
    """G-1: teachers and the mentor confirm that a goal is reached, or the mentor alone where the school says so."""
    story = _at(DONE)
    narrow = a_move(ACHIEVED, only_mentor_confirms=True)
    for who in (TEACHER, OTHER_TEACHER):
        story.refuses(OnlyMentorConfirmsHere, goals.move_goal, by=who, **narrow)
        assert only(story.decide(goals.move_goal, by=who, **a_move(ACHIEVED))) == GoalAchieved(**IDS)
    assert only(story.when(goals.move_goal, by=MENTOR, **narrow)) == GoalAchieved(**IDS)


@pytest.mark.requirement("S-GOA-8")
def test_only_agreed_goals_of_a_locked_plan_move() -> None:
    """G-14: before the lock nothing moves; after it the accepted goals do, the declined never."""
    story = with_goal()
    story.refuses(GoalNotAgreed, goals.move_goal, **a_move(STARTED))
    story.proposes(OTHER_GOAL)
    story.when(goals.decline_goal, plan_id=PLAN, goal_id=OTHER_GOAL)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    story.refuses(GoalNotAgreed, goals.move_goal, **(a_move(STARTED) | {"goal_id": OTHER_GOAL}))
    story.refuses(GoalNotFound, goals.move_goal, **(a_move(STARTED) | {"goal_id": an_id("no goal")}))
    story.moves(STARTED, by=PUPIL)
    assert story.goal.status is STARTED
    assert story.plan.stands(story.plan.agreements[PUPIL.person_id])


@pytest.mark.requirement("S-GOA-8")
@pytest.mark.requirement("S-ARC-1")
def test_archiving_freezes_the_goals() -> None:
    """G-14: a goal of an archived plan neither moves nor is evaluated."""
    story = archived()
    story.refuses(PlanIsArchived, goals.move_goal, **a_move(STARTED))
    story.refuses(PlanIsArchived, goals.evaluate_goal, by=PUPIL, **IDS, text="För sent.")


def test_a_pupil_who_has_left_climbs_no_further_and_the_plan_can_still_be_evaluated() -> None:
    """What was agreed is closed with an evaluation, not with new steps and notes."""
    story = locked()
    story.when(enrolment.end_schooling, cause=SchoolingEndCause.MOVED, on=day(12, 1))
    story.refuses(SchoolingHasEnded, goals.move_goal, **a_move(STARTED))
    note: Details = {"note_id": an_id("note"), "text": "Hej då!"}
    story.refuses(SchoolingHasEnded, goals.post_learning_note, by=PUPIL, **note)
    story.when(goals.evaluate_goal, by=PUPIL, **IDS, text="Det gick bra.")
    (evaluation,) = story.goal.evaluations.values()
    assert (evaluation.text, evaluation.by) == ("Det gick bra.", PUPIL)


@pytest.mark.requirement("S-GOA-10")
@pytest.mark.requirement("S-AGR-4")
def test_everybody_evaluates_a_goal_in_the_own_words() -> None:
    """One text a person, the latest counts, the earlier stay in the stream; the agreement stands."""
    story = locked()
    for who in (PUPIL, GUARDIAN, TEACHER, MENTOR, EDUCATOR):
        text = f"{who.name} är nöjd."
        assert only(story.when(goals.evaluate_goal, by=who, **IDS, text=text)) == GoalEvaluated(**IDS, text=text)
    assert story.when(goals.evaluate_goal, by=PUPIL, **IDS, text=f" {PUPIL.name} är nöjd. ") == []
    story.when(goals.evaluate_goal, by=PUPIL, **IDS, text="Ännu bättre.")
    assert story.goal.evaluations[PUPIL.person_id].text == "Ännu bättre."
    assert len(story.goal.evaluations) == 5
    assert len(carried([recorded.event for recorded in story.past], GoalEvaluated)) == 6
    assert story.plan.stands(story.plan.agreements[GUARDIAN.person_id])


@pytest.mark.requirement("S-GOA-10")
def test_a_goal_is_evaluated_once_it_was_agreed() -> None:
    """There is nothing to evaluate in a proposal."""
    with_goal().refuses(GoalNotAgreed, goals.evaluate_goal, by=PUPIL, **IDS, text="Bra.")
    locked().refuses(GoalNotFound, goals.evaluate_goal, by=PUPIL, plan_id=PLAN, goal_id=OTHER_GOAL, text="Bra.")


@pytest.mark.requirement("S-GOA-9")
@pytest.mark.requirement("S-ARC-1")
@pytest.mark.requirement("S-GEN-4")
def test_an_unfinished_goal_is_carried_over_with_a_link_to_where_it_came_from() -> None:
    """G-14: in the next plan it is a proposal again, decided on anew; the old one stays as it was."""
    story = evaluated()
    story.moves(STARTED)
    kept = story.retold().goal
    began = story.starts(NEXT_PLAN, carry_over=(GOAL,))
    (proposed,) = carried(began, GoalProposed)
    assert proposed.carried_from == GoalOrigin(plan_id=PLAN, goal_id=GOAL)
    assert proposed.content == kept.content
    again = story.state.plans[NEXT_PLAN].goals[proposed.goal_id]
    assert (again.decision, again.status, again.carried_from) == (
        GoalDecision.PROPOSED,
        NEW,
        GoalOrigin(plan_id=PLAN, goal_id=GOAL),
    )
    assert story.goal == kept


def test_a_goal_named_twice_is_carried_over_once() -> None:
    """A slip in the list does not make two events of one goal."""
    story = evaluated()
    assert len(carried(story.starts(NEXT_PLAN, carry_over=(GOAL, GOAL)), GoalProposed)) == 1


@pytest.mark.parametrize("end", ["achieved", "abandoned", "never there", "never accepted"])
def test_what_is_finished_or_was_never_agreed_is_not_carried_over(end: str) -> None:
    """G-14: achieved, abandoned, declined and unknown goals stay behind."""
    story = planned()
    story.proposes(GOAL)
    story.proposes(OTHER_GOAL)
    story.accepts(GOAL)
    story.when(goals.decline_goal, plan_id=PLAN, goal_id=OTHER_GOAL)
    story.agrees(PUPIL)
    story.agrees(GUARDIAN)
    story.locks()
    story.when(goals.evaluate_goal, by=PUPIL, **IDS, text="Bra.")
    if end == "achieved":
        story.moves(STARTED, DONE, ACHIEVED)
    if end == "abandoned":
        story.moves(ABANDONED, reason="Inte aktuellt.")
    named = {"never there": an_id("no goal"), "never accepted": OTHER_GOAL}.get(end, GOAL)
    story.refuses(CarriedGoalNotUnfinished, plans.start_plan, **a_start(NEXT_PLAN, carry_over=(named,)))
    assert isinstance(story.starts(NEXT_PLAN)[1], PlanStarted)


def test_a_first_plan_has_nothing_to_carry_over() -> None:
    """G-14: a goal comes from the plan before, and there is none."""
    story = FileStory(planned().past[:-1])
    story.refuses(CarriedGoalNotUnfinished, plans.start_plan, **a_start(carry_over=(GOAL,)))


@pytest.mark.requirement("S-BLG-3")
@pytest.mark.requirement("S-ROL-1")
def test_the_pupil_writes_in_the_learning_blog_about_goals_of_any_plan() -> None:
    """A note stands in the file and links to goals, the archived plan's too; an unknown goal is refused."""
    story = archived()
    note: Details = {"note_id": an_id("note"), "text": "Jag läste ut den.", "goal_ids": (GOAL,)}
    assert only(story.when(goals.post_learning_note, by=PUPIL, **note)) == LearningNotePosted(**note)
    assert story.state.notes[an_id("note")].event.goal_ids == (GOAL,)
    story.refuses(GoalNotFound, goals.post_learning_note, by=PUPIL, **(note | {"goal_ids": (GOAL, OTHER_GOAL)}))
    story.when(goals.post_learning_note, by=PUPIL, note_id=an_id("note 2"), text="Utan mål.")
    assert len(story.state.notes) == 2


@pytest.mark.requirement("S-AGR-1")
def test_rewording_an_accepted_goal_makes_the_agreements_lapse() -> None:
    """G-5: what the parties agreed to is no longer what the plan says."""
    story = with_goal()
    story.agrees(PUPIL)
    story.when(goals.revise_goal, by=MENTOR, **IDS, content=GoalContent(text="Något annat"))
    assert not story.plan.stands(story.plan.agreements[PUPIL.person_id])
    assert agreement.obstacles(story.state, story.plan, on=day(10, 14))


@pytest.mark.requirement("S-AGR-1")
def test_the_proposer_alone_does_not_reword_what_was_accepted() -> None:
    """G-14: until the decision a proposal is the proposer's; after it only the mentor rewords, and agreements lapse."""
    story = planned()
    story.proposes(by=GUARDIAN)
    content = GoalContent(text="Något annat")
    story.accepts()
    story.refuses(GoalNotOpenForDecision, goals.revise_goal, by=GUARDIAN, **IDS, content=content)
    assert only(story.when(goals.revise_goal, by=MENTOR, **IDS, content=content)) == GoalRevised(**IDS, content=content)
