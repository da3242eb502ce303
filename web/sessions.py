"""Where one is signed in, and how to end it."""

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from commands.sign_in_accounts import acknowledge_new_sign_ins
from web.browser import signed_out
from web.rendering import language_of, render
from web.visit import OwnForm, Visit, Visitor

ADDRESS = "/installningar/inloggningar"
_VERSION = re.compile(r"[0-9]{1,9}")
router = APIRouter(prefix=ADDRESS, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in, as its page shows it. `key` names it and cannot be used as it."""

    key: str
    is_this: bool
    provider: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


@router.get("")
def show(request: Request, visit: Visitor, avslutad: str = "", noterad: str = "") -> Response:
    """The own sign-ins, the one in use first."""
    language = language_of(request)
    found = [
        SignIn(
            key=session.key.hex(),
            is_this=session.key == visit.session.key,
            provider=_title(visit, session.provider, language),
            began_at=session.began_at,
            seen_at=session.seen_at,
            ends_at=session.ends_at,
        )
        for session in visit.services.sessions.of(visit.person_id, visit.now)
    ]
    found.sort(key=lambda session: not session.is_this)
    return render(
        request,
        "sessions.html",
        me=visit.me,
        sessions=found,
        new_sign_ins=visit.person.sign_ins.new,
        ended=bool(avslutad),
        noted=bool(noterad),
    )


def _title(visit: Visit, provider: str, language: str) -> str:
    """What the provider is called; its key where it has been taken out of the configuration meanwhile."""
    known = visit.services.sign_in.providers.get(provider)
    return getattr(known.title, language) if known else provider


@router.post("/kanner-till")
def acknowledge(form: OwnForm, visit: Visitor) -> Response:
    """Say that one knows of the new ways to sign in that the page showed; what came after it stays."""
    shown = form.text("version")
    if _VERSION.fullmatch(shown):
        acknowledge_new_sign_ins(visit.context, visit.command(form), through_version=int(shown))
    return RedirectResponse(f"{ADDRESS}?noterad=ja", status_code=303)


@router.post("/avsluta")
def end_one(form: OwnForm, visit: Visitor) -> Response:
    """End one of one's own sign-ins."""
    try:
        key = bytes.fromhex(form.text("session"))
    except ValueError:
        key = b""
    visit.services.sessions.end(key, person_id=visit.person_id)
    return RedirectResponse(f"{ADDRESS}?avslutad=ja", status_code=303)


@router.post("/alla")
def end_many(form: OwnForm, visit: Visitor) -> Response:
    """End all other sign-ins, or every one of them, this one too."""
    sessions = visit.services.sessions
    if form.text("vilka") == "andra":
        for session in sessions.of(visit.person_id, visit.now):
            if session.key != visit.session.key:
                sessions.end(session.key)
        return RedirectResponse(f"{ADDRESS}?avslutad=ja", status_code=303)
    sessions.end_all(visit.person_id)
    return signed_out(visit.session)
