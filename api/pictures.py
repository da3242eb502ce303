"""Pictures of people: sent as they are, kept small and clean, shown to those who may see them."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.errors.person import PictureNotFound, PictureNotUsable
from api.body import PICTURE_TYPES
from api.declare import ONESELF, reads, writes
from api.errors import PictureTooLarge, PictureTypeNotAllowed
from api.names import PersonId
from api.signed_in import Signed
from api.writing import Body, PictureWrite, Write, Written
from commands import pictures
from commands.profiles import read_picture
from store.pictures import MEDIA_TYPE

router = APIRouter(tags=["people"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}


class PictureVisibility(Body):
    """Whether class-mates and their guardians may see the picture."""

    visible_to_class: bool


def _shown() -> dict[str, Any]:
    declared = reads(Action.READ_PROFILE, refuses=(PictureNotFound,))
    shown = {200: {"description": "The picture.", "content": {MEDIA_TYPE: _BINARY}}}
    return {**declared, "responses": declared["responses"] | shown}


def _sent() -> dict[str, Any]:
    declared = writes(ONESELF, refuses=(PersonNotFound, PictureNotUsable, PictureTooLarge, PictureTypeNotAllowed))
    body = {"required": True, "content": dict.fromkeys(PICTURE_TYPES, _BINARY)}
    return {**declared, "openapi_extra": declared["openapi_extra"] | {"requestBody": body}}


@router.get("/persons/{person}/picture", response_class=Response, **_shown())
def show_picture(asked: Signed, person: PersonId) -> Response:
    """The picture of a person, where there is one that the caller may see."""
    content = read_picture(asked.context, asked.caller, person, on=asked.on)
    return Response(content, media_type=MEDIA_TYPE)


@router.post("/persons/{person}/picture", response_model=Written, **_sent())
def give_picture(asked: PictureWrite, person: PersonId, request: Request) -> Response:
    """Give oneself or one's child a picture: a JPEG, PNG, WebP or GIF file of at most 10 MB as the body.

    It is made small and upright, and everything else that the file holds is thrown away.
    """
    answer = pictures.give_picture(asked.context, asked.command(None), person_id=person, sent=request.state.body)
    return asked.answer(answer)


@router.delete(
    "/persons/{person}/picture", response_model=Written, **writes(ONESELF, refuses=(PersonNotFound, PictureNotFound))
)
def remove_picture(asked: Write, person: PersonId) -> Response:
    """Take one's own or one's child's picture away."""
    return asked.answer(pictures.remove_picture(asked.context, asked.command(None), person_id=person))


@router.put(
    "/persons/{person}/picture-visibility",
    response_model=Written,
    **writes(ONESELF, refuses=(PersonNotFound,)),
)
def choose_picture_visibility(asked: Write, person: PersonId, body: PictureVisibility) -> Response:
    """Show or hide one's own or one's child's picture for the class; hidden until chosen."""
    answer = pictures.choose_picture_visibility(
        asked.context, asked.command(None), of_person_id=person, visible_to_class=body.visible_to_class
    )
    return asked.answer(answer)
