"""By what a person signs in: kept by the administration, and never readable again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import StringConstraints
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound, SignInNotYoursToGive
from aggregates.errors.person import IdentifierNotFound, IdentifierNotValid, IdentifierTaken
from api.declare import ONESELF, reads, writes
from api.names import API, ActingAs, PersonId
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import sign_in_identifiers as identifiers
from commands.persons import permit_person
from commands.shown import person_of
from events.person import IdentifierKind

router = APIRouter(tags=["persons"])

IdentifierId = Annotated[UUID, Path(alias="identifier", description="A sign-in identifier of the person.")]
_AT = "/persons/{person}/sign-in-identifiers"


class IdentifierToGive(WriteBody):
    """What a sign-in provider calls the person."""

    kind: IdentifierKind
    value: Annotated[str, StringConstraints(min_length=1, max_length=260)]


class IdentifierShape(Shape):
    """That the person signs in by an identifier of this kind; which one, nobody can read."""

    id: UUID
    kind: IdentifierKind


class Identifiers(Shape):
    """By what a person signs in."""

    items: list[IdentifierShape]


@router.get(_AT, response_model=Identifiers, **reads(Action.MANAGE_ROSTER, ONESELF, refuses=(*SCHOOL, PersonNotFound)))
def list_sign_in_identifiers(asked: Signed, person: PersonId) -> Response:
    """By which kinds of identifier a person signs in, for the person and the administration."""
    if person != asked.person_id:
        permit_person(asked.context, asked.caller, person, on=asked.on)
    found = person_of(asked.context, person).identifiers
    items = [IdentifierShape(id=identifier_id, kind=given.kind) for identifier_id, given in found.items()]
    return answer_with(Identifiers(items=items))


@router.post(
    _AT,
    response_model=Written,
    **writes(
        Action.MANAGE_ROSTER,
        refuses=(*SCHOOL, PersonNotFound, SignInNotYoursToGive, IdentifierNotValid, IdentifierTaken),
        created=True,
    ),
)
def give_sign_in_identifier(asked: Write, person: PersonId, body: IdentifierToGive) -> Response:
    """Let a person sign in by an identifier; it belongs to at most one person, and is kept as a keyed hash alone."""
    answer = identifiers.give_sign_in_identifier(
        asked.context, asked.command(body.acting_as), person, body.kind, body.value
    )
    return asked.answer(answer, created=f"{API}{_AT}/{{id}}".replace("{person}", str(person)))


@router.delete(
    f"{_AT}/{{identifier}}",
    response_model=Written,
    **writes(Action.MANAGE_ROSTER, refuses=(*SCHOOL, PersonNotFound, SignInNotYoursToGive, IdentifierNotFound)),
)
def remove_sign_in_identifier(
    asked: Write, person: PersonId, identifier: IdentifierId, acting_as: ActingAs = None
) -> Response:
    """Let a person no longer sign in by an identifier, nor go on where the person has: every session ends."""
    answer = identifiers.remove_sign_in_identifier(asked.context, asked.command(acting_as), person, identifier)
    asked.services.sessions.end_all(person)
    return asked.answer(answer)
