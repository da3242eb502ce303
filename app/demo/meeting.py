"""The conversation and what follows: decisions, agreement, lock, work towards goals, evaluation."""

from datetime import date, timedelta
from uuid import UUID

from aggregates.goal import Goal, GoalDecision
from aggregates.student_file import Relation
from app.demo.calendar import spread
from app.demo.scribe import Scribe
from commands import assessments, conversation, goals
from events.assessments import ProgrammeDecision
from events.base import Role
from events.goals import GoalStatus
from events.plan import LockObstacle, LockReason, Target, TargetKind

_DECLINED = 0.08
_FEWEST_ACCEPTED = 3
_GUARDIAN_MISSING = 0.04
_SECOND_GUARDIAN = 0.6
_EVALUATES = 0.7
_STARTED, _DONE, _ACHIEVED = 0.95, 0.8, 0.8
_REOPENED, _ABANDONED = 0.06, 0.03
_NOTES = 2
_PROGRAMME = 0.65
_CORRECTED = 0.05
_MENTOR_EVALUATES = 0.6


def hold_conversation(scribe: Scribe, day: date) -> None:
    """Close concerns, decide on proposals, read, agree and lock, all at the conversation (S-AGR-1, S-AGR-2)."""
    mentor, plan_id = scribe.mentor(day), scribe.plan.id
    for concern in scribe.plan.open_concerns:
        what = {"concern_id": concern.id, "reason": scribe.texts.concern_closed()}
        scribe.do(mentor, day, conversation.close_concern, plan_id=plan_id, **what)
    _decide(scribe, day)
    reasons = _agree(scribe, day)
    version = scribe.plan.content_version
    lock = {"plan_version": version, "conversation_on": day, "reasons": reasons}
    scribe.do(mentor, day, conversation.lock_plan, plan_id=plan_id, **lock)
    for guardian in scribe.who(Role.GUARDIAN, day):
        if scribe.chance(_EVALUATES):
            text = scribe.texts.evaluation_of_conversation(scribe.file.grade)
            after = day + timedelta(days=scribe.rng.randint(1, 5))
            scribe.do(guardian, after, conversation.evaluate_conversation, plan_id=plan_id, text=text)
            break


def _decide(scribe: Scribe, day: date) -> None:
    mentor, plan = scribe.mentor(day), scribe.plan
    proposed = [goal.id for goal in plan.goals.values() if goal.decision is GoalDecision.PROPOSED]
    for number, goal_id in enumerate(proposed):
        if number >= _FEWEST_ACCEPTED and scribe.chance(_DECLINED * 4):
            reason = scribe.texts.goal_declined()
            scribe.do(mentor, day, goals.decline_goal, plan_id=plan.id, goal_id=goal_id, reason=reason)
        else:
            scribe.do(mentor, day, goals.accept_goal, plan_id=plan.id, goal_id=goal_id)


def _agree(scribe: Scribe, day: date) -> tuple[LockReason, ...]:
    """The pupil and the guardians who came agree; the mentor's reason where no guardian could."""
    plan_id, version = scribe.plan.id, scribe.plan.content_version
    guardians = scribe.who(Role.GUARDIAN, day)
    is_missing = not guardians or scribe.chance(_GUARDIAN_MISSING)
    present = [] if is_missing else [g for n, g in enumerate(guardians) if n == 0 or scribe.chance(_SECOND_GUARDIAN)]
    for guardian in present:
        scribe.do(guardian, day, conversation.confirm_reading, plan_id=plan_id, plan_version=version)
    for relation in (scribe.pupil(day), *present):
        scribe.do(relation, day, conversation.agree, plan_id=plan_id, plan_version=version)
    if not is_missing:
        return ()
    text = scribe.texts.lock_reason(LockObstacle.GUARDIAN_MISSING)
    return (LockReason(obstacle=LockObstacle.GUARDIAN_MISSING, reason=text),)


def follow_up(scribe: Scribe, first: date, last: date) -> None:
    """The work between two conversations, and its evaluation on the last days (S-AGR-4, S-GOA-10)."""
    _link_programmes(scribe, first)
    if scribe.chance(_CORRECTED):
        _correct(scribe, first)
    moves = [(goal.id, step) for goal in scribe.plan.agreed_goals for step in _way(scribe)]
    order = sorted(range(len(moves)), key=lambda _: scribe.rng.random())
    by_goal: dict[UUID, list[GoalStatus]] = {}
    for goal_id, step in moves:
        by_goal.setdefault(goal_id, []).append(step)
    days = list(spread(scribe.rng, first, last, len(moves) + _NOTES))
    for number, day in enumerate(days):
        if number < len(order):
            goal_id = moves[order[number]][0]
            _move(scribe, day, goal_id, by_goal[goal_id].pop(0))
        else:
            _note(scribe, day)
    evaluate(scribe, last)


def _way(scribe: Scribe) -> list[GoalStatus]:
    """The steps that a goal takes during the term."""
    if not scribe.chance(_STARTED):
        return []
    way = [GoalStatus.STARTED]
    if scribe.chance(_ABANDONED):
        return [*way, GoalStatus.ABANDONED]
    if scribe.chance(_DONE):
        way.append(GoalStatus.DONE)
        if scribe.chance(_REOPENED):
            way += [GoalStatus.STARTED, GoalStatus.DONE]
        if scribe.chance(_ACHIEVED):
            way.append(GoalStatus.ACHIEVED)
    return way


def _move(scribe: Scribe, day: date, goal_id: UUID, to: GoalStatus) -> None:
    goal = scribe.plan.goals[goal_id]
    reason = None
    by = scribe.pupil(day)
    if to is GoalStatus.ABANDONED:
        by, reason = scribe.mentor(day), scribe.texts.goal_abandoned()
    elif to is GoalStatus.STARTED and goal.status is GoalStatus.DONE:
        by, reason = scribe.mentor(day), scribe.texts.goal_reopened()
    elif to is GoalStatus.ACHIEVED:
        by = _confirmer(scribe, day, goal)
    scribe.do(by, day, goals.move_goal, plan_id=scribe.plan.id, goal_id=goal_id, to=to, reason=reason)


def _confirmer(scribe: Scribe, day: date, goal: Goal) -> Relation:
    teachers = [t for t in scribe.who(Role.TEACHER, day) if set(goal.content.subjects) & set(t.subjects)]
    return scribe.rng.choice([scribe.mentor(day), *teachers])


def _note(scribe: Scribe, day: date) -> None:
    agreed = scribe.plan.agreed_goals
    if agreed:
        goal = scribe.rng.choice(agreed)
        text = scribe.texts.learning_note(goal.content.text, scribe.file.grade)
        scribe.do(scribe.pupil(day), day, goals.post_learning_note, text=text, goal_ids=(goal.id,))


def evaluate(scribe: Scribe, day: date) -> None:
    """Fill the evaluation box of each goal before the next conversation."""
    for goal in scribe.plan.agreed_goals:
        if goal.status is GoalStatus.ABANDONED:
            continue
        for relation in (scribe.pupil(day), scribe.mentor(day)):
            if relation.role is Role.PUPIL or scribe.chance(_MENTOR_EVALUATES):
                text = scribe.texts.evaluation_of_goal(relation.role, scribe.file.grade)
                scribe.do(relation, day, goals.evaluate_goal, plan_id=scribe.plan.id, goal_id=goal.id, text=text)


def _link_programmes(scribe: Scribe, day: date) -> None:
    """Most risks get their action programme; some obligations stay open (S-OMD-10)."""
    for subject, programme in list(scribe.plan.obligations.items()):
        if programme is None and scribe.chance(_PROGRAMME):
            scribe.do(
                scribe.mentor(day),
                day,
                assessments.link_action_programme,
                plan_id=scribe.plan.id,
                subjects=(subject,),
                decision=ProgrammeDecision.DRAWN_UP,
                reference=scribe.texts.programme_reference(day.year),
            )


def _correct(scribe: Scribe, day: date) -> None:
    subject = next(iter(scribe.plan.assessments), None)
    if subject is None:
        return
    heading = scribe.plan.subjects[subject]
    forecast = scribe.plan.assessments[subject][-1].event.forecast
    scribe.do(
        scribe.mentor(day),
        day,
        conversation.correct,
        plan_id=scribe.plan.id,
        target=Target(kind=TargetKind.ASSESSMENT, key=subject),
        text=scribe.texts.assessment(subject, heading.name, forecast, scribe.file.grade),
        reason=scribe.texts.correction_reason(),
    )
