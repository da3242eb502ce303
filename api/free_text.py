"""What the free-text guard says of texts that are not saved yet; nothing of them is kept or logged (S-FRE)."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from api import errors
from api.declare import ANYBODY_SIGNED_IN, reads
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Body
from commands.guard import Kind, warnings_in
from commands.rates import RateClass
from events.text import Prose

router = APIRouter(tags=["free text"])


class TextsToCheck(Body):
    """Texts as their author is about to save them, one for each field that is open."""

    texts: Annotated[list[Prose], Field(min_length=1, max_length=20)]


class TextsChecked(Shape):
    """For each text, in order, what it seems to tell that must not stand in a plan; empty where all seems well."""

    warnings: list[list[Kind]]


@router.post(
    "/free-text-check",
    response_model=TextsChecked,
    **reads(
        ANYBODY_SIGNED_IN,
        refuses=(
            errors.CrossSiteRequest,
            errors.BodyNotJson,
            errors.BodyTooLarge,
            errors.ContentTypeNotJson,
            errors.TextNotAllowed,
        ),
        rate=RateClass.SEARCH,
    ),
)
def check_free_text(asked: Signed, body: TextsToCheck) -> Response:  # noqa: ARG001 - asked for, so that none but who is signed in asks
    """Look through texts before they are saved. A guess from Swedish words: show it, and let the author decide.

    Where the author saves a text in spite of a warning, send `Liggare-Warning-Shown: yes` with the write.
    """
    return answer_with(TextsChecked(warnings=[sorted(warnings_in(text)) for text in body.texts]))
