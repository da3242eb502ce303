"""The directory's rows about people: persons and what rosters call them, pupils, relations, members of groups."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from aggregates.student_file import RELATION_ROLE, own_relation_id
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
    SchoolingEnded,
    StudentEnrolled,
    StudentReenrolled,
    StudentRenamed,
    StudentTransferred,
    TeacherAssigned,
    TeacherUnassigned,
)
from events.person import (
    ContactDetailsGiven,
    PersonRegistered,
    PersonRenamed,
    PictureVisibilityChosen,
    RosterIdentified,
)
from projections import directory_places as places
from projections.projection import Target, kinds_of
from projections.statements import Statements

PERSON_KINDS = kinds_of(PersonRegistered, PersonRenamed, RosterIdentified, PictureVisibilityChosen, ContactDetailsGiven)
STUDENT_KINDS = kinds_of(
    StudentEnrolled, StudentRenamed, StudentTransferred, GradeEntered, SchoolingEnded, StudentReenrolled
)
RELATION_KINDS = kinds_of(
    StudentEnrolled, GuardianLinked, GuardianUnlinked, TeacherAssigned, TeacherUnassigned, MentorAssigned,
    MentorUnassigned, EducatorAssigned, EducatorUnassigned,
)  # fmt: skip
MEMBER_KINDS = kinds_of(GroupJoined, GroupLeft)

Pair = tuple[UUID, UUID]


def fold_persons(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Persons, roster ids and picture choices, from the persons' own streams."""
    ids = list({recorded.originator_id for recorded in events})
    rows = {row[0]: list(row) for row in target.fetch(statements, "load_persons", ids)}
    identities: list[tuple[object, ...]] = []
    pictures: dict[Pair, tuple[object, ...]] = {}
    for recorded in events:
        person_id, subject_id, event = recorded.originator_id, recorded.subject_id, recorded.event
        row = rows.setdefault(person_id, [person_id, subject_id, 0, b"", None])
        row[2] = recorded.originator_version
        match event:
            case PersonRegistered() | PersonRenamed():
                name = to_json([event.given_name, event.family_name])
                row[3] = target.seal(subject_id, name, places.person_name(person_id))
            case ContactDetailsGiven():
                contact = to_json(event.model_dump(exclude_none=True))
                row[4] = target.seal(subject_id, contact, places.person_contact(person_id))
            case RosterIdentified():
                words = places.roster_words(event.source, event.roster_id)
                lookup = target.ledger.keys.lookup_hash("roster id", words)
                named = to_json([event.source, event.roster_id])
                sealed = target.seal(subject_id, named, places.roster_identity(person_id, lookup))
                identities.append((lookup, person_id, subject_id, sealed))
            case PictureVisibilityChosen():
                key = (person_id, event.of_person_id)
                pictures[key] = (*key, subject_id, event.visible_to_class)
            case _:
                raise TypeError(event.code)
    target.write(statements, "save_persons", list(rows.values()))
    target.write(statements, "save_roster_identities", identities)
    target.write(statements, "save_picture_choices", list(pictures.values()))


def fold_students(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Pupils, from their files. Columns: id, subject, school, version, grade, enrolled, ended, cause, name."""
    ids = list({recorded.originator_id for recorded in events})
    rows = {row[0]: list(row) for row in target.fetch(statements, "load_students", ids)}
    for recorded in events:
        student_id, subject_id, event = recorded.originator_id, recorded.subject_id, recorded.event
        place = places.student_name(student_id)
        if isinstance(event, StudentEnrolled):
            name = target.seal(subject_id, event.name.encode(), place)
            rows[student_id] = [
                student_id, subject_id, event.school_id, 0, event.grade, event.enrolled_on, None, None, name
            ]  # fmt: skip
        row = rows[student_id]
        row[3] = recorded.originator_version
        match event:
            case StudentEnrolled():
                pass
            case StudentRenamed():
                row[8] = target.seal(subject_id, event.name.encode(), place)
            case StudentTransferred():
                row[2] = event.school_id
            case GradeEntered():
                row[4] = event.grade
            case SchoolingEnded():
                row[6], row[7] = event.ended_on, event.cause.value
            case StudentReenrolled():
                row[2], row[4], row[6], row[7] = event.school_id, event.grade, None, None
            case _:
                raise TypeError(event.code)
    target.write(statements, "save_students", list(rows.values()))


def fold_relations(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Relations, from the pupils' files; the pupil's own begins with the file and never ends."""
    begun: dict[Pair, list[Any]] = {}
    ended: dict[Pair, Any] = {}
    for recorded in events:
        event = recorded.event
        match event:
            case StudentEnrolled():
                relation_id, role, since = own_relation_id(event.person_id), Role.PUPIL, event.enrolled_on
                until = None
            case GuardianLinked() | TeacherAssigned() | MentorAssigned() | EducatorAssigned():
                relation_id, role, since, until = (
                    event.relation_id, RELATION_ROLE[type(event)], event.since, event.until
                )  # fmt: skip
            case GuardianUnlinked() | TeacherUnassigned() | MentorUnassigned() | EducatorUnassigned():
                key = (recorded.originator_id, event.relation_id)
                if key in begun:
                    begun[key][7] = event.ended_on
                else:
                    ended[key] = event.ended_on
                continue
            case _:
                raise TypeError(event.code)
        key = (recorded.originator_id, relation_id)
        name = target.seal(recorded.subject_id, event.name.encode(), places.relation_name(*key))
        subjects = " ".join(event.subjects) if isinstance(event, TeacherAssigned) else ""
        begun[key] = [*key, recorded.subject_id, event.person_id, role.value, since, until, None, subjects, name]
        ended.pop(key, None)
    target.write(statements, "save_relations", list(begun.values()))
    target.write(statements, "end_relations", [(*key, ended_on) for key, ended_on in ended.items()])


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
