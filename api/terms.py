"""The terms of use: read by anybody, accepted by each person for the own use of the service."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints
from starlette.responses import Response

from access.errors import PersonNotFound
from aggregates.errors.person import TermsNotCurrent
from api.declare import ONESELF, public, writes
from api.shapes import Shape, answer_with
from api.writing import Body, Write, Written
from commands import terms

router = APIRouter(tags=["terms"])


class TermsText(Shape):
    """The terms in one language, as Markdown."""

    language: str
    title: str
    text: str


class TermsShape(Shape):
    """The terms that hold now."""

    version: str
    texts: list[TermsText]


class TermsToAccept(Body):
    """The version that was read."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=60)]


@router.get("/terms", response_model=TermsShape, **public())
def show_terms() -> Response:
    """The terms of use that hold now, in Swedish and English."""
    texts = [TermsText.model_validate(text) for text in terms.all_terms().values()]
    return answer_with(TermsShape(version=terms.CURRENT_TERMS, texts=texts))


@router.post(
    "/me/terms",
    response_model=Written,
    **writes(ONESELF, refuses=(PersonNotFound, TermsNotCurrent), before_terms=True),
)
def accept_terms(asked: Write, body: TermsToAccept) -> Response:
    """Accept the terms that hold now. Who does not has no access, and nothing is stored about it."""
    answer = terms.accept_terms(asked.context, asked.command(None), version=body.version)
    if body.version == terms.CURRENT_TERMS:  # an old acceptance that is sent again is answered, and opens nothing
        asked.services.sessions.accept(asked.session.key, body.version)
    return asked.answer(answer)
