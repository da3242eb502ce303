"""Pupils' files: open one, read one, its people and groups, its moves, and the end of schooling."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
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
from api.declare import ROSTER, writes
from api.names import API, STUDENT, ActingAs, GroupId, RelationId, StudentId
from api.rules import FILE, SCHOOL
from api.writing import Write, WriteBody, Written
from commands import enrolment
from events.base import Role
from events.enrolment import SchoolingEndCause
from events.text import Code, Prose

router = APIRouter(tags=["students"])

Grade = Annotated[int, Field(ge=-5, le=10, description="0 is F-klass, 1-9 compulsory school, below 0 preschool.")]


class StudentToEnrol(WriteBody):
    """A registered person becomes a pupil of a school; `as` is a part at that school."""

    person_id: UUID
    school_id: UUID
    grade: Grade


class RelationRole(StrEnum):
    """What a person can be to a pupil."""

    GUARDIAN = "guardian"
    TEACHER = "teacher"
    MENTOR = "mentor"
    EDUCATOR = "educator"


class RelationToStart(WriteBody):
    """A registered person's part towards the pupil; `subjects` only for a teacher."""

    person_id: UUID
    role: RelationRole
    subjects: tuple[Code, ...] = ()
    since: date | None = None
    until: date | None = None


class GroupToJoin(WriteBody):
    """A class or teaching group."""

    group_id: UUID


class SchoolToEnter(WriteBody):
    """The school that the pupil goes to from today."""

    school_id: UUID


class GradeToEnter(WriteBody):
    """The school year that the pupil goes in from today."""

    grade: Grade


class SchoolingEnd(WriteBody):
    """When and why the pupil left compulsory school."""

    cause: SchoolingEndCause
    ended_on: date


class SchoolingEndCorrection(SchoolingEnd):
    """When and why the pupil really left, and why that was not on record."""

    reason: Prose


class SchoolingEndWithdrawal(WriteBody):
    """Why an end of schooling was on record that there was not."""

    reason: Prose


class Reenrolment(WriteBody):
    """The school and school year that a pupil who has come back goes in."""

    school_id: UUID
    grade: Grade


@router.post(
    "/students",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*SCHOOL, PersonNotFound, StudentAlreadyEnrolled), created=True
    ),
)
def enrol_student(asked: Write, body: StudentToEnrol) -> Response:
    """Open a pupil's one file."""
    answer = enrolment.enrol_student(
        asked.context,
        asked.command(body.acting_as),
        person_id=body.person_id,
        school_id=body.school_id,
        grade=body.grade,
    )
    return asked.answer(answer, created=f"{API}/students/{{id}}")


@router.put(
    STUDENT + "/name",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, PersonNotFound)),
)
def rename_student(asked: Write, student: StudentId, body: WriteBody) -> Response:
    """Let the file take the name that the pupil has as a person now."""
    answer = enrolment.rename_student(asked.context, asked.command(body.acting_as), student_id=student)
    return asked.answer(answer)


@router.post(
    STUDENT + "/relations",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER,
        scopes=ROSTER,
        refuses=(*FILE, PersonNotFound, RelationToOneself, RelationAlreadyExists, RelationEndsBeforeItStarts),
        created=True,
    ),
)
def start_relation(asked: Write, student: StudentId, body: RelationToStart) -> Response:
    """Give a person a part towards the pupil: guardian, teacher, mentor or educator."""
    answer = enrolment.start_relation(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        person_id=body.person_id,
        role=Role(body.role),
        subjects=body.subjects,
        since=body.since,
        until=body.until,
    )
    return asked.answer(answer, created=f"{API}/students/{student}/relations/{{id}}")


@router.delete(
    STUDENT + "/relations/{relation}",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, RelationNotFound, RelationEndsBeforeItStarts)),
)
def end_relation(
    asked: Write,
    student: StudentId,
    relation: RelationId,
    acting_as: ActingAs = None,
    ended_on: Annotated[date | None, Query(description="The first day on which it gives nothing; today.")] = None,
) -> Response:
    """End a relation: from that day it gives nothing. The record stays whole."""
    answer = enrolment.end_relation(
        asked.context, asked.command(acting_as), student_id=student, relation_id=relation, on=ended_on
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/groups",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER,
        scopes=ROSTER,
        refuses=(*FILE, *SCHOOL, GroupAlreadyJoined, SchoolingHasEnded),
        created=True,
    ),
)
def join_group(asked: Write, student: StudentId, body: GroupToJoin) -> Response:
    """Put the pupil in a class or teaching group."""
    answer = enrolment.join_group(
        asked.context, asked.command(body.acting_as), student_id=student, group_id=body.group_id
    )
    return asked.answer(answer, created=f"{API}/groups/{{id}}")


@router.delete(
    STUDENT + "/groups/{group}",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, NotInGroup, RelationEndsBeforeItStarts)),
)
def leave_group(asked: Write, student: StudentId, group: GroupId, acting_as: ActingAs = None) -> Response:
    """Take the pupil out of the group."""
    answer = enrolment.leave_group(asked.context, asked.command(acting_as), student_id=student, group_id=group)
    return asked.answer(answer)


@router.post(
    STUDENT + "/transfer",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, *SCHOOL, AlreadyAtSchool, SchoolingHasEnded)),
)
def transfer_student(asked: Write, student: StudentId, body: SchoolToEnter) -> Response:
    """Let the pupil go to another school; the file follows the pupil."""
    answer = enrolment.transfer_student(
        asked.context, asked.command(body.acting_as), student_id=student, school_id=body.school_id
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/grade",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, AlreadyAtSchool, SchoolingHasEnded)),
)
def enter_grade(asked: Write, student: StudentId, body: GradeToEnter) -> Response:
    """Let the pupil go in another school year."""
    answer = enrolment.enter_grade(asked.context, asked.command(body.acting_as), student_id=student, grade=body.grade)
    return asked.answer(answer)


@router.post(
    STUDENT + "/schooling-end",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, SchoolingHasEnded, DayNotCome, RelationEndsBeforeItStarts)
    ),
)
def end_schooling(asked: Write, student: StudentId, body: SchoolingEnd) -> Response:
    """Say when and why the pupil left compulsory school: what the disposal schedule counts from."""
    answer = enrolment.end_schooling(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        cause=body.cause,
        on=body.ended_on,
    )
    return asked.answer(answer)


@router.put(
    STUDENT + "/schooling-end",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER,
        scopes=ROSTER,
        refuses=(*FILE, SchoolingHasNotEnded, DayNotCome, RelationEndsBeforeItStarts),
    ),
)
def correct_schooling_end(asked: Write, student: StudentId, body: SchoolingEndCorrection) -> Response:
    """Set right when and why the pupil left compulsory school; what is due by it moves with it."""
    answer = enrolment.correct_schooling_end(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        cause=body.cause,
        on=body.ended_on,
        reason=body.reason,
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/schooling-end/withdrawal",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, SchoolingHasNotEnded)),
)
def withdraw_schooling_end(asked: Write, student: StudentId, body: SchoolingEndWithdrawal) -> Response:
    """Take back an end of schooling that was recorded by mistake; a pupil who has come back is re-enrolled instead."""
    answer = enrolment.withdraw_schooling_end(
        asked.context, asked.command(body.acting_as), student_id=student, reason=body.reason
    )
    return asked.answer(answer)


@router.post(
    STUDENT + "/re-enrolment",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*FILE, *SCHOOL, SchoolingHasNotEnded, RelationEndsBeforeItStarts)
    ),
)
def reenrol_student(asked: Write, student: StudentId, body: Reenrolment) -> Response:
    """Take up the file again when the pupil has come back."""
    answer = enrolment.reenrol_student(
        asked.context,
        asked.command(body.acting_as),
        student_id=student,
        school_id=body.school_id,
        grade=body.grade,
    )
    return asked.answer(answer)
