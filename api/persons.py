"""Persons, as the administration keeps them: register, rename, show."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from access.decide import permit_at_school
from access.errors import PersonNotFound
from aggregates.errors import NotFound
from aggregates.errors.person import PersonAlreadyRegistered
from api.declare import ONESELF, ROSTER, reads, writes
from api.names import API, PersonId
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Reading, Signed
from api.writing import Write, WriteBody, Written
from commands import persons
from commands.programs import knows_person
from commands.shown import person_of, require_shown
from events.text import Name

router = APIRouter(tags=["persons"])


class PersonName(WriteBody):
    """A person's name."""

    given_name: Name
    family_name: Name


class PersonShape(Shape):
    """A person; `pictures_shown` names whose pictures the person lets the class see."""

    id: UUID
    given_name: str
    family_name: str
    pictures_shown: list[UUID]
    version: int


@router.post(
    "/persons",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*SCHOOL, PersonAlreadyRegistered), created=True),
)
def register_person(asked: Write, body: PersonName) -> Response:
    """Make a person known; what the person may do comes from relations alone."""
    answer = persons.register_person(
        asked.context, asked.command(body.acting_as), given_name=body.given_name, family_name=body.family_name
    )
    return asked.answer(answer, created=f"{API}/persons/{{id}}")


@router.get(
    "/persons/{person}",
    response_model=PersonShape,
    **reads(Action.READ_SCHOOL, ONESELF, refuses=(PersonNotFound,), versioned=True),
)
def show_person(asked: Signed, person: PersonId) -> Response:
    """A person: oneself, or anybody for staff of a school."""
    if person != asked.person_id:
        _permit_acquainted(asked, person)
    require_shown(asked.context, asked.caller, person)
    found = person_of(asked.context, person)
    shape = PersonShape(
        id=found.id,
        given_name=found.given_name,
        family_name=found.family_name,
        pictures_shown=sorted(found.pictures_shown) if person == asked.person_id else [],
        version=found.version,
    )
    return answer_with(shape, version=found.version)


def _permit_acquainted(asked: Reading, person: UUID) -> None:
    """Staff of any school see persons (S-ROL-7), a program those of its own; to all others there is no such person."""
    program = asked.caller.client
    if program is not None:
        if not knows_person(asked.context, program, person, on=asked.on):
            raise PersonNotFound
        return
    roles = asked.context.directory.school_roles(asked.person_id)
    try:
        permit_at_school(Action.READ_SCHOOL, roles, on=asked.on, level=asked.caller.level, levels=asked.context.levels)
    except NotFound:
        raise PersonNotFound from None


@router.put(
    "/persons/{person}/name",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, scopes=ROSTER, refuses=(*SCHOOL, PersonNotFound)),
)
def rename_person(asked: Write, person: PersonId, body: PersonName) -> Response:
    """Give a person another name from now on; what was written before keeps the name it was written under."""
    answer = persons.rename_person(
        asked.context,
        asked.command(body.acting_as),
        person_id=person,
        given_name=body.given_name,
        family_name=body.family_name,
    )
    return asked.answer(answer)
