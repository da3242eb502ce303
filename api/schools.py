"""Schools: who runs them, and their dated settings."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound, SchoolNotFound
from aggregates.errors.enrolment import RelationAlreadyExists, RelationEndsBeforeItStarts, RelationNotFound
from aggregates.errors.school import SettingsInThePast, SettingsNotNewer
from aggregates.school import School, SchoolRole
from api.declare import ONESELF, reads, writes
from api.names import API, ActingAs, RelationId, SchoolId
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Reading, Signed
from api.writing import Write, WriteBody, Written
from commands import schools
from commands.reads import permit_school_reading
from commands.streams import SCHOOL as SCHOOL_STREAM
from commands.streams import find
from events.base import Role
from events.school import Module, SchoolSettings

router = APIRouter(tags=["schools"])


class SchoolPart(StrEnum):
    """What a person can be at a school."""

    ADMINISTRATOR = "administrator"
    PRINCIPAL = "principal"
    STAFF = "staff"


class RoleToGrant(WriteBody):
    """A registered person's part at the school."""

    person_id: UUID
    role: SchoolPart
    since: date | None = None
    until: date | None = None


class SettingsToAdopt(WriteBody):
    """Settings that hold from a day; what held before stays true of the time before."""

    valid_from: date
    settings: SchoolSettings


class ModulesToChoose(WriteBody):
    """The modules that the school uses beside the plan itself."""

    modules: frozenset[Module]


class RoleShape(Shape):
    """A person's part at the school; `holds` says whether it gives anything today."""

    id: UUID
    person_id: UUID
    role: Role
    since: date
    until: date | None
    ended_on: date | None
    holds: bool

    @classmethod
    def of(cls, role: SchoolRole, *, on: date) -> "RoleShape":
        """A part at a school, on a day."""
        return cls(
            id=role.id,
            person_id=role.person_id,
            role=role.role,
            since=role.since,
            until=role.until,
            ended_on=role.ended_on,
            holds=role.holds(on),
        )


class DatedSettings(Shape):
    """Settings and the day from which they hold; null for the defaults that hold before any decision."""

    valid_from: date | None
    settings: SchoolSettings


class SchoolShape(Shape):
    """A school: its people, and the settings in force today."""

    id: UUID
    name: str
    version: int
    roles: list[RoleShape]
    settings: SchoolSettings
    modules: list[Module]


class SchoolSummary(Shape):
    """A school where the caller has a part, and which."""

    id: UUID
    name: str
    roles: list[RoleShape]


class Schools(Shape):
    """Schools, by id."""

    items: list[SchoolSummary]


class SettingsHistory(Shape):
    """Every decision on settings, the latest last, and what is in force today."""

    in_force: SchoolSettings
    items: list[DatedSettings]


@router.get("/schools", response_model=Schools, **reads(ONESELF))
def list_schools(asked: Signed) -> Response:
    """The schools where the caller has a part today."""
    directory = asked.context.directory
    parts = [part for part in directory.school_parts(asked.person_id) if part.role.holds(asked.on)]
    names = {school.school_id: school.name for school in directory.schools()}
    items = [
        SchoolSummary(
            id=school_id,
            name=names[school_id],
            roles=[RoleShape.of(part.role, on=asked.on) for part in parts if part.school_id == school_id],
        )
        for school_id in sorted({part.school_id for part in parts})
        if school_id in names
    ]
    return answer_with(Schools(items=items))


def _school(asked: Reading, school_id: UUID) -> School:
    permit_school_reading(asked.context, asked.caller, school_id, on=asked.on)
    school = find(asked.context, SCHOOL_STREAM, school_id)
    if school is None:
        raise SchoolNotFound
    return school


@router.get(
    "/schools/{school}", response_model=SchoolShape, **reads(Action.READ_SCHOOL, refuses=SCHOOL, versioned=True)
)
def show_school(asked: Signed, school: SchoolId) -> Response:
    """A school, for its staff."""
    found = _school(asked, school)
    shape = SchoolShape(
        id=found.id,
        name=found.name,
        version=found.version,
        roles=[RoleShape.of(role, on=asked.on) for role in found.roles.values()],
        settings=found.settings_on(asked.on),
        modules=sorted(found.modules),
    )
    return answer_with(shape, version=found.version)


@router.get(
    "/schools/{school}/settings",
    response_model=SettingsHistory,
    **reads(Action.READ_SCHOOL, refuses=SCHOOL, versioned=True),
)
def show_settings(asked: Signed, school: SchoolId) -> Response:
    """The school's settings: in force today, and every decision on them."""
    found = _school(asked, school)
    items = [DatedSettings(valid_from=None, settings=SchoolSettings())]
    items += [DatedSettings(valid_from=day, settings=settings) for day, settings in found.settings]
    return answer_with(SettingsHistory(in_force=found.settings_on(asked.on), items=items), version=found.version)


@router.put(
    "/schools/{school}/settings",
    response_model=Written,
    **writes(Action.ADOPT_SETTINGS, refuses=(*SCHOOL, SettingsNotNewer, SettingsInThePast)),
)
def adopt_settings(asked: Write, school: SchoolId, body: SettingsToAdopt) -> Response:
    """Decide on the school's settings from a day on, today or later; the first decision may reach back."""
    answer = schools.adopt_settings(
        asked.context,
        asked.command(body.acting_as),
        school_id=school,
        valid_from=body.valid_from,
        settings=body.settings,
    )
    return asked.answer(answer)


@router.put("/schools/{school}/modules", response_model=Written, **writes(Action.ADOPT_SETTINGS, refuses=SCHOOL))
def choose_modules(asked: Write, school: SchoolId, body: ModulesToChoose) -> Response:
    """Decide which modules the school uses; pages of the others are not there."""
    answer = schools.choose_modules(
        asked.context, asked.command(body.acting_as), school_id=school, modules=body.modules
    )
    return asked.answer(answer)


@router.post(
    "/schools/{school}/roles",
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER,
        Action.NAME_PRINCIPAL,
        refuses=(*SCHOOL, PersonNotFound, RelationAlreadyExists, RelationEndsBeforeItStarts),
        created=True,
    ),
)
def grant_role(asked: Write, school: SchoolId, body: RoleToGrant) -> Response:
    """Make a registered person administrator, principal or staff at the school."""
    answer = schools.grant_role(
        asked.context,
        asked.command(body.acting_as),
        school_id=school,
        person_id=body.person_id,
        role=Role(body.role),
        since=body.since,
        until=body.until,
    )
    return asked.answer(answer, created=f"{API}/schools/{school}/roles/{{id}}")


@router.delete(
    "/schools/{school}/roles/{relation}",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, refuses=(*SCHOOL, RelationNotFound, RelationEndsBeforeItStarts)),
)
def revoke_role(
    asked: Write,
    school: SchoolId,
    relation: RelationId,
    acting_as: ActingAs = None,
    ended_on: Annotated[date | None, Query(description="The first day on which it gives nothing; today.")] = None,
) -> Response:
    """End a person's part at the school."""
    answer = schools.revoke_role(
        asked.context, asked.command(acting_as), school_id=school, relation_id=relation, on=ended_on
    )
    return asked.answer(answer)
