"""The caller's own start: who one is, which schools and pupils one has to do with, and in which relations."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.decide import permit_at_school
from access.errors import SchoolNotFound
from access.scopes import Scope, is_for
from aggregates.student_file import Relation
from api.declare import ONESELF, reads
from api.errors import CursorNotValid
from api.officers import OfficeShape
from api.paging import Cursor, Limit, Page, cursor_id, id_cursor, page_of
from api.protection import IncludeProtected
from api.rules import SCHOOL
from api.schools import RoleShape
from api.shapes import Shape, answer_with
from api.signed_in import Reading, Signed
from commands.officers import offices_of
from commands.own_pupils import own_pupils
from commands.protection import protected_for
from commands.rates import RateClass
from events.base import Role
from projections.directory import StudentEntry

router = APIRouter(tags=["myself"])


class OwnRelation(Shape):
    """A relation of the caller to a pupil: what a write names in `as`."""

    id: UUID
    role: Role
    subjects: tuple[str, ...]
    since: date
    until: date | None

    @classmethod
    def of(cls, relation: Relation) -> "OwnRelation":
        """A relation that holds today."""
        return cls.model_validate(relation)


class StudentRow(Shape):
    """A pupil, and what the caller is to the pupil today."""

    id: UUID
    person_id: UUID
    name: str
    school_id: UUID
    grade: int
    relations: list[OwnRelation]


class Students(Shape):
    """Pupils, by id."""

    items: list[StudentRow]
    next: str | None


class OwnPart(RoleShape):
    """The caller's part at a school: what a write there names in `as`."""

    school_id: UUID


class Me(Shape):
    """The caller: who one is, how surely, which terms one has accepted, the parts one has at schools, and offices."""

    person_id: UUID
    level: int
    terms_accepted: str | None = Field(description="The version of the terms that was accepted last.")
    school_roles: list[OwnPart]
    offices: list[OfficeShape]


@router.get("/me", response_model=Me, **reads(ONESELF, before_terms=True))
def show_myself(asked: Signed) -> Response:
    """Who the caller is, how surely, and the caller's parts at schools and offices in the municipality."""
    parts = asked.context.directory.school_parts(asked.person_id)
    roles = [
        OwnPart(school_id=part.school_id, **RoleShape.of(part.role, on=asked.on).model_dump())
        for part in parts
        if part.role.holds(asked.on)
    ]
    return answer_with(
        Me(
            person_id=asked.person_id,
            level=asked.caller.level,
            terms_accepted=asked.session.terms,
            school_roles=roles,
            offices=[
                OfficeShape.of(office, on=asked.on)
                for office in offices_of(asked.context, asked.person_id)
                if office.holds(asked.on)
            ],
        )
    )


@router.get(
    "/students",
    response_model=Students,
    **reads(
        ONESELF,
        Action.MANAGE_ROSTER,
        Action.READ_PROTECTED,
        refuses=(*SCHOOL, CursorNotValid),
        scopes=(Scope.SCHOOL_READ, Scope.SCHOOL_WRITE),
        rate=RateClass.SEARCH,
    ),
)
def list_students(
    asked: Signed,
    school: Annotated[
        UUID | None, Query(description="All pupils of a school, for its administration; else one's own.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    include_protected: IncludeProtected = False,  # noqa: FBT002 - a query
) -> Response:
    """The pupils whom the caller has a relation to today; or all pupils of a school, for its administration."""
    page = _own(asked, cursor, limit) if school is None else _of_school(asked, school, cursor, limit, include_protected)
    return answer_with(Students(items=list(page.items), next=page.next))


def _own(asked: Reading, cursor: str | None, limit: int) -> Page[StudentRow]:
    """One's own, where the sign-in is strong enough."""
    rows = []
    for found in own_pupils(asked.context, asked.caller, on=asked.on).shown:
        row = _row(found.student)
        row.relations.extend(OwnRelation.of(relation) for relation in found.relations)
        rows.append(row)
    return page_of(rows, lambda row: row.id, cursor=cursor, limit=limit)


def _of_school(
    asked: Reading,
    school: UUID,
    cursor: str | None,
    limit: int,
    include_protected: bool,  # noqa: FBT001 - passed on
) -> Page[StudentRow]:
    _permit_roster(asked, school)
    shown_to = protected_for(asked.context, asked.caller, asked_for=include_protected)
    after = cursor_id(cursor)
    seen = asked.context.directory.seen_by(asked.caller.eyes(asked.on))
    found = seen.students_of_school(school, after=after, limit=limit + 1, protected_for=shown_to)
    rows = [_row(student) for student in found[:limit]]
    return Page(rows, id_cursor(rows[-1].id) if len(found) > limit else None)


def _permit_roster(asked: Reading, school: UUID) -> None:
    """For the school's administration, and for programs that read or keep its pupils."""
    program = asked.caller.client
    if program is not None:
        if not is_for(program, school):
            raise SchoolNotFound
        return
    roles = asked.context.directory.school_roles(asked.person_id, school)
    permit_at_school(Action.MANAGE_ROSTER, roles, on=asked.on, level=asked.caller.level, levels=asked.context.levels)


def _row(student: StudentEntry) -> StudentRow:
    return StudentRow(
        id=student.student_id,
        person_id=student.person_id,
        name=student.name,
        school_id=student.school_id,
        grade=student.grade,
        relations=[],
    )
