"""The municipality's officers: who holds which office."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from aggregates.municipality import Office
from api.declare import reads
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from commands.officers import read_officers
from events.base import Role

router = APIRouter(tags=["retention"])


class OfficeShape(Shape):
    """An office: what its holder names in `as`. `holds` says whether it gives anything today."""

    id: UUID
    person_id: UUID
    role: Role
    since: date
    until: date | None
    ended_on: date | None
    holds: bool

    @classmethod
    def of(cls, office: Office, *, on: date) -> "OfficeShape":
        """An office, on a day."""
        return cls(
            id=office.id,
            person_id=office.person_id,
            role=office.role,
            since=office.since,
            until=office.until,
            ended_on=office.ended_on,
            holds=office.holds(on),
        )


class OfficerShape(OfficeShape):
    """An office and who holds it; `name` is null where the account is gone or the name is not for the reader."""

    name: str | None


class Officers(Shape):
    """Everybody who holds an office, has held or will hold one, in the order of appointment."""

    items: list[OfficerShape]


@router.get("/officers", response_model=Officers, **reads(Action.READ_OFFICERS))
def list_officers(asked: Signed) -> Response:
    """The officers of the municipality; the operator of Liggare appoints them (`./liggare admin appoint`)."""
    found = read_officers(asked.context, asked.caller, on=asked.on)
    items = [
        OfficerShape(name=officer.name, **OfficeShape.of(officer.office, on=asked.on).model_dump()) for officer in found
    ]
    return answer_with(Officers(items=items))
