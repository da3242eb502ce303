"""Commands on the pupil's file itself: open it, give and end relations, groups, moves, the end of schooling."""

from datetime import date
from uuid import UUID

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates import enrolment
from aggregates.student_file import StudentFile, student_file_id
from commands.context import Answer, Command, Context
from commands.run import Decided, actor_of, execute, on_file, permit_school
from commands.shown import person_of, person_shown_to
from commands.streams import GROUP, SCHOOL, STUDENT_FILE, Resource, Stream, find
from events.base import Actor, Role
from events.enrolment import SchoolingEndCause


def _require_school(context: Context, school_id: UUID) -> None:
    if find(context, SCHOOL, school_id) is None:
        raise SchoolNotFound


def enrol_student(context: Context, command: Command, *, person_id: UUID, school_id: UUID, grade: int) -> Answer:
    """Open the pupil's one file at a school (S-GEN-1); the person is registered before."""
    student_id = student_file_id(person_id)

    def authorise(_: StudentFile | None) -> Actor:
        return actor_of(command, permit_school(context, command, Action.MANAGE_ROSTER, school_id))

    return execute(
        context,
        command,
        Stream(STUDENT_FILE, student_id, student_id),
        authorise=authorise,
        decide=lambda file, _: enrolment.enrol_student(
            file,
            person_id=person_id,
            name=person_shown_to(context, command.caller, person_id).name,
            school_id=school_id,
            grade=grade,
            on=command.on,
        ),
        resource=Resource(str(student_id)),
    )


def rename_student(context: Context, command: Command, *, student_id: UUID) -> Answer:
    """Let the file take the name that the pupil has as a person now; what was written keeps the name of its day."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.rename_student(file, name=person_of(context, file.person_id).name),
        resource=Resource(str(student_id)),
    )


def start_relation(
    context: Context,
    command: Command,
    *,
    student_id: UUID,
    person_id: UUID,
    role: Role,
    subjects: tuple[str, ...] = (),
    since: date | None = None,
    until: date | None = None,
) -> Answer:
    """Give a registered person a part towards the pupil: guardian, teacher, mentor or educator."""
    relation_id = command.new_id("relation")
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.start_relation(
            file,
            relation_id=relation_id,
            person_id=person_id,
            name=person_shown_to(context, command.caller, person_id).name,
            role=role,
            since=since or command.on,
            until=until,
            subjects=subjects,
        ),
        resource=Resource(str(relation_id)),
    )


def end_relation(
    context: Context, command: Command, *, student_id: UUID, relation_id: UUID, on: date | None = None
) -> Answer:
    """End a relation: from the day it gives nothing, and the record stays whole (S-GEN-4)."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.end_relation(file, relation_id=relation_id, on=on or command.on),
        resource=Resource(str(relation_id)),
    )


def join_group(context: Context, command: Command, *, student_id: UUID, group_id: UUID) -> Answer:
    """Put the pupil in a class or teaching group of the pupil's school."""

    def decide(file: StudentFile, _: Actor) -> Decided:
        group = find(context, GROUP, group_id)
        if group is None or group.school_id != file.school_id:
            raise SchoolNotFound
        return enrolment.join_group(file, group_id=group_id, on=command.on)

    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        decide,
        resource=Resource(str(group_id)),
    )


def leave_group(context: Context, command: Command, *, student_id: UUID, group_id: UUID) -> Answer:
    """Take the pupil out of the group."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.leave_group(file, group_id=group_id, on=command.on),
        resource=Resource(str(group_id)),
    )


def transfer_student(context: Context, command: Command, *, student_id: UUID, school_id: UUID) -> Answer:
    """Let the pupil go to another school; the file follows the pupil (S-GEN-4)."""

    def decide(file: StudentFile, _: Actor) -> Decided:
        _require_school(context, school_id)
        return enrolment.transfer_student(file, school_id=school_id, on=command.on)

    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        decide,
        resource=Resource(str(student_id)),
    )


def enter_grade(context: Context, command: Command, *, student_id: UUID, grade: int) -> Answer:
    """Let the pupil go in another school year."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.enter_grade(file, grade=grade, on=command.on),
        resource=Resource(str(student_id)),
    )


def end_schooling(
    context: Context, command: Command, *, student_id: UUID, cause: SchoolingEndCause, on: date
) -> Answer:
    """Say when and why the pupil left compulsory school (G-8, G-21)."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.end_schooling(file, cause=cause, on=on, today=command.on),
        resource=Resource(str(student_id)),
    )


def correct_schooling_end(
    context: Context, command: Command, *, student_id: UUID, cause: SchoolingEndCause, on: date, reason: str
) -> Answer:
    """Set right when and why the pupil left: the day on which the file is due moves with it (G-8, G-21)."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.correct_schooling_end(file, cause=cause, on=on, reason=reason, today=command.on),
        resource=Resource(str(student_id)),
    )


def withdraw_schooling_end(context: Context, command: Command, *, student_id: UUID, reason: str) -> Answer:
    """Take back an end of schooling that was recorded by mistake: the file is not due at all (G-8)."""
    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        lambda file, _: enrolment.withdraw_schooling_end(file, reason=reason),
        resource=Resource(str(student_id)),
    )


def reenrol_student(context: Context, command: Command, *, student_id: UUID, school_id: UUID, grade: int) -> Answer:
    """Take up the file again when the pupil has come back."""

    def decide(file: StudentFile, _: Actor) -> Decided:
        _require_school(context, school_id)
        return enrolment.reenrol_student(file, school_id=school_id, grade=grade, on=command.on)

    return on_file(
        context,
        command,
        student_id,
        Action.MANAGE_ROSTER,
        decide,
        resource=Resource(str(student_id)),
    )
