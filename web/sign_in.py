"""Signing in at one of the providers, becoming surer, and signing out (S-ACC)."""

import hmac
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.configuration import Audience
from commands.sign_in_identifiers import audience_of_person
from store.sessions import Session, SessionEnded
from store.sign_in_attempts import LIFE, Attempt, digest, random_text
from web.addresses import START, local
from web.browser import (
    ATTEMPT_COOKIE,
    Visiting,
    Visitor,
    count_sign_in,
    set_attempt,
    set_session,
    sign_in_address,
    signed_out,
)
from web.errors import PageNotFound
from web.failures import (
    NotSurer,
    OtherBrowser,
    OtherPerson,
    SignInFailed,
    StateExpired,
    StateUnknown,
)
from web.id_token import was_asked_again
from web.identified import identified
from web.oidc import Asked, OpenIdClient
from web.pages import message
from web.rendering import render
from web.services import Services
from web.visit import Guest, Newcomer, OwnForm, Visit

_LONGEST = 4000
router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

ReturnTo = Annotated[str, Query(alias="till", max_length=_LONGEST)]
NeededLevel = Annotated[int | None, Query(alias="niva", ge=1, le=3)]
AUDIENCES: tuple[Audience, ...] = ("guardian", "pupil", "staff")
HIGHEST = 3
_SEE_OTHER = 303
_ELSEWHERE = frozenset({"cross-site", "same-site"})


@router.get("/logga-in")
def choose(request: Request, visitor: Visiting, till: ReturnTo = START) -> Response:
    """The ways to sign in, by whom they are for (S-ACC-1)."""
    return_to = _back(till)
    if visitor.session is not None:
        return RedirectResponse(return_to, _SEE_OTHER)
    sections = [(audience, list(visitor.services.sign_in.shown_to(audience))) for audience in AUDIENCES]
    return render(
        request,
        "sign_in.html",
        sections=[(audience, ways) for audience, ways in sections if ways],
        return_to=return_to,
        signed_out="utloggad" in request.query_params,
    )


@router.get("/logga-in/svar")
def come_back(request: Request, visitor: Visiting, visit: Guest) -> Response:
    """The provider's answer: a session of the person whom it names, or a page that says why not."""
    services = visitor.services
    if not request.query_params or request.method == "HEAD":  # an answer is used once, and by who wants the page
        return RedirectResponse(sign_in_address(START), _SEE_OTHER)
    count_sign_in(request, services)
    answer = {name: value for name, value in request.query_params.items() if len(value) <= _LONGEST}
    provider, return_to = None, START
    try:
        attempt = _attempt(request, services, answer)
        provider, return_to = attempt.provider, attempt.return_to
        session_id = _session(visitor, _client(services, provider), attempt, answer, request.state.correlation_id)
    except SignInFailed as failed:
        return _failed(request, failed, provider, return_to, visit)
    response = RedirectResponse(return_to, _SEE_OTHER)
    set_session(response, session_id)
    return response


@router.get("/logga-in/hojd")
def step_up(request: Request, visitor: Newcomer, till: ReturnTo = START, niva: NeededLevel = None) -> Response:
    """Ask for a surer sign-in, at the same provider where it has one, and come back to the same place."""
    services, session = visitor.services, visitor.session
    needed = min(HIGHEST, max(niva or 0, session.level + 1))
    return_to = _back(till)
    if session.level >= needed:
        return RedirectResponse(return_to, _SEE_OTHER)
    audience = audience_of_person(services.context, visitor.person_id, visitor.on)
    able = {key: way for key, way in services.sign_in.providers.items() if way.highest_for(audience) >= needed}
    if session.provider in able:
        return _to_provider(request, services, session.provider, return_to, session=session, needed=needed)
    return render(request, "step_up.html", me=visitor.me, ways=able, needed=needed, return_to=return_to)


@router.get("/logga-in/{provider}")
def start(
    request: Request, visitor: Visiting, provider: str, till: ReturnTo = START, niva: NeededLevel = None
) -> Response:
    """Send the browser to a provider. With a level, whoever is signed in wants to become surer.

    From another site nobody is signed in without having chosen to: a provider that remembers the person asks nothing.
    """
    services = visitor.services
    if provider not in services.clients:
        raise PageNotFound
    if request.headers.get("sec-fetch-site") in _ELSEWHERE:
        return RedirectResponse(sign_in_address(_back(till)), _SEE_OTHER)
    is_step_up = niva is not None and visitor.session is not None and visitor.session.level < niva
    session = visitor.session if is_step_up else None
    return _to_provider(request, services, provider, _back(till), session=session, needed=niva)


@router.post("/logga-ut")
def sign_out(form: OwnForm, visit: Newcomer) -> Response:
    """End this session, and send the browser to the sign-in page (S-ACC-10)."""
    del form
    visit.services.sessions.end(visit.session.key)
    return signed_out(visit.session)


def _back(till: str) -> str:
    """Where to go on: a page of ours that is not about signing in, which would lead here again."""
    path = local(till)
    return START if path.startswith("/logga-") else path


def _failed(
    request: Request, failed: SignInFailed, provider: str | None, return_to: str, visit: Visit | None
) -> Response:
    """The page that says why, and a log line that says it without a word from outside.

    Whoever is signed in still goes on from the page that asked for a surer sign-in.
    """
    log.warning(failed.event, provider=provider, because=failed.because, **failed.ids)
    if visit is None:
        return message(request, failed.page, status=failed.status, again=sign_in_address(return_to))
    return message(request, failed.page_signed_in or failed.page, status=failed.status, again=return_to, me=visit.me)


def _to_provider(
    request: Request, services: Services, key: str, return_to: str, *, session: Session | None, needed: int | None
) -> Response:
    count_sign_in(request, services)
    client = services.clients[key]
    browser = request.cookies.get(ATTEMPT_COOKIE) or random_text()
    asked = Asked(nonce=random_text(), verifier=random_text() + random_text(), asked_at=services.now())
    try:
        words = client.settings.words_for(needed) if needed else ()
        where = client.authorization_address()
        state = services.attempts.begin(_new_attempt(browser, key, asked, return_to, session))
        address = client.authorization_url(where, state, asked, acr_values=words)
    except SignInFailed as failed:
        return _failed(request, failed, key, return_to, getattr(request.state, "visit", None))
    response = RedirectResponse(address, _SEE_OTHER)
    set_attempt(response, browser)
    return response


def _new_attempt(browser: str, key: str, asked: Asked, return_to: str, session: Session | None) -> Attempt:
    return Attempt(
        browser_hash=digest(browser),
        subject_id=session.person_id if session else None,
        provider=key,
        nonce=asked.nonce,
        verifier=asked.verifier,
        return_to=return_to,
        stepping_up=session.key if session else None,
        created_at=asked.asked_at,
    )


def _attempt(request: Request, services: Services, answer: dict[str, str]) -> Attempt:
    """What this browser asked, and now is used up. Raises StateUnknown, OtherBrowser, StateExpired."""
    attempt = services.attempts.take(answer.get("state", ""))
    if attempt is None:
        raise StateUnknown
    if not hmac.compare_digest(digest(request.cookies.get(ATTEMPT_COOKIE, "")), attempt.browser_hash):
        raise OtherBrowser
    if services.now() - attempt.created_at > LIFE:
        raise StateExpired
    return attempt


def _client(services: Services, provider: str) -> OpenIdClient:
    """Raises StateUnknown where the provider has been taken out of the configuration meanwhile."""
    if provider not in services.clients:
        raise StateUnknown
    return services.clients[provider]


def _session(
    visitor: Visitor, client: OpenIdClient, attempt: Attempt, answer: dict[str, str], correlation_id: UUID
) -> str:
    """The new session's id. Raises what SignInFailed names."""
    services, now = visitor.services, visitor.services.now()
    asked = Asked(attempt.nonce, attempt.verifier, attempt.created_at)
    claims = client.claims(answer, asked, now)
    person, level = identified(services, client.settings, claims, correlation_id)
    before = visitor.session
    if attempt.stepping_up is not None:
        if person.id != attempt.subject_id:
            raise OtherPerson
        if not was_asked_again(claims, attempt.created_at):
            raise NotSurer
        if before is not None and before.key == attempt.stepping_up:
            return _surer(services, before, level, client)
    session_id = services.sessions.begin(person.id, level=level, provider=client.key, terms=person.terms, now=now)
    if before is not None:
        services.sessions.end(before.key)
    log.info("signed_in", person_id=str(person.id), provider=client.key, assurance=level)
    return session_id


def _surer(services: Services, before: Session, level: int, client: OpenIdClient) -> str:
    """The session goes on under a new id at the higher level. Raises NotSurer, StateExpired."""
    if level <= before.level:
        raise NotSurer
    try:
        session_id = services.sessions.step_up(before, level=level, provider=client.key, now=services.now())
    except SessionEnded:
        raise StateExpired from None
    log.info("signed_in_surer", person_id=str(before.person_id), provider=client.key, assurance=level)
    return session_id
