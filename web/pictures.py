"""Pictures of people, for those who may see them, and giving or removing one's own or one's child's."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from access.errors import PersonNotFound
from commands.profiles import read_picture
from store.pictures import MEDIA_TYPE
from web.visit import Visitor

router = APIRouter(include_in_schema=False)


def picture_address(person_id: UUID) -> str:
    """Where a person's picture is."""
    return f"/bilder/{person_id}"


@router.get("/bilder/{person}")
def show(person: Annotated[UUID, Path()], visit: Visitor) -> Response:
    """The picture, where the reader may see it."""
    return Response(read_picture(visit.context, visit.caller, person, on=visit.on), media_type=MEDIA_TYPE)


def uuid_in(text: str) -> UUID:
    """The person whom a form names. Raises PersonNotFound where it names none."""
    try:
        return UUID(text.strip())
    except ValueError:
        raise PersonNotFound from None
