"""What every page about a pupil has in common: the pupil's name, the way there, tabs, and what the reader may do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from access.decide import Grant, grants
from aggregates.plan import Plan
from aggregates.plans import plan_of
from aggregates.student_file import StudentFile
from commands.context import Answer, Command
from commands.reads import Opened, Part, open_file, record_look
from events.base import Role
from events.template import Page, PageKind
from store.drafts import Draft
from web.forms import Form
from web.rendering import render, translator
from web.texts.done import DONE
from web.texts.roles import ROLES
from web.typed import Typed, uuid_or_none
from web.visit import DONE_WORD, Visit

ACTING_AS = "som"
"""The field in which a form names the relation that it is written in (G-13)."""
VERSION = "version"
"""The field with the version of what a form changes, as it stood on the page; 0 where it was not there yet."""
DAY = "dag"
"""The part of an address that says at the end of which day a plan is looked at."""
_IN_KEPT_PLANS = frozenset({Action.CORRECT, Action.LINK_PROGRAMME})
"""A text can be put right for ever, and the duty that a risk opened outlives the plan (G-6, S-OMD-10)."""
Translate = Callable[[str], str]


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


@dataclass(frozen=True)
class PupilPage:
    """A pupil's file as one reader sees it now; `part` is what the page shows of it."""

    visit: Visit
    opened: Opened
    part: Part = field(kw_only=True)

    def put_on_record(self) -> None:
        """Put on record that the reader looks at this part of the file."""
        record_look(self.visit.context, self.visit.caller, self.opened, self.part)

    @property
    def file(self) -> StudentFile:
        """The pupil's file."""
        return self.opened.file

    @property
    def student_id(self) -> UUID:
        """Whose file it is."""
        return self.file.id

    @property
    def name(self) -> str:
        """The pupil's name."""
        return self.file.name

    @property
    def address(self) -> str:
        """Where the pages about the pupil begin."""
        return f"/elever/{self.student_id}"

    def grants(self, action: Action, *, subject: str | None = None) -> tuple[Grant, ...]:
        """The reader's relations in which this can be done; the sign-in is looked at when the form is sent."""
        visit = self.visit
        return grants(action, self.opened.standing, on=visit.on, at=visit.now, subject=subject)

    def may(self, action: Action, *, subject: str | None = None) -> bool:
        """Whether the page offers it."""
        return bool(self.grants(action, subject=subject))

    def of_plan(self, plan: Plan) -> "PlanPage":
        """The page of one of the pupil's plans, for the same reader."""
        return PlanPage(self.visit, self.opened, plan)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """What the reader is to the pupil today."""
        return frozenset(relation.role for relation in self.file.relations_of(self.visit.person_id, on=self.visit.on))

    def command(
        self, form: Form, action: Action, *, subject: str | None = None, if_match: int | None = None
    ) -> Command:
        """The command of a form: in the relation that it names, else in the first that allows the action (G-13).

        Where none allows it the command says no, and why.
        """
        named = uuid_or_none(form.text(ACTING_AS))
        if named is None:
            allowed = self.grants(action, subject=subject) or (self.opened.grant,)
            named = allowed[0].relation_id
        return self.visit.command(form, acting_as=named, if_match=if_match)


@dataclass(frozen=True)
class PlanPage(PupilPage):
    """One of the pupil's plans, as it is now or as it was at the end of a day (`as_it_was`)."""

    plan: Plan
    as_it_was: date | None = None
    part: Part = field(default=Part.PLAN, kw_only=True)

    @property
    def is_kept(self) -> bool:
        """Whether it is shown as it was, and nothing in it can be changed: an archived plan, or an earlier day's."""
        return self.plan.archived_at is not None or self.as_it_was is not None

    def grants(self, action: Action, *, subject: str | None = None) -> tuple[Grant, ...]:
        """As for the pupil's other pages; in a plan that is kept little can be done, in an earlier day's nothing."""
        is_over = self.as_it_was is not None or (self.is_kept and action not in _IN_KEPT_PLANS)
        return () if is_over else super().grants(action, subject=subject)

    @property
    def plan_address(self) -> str:
        """Where the plan's pages begin."""
        return f"{self.address}/iup/{self.plan.id}"

    def tab_address(self, key: str) -> str:
        """Where a page of the plan's template is, on the day that is looked at."""
        return at_day(f"{self.plan_address}/{quote(key, safe='')}", self.as_it_was)

    def page_of(self, kind: PageKind) -> Page | None:
        """The template's page of a kind; None where the template has none."""
        return next((page for page in self.plan.template.pages if page.kind is kind), None)

    @property
    def conversation_address(self) -> str:
        """Where what is said around the conversation stands; the overview where the template has no page for it."""
        tab = self.page_of(PageKind.CONVERSATION)
        return self.tab_address(tab.key) if tab else at_day(self.plan_address, self.as_it_was)

    @cached_property
    def may_raise_concern(self) -> bool:
        """Whether the reader may tell the mentor that a text should not stand in the plan (S-FRE-6)."""
        return self.may(Action.RAISE_CONCERN)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a link with an address of its own (S-NAV-11)."""

    href: str
    text: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """A relation that a form can be written in, as it is chosen where there are several."""

    relation_id: UUID
    text: str


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


def pupil_page(visit: Visit, student_id: UUID, part: Part) -> PupilPage:
    """The pupil's file, for a page that shows a part of it. Raises StudentNotFound, AssuranceTooLow."""
    return PupilPage(visit, open_file(visit.context, visit.caller, student_id, on=visit.on), part=part)


def plan_page(visit: Visit, student_id: UUID, plan_id: UUID) -> PlanPage:
    """One of the pupil's plans, current or archived. Raises StudentNotFound, AssuranceTooLow, PlanNotFound."""
    opened = open_file(visit.context, visit.caller, student_id, on=visit.on)
    return PlanPage(visit, opened, plan_of(opened.file, plan_id))


def acting(page: PupilPage, action: Action, translate: Translate, *, subject: str | None = None) -> list[Acting]:
    """The relations that a form for this is written in; a page asks which only where there are several."""
    found = page.grants(action, subject=subject)
    return [Acting(grant.relation_id, translate(ROLES[grant.role])) for grant in found if grant.relation_id is not None]


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


def at_day(address: str, day: date | None) -> str:
    """The address of a page of a plan as it was at the end of a day; the same address for None, which is now."""
    return f"{address}?{DAY}={day.isoformat()}" if day else address


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
    if isinstance(page, PlanPage) and isinstance(typed := shown.get("typed"), Typed):
        shown["typed"] = replace(typed, drafts=drafts_of(page), discard=f"{page.plan_address}/utkast/slang")
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


def drafts_of(page: PlanPage) -> Mapping[str, Draft]:
    """What the reader has typed on the plan's pages and not saved, by field (G-11); none in a plan that is kept."""
    visit = page.visit
    return {} if page.is_kept else visit.context.drafts.of(visit.eyes, page.plan.id, now=visit.now)


def saved(
    page: PupilPage, answer: Answer, address: str, *, form: Form | None = None, done: str = "sparat", at: str = ""
) -> Response:
    """Lead on after something was saved: to the page that shows it, so that reloading saves nothing again.

    `form` is what was saved: drafts of its fields are gone. `done` is what that page says, by its key in DONE; `at` the
    place on it, without `#`.
    """
    if form is not None and isinstance(page, PlanPage):
        page.visit.context.drafts.discard(page.visit.eyes, page.plan.id, {name for name, _ in form.texts()})
    page.visit.until_shown(answer)
    anchor = f"#{quote(at, safe='')}" if at else ""
    joint = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{joint}{DONE_WORD}={done}{anchor}", status_code=303)
