"""Every rule that said no, as a page in the reader's language; nothing that was typed is lost."""

import math
from collections.abc import Mapping

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.errors import AssuranceTooLow
from aggregates.errors import Refusal
from store import errors as store_errors
from web.addresses import START, with_return
from web.browser import NotFromOurPage, SignInNeeded, TooManyRequests
from web.errors import (
    Failed,
    FormNotOurs,
    FormNotReadable,
    FormOfAnotherSignIn,
    PageError,
    PageNotFound,
    SentBefore,
    SignedOutMeanwhile,
    TermsNeeded,
    TooManyAttempts,
    Unavailable,
    WrittenMeanwhile,
)
from web.forms import Form
from web.rendering import render, translator
from web.typed import is_written
from web.visit import COMMAND_KEY, Visit, here, new_key, typed_form

SIGN_IN = "/logga-in"
SIGN_OUT = "/logga-ut"
STEP_UP = "/logga-in/hojd"
WELCOME = "/valkommen"
_READING = frozenset({"GET", "HEAD"})
_UNAVAILABLE = (store_errors.StoreUnavailable, store_errors.KeyMissing, store_errors.SubjectFenced)

log = structlog.get_logger()


def problem_page(
    request: Request,
    *,
    status: int,
    rule: str,
    remedy: str,
    action: Mapping[str, str] | None = None,
    retry_after: int | None = None,
    is_new: bool = False,
    is_final: bool = False,
) -> Response:
    """The page of a broken rule. `rule` and `remedy` are in English; the page says them in the reader's language.

    Where a form was sent from a page of ours, what was typed stands on the page and can be sent again; `is_new`: as
    something new, beside what the same form saved before. `is_final`: there is nothing to send again, only to copy.
    """
    visit: Visit | None = getattr(request.state, "visit", None)
    form = typed_form(request)
    number = getattr(request.state, "correlation_id", None) if status >= Failed.status else None
    page = render(
        request,
        "problem.html",
        status=status,
        me=_me(visit) if status < Failed.status else None,
        rule=translator(request)(rule),
        remedy=translator(request)(remedy),
        action=action,
        typed=_to_send(form, is_new=is_new) if form else [],
        is_new=is_new,
        is_final=is_final,
        form_token=visit.form_token if visit else "",
        number=number,
        here=here(request),
        back=_came_from(request),
        sent_to=request.url.path,
    )
    if retry_after is not None:
        page.headers["Retry-After"] = str(retry_after)
    return page


def _to_send(form: Form, *, is_new: bool) -> list[tuple[str, str, bool]]:
    """What the form sends when it is sent again: name and text, and whether its author wrote it and is to read it."""
    return [
        (name, new_key() if is_new and name == COMMAND_KEY else text, is_written(name, text))
        for name, text in form.texts()
    ]


def _came_from(request: Request) -> str:
    """The page whose form was sent; empty where that is not known, or no form was."""
    page = here(request)
    return "" if request.method in _READING or page == START else page


def _me(visit: Visit | None) -> object:
    try:
        return visit and visit.me
    except SignInNeeded:
        return None


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this class alone
    request.state.problem = error.code
    action = None
    if isinstance(error, AssuranceTooLow):
        translate = translator(request)
        action = {
            "href": with_return(STEP_UP, here(request)) + f"&niva={error.needed_level}",
            "text": translate("Sign in in a stronger way"),
        }
    return problem_page(request, status=error.status, rule=error.rule, remedy=error.remedy, action=action)


async def _wrong_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, PageError)  # noqa: S101 - registered for this class alone
    return page_of(request, error)


def page_of(
    request: Request, error: PageError, *, action: Mapping[str, str] | None = None, is_new: bool = False
) -> Response:
    """The page of what went wrong with a page."""
    request.state.problem = error.code
    return problem_page(
        request,
        status=error.status,
        rule=error.rule,
        remedy=error.remedy,
        action=action,
        retry_after=error.retry_after,
        is_new=is_new,
        is_final=error.is_final,
    )


async def _not_ours(request: Request, _: Exception) -> Response:
    """A page of ours that is older than the sign-in keeps what was typed; of another site's nothing is kept."""
    return page_of(request, FormNotOurs() if typed_form(request) is None else FormOfAnotherSignIn())


async def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyRequests)  # noqa: S101 - registered for this class alone
    return page_of(request, TooManyAttempts(math.ceil(error.seconds)))


async def _sign_in_needed(request: Request, _: Exception) -> Response:
    """Lead to the sign-in and back. A form is kept on the page instead, to be sent again after signing in."""
    request.state.problem = "not-signed-in"
    if request.url.path.startswith(SIGN_OUT):
        return RedirectResponse(f"{SIGN_IN}?utloggad=ja", status_code=303)
    address = with_return(SIGN_IN, here(request))
    if request.method in _READING:
        return RedirectResponse(address, status_code=303)
    translate = translator(request)
    return page_of(request, SignedOutMeanwhile(), action={"href": address, "text": translate("Sign in")})


async def _terms_needed(request: Request, _: Exception) -> Response:
    request.state.problem = "terms-not-accepted"
    return RedirectResponse(with_return(WELCOME, here(request)), status_code=303)


async def _not_valid(request: Request, _: Exception) -> Response:
    """An address with something else where an id stands leads nowhere; a form of ours has nothing FastAPI checks."""
    return page_of(request, PageNotFound())


async def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, store_errors.StoreError)  # noqa: S101 - registered for this class alone
    if isinstance(error, store_errors.VersionConflict):
        return page_of(request, WrittenMeanwhile())
    if isinstance(error, store_errors.CommandReused):
        return page_of(request, SentBefore(), is_new=True)
    log.error("store_failed", error=type(error).__name__)
    return page_of(request, Unavailable() if isinstance(error, _UNAVAILABLE) else Failed())


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    return page_of(request, FormNotReadable() if error.status_code == FormNotReadable.status else PageNotFound())


def failed_page(request: Request) -> Response:
    """The last answer, where something went wrong that nobody foresaw."""
    return page_of(request, Failed())


async def _failed(request: Request, _: Exception) -> Response:
    return failed_page(request)


def add_handlers(app: FastAPI) -> None:
    """One handler for each kind of error; routes catch only what belongs to a field."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(PageError, _wrong_page)
    app.add_exception_handler(NotFromOurPage, _not_ours)
    app.add_exception_handler(TooManyRequests, _too_many)
    app.add_exception_handler(SignInNeeded, _sign_in_needed)
    app.add_exception_handler(TermsNeeded, _terms_needed)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(store_errors.StoreError, _store)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)
