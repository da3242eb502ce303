"""Reading pupils' files: which the caller has to do with, one file, and every event in it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from aggregates.duties import Duty, DutyKind
from aggregates.student_file import Protection, Relation, StudentFile
from api.declare import reads
from api.errors import CursorNotValid
from api.names import STUDENT, StudentId
from api.paging import Cursor, Limit, cursor_number, number_cursor
from api.plan_shapes import PlanSummary
from api.rules import FILE
from api.shapes import By, Shape, answer_with
from api.signed_in import Reading, Signed
from commands.reads import Part, read_duties, read_file, read_history
from events.base import Recorded, Role
from events.enrolment import SchoolingEndCause
from events.reading import ProtectionKind

router = APIRouter(tags=["students"])


class RelationShape(Shape):
    """A person's part towards the pupil; `holds` says whether it gives anything today."""

    id: UUID
    person_id: UUID
    role: Role
    name: str
    subjects: tuple[str, ...]
    since: date
    until: date | None
    ended_on: date | None
    expires_at: datetime | None = Field(
        description="When a file that a principal opened in an emergency closes; such a relation reads and no more."
    )
    holds: bool

    @classmethod
    def of(cls, relation: Relation, *, on: date, at: datetime) -> "RelationShape":
        """A relation of a file, at a moment."""
        fields = {name: getattr(relation, name) for name in cls.model_fields if name != "holds"}
        is_open = relation.expires_at is None or at < relation.expires_at
        return cls(**fields, holds=relation.holds(on) and is_open)


class ProtectionShape(Shape):
    """That the pupil's identity is protected, and who beside the pupil sees it."""

    kind: ProtectionKind
    readers: list[UUID]


class Membership(Shape):
    """A group that the pupil is in."""

    group_id: UUID
    joined_on: date


class SchoolingEnded(Shape):
    """When and why schooling ended."""

    cause: SchoolingEndCause
    ended_on: date


class DutyShape(Shape):
    """Something that is still to be done; plan and subject only where a risk was signalled."""

    kind: DutyKind
    plan_id: UUID | None
    subject: str | None


class Student(Shape):
    """A pupil's file without what its plans say; `reading_as` is the relation that lets the caller read it."""

    id: UUID
    person_id: UUID
    name: str
    school_id: UUID
    grade: int
    enrolled_on: date
    version: int
    reading_as: UUID | None
    groups: list[Membership]
    relations: list[RelationShape]
    plans: list[PlanSummary]
    duties: list[DutyShape] = Field(description="What the law and the school's settings still ask for today.")
    schooling_ended: SchoolingEnded | None
    protection: ProtectionShape | None


class EventShape(Shape):
    """One event as it stands in the file."""

    version: int
    code: str
    at: datetime
    by: By
    command_id: UUID
    correlation_id: UUID
    event: dict[str, Any]


class EventPage(Shape):
    """Events in the order in which they happened."""

    items: list[EventShape]
    next: str | None


@router.get(STUDENT, response_model=Student, **reads(Action.READ_FILE, refuses=FILE, versioned=True))
def show_student(asked: Signed, student: StudentId) -> Response:
    """A pupil's file: who belongs to it and which plans it has."""
    file, grant = read_file(asked.context, asked.caller, student, on=asked.on, part=Part.FILE)
    duties = read_duties(asked.context, file, on=asked.on)
    return answer_with(_student(file, duties, reading_as=grant.relation_id, asked=asked), version=file.version)


def _student(file: StudentFile, duties: list[Duty], *, reading_as: UUID | None, asked: Reading) -> Student:
    ended, protection = file.schooling_ended, file.protection
    return Student(
        id=file.id,
        person_id=file.person_id,
        name=file.name,
        school_id=file.school_id,
        grade=file.grade,
        enrolled_on=file.enrolled_on,
        version=file.version,
        reading_as=reading_as,
        groups=[Membership(group_id=group, joined_on=joined) for group, joined in file.groups.items()],
        relations=[RelationShape.of(relation, on=asked.on, at=asked.now) for relation in file.relations.values()],
        plans=[PlanSummary(**PlanSummary.fields_of(plan)) for plan in reversed(file.plans.values())],
        duties=[DutyShape.model_validate(duty) for duty in duties],
        schooling_ended=None if ended is None else SchoolingEnded(cause=ended.cause, ended_on=ended.ended_on),
        protection=None if protection is None else _protection(protection),
    )


def _protection(protection: Protection) -> ProtectionShape:
    return ProtectionShape(kind=protection.kind, readers=sorted(protection.readers))


@router.get(STUDENT + "/events", response_model=EventPage, **reads(Action.READ_FILE, refuses=(*FILE, CursorNotValid)))
def list_events(asked: Signed, student: StudentId, cursor: Cursor = None, limit: Limit = 100) -> Response:
    """Every event of the pupil's file, in order: who did what, in which relation, for whom, when."""
    after = cursor_number(cursor)
    history = read_history(asked.context, asked.caller, student, on=asked.on)
    found = history[after : after + limit]
    more = after + limit < len(history)
    items = [_event(recorded) for recorded in found]
    return answer_with(EventPage(items=items, next=number_cursor(after + limit) if more else None))


def _event(recorded: Recorded[Any]) -> EventShape:
    return EventShape(
        version=recorded.originator_version,
        code=recorded.event.code,
        at=recorded.at,
        by=By.of(recorded.actor),
        command_id=recorded.command_id,
        correlation_id=recorded.correlation_id,
        event=recorded.event.model_dump(mode="json"),
    )
