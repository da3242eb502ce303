"""Accounts of people who have nothing to do with the school any more."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from access.actions import Action
from api.declare import reads
from api.errors import CursorNotValid
from api.names import SchoolId
from api.paging import Cursor, Limit, cursor_id, id_cursor
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from commands.accounts import accounts_without_relation

router = APIRouter(tags=["persons"])


class IdleAccountShape(Shape):
    """A person without any relation; `last_on` is the day from which nothing holds any more."""

    person_id: UUID
    given_name: str
    family_name: str
    last_on: date | None


class IdleAccounts(Shape):
    """Persons without any relation, by id."""

    items: list[IdleAccountShape]
    next: str | None


@router.get(
    "/schools/{school}/accounts-without-relation",
    response_model=IdleAccounts,
    **reads(Action.MANAGE_ROSTER, refuses=(*SCHOOL, CursorNotValid)),
)
def list_accounts_without_relation(
    asked: Signed, school: SchoolId, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Persons who had to do with the school and have nothing to do with any now: their accounts are due for removal."""
    found = accounts_without_relation(
        asked.context, asked.caller, on=asked.on, school_id=school, after=cursor_id(cursor), limit=limit + 1
    )
    items = [
        IdleAccountShape(
            person_id=one.person.person_id,
            given_name=one.person.given_name,
            family_name=one.person.family_name,
            last_on=one.last_on,
        )
        for one in found[:limit]
    ]
    return answer_with(IdleAccounts(items=items, next=id_cursor(items[-1].person_id) if len(found) > limit else None))
