"""Decisions about the pupil's file itself: opening it, its people and groups, the end of schooling."""

from datetime import date
from uuid import UUID

from aggregates.errors.enrolment import (
    AlreadyAtSchool,
    DayNotCome,
    GroupAlreadyJoined,
    NotInGroup,
    RelationAlreadyExists,
    RelationEndsBeforeItStarts,
    RelationNotFound,
    RelationToOneself,
    SchoolingHasEnded,
    SchoolingHasNotEnded,
    StudentAlreadyEnrolled,
)
from aggregates.period import overlaps
from aggregates.student_file import RelationEnded, RelationStarted, StudentFile
from events.base import Role
from events.enrolment import (
    EducatorAssigned,
    EducatorUnassigned,
    GradeEntered,
    GroupJoined,
    GroupLeft,
    GuardianLinked,
    GuardianUnlinked,
    MentorAssigned,
    MentorUnassigned,
    SchoolingEndCause,
    SchoolingEndCorrected,
    SchoolingEnded,
    SchoolingEndWithdrawn,
    StudentEnrolled,
    StudentReenrolled,
    StudentRenamed,
    StudentTransferred,
    TeacherAssigned,
    TeacherUnassigned,
)
from events.reading import DelegationEnded

ENDED: dict[Role, type[RelationEnded]] = {
    Role.GUARDIAN: GuardianUnlinked,
    Role.TEACHER: TeacherUnassigned,
    Role.MENTOR: MentorUnassigned,
    Role.EDUCATOR: EducatorUnassigned,
    Role.DELEGATE: DelegationEnded,
}


def enrol_student(
    file: StudentFile | None, *, person_id: UUID, name: str, school_id: UUID, grade: int, on: date
) -> StudentEnrolled:
    """Open the pupil's one file (S-GEN-1)."""
    if file is not None:
        raise StudentAlreadyEnrolled
    return StudentEnrolled(person_id=person_id, name=name, school_id=school_id, grade=grade, enrolled_on=on)


def rename_student(file: StudentFile, *, name: str) -> StudentRenamed | None:
    """Give the pupil another name from now on; None where it is the name already."""
    renamed = StudentRenamed(name=name)
    return None if file.name == renamed.name else renamed


def transfer_student(file: StudentFile, *, school_id: UUID, on: date) -> StudentTransferred:
    """Let the pupil go to another school; the file follows (S-GEN-4)."""
    _still_in_school(file)
    if file.school_id == school_id:
        raise AlreadyAtSchool
    return StudentTransferred(school_id=school_id, transferred_on=on)


def enter_grade(file: StudentFile, *, grade: int, on: date) -> GradeEntered:
    """Let the pupil go in another school year."""
    _still_in_school(file)
    if file.grade == grade:
        raise AlreadyAtSchool
    return GradeEntered(grade=grade, entered_on=on)


def _still_in_school(file: StudentFile) -> None:
    """A pupil who came back is re-enrolled first, or the file would be disposed of while it is in use (G-8)."""
    if file.schooling_ended is not None:
        raise SchoolingHasEnded


def start_relation(
    file: StudentFile,
    *,
    relation_id: UUID,
    person_id: UUID,
    name: str,
    role: Role,
    since: date,
    until: date | None = None,
    subjects: tuple[str, ...] = (),
) -> RelationStarted:
    """Give a person a part towards the pupil; one of a kind at a time. `role`: guardian, teacher, mentor, educator."""
    if person_id == file.person_id:
        raise RelationToOneself
    if until is not None and until < since:
        raise RelationEndsBeforeItStarts
    if any(r.person_id == person_id and r.role is role and overlaps(r, since, until) for r in file.relations.values()):
        raise RelationAlreadyExists
    match role:
        case Role.TEACHER:
            return TeacherAssigned(
                relation_id=relation_id, person_id=person_id, name=name, subjects=subjects, since=since, until=until
            )
        case Role.GUARDIAN:
            kind: type[GuardianLinked | MentorAssigned | EducatorAssigned] = GuardianLinked
        case Role.MENTOR:
            kind = MentorAssigned
        case Role.EDUCATOR:
            kind = EducatorAssigned
        case _:
            msg = f"no relation to a pupil is {role}"
            raise ValueError(msg)
    return kind(relation_id=relation_id, person_id=person_id, name=name, since=since, until=until)


def end_relation(file: StudentFile, *, relation_id: UUID, on: date) -> RelationEnded:
    """End a relation: from this day it gives nothing. The record stays whole (S-GEN-4)."""
    relation = file.relations.get(relation_id)
    if relation is None or relation.role not in ENDED or relation.ended_on is not None:
        raise RelationNotFound
    if on < relation.since:
        raise RelationEndsBeforeItStarts
    return ENDED[relation.role](relation_id=relation_id, ended_on=on)


def join_group(file: StudentFile, *, group_id: UUID, on: date) -> GroupJoined:
    """Put the pupil in a class or teaching group."""
    _still_in_school(file)
    if group_id in file.groups:
        raise GroupAlreadyJoined
    return GroupJoined(group_id=group_id, joined_on=on)


def leave_group(file: StudentFile, *, group_id: UUID, on: date) -> GroupLeft:
    """Take the pupil out of the group."""
    if group_id not in file.groups:
        raise NotInGroup
    if on < file.groups[group_id]:
        raise RelationEndsBeforeItStarts
    return GroupLeft(group_id=group_id, left_on=on)


def end_schooling(file: StudentFile, *, cause: SchoolingEndCause, on: date, today: date) -> SchoolingEnded:
    """Say when and why the pupil left compulsory school: what the disposal schedule counts from (G-8, G-21).

    Nothing new is written from then on, so it is said no earlier than on the day itself.
    """
    if file.schooling_ended is not None:
        raise SchoolingHasEnded
    _has_come(file, on, today)
    return SchoolingEnded(cause=cause, ended_on=on)


def correct_schooling_end(
    file: StudentFile, *, cause: SchoolingEndCause, on: date, reason: str, today: date
) -> SchoolingEndCorrected | None:
    """Set right when and why the pupil left, and with it the day of disposal; None where it is on record so (G-8)."""
    ended = file.schooling_ended
    if ended is None:
        raise SchoolingHasNotEnded
    _has_come(file, on, today)
    if (ended.cause, ended.ended_on) == (cause, on):
        return None
    return SchoolingEndCorrected(cause=cause, ended_on=on, reason=reason)


def withdraw_schooling_end(file: StudentFile, *, reason: str) -> SchoolingEndWithdrawn:
    """Take back an end of schooling that was recorded by mistake: the pupil has been here all along (G-8)."""
    if file.schooling_ended is None:
        raise SchoolingHasNotEnded
    return SchoolingEndWithdrawn(reason=reason)


def _has_come(file: StudentFile, on: date, today: date) -> None:
    if on > today:
        raise DayNotCome
    if on < file.enrolled_on:
        raise RelationEndsBeforeItStarts


def reenrol_student(file: StudentFile, *, school_id: UUID, grade: int, on: date) -> StudentReenrolled:
    """Take up a file again when a pupil has come back."""
    if file.schooling_ended is None:
        raise SchoolingHasNotEnded
    if on < file.schooling_ended.ended_on:
        raise RelationEndsBeforeItStarts
    return StudentReenrolled(school_id=school_id, grade=grade, reenrolled_on=on)
