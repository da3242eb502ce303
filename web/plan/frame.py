"""The frame of every page about a pupil: the way there, the tabs, what was just done, and the look put on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from web.plan.kept import drafts_of, kept_at
from web.plan.page import PlanPage, PupilPage, Translate, at_day
from web.rendering import render, translator
from web.texts.done import DONE
from web.typed import Typed
from web.visit import DONE_WORD, Visit


class Shown(Protocol):
    """What every page about a pupil says of itself."""

    @property
    def visit(self) -> Visit:
        """Who looks."""

    @property
    def name(self) -> str:
        """The pupil's name."""

    @property
    def address(self) -> str:
        """Where the pages about the pupil begin."""

    def put_on_record(self) -> None:
        """Put on record that the reader looks at it, once it is made and before it is sent."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a link with an address of its own (S-NAV-11)."""

    href: str
    text: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: the links that lead to it, and its own words.

    `as_it_was`: the day at whose end it is looked at, None now; `now` is then the address of the same page now.
    """

    steps: Sequence[tuple[str, str]]
    current: str
    tabs: Sequence[Tab] = field(default_factory=tuple)
    as_it_was: date | None = None
    now: str = ""


def plan_place(page: PlanPage, current: str, translate: Translate, *, key: str) -> Place:
    """Where a page of a plan stands: Start > pupil > IUP > page, and all pages of the plan as tabs (S-NAV-1, -11)."""
    overview = at_day(page.plan_address, page.as_it_was) if page.is_kept else f"{page.address}/iup"
    pages = [(one.key, one.title) for one in page.plan.template.pages]
    tabs = plan_tabs(page.plan_address, pages, translate, key=key, day=page.as_it_was)
    now = f"{page.plan_address}/{quote(key, safe='')}" if key else page.plan_address
    return Place((*to_pupil(page, translate), (overview, translate("IUP"))), current, tabs, page.as_it_was, now)


def plan_tabs(
    plan_address: str,
    pages: Iterable[tuple[str, str]],
    translate: Translate,
    *,
    key: str | None = None,
    day: date | None = None,
) -> list[Tab]:
    """The overview and each page of the template, by key and title, as tabs; `key` is the one that is looked at."""
    tabs = [Tab(at_day(plan_address, day), translate("Overview"), is_current=key is None)]
    return tabs + [Tab(at_day(f"{plan_address}/{quote(one, safe='')}", day), title, one == key) for one, title in pages]


def pupil_place(page: Shown, current: str, translate: Translate) -> Place:
    """Where a page about the pupil stands: Start > pupil > page."""
    return Place(to_pupil(page, translate), current)


def to_pupil(page: Shown, translate: Translate) -> tuple[tuple[str, str], ...]:
    """The way to the pupil's own page."""
    return (("/", translate("Start")), (page.address, page.name))


def show(request: Request, page: Shown, template: str, place: Place, *, status: int = 200, **shown: object) -> Response:
    """A page about the pupil, with what every such page has; `typed` among what is shown gets the reader's drafts.

    The look is put on record here and nowhere else, when the page is made: so whoever is refused, or led on to another
    page, has not looked (S-ACC-6).
    """
    if isinstance(page, PupilPage) and isinstance(typed := shown.get("typed"), Typed):
        shown["typed"] = replace(typed, drafts=drafts_of(page), kept_at=kept_at(page))
    done = DONE.get(request.query_params.get(DONE_WORD, ""))
    made = render(
        request,
        template,
        status=status,
        me=page.visit.me,
        page=page,
        place=place,
        done=translator(request)(done) if done else "",
        **shown,
    )
    page.put_on_record()
    return made
