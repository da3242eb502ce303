"""What is known of the browser that asks: its session, its cookies, and what its forms must carry."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import structlog
from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commands.rates import RateClass
from store.sessions import Session
from web.addresses import START, local
from web.services import Services, services_of

SESSION_COOKIE = "__Host-liggare"
ATTEMPT_COOKIE = "__Host-liggare-attempt"
ATTEMPT_SECONDS = 600
log = structlog.get_logger()
_COOKIE: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "lax", "path": "/"}


class NotFromOurPage(Exception):
    """A form came that no page of ours sent in this session (CSRF), or from a session that has ended."""


class SignInNeeded(Exception):
    """The page is for those who are signed in; it is where to come back to."""

    def __init__(self, return_to: str) -> None:
        super().__init__()
        self.return_to = return_to


class TooManyRequests(Exception):
    """The caller has to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks for a page, signed in or not."""

    services: Services
    session: Session | None
    form_token: str
    """What a form of this session carries; empty where nobody is signed in."""


def _visitor(request: Request) -> Visitor:
    services = services_of(request)
    session_id = request.cookies.get(SESSION_COOKIE, "")
    session = services.sessions.holder(session_id, services.now()) if session_id else None
    if session is None:
        return Visitor(services, None, "")
    request.state.person_id = str(session.person_id)
    return Visitor(services, session, form_token(session_id))


Visiting = Annotated[Visitor, Depends(_visitor)]
"""What a page for anybody asks for."""


def form_token(session_id: str) -> str:
    """What shows that a form was made for this session: nobody can make one who has not the session's id."""
    return hmac.digest(session_id.encode(), b"form token", hashlib.sha256).hex()


def count_sign_in(request: Request, services: Services) -> None:
    """Count a step of a sign-in by the caller's address. Raises TooManyRequests."""
    who = request.client.host if request.client else ""
    wait = services.rates.take(RateClass.SIGN_IN, who, services.now().timestamp())
    if wait:
        raise TooManyRequests(wait)


def set_session(response: Response, session_id: str) -> None:
    """Give the browser the session. It goes when the browser is closed; the server's limits end it before."""
    response.set_cookie(SESSION_COOKIE, session_id, **_COOKIE)


def set_attempt(response: Response, browser: str) -> None:
    """Bind a sign-in to this browser for as long as it may take."""
    response.set_cookie(ATTEMPT_COOKIE, browser, max_age=ATTEMPT_SECONDS, **_COOKIE)


def forget_session(response: Response) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(SESSION_COOKIE, **_COOKIE)


def sign_in_address(return_to: str, **more: str) -> str:
    """The address of the sign-in page that comes back to this page of ours."""
    back = local(return_to)
    query = urlencode(({} if back == START else {"till": back}) | more)
    return f"/logga-in?{query}" if query else "/logga-in"


def signed_out(session: Session) -> Response:
    """Lead to the sign-in page once the session has ended; the browser forgets what it kept of the pages."""
    log.info("signed_out", person_id=str(session.person_id))
    response = RedirectResponse(sign_in_address(START, utloggad="ja"), status_code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    forget_session(response)
    return response
