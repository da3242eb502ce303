"""Commands on goals and the learning blog."""

from collections.abc import Sequence
from uuid import UUID

from access.actions import Action
from aggregates import goals
from aggregates.goal import GoalEvent
from aggregates.student_file import StudentFile
from commands.context import Answer, Command, Context
from commands.run import on_file
from commands.settings import school_settings
from commands.streams import Resource
from commands.syllabus import require_items
from events.base import Actor
from events.goals import GoalContent, GoalStatus


def _goal(plan_id: UUID, goal_id: UUID) -> Resource[StudentFile]:
    def version(file: StudentFile) -> int | None:
        plan = file.plans.get(plan_id)
        goal = plan.goals.get(goal_id) if plan else None
        return goal.version if goal else None

    return Resource(str(goal_id), version)


def propose_goal(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, content: GoalContent
) -> Answer:
    """Propose a goal before the conversation (S-GOA-1)."""
    require_items(context, content.syllabus)
    goal_id = command.new_id("goal")
    return on_file(
        context,
        command,
        student_id,
        Action.PROPOSE_GOAL,
        lambda file, _: goals.propose_goal(file, plan_id=plan_id, goal_id=goal_id, content=content),
        resource=_goal(plan_id, goal_id),
    )


def revise_goal(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, goal_id: UUID, content: GoalContent
) -> Answer:
    """Reword a proposal before the lock: the proposer, or the mentor."""
    require_items(context, content.syllabus)
    return on_file(
        context,
        command,
        student_id,
        Action.PROPOSE_GOAL,
        lambda file, actor: goals.revise_goal(file, plan_id=plan_id, goal_id=goal_id, content=content, by=actor),
        resource=_goal(plan_id, goal_id),
    )


def withdraw_goal(context: Context, command: Command, *, student_id: UUID, plan_id: UUID, goal_id: UUID) -> Answer:
    """Take back one's own proposal."""
    return on_file(
        context,
        command,
        student_id,
        Action.PROPOSE_GOAL,
        lambda file, actor: goals.withdraw_goal(file, plan_id=plan_id, goal_id=goal_id, by=actor),
        resource=_goal(plan_id, goal_id),
    )


def accept_goal(context: Context, command: Command, *, student_id: UUID, plan_id: UUID, goal_id: UUID) -> Answer:
    """Accept a proposal at the conversation (G-14)."""
    return on_file(
        context,
        command,
        student_id,
        Action.DECIDE_PROPOSAL,
        lambda file, _: goals.accept_goal(file, plan_id=plan_id, goal_id=goal_id),
        resource=_goal(plan_id, goal_id),
    )


def decline_goal(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, goal_id: UUID, reason: str | None
) -> Answer:
    """Decline a proposal at the conversation (G-14)."""
    return on_file(
        context,
        command,
        student_id,
        Action.DECIDE_PROPOSAL,
        lambda file, _: goals.decline_goal(file, plan_id=plan_id, goal_id=goal_id, reason=reason),
        resource=_goal(plan_id, goal_id),
    )


_MOVE: dict[GoalStatus, Action] = {
    GoalStatus.NEW: Action.ADVANCE_GOAL,
    GoalStatus.STARTED: Action.ADVANCE_GOAL,
    GoalStatus.DONE: Action.ADVANCE_GOAL,
    GoalStatus.ACHIEVED: Action.CONFIRM_GOAL,
    GoalStatus.ABANDONED: Action.REOPEN_GOAL,
}


def action_of_move(to: GoalStatus, *, is_reasoned: bool) -> Action:
    """What a step on the staircase is: a reason means that the mentor reopens or abandons, a step forward has none."""
    return Action.REOPEN_GOAL if to is GoalStatus.STARTED and is_reasoned else _MOVE[to]


def move_goal(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    plan_id: UUID,
    goal_id: UUID,
    to: GoalStatus,
    reason: str | None,
) -> Answer:
    """Take a goal one step on the staircase, reopen or abandon it (G-1, G-4)."""

    def decide(file: StudentFile, actor: Actor) -> GoalEvent:
        settings = school_settings(context, file.school_id, on=command.on)
        return goals.move_goal(
            file,
            plan_id=plan_id,
            goal_id=goal_id,
            to=to,
            reason=reason,
            by=actor,
            only_mentor_confirms=settings.only_mentor_confirms,
        )

    return on_file(
        context,
        command,
        student_id,
        action_of_move(to, is_reasoned=reason is not None),
        decide,
        resource=_goal(plan_id, goal_id),
    )


def evaluate_goal(
    context: Context, command: Command, *, student_id: UUID, plan_id: UUID, goal_id: UUID, text: str
) -> Answer:
    """Write in the goal's evaluation box (S-GOA-10). What If-Match names is one's own text there."""

    def version(file: StudentFile) -> int | None:
        plan = file.plans.get(plan_id)
        goal = plan.goals.get(goal_id) if plan else None
        written = goal.evaluations.get(command.caller.person_id) if goal else None
        return written.version if written else None

    return on_file(
        context,
        command,
        student_id,
        Action.EVALUATE_GOAL,
        lambda file, actor: goals.evaluate_goal(file, plan_id=plan_id, goal_id=goal_id, text=text, by=actor),
        resource=Resource(str(goal_id), version),
    )


def post_learning_note(
    context: Context, command: Command, *, student_id: UUID, text: str, goal_ids: Sequence[UUID] = ()
) -> Answer:
    """Write in the learning blog (S-BLG-3)."""
    note_id = command.new_id("note")
    return on_file(
        context,
        command,
        student_id,
        Action.POST_LEARNING_NOTE,
        lambda file, _: goals.post_learning_note(file, note_id=note_id, text=text, goal_ids=goal_ids),
        resource=Resource(str(note_id)),
    )
