"""Every refusal as problem+json (RFC 9457), and the one place that turns errors into refusals."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from access.errors import AssuranceTooLow
from aggregates.errors import Refusal
from api import errors
from api.field_rules import field_errors
from store import errors as store_errors

MEDIA_TYPE = "application/problem+json"
PROBLEMS = "/problems"

log = structlog.get_logger()


class FieldError(BaseModel):
    """Which field breaks which rule; never what was sent."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="Where: header, query or path and a name, or a JSON pointer into the body.")
    rule: str = Field(description="What holds there.")


class Problem(BaseModel):
    """A refusal (RFC 9457). Nothing was stored; nothing in it is taken from the request."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Permanent name of the rule, an address that explains it.")
    title: str = Field(description="The rule.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What to do.")
    checks: dict[str, str | None] | None = Field(
        default=None, description="With `not-ready`: each part that must work and what is wrong with it."
    )
    needed_level: int | None = Field(
        default=None, description="With `assurance-too-low`: the assurance level that is enough."
    )
    errors: list[FieldError] | None = Field(default=None, description="The fields, where several may be meant.")


STORE: Mapping[type[store_errors.StoreError], type[Refusal]] = {
    store_errors.StreamNotFound: errors.AddressNotFound,
    store_errors.VersionConflict: errors.WrittenAtTheSameTime,
    store_errors.CommandReused: errors.IdempotencyKeyReused,
    store_errors.SubjectErased: errors.Erased,
    store_errors.EventTooLarge: errors.EventLargerThanAllowed,
    store_errors.TooManyEvents: errors.MoreEventsThanAllowed,
    store_errors.KeyMissing: errors.Unavailable,
    store_errors.SubjectFenced: errors.Unavailable,
    store_errors.StoreUnavailable: errors.Unavailable,
}
"""How the store's errors are answered. Any other is answered as Failed."""


def problem_response(
    refusal: Refusal, headers: Mapping[str, str] | None = None, checks: Mapping[str, str | None] | None = None
) -> Response:
    """The answer to a broken rule. `checks` is for the one problem that names parts of the system."""
    content: dict[str, Any] = {
        "type": f"{PROBLEMS}/{refusal.code}",
        "title": refusal.rule,
        "status": refusal.status,
        "detail": refusal.remedy,
    }
    if isinstance(refusal, errors.NotValid):
        content["errors"] = [{"field": field, "rule": rule} for field, rule in refusal.errors]
    if isinstance(refusal, AssuranceTooLow):
        content["needed_level"] = refusal.needed_level
    if checks is not None:
        content["checks"] = dict(checks)
    more = dict(headers or {})
    if isinstance(refusal, errors.NotSignedIn):
        more["WWW-Authenticate"] = 'Bearer realm="liggare"'
    if isinstance(refusal, errors.Unavailable | errors.TooManyRequests):
        more["Retry-After"] = str(refusal.retry_after)
    return JSONResponse(content, status_code=refusal.status, headers=more, media_type=MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class alone
    request.state.problem = error.code
    return problem_response(error)


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    request.state.problem = errors.NotValid.code
    return problem_response(errors.NotValid(field_errors(error.errors())))


async def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, store_errors.StoreError)  # noqa: S101 - registered for this class alone
    refusal = STORE.get(type(error), errors.Failed)()
    request.state.problem = refusal.code
    if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("store_failed", error=type(error).__name__)
    return problem_response(refusal)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    refusal = {404: errors.AddressNotFound, 405: errors.MethodNotAllowed, 413: errors.BodyTooLarge}.get(
        error.status_code, errors.BodyNotJson if error.status_code == HTTPStatus.BAD_REQUEST else errors.Failed
    )()
    request.state.problem = refusal.code
    return problem_response(refusal, error.headers)


def add_handlers(app: FastAPI) -> None:
    """One handler for each kind of error; routes catch nothing."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(store_errors.StoreError, _store)
    app.add_exception_handler(HTTPException, _http)
