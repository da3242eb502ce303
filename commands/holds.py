"""Holds on pupils' files, and what a review of one came to: by officers, who see of the file nothing else."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from access.actions import Action
from access.errors import StudentNotFound
from aggregates import holds
from aggregates.student_file import StudentFile
from commands.context import Answer, Caller, Command, Context
from commands.officers import permit_office, permit_office_reading
from commands.run import Decided, actor_of, execute
from commands.schedules import find_policy
from commands.streams import STUDENT_FILE, Resource, Stream, find
from events.base import Actor
from events.retention import DocumentClass, HoldGround, RetentionHeld, ReviewOutcome


def hold_file(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    ground: HoldGround,
    authority: str,
    reference: str,
    reason: str,
) -> Answer:
    """Keep a pupil's file from being destroyed until the hold is released."""
    hold_id = command.new_id("hold")
    return _on_file(
        context,
        command,
        student_id,
        Action.HOLD_FILE,
        lambda file: holds.hold(
            file, hold_id=hold_id, ground=ground, authority=authority, reference=reference, reason=reason
        ),
        Resource(str(hold_id)),
    )


def release_file(
    context: Context, command: Command, *, student_id: UUID, hold_id: UUID, authority: str, reference: str, reason: str
) -> Answer:
    """Let a hold go: the file is due again on the day that its schedule says, which may have come long ago."""
    return _on_file(
        context,
        command,
        student_id,
        Action.HOLD_FILE,
        lambda file: holds.release(file, hold_id=hold_id, authority=authority, reference=reference, reason=reason),
        Resource(str(hold_id)),
    )


def review_file(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    outcome: ReviewOutcome,
    keep_until: date | None,
    decision_reference: str,
    reason: str,
) -> Answer:
    """Record what was decided of a file that its schedule lists for review."""

    def decide(file: StudentFile) -> Decided:
        end, today = file.schooling_ended, context.due_day(command.on)
        policy = find_policy(context)
        schedule = policy.of(DocumentClass.STUDENT_FILE, end.cause, on=today) if end is not None else None
        return holds.review(
            file,
            schedule=schedule,
            outcome=outcome,
            keep_until=keep_until,
            decision_reference=decision_reference,
            reason=reason,
            today=today,
        )

    return _on_file(context, command, student_id, Action.REVIEW_FILE, decide, Resource(str(student_id)))


def read_holds(context: Context, caller: Caller, student_id: UUID, *, on: date) -> list[RetentionHeld]:
    """The holds that stand on a pupil's file. Raises StudentNotFound."""
    permit_office_reading(context, caller, Action.HOLD_FILE, on=on)
    file = find(context, STUDENT_FILE, student_id)
    if file is None:
        raise StudentNotFound
    return list(file.retention.holds.values())


def read_held(context: Context, caller: Caller, *, on: date, after: UUID | None = None, limit: int) -> list[UUID]:
    """The pupils' files that are held, by id alone; those after an id."""
    permit_office_reading(context, caller, Action.HOLD_FILE, on=on)
    return context.retention.held(after=after, limit=limit)


def _on_file(
    context: Context,
    command: Command,
    student_id: UUID,
    action: Action,
    decide: Callable[[StudentFile], Decided],
    resource: Resource[StudentFile],
) -> Answer:
    """Carry out an officer's command on a file. The office is asked for first: without it no file is there or not."""

    def authorise(_: StudentFile | None) -> Actor:
        return actor_of(command, permit_office(context, command, action))

    def decided(file: StudentFile | None, _: Actor) -> Decided:
        if file is None:
            raise StudentNotFound
        return decide(file)

    return execute(
        context, command, Stream(STUDENT_FILE, student_id), authorise=authorise, decide=decided, resource=resource
    )
