"""Turns a template and what it shows into a page, in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from events.text import LONGEST_LINE, LONGEST_PROSE
from web.texts import LANGUAGES, SWEDISH, translations
from web.texts.helps import HELPS

LANGUAGE_COOKIE = "liggare-language"
_TEMPLATES = Path(__file__).parent / "templates"
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_MOMENT = {"sv": "EEEE d MMMM y 'kl.' HH.mm", "en": "EEEE d MMMM y 'at' HH:mm"}
_EXACT = {"sv": "EEEE d MMMM y 'kl.' HH.mm.ss", "en": "EEEE d MMMM y 'at' HH:mm:ss"}
_CLOCK = {"sv": "'kl.' HH.mm", "en": "HH:mm"}
_DAY = {"sv": "d MMMM y", "en": "d MMMM y"}


def render(request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the template shows
    """The page of a template. `me` among what is shown is who looks at it; None, or nothing, for somebody unknown.

    `here` is where a change of language comes back to: the address that was asked for, where nothing else is given.

    Raises jinja2.UndefinedError where the template asks for what is not given.
    """
    language = language_of(request)
    page = _environment(language).get_template(template)
    given = {"me": None, "here": _address(request), "language": language, "languages": LANGUAGES} | shown
    return HTMLResponse(page.render(given), status_code=status, headers={"Content-Language": language})


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def language_of(request: Request) -> str:
    """The language that the reader chose, else the first of the browser's that we have, else Swedish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "")[:200].split(","):
        language = part.split(";")[0].split("-")[0].strip().lower()
        if language in LANGUAGES:
            return language
    return SWEDISH


def translator(request: Request) -> Callable[[str], str]:
    """What puts an English text into the reader's language."""
    return translations(language_of(request)).gettext


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install: Callable[..., None] = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(translations(language), newstyle=True)
    environment.globals["helps"] = HELPS
    environment.globals["longest"] = {"prose": LONGEST_PROSE, "line": LONGEST_LINE}
    environment.filters["moment"] = partial(moment, language)
    environment.filters["exact"] = partial(exact, language)
    environment.filters["clock"] = partial(clock, language)
    environment.filters["day"] = partial(day, language)
    return environment


def moment(language: str, at: datetime) -> str:
    """A moment as it is read where the schools are: tisdag 24 november 2026 kl. 14.05."""
    return format_datetime(at.astimezone(_STOCKHOLM), _MOMENT[language], locale=language)


def exact(language: str, at: datetime) -> str:
    """A moment to the second, where one minute may hold several: tisdag 24 november 2026 kl. 14.05.09."""
    return format_datetime(at.astimezone(_STOCKHOLM), _EXACT[language], locale=language)


def clock(language: str, at: datetime) -> str:
    """The time of the day where the schools are: kl. 14.05."""
    return format_datetime(at.astimezone(_STOCKHOLM), _CLOCK[language], locale=language)


def day(language: str, on: date) -> str:
    """A day: 24 november 2026."""
    return format_date(on, _DAY[language], locale=language)
