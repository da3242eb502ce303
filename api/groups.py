"""Classes and teaching groups of a school."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates.errors.school import SchoolAlreadyFounded
from api.declare import ROSTER, reads, writes
from api.names import API, GroupId, SchoolId
from api.protection import IncludeProtected
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import schools
from commands.protection import protected_for
from commands.rates import RateClass
from commands.reads import permit_school_reading
from events.school import GroupKind
from events.text import Name

router = APIRouter(tags=["groups"])


class GroupToForm(WriteBody):
    """A class or teaching group."""

    name: Name
    kind: GroupKind


class GroupName(WriteBody):
    """A group's name."""

    name: Name


class GroupShape(Shape):
    """A class or teaching group."""

    id: UUID
    school_id: UUID
    name: str
    kind: GroupKind
    version: int


class Groups(Shape):
    """The groups of a school."""

    items: list[GroupShape]


class Member(Shape):
    """A pupil who is in the group now."""

    student_id: UUID
    person_id: UUID
    name: str
    grade: int


class GroupWithMembers(GroupShape):
    """A group and who is in it now."""

    members: list[Member]


@router.get(
    "/schools/{school}/groups",
    response_model=Groups,
    **reads(Action.READ_SCHOOL, refuses=SCHOOL, rate=RateClass.SEARCH),
)
def list_groups(
    asked: Signed,
    school: SchoolId,
    name: Annotated[Name | None, Query(description="Only groups with exactly this name.")] = None,
) -> Response:
    """The classes and teaching groups of a school, for its staff."""
    permit_school_reading(asked.context, asked.caller, school, on=asked.on)
    directory = asked.context.directory
    found = directory.groups_of_school(school) if name is None else directory.groups_by_name(school, name)
    items = [
        GroupShape(id=g.group_id, school_id=g.school_id, name=g.name, kind=g.kind, version=g.version) for g in found
    ]
    return answer_with(Groups(items=items))


@router.post(
    "/schools/{school}/groups",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*SCHOOL, SchoolAlreadyFounded), created=True),
)
def form_group(asked: Write, school: SchoolId, body: GroupToForm) -> Response:
    """Form a class or teaching group."""
    answer = schools.form_group(
        asked.context, asked.command(body.acting_as), school_id=school, name=body.name, kind=body.kind
    )
    return asked.answer(answer, created=f"{API}/groups/{{id}}")


@router.get(
    "/groups/{group}",
    response_model=GroupWithMembers,
    **reads(Action.READ_SCHOOL, Action.READ_PROTECTED, refuses=SCHOOL, versioned=True, rate=RateClass.SEARCH),
)
def show_group(asked: Signed, group: GroupId, include_protected: IncludeProtected = False) -> Response:  # noqa: FBT002 - a query
    """A group and who is in it now, for the school's staff."""
    found = asked.context.directory.group(group)
    if found is None:
        raise SchoolNotFound
    permit_school_reading(asked.context, asked.caller, found.school_id, on=asked.on)
    shown_to = protected_for(asked.context, asked.caller, asked_for=include_protected)
    members = [
        Member(student_id=m.student_id, person_id=m.person_id, name=m.name, grade=m.grade)
        for m in asked.context.directory.seen_by(asked.caller.eyes(asked.on)).group_members(
            group, protected_for=shown_to
        )
    ]
    shape = GroupWithMembers(
        id=group, school_id=found.school_id, name=found.name, kind=found.kind, version=found.version, members=members
    )
    return answer_with(shape, version=found.version)


@router.put(
    "/groups/{group}/name", response_model=Written, **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=SCHOOL)
)
def rename_group(asked: Write, group: GroupId, body: GroupName) -> Response:
    """Give the group another name."""
    answer = schools.rename_group(asked.context, asked.command(body.acting_as), group_id=group, name=body.name)
    return asked.answer(answer)
