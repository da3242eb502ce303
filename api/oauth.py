"""`POST /oauth/token`: a program shows who it is and gets a short token (RFC 6749 client credentials, RFC 7523)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from access.scopes import WITH_PURPOSE, Scope
from api.client_assertions import TYPE, AssertionRefused
from api.client_tokens import LIFETIME
from api.declare import public
from api.errors import TooManyRequests, Unavailable
from api.programs import TOKEN_ADDRESS
from api.services import Services, services_of
from commands.rates import RateClass
from events.text import Line
from store.clients import Client

LARGEST = 16 * 1024
LONGEST_PURPOSE = 200
_FORM = "application/x-www-form-urlencoded"
_PURPOSE: TypeAdapter[str] = TypeAdapter(Line)

router = APIRouter(tags=["clients"])
log = structlog.get_logger()


class Code(StrEnum):
    """Why no token is given, in the words of RFC 6749."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_SCOPE = "invalid_scope"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"


class Token(BaseModel):
    """A token, what it is good for, and for how many seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenProblem(BaseModel):
    """Why no token was given (RFC 6749, 5.2); nothing in it is taken from the request."""

    model_config = ConfigDict(extra="forbid")

    error: Code
    error_description: str


class TokenRequest(BaseModel):
    """What a program sends, as a form."""

    model_config = ConfigDict(extra="ignore")

    grant_type: Literal["client_credentials"]
    client_assertion_type: Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    client_assertion: str
    client_id: str | None = None
    scope: str | None = None
    purpose: str | None = None


class NoToken(Exception):
    """The request for a token is refused."""

    def __init__(self, error: Code, says: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(error)
        self.error = error
        self.says = says
        self.status = status


_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"model": TokenProblem, "description": "The request, the scope or the grant type is not as it must be."},
    401: {"model": TokenProblem, "description": "`invalid_client`: the program did not prove who it is."},
}
_DECLARED = public(refuses=(Unavailable, TooManyRequests))
_DECLARED["responses"] |= _ANSWERS
_DECLARED["openapi_extra"] |= {
    "requestBody": {"required": True, "content": {_FORM: {"schema": TokenRequest.model_json_schema()}}}
}


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of the form, each once. Raises NoToken."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise NoToken(Code.INVALID_REQUEST, "The body is a form: application/x-www-form-urlencoded.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise NoToken(Code.INVALID_REQUEST, "The body is larger than any request for a token.")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise NoToken(Code.INVALID_REQUEST, "The body is no form in UTF-8.") from None
    form = {name: value for name, value in pairs if value}
    if len(pairs) != len(dict(pairs)):
        raise NoToken(Code.INVALID_REQUEST, "Each parameter comes once.")
    return form


Form = Annotated[Mapping[str, str], Depends(_form)]


@router.post(TOKEN_ADDRESS, response_model=Token, **_DECLARED)
def give_token(request: Request, form: Form) -> Response:
    """Give a program a token for ten minutes; it is asked for anew, with a new assertion, when that has run out.

    `scope` is some or all of what the program was given; without it, all. `purpose`, one line, says what the program
    reads for: it is needed with school_read and audit, and stands beside every look that the token gives.
    """
    services = services_of(request)
    now = services.now()
    _count(request, services, now)
    sent = _sent(request, form)
    try:
        client = services.programs.assertions.client(sent.client_assertion, claimed_id=sent.client_id, now=now)
    except AssertionRefused as refused:
        log.warning("client_refused", fault=refused.fault.value, client_id=str(refused.client_id))
        raise NoToken(Code.INVALID_CLIENT, refused.says, HTTPStatus.UNAUTHORIZED) from None
    request.state.person_id = str(client.client_id)
    scopes = _scopes(client, sent.scope)
    token = services.programs.tokens.issue(client, scopes, _purpose(scopes, sent.purpose), now=now)
    log.info("client_token_given", client_id=str(client.client_id), scopes=sorted(scopes))
    given = Token(
        access_token=token,
        token_type="Bearer",  # noqa: S106 - the kind of token
        expires_in=int(LIFETIME.total_seconds()),
        scope=" ".join(sorted(scopes)),
    )
    return JSONResponse(given.model_dump(), headers={"Pragma": "no-cache"})


def _count(request: Request, services: Services, now: datetime) -> None:
    """Count the request by the caller's address. Raises TooManyRequests."""
    who = request.client.host if request.client else ""
    wait = services.programs.rates.take(RateClass.SIGN_IN, who, now.timestamp())
    if wait:
        raise TooManyRequests(wait)


def _sent(request: Request, form: Mapping[str, str]) -> TokenRequest:
    """What the program asks for. Raises NoToken."""
    if "authorization" in request.headers or "client_secret" in form:
        raise NoToken(
            Code.INVALID_CLIENT, "A client proves itself by an assertion and nothing else.", HTTPStatus.UNAUTHORIZED
        )
    if form.get("grant_type", "client_credentials") != "client_credentials":
        raise NoToken(Code.UNSUPPORTED_GRANT_TYPE, "The grant type is client_credentials.")
    try:
        return TokenRequest.model_validate(form)
    except ValidationError as error:
        names = {str(fault["loc"][0]) for fault in error.errors()}
    if "grant_type" in names:
        raise NoToken(Code.INVALID_REQUEST, "The grant type is client_credentials.")
    says = f"A client proves itself by client_assertion, with the client_assertion_type {TYPE}."
    raise NoToken(Code.INVALID_CLIENT, says, HTTPStatus.UNAUTHORIZED)


def _scopes(client: Client, asked: str | None) -> frozenset[Scope]:
    """The scopes of the token: some of the program's own. Raises NoToken."""
    names = client.scopes if asked is None else frozenset(asked.split(" "))
    if not names <= client.scopes:
        raise NoToken(Code.INVALID_SCOPE, "A scope is not known, or was not given to this client.")
    return frozenset(map(Scope, names))


def _purpose(scopes: frozenset[Scope], stated: str | None) -> str:
    """What the program says that it reads for. Raises NoToken."""
    if stated is None:
        if scopes & WITH_PURPOSE:
            raise NoToken(Code.INVALID_REQUEST, "With the scopes school_read and audit a purpose is stated.")
        return ""
    try:
        purpose = _PURPOSE.validate_python(stated)
    except ValidationError:
        purpose = ""
    if not 0 < len(purpose) <= LONGEST_PURPOSE:
        raise NoToken(Code.INVALID_REQUEST, f"A purpose is one line of 1 to {LONGEST_PURPOSE} characters.")
    return purpose


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, NoToken)  # noqa: S101 - registered for this class alone
    request.state.problem = error.error
    headers = {"Pragma": "no-cache"}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="liggare"'
    told = TokenProblem(error=error.error, error_description=error.says)
    return JSONResponse(told.model_dump(), status_code=error.status, headers=headers)


def add_oauth(app: FastAPI) -> None:
    """Add the address and the one handler of its refusals."""
    app.include_router(router)
    app.add_exception_handler(NoToken, _refused)


def program_scheme() -> dict[str, Any]:
    """How the description names a program's token."""
    scopes = {str(scope): _MEANINGS[scope] for scope in Scope}
    return {
        "type": "oauth2",
        "description": "A program's token; the program proves itself by private_key_jwt.",
        "flows": {"clientCredentials": {"tokenUrl": TOKEN_ADDRESS, "scopes": scopes}},
    }


_MEANINGS: Mapping[Scope, str] = {
    Scope.SCHOOL_READ: "Read pupils' files, groups and persons of one school.",
    Scope.SCHOOL_WRITE: "Keep the pupils, persons, relations and groups of one school.",
    Scope.FEED: "Read the envelopes of the feeds.",
    Scope.RETENTION: "Work with what is due for disposal.",
    Scope.DISCLOSURE: "Work with cases of disclosure.",
    Scope.AUDIT: "Read who has read pupils' files.",
}
