"""Who calls: a session, presented as a bearer or as the browser's cookie; and what a reading route is given."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from access.errors import ScopeNotGranted, TermsNotAccepted
from api.declare import BEFORE_TERMS, RATE
from api.errors import CrossSiteRequest, NotSignedIn, TooManyRequests
from api.programs import as_caller, calling_program
from api.query import refuse_unknown_query
from api.services import Services, services_of
from commands.context import STOCKHOLM, Caller, Context
from commands.origin import is_from_own_page
from commands.rates import RateClass
from commands.terms import CURRENT_TERMS
from store.sessions import Session

COOKIE = "__Host-liggare"
"""The browser's cookie with the session's id: over TLS only, for this host and no other, out of reach of scripts."""
_SCHEME = "bearer "
_READING = frozenset({"GET", "HEAD"})


def session_id(request: Request) -> str:
    """The session's id that came with the request: as a bearer, else in the cookie.

    Raises NotSignedIn where none came, and CrossSiteRequest where a cookie came with a write that another site made:
    browsers add cookies by themselves, so what only a cookie speaks for must come from a page of our own.
    """
    headers = request.headers.getlist("authorization")
    if not headers:
        return _from_cookie(request)
    if len(headers) > 1 or headers[0][: len(_SCHEME)].lower() != _SCHEME:
        raise NotSignedIn
    return headers[0][len(_SCHEME) :].strip()


def _from_cookie(request: Request) -> str:
    found = request.cookies.get(COOKIE)
    if found is None:
        raise NotSignedIn
    given = request.headers.get
    if request.method not in _READING and not is_from_own_page(
        fetch_site=given("sec-fetch-site"), origin=given("origin"), host=given("host")
    ):
        raise CrossSiteRequest
    return found


def sign_in(request: Request, services: Services) -> Session:
    """The session of the request. Raises NotSignedIn, whatever is wrong with it, and CrossSiteRequest."""
    now = services.now()
    session = services.sessions.holder(session_id(request), now)
    if session is None:
        raise NotSignedIn
    admit(request, session)
    return session


def who_calls(request: Request, services: Services) -> tuple[Caller, Session | None]:
    """Who calls, and the session of a person, who has no name here yet; a program comes with a token and has none.

    Raises what `sign_in` raises, and ScopeNotGranted.
    """
    now = services.now()
    program = calling_program(request, services.programs, now=now)
    if program is not None:
        return as_caller(program), None
    session = sign_in(request, services)
    return Caller(session.person_id, "", session.level, at=now), session


def admit(request: Request, session: Session) -> None:
    """What holds for whoever is signed in, before anything is looked at: the log line names the person.

    Raises TermsNotAccepted where the terms that hold now are not accepted and the route is not one of the few before.
    """
    request.state.person_id = str(session.person_id)
    if session.terms != CURRENT_TERMS and not (request.scope["route"].openapi_extra or {}).get(BEFORE_TERMS):
        raise TermsNotAccepted


@dataclass(frozen=True, slots=True)
class Reading:
    """One signed-in request to read. `caller` has no name: reading writes nobody's."""

    services: Services
    caller: Caller
    on: date
    signed_in: Session | None
    now: datetime

    @property
    def context(self) -> Context:
        """What commands and queries work on."""
        return self.services.context

    @property
    def person_id(self) -> UUID:
        """Who reads."""
        return self.caller.person_id

    @property
    def session(self) -> Session:
        """The person's session. Raises ScopeNotGranted for a program, which has none."""
        if self.signed_in is None:
            raise ScopeNotGranted
        return self.signed_in


def _reading(request: Request) -> Reading:
    services = services_of(request)
    caller, session = who_calls(request, services)
    refuse_unknown_query(request)
    now = services.now()
    _count(request, services, session.key.hex() if session else str(caller.person_id), now)
    caller = replace(caller, correlation_id=request.state.correlation_id)
    return Reading(services, caller, now.astimezone(STOCKHOLM).date(), session, now)


def _count(request: Request, services: Services, who: str, now: datetime) -> None:
    """Count the request where the route may be asked for only so often. Raises TooManyRequests."""
    kind = (request.scope["route"].openapi_extra or {}).get(RATE)
    wait = services.programs.rates.take(RateClass(kind), who, now.timestamp()) if kind else 0
    if wait:
        raise TooManyRequests(wait)


Signed = Annotated[Reading, Depends(_reading)]
"""What a reading route asks for."""
