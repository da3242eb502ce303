"""Commands on who else reads a pupil's file for a time, and on the pupil's protected identity."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from access.actions import Action
from access.decide import Standing, permit, require_level
from access.errors import StudentNotFound
from aggregates import reading
from aggregates.student_file import StudentFile
from commands.context import STOCKHOLM, Answer, Caller, Command, Context
from commands.run import Decided, actor_of, as_named, execute, on_file, standing_in
from commands.shown import person_shown_to
from commands.streams import STUDENT_FILE, Resource, Stream
from events.base import Actor, Role
from events.reading import ProtectionKind

EMERGENCY = timedelta(hours=24)
"""How long a file that is opened in an emergency stays open."""


def protected_for(context: Context, caller: Caller, *, asked_for: bool) -> UUID | None:
    """For whom a list of a whole group or school names pupils with protected identity: nobody, unless asked for.

    Raises AssuranceTooLow.
    """
    if not asked_for:
        return None
    require_level(Action.READ_PROTECTED, level=caller.level, levels=context.levels)
    return caller.person_id


def delegate_reading(context: Context, command: Command, *, student_id: UUID, person_id: UUID, until: date) -> Answer:
    """Let another registered adult read the child's file until a day."""
    relation_id = command.new_id("relation")

    def decide(file: StudentFile, actor: Actor) -> Decided:
        return reading.delegate_reading(
            file,
            relation_id=relation_id,
            person_id=person_id,
            name=person_shown_to(context, command.caller, person_id).name,
            until=until,
            today=command.on,
            longest=context.longest_delegation,
            by=actor,
        )

    return on_file(context, command, student_id, Action.DELEGATE_READING, decide, resource=Resource(str(relation_id)))


def end_delegation(context: Context, command: Command, *, student_id: UUID, relation_id: UUID) -> Answer:
    """End a delegation of one's child's file, or the one that was given to oneself."""
    return on_file(
        context,
        command,
        student_id,
        Action.END_DELEGATION,
        lambda file, actor: reading.end_delegation(file, relation_id=relation_id, today=command.on, by=actor),
        resource=Resource(str(relation_id)),
    )


def open_in_emergency(context: Context, command: Command, *, student_id: UUID, reason: str) -> Answer:
    """Open a pupil's file out of turn, at whatever school: to read, for a day, with a notice to guardians and mentor.

    The event is stored durably before anything of the file is shown. A principal learns only by opening it whether
    the pupil exists; the refusals before that are the same for any id.
    """
    relation_id = command.new_id("relation")

    def authorise(file: StudentFile | None) -> Actor:
        grant = permit(
            Action.OPEN_IN_EMERGENCY,
            _emergency_standing(context, command, file),
            on=command.on,
            level=command.caller.level,
            levels=context.levels,
            acting_as=as_named(command),
        )
        if file is None:
            raise StudentNotFound
        return actor_of(command, grant)

    def decide(file: StudentFile | None, actor: Actor) -> Decided:
        if file is None:
            raise StudentNotFound
        expires_at = command.at + EMERGENCY
        return reading.open_in_emergency(
            file,
            relation_id=relation_id,
            reason=reason,
            since=command.on,
            until=expires_at.astimezone(STOCKHOLM).date(),
            at=command.at,
            expires_at=expires_at,
            by=actor,
        )

    return execute(
        context,
        command,
        Stream(STUDENT_FILE, student_id),
        authorise=authorise,
        decide=decide,
        resource=Resource(str(relation_id)),
    )


def _emergency_standing(context: Context, command: Command, file: StudentFile | None) -> Standing:
    """The caller's relations to the pupil and parts at the pupil's school, and being a principal anywhere."""
    person_id = command.caller.person_id
    parts = context.directory.school_parts(person_id)
    school_id = file.school_id if file else None
    roles = [p.role for p in parts if p.school_id == school_id or p.role.role is Role.PRINCIPAL]
    return standing_in(file, person_id, roles) if file else Standing((), tuple(roles))


def mark_protection(
    context: Context, command: Command, *, student_id: UUID, kind: ProtectionKind, readers: Sequence[UUID]
) -> Answer:
    """Protect the pupil's identity: beside the pupil only the named readers see who it is and read the file."""

    def decide(file: StudentFile, _: Actor) -> Decided:
        for person_id in set(readers) - {relation.person_id for relation in file.relations.values()}:
            person_shown_to(context, command.caller, person_id)
        return reading.mark_protection(file, kind=kind, readers=readers)

    return on_file(context, command, student_id, Action.PROTECT_IDENTITY, decide, resource=Resource(str(student_id)))


def lift_protection(context: Context, command: Command, *, student_id: UUID, reason: str) -> Answer:
    """Say that the pupil's identity is no longer protected, and why."""
    return on_file(
        context,
        command,
        student_id,
        Action.PROTECT_IDENTITY,
        lambda file, _: reading.lift_protection(file, reason=reason),
        resource=Resource(str(student_id)),
    )
