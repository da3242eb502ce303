"""The directory's rows about pupils: who they are, who is what to them, members of groups."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from aggregates.student_file import RELATION_ROLE, Relation, own_relation_id
from events.base import Recorded, Role
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
from events.reading import DelegationEnded, EmergencyAccessOpened, ProtectionLifted, ProtectionMarked, ReadDelegated
from projections import directory_places as places
from projections.projection import Target, kinds_of, padded
from projections.statements import Statements

STUDENT_KINDS = kinds_of(
    StudentEnrolled, StudentRenamed, StudentTransferred, GradeEntered, SchoolingEnded, StudentReenrolled,
    SchoolingEndCorrected, SchoolingEndWithdrawn,
    ProtectionMarked, ProtectionLifted,
)  # fmt: skip
RELATION_KINDS = kinds_of(
    StudentEnrolled, GuardianLinked, GuardianUnlinked, TeacherAssigned, TeacherUnassigned, MentorAssigned,
    MentorUnassigned, EducatorAssigned, EducatorUnassigned, ReadDelegated, DelegationEnded, EmergencyAccessOpened,
)  # fmt: skip
MEMBER_KINDS = kinds_of(GroupJoined, GroupLeft)

Pair = tuple[UUID, UUID]


def fold_students(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Pupils, from their files.

    Columns: id, subject, pupil as a person, school, version, grade, enrolled, ended, cause, name, is protected.
    """
    ids = list({recorded.originator_id for recorded in events})
    rows = {row[0]: list(row) for row in target.fetch(statements, "load_students", ids)}
    readers: dict[UUID, list[tuple[UUID, UUID, UUID]]] = {}
    for recorded in events:
        student_id, subject_id, event = recorded.originator_id, recorded.subject_id, recorded.event
        place = places.student_name(student_id)
        if isinstance(event, StudentEnrolled):
            name = target.seal(subject_id, event.name.encode(), place)
            rows[student_id] = [
                student_id, subject_id, event.person_id, event.school_id, 0, event.grade, event.enrolled_on, None, None,
                name, False,
            ]  # fmt: skip
        row = rows[student_id]
        row[4] = recorded.originator_version
        match event:
            case StudentEnrolled():
                pass
            case StudentRenamed():
                row[9] = target.seal(subject_id, event.name.encode(), place)
            case StudentTransferred():
                row[3] = event.school_id
            case GradeEntered():
                row[5] = event.grade
            case SchoolingEnded() | SchoolingEndCorrected():
                row[7], row[8] = event.ended_on, event.cause.value
            case SchoolingEndWithdrawn():
                row[7], row[8] = None, None
            case StudentReenrolled():
                row[3], row[5], row[7], row[8] = event.school_id, event.grade, None, None
            case ProtectionMarked() | ProtectionLifted():
                row[10] = isinstance(event, ProtectionMarked)
                named = event.readers if isinstance(event, ProtectionMarked) else ()
                readers[student_id] = [(student_id, person_id, subject_id) for person_id in named]
            case _:
                raise TypeError(event.code)
    target.write(statements, "save_students", list(rows.values()))
    if readers:
        target.run(statements, "forget_protected_readers", list(readers))
        target.write(statements, "save_protected_readers", [row for named in readers.values() for row in named])


def fold_relations(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Relations, from the pupils' files; the pupil's own begins with the file and never ends."""
    begun: dict[Pair, list[Any]] = {}
    ended: dict[Pair, Any] = {}
    for recorded in events:
        event = recorded.event
        if isinstance(event, _ENDING):
            _end(begun, ended, (recorded.originator_id, event.relation_id), event.ended_on)
            continue
        relation = _begun(event)
        key = (recorded.originator_id, relation.id)
        begun[key] = [
            *key, recorded.subject_id, relation.person_id, relation.role.value, relation.since, relation.until, None,
            _sealed_subjects(target, recorded.subject_id, key, relation.subjects), relation.delegated_by,
            relation.expires_at,
        ]  # fmt: skip
        ended.pop(key, None)
    target.write(statements, "save_relations", list(begun.values()))
    target.write(statements, "end_relations", [(*key, ended_on) for key, ended_on in ended.items()])


_ENDING = (GuardianUnlinked, TeacherUnassigned, MentorUnassigned, EducatorUnassigned, DelegationEnded)


def _sealed_subjects(target: Target, subject_id: UUID, key: Pair, subjects: Sequence[str]) -> bytes | None:
    """What a teacher teaches a pupil: mother tongue or Swedish as a second language tells of the pupil's origin."""
    return target.seal(subject_id, padded(to_json(subjects)), places.relation_subjects(*key)) if subjects else None


def _begun(event: Any) -> Relation:  # noqa: ANN401 - any event that begins a relation
    match event:
        case StudentEnrolled():
            own = own_relation_id(event.person_id)
            return Relation(own, event.person_id, Role.PUPIL, event.name, event.enrolled_on)
        case ReadDelegated():
            begun = Relation(event.relation_id, event.person_id, Role.DELEGATE, event.name, event.since, event.until)
            return replace(begun, delegated_by=event.guardian_relation_id)
        case EmergencyAccessOpened():
            begun = Relation(event.relation_id, event.person_id, Role.PRINCIPAL, event.name, event.since, event.until)
            return replace(begun, expires_at=event.expires_at)
        case GuardianLinked() | TeacherAssigned() | MentorAssigned() | EducatorAssigned():
            role, subjects = RELATION_ROLE[type(event)], event.subjects if isinstance(event, TeacherAssigned) else ()
            return Relation(
                event.relation_id, event.person_id, role, event.name, event.since, event.until, subjects=subjects
            )
        case _:
            raise TypeError(event.code)


def _end(begun: dict[Pair, list[Any]], ended: dict[Pair, Any], key: Pair, ended_on: date) -> None:
    """End a relation, and with a guardian's the delegations that came from it: in this batch, and in the table.

    A delegation ends on the earlier day of its own end and the guardian's.
    """
    for (student_id, _), row in begun.items():
        if student_id == key[0] and row[9] == key[1] and (row[7] is None or row[7] > ended_on):
            row[7] = ended_on
    if key in begun:
        begun[key][7] = ended_on
    ended[key] = ended_on


def fold_members(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Members of groups, from the pupils' files."""
    joined: dict[Pair, list[Any]] = {}
    left: dict[Pair, Any] = {}
    for recorded in events:
        event = recorded.event
        key = (recorded.originator_id, event.group_id)
        if isinstance(event, GroupJoined):
            joined[key] = [*key, recorded.subject_id, event.joined_on, None]
            left.pop(key, None)
        elif key in joined:
            joined[key][4] = event.left_on
        else:
            left[key] = event.left_on
    target.write(statements, "save_group_members", list(joined.values()))
    target.write(statements, "leave_groups", [(*key, left_on) for key, left_on in left.items()])
