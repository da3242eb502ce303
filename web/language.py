"""Choosing the language of the pages; the choice stays in the browser."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.addresses import local
from web.rendering import LANGUAGE_COOKIE
from web.texts import LANGUAGES

_YEAR = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


@router.get("/sprak")
def choose(request: Request, till: str = "/", till_sprak: str = "") -> Response:
    """Remember the language and go back to the page one came from."""
    response = RedirectResponse(local(till), status_code=303)
    if till_sprak in LANGUAGES:
        remember(request, response, till_sprak)
    return response


def remember(request: Request, response: Response, language: str) -> None:
    """Let the browser keep the choice for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
