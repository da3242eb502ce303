"""What a person has chosen to say of oneself, for those who may see it (S-SET-5)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from commands.profiles import read_profile
from web.pictures import picture_address
from web.rendering import render
from web.visit import Seeker

router = APIRouter(include_in_schema=False)


@router.get("/personer/{person}")
def show(request: Request, person: Annotated[UUID, Path()], visit: Seeker) -> Response:
    """Name, picture and description."""
    found = read_profile(visit.context, visit.caller, person, on=visit.on)
    return render(
        request,
        "profile.html",
        me=visit.me,
        name=found.person.name,
        description=found.person.description,
        picture=picture_address(person) if found.has_picture else "",
        is_own=person == visit.person_id,
    )
