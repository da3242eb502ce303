"""The welcome page of the first sign-in, and of every first one after the terms have changed (S-TRM-1 to S-TRM-5)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commands.terms import CURRENT_TERMS, accept_terms, terms_in
from web.addresses import START, local
from web.browser import forget_session
from web.rendering import language_of, render
from web.visit import Guest, Newcomer, OwnForm

WELCOME = "/valkommen"
DECLINED = f"{WELCOME}/nej"
SETTINGS = "/installningar"
router = APIRouter(include_in_schema=False)


@router.get(WELCOME)
def welcome(request: Request, visit: Newcomer, till: str = START) -> Response:
    """The terms that hold now, and the choice; who has chosen already goes on."""
    if visit.session.terms == CURRENT_TERMS:
        return RedirectResponse(local(till), status_code=303)
    return render(
        request,
        "welcome.html",
        me=visit.me,
        terms=terms_in(language_of(request)),
        is_new_version=visit.person.terms is not None,
        back=local(till),
    )


@router.post(WELCOME)
def choose(form: OwnForm, visit: Newcomer) -> Response:
    """Yes is stored and leads in, the first time to the settings (S-SET-1); no is not stored, and signs out."""
    sessions = visit.services.sessions
    if form.text("svar") != "ja":
        sessions.end(visit.session.key)
        response = RedirectResponse(DECLINED, status_code=303)
        forget_session(response)
        return response
    is_first = visit.person.terms is None
    back = local(form.text("till"))
    accept_terms(visit.context, visit.command(form), version=form.text("version"))
    sessions.accept(visit.session.key, form.text("version"))
    return RedirectResponse(f"{SETTINGS}?ny=ja" if is_first and back == START else back, status_code=303)


@router.get(DECLINED)
def declined(request: Request) -> Response:
    """What it means to have said no; a page of its own, so that to load it again sends nothing."""
    return render(request, "declined.html")


@router.get("/villkor")
def read(request: Request, visit: Guest) -> Response:
    """The terms, for whoever wants to read them."""
    return render(request, "terms.html", me=visit and visit.me, terms=terms_in(language_of(request)))
