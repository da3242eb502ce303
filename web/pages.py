"""A page that says one thing, and where to go on."""

from starlette.requests import Request
from starlette.responses import Response

from web.rendering import render, translator
from web.texts.messages import MESSAGES
from web.visit import Me

__all__ = ["MESSAGES", "message", "render"]


def message(request: Request, key: str, *, status: int, again: str = "/", me: Me | None = None) -> Response:
    """The page of a message, by its key in MESSAGES; `again` is the address of the button that leads on."""
    request.state.problem = key
    translate = translator(request)
    words = MESSAGES[key]
    return render(
        request,
        "message.html",
        status=status,
        me=me,
        heading=translate(words.heading),
        here=request.url.path,
        lines=[translate(words.what), translate(words.do)],
        action={"href": again, "text": translate("Go on")},
    )
