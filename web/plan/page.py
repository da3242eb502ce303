"""A pupil's file, or a plan of it, as one reader sees it: whose it is, where its pages are, what the reader may do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Protocol
from urllib.parse import quote
from uuid import UUID

from fastapi import Path

from access.actions import Action
from access.decide import Grant, grants
from aggregates.plan import Plan
from aggregates.plans import plan_of
from aggregates.student_file import StudentFile
from commands.context import Command, Context
from commands.reads import Opened, Part, open_file, record_look
from events.base import Role
from events.template import Page, PageKind
from projections.directory import Directory
from web.errors import PageNotFound
from web.forms import Form
from web.typed import uuid_or_none
from web.visit import Visit

ACTING_AS = "som"
"""The field in which a form names the relation that it is written in (G-13)."""
DAY = "dag"
"""The part of an address that says at the end of which day a plan is looked at."""
_IN_KEPT_PLANS = frozenset({Action.CORRECT, Action.LINK_PROGRAMME})
"""A text can be put right for ever, and the duty that a risk opened outlives the plan (G-6, S-OMD-10)."""
Translate = Callable[[str], str]
StudentId = Annotated[UUID, Path()]
"""The part of an address that says whose file it is about."""
PlanId = Annotated[UUID, Path()]
"""The part of an address that says which of the pupil's plans."""


class Reader(Protocol):
    """Who looks at a plan, and on which day where the schools are; nobody, where it is made for the archive."""

    @property
    def context(self) -> Context: ...  # noqa: D102 - as of a Visit
    @property
    def directory(self) -> Directory: ...  # noqa: D102 - as of a Visit
    @property
    def person_id(self) -> UUID: ...  # noqa: D102 - as of a Visit
    @property
    def on(self) -> date: ...  # noqa: D102 - as of a Visit


class ShownPlan(Protocol):
    """What of a plan's page is enough to print the plan."""

    @property
    def visit(self) -> Reader: ...  # noqa: D102 - as of a PlanPage
    @property
    def file(self) -> StudentFile: ...  # noqa: D102 - as of a PlanPage
    @property
    def plan(self) -> Plan: ...  # noqa: D102 - as of a PlanPage
    @property
    def name(self) -> str: ...  # noqa: D102 - as of a PlanPage
    @property
    def as_it_was(self) -> date | None: ...  # noqa: D102 - as of a PlanPage


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

    def address_of(self, kind: PageKind) -> str:
        """Where the template's page of a kind is; the overview where it has none."""
        tab = self.page_of(kind)
        return self.tab_address(tab.key) if tab else at_day(self.plan_address, self.as_it_was)

    def tab_for(self, kind: PageKind) -> Page:
        """The template's page of a kind. Raises PageNotFound where it has none."""
        return _there(self.page_of(kind))

    def tab(self, key: str) -> Page:
        """The template's page that has this key. Raises PageNotFound."""
        return _there(next((page for page in self.plan.template.pages if page.key == key), None))

    @property
    def conversation_address(self) -> str:
        """Where what is said around the conversation stands."""
        return self.address_of(PageKind.CONVERSATION)

    @cached_property
    def may_raise_concern(self) -> bool:
        """Whether the reader may tell the mentor that a text should not stand in the plan (S-FRE-6)."""
        return self.may(Action.RAISE_CONCERN)


def _there(page: Page | None) -> Page:
    if page is None:
        raise PageNotFound
    return page


def pupil_page(visit: Visit, student_id: UUID, part: Part) -> PupilPage:
    """The pupil's file, for a page that shows a part of it. Raises StudentNotFound, AssuranceTooLow."""
    return PupilPage(visit, open_file(visit.context, visit.caller, student_id, on=visit.on), part=part)


def plan_page(visit: Visit, student_id: UUID, plan_id: UUID) -> PlanPage:
    """One of the pupil's plans, current or archived. Raises StudentNotFound, AssuranceTooLow, PlanNotFound."""
    opened = open_file(visit.context, visit.caller, student_id, on=visit.on)
    return PlanPage(visit, opened, plan_of(opened.file, plan_id))


def at_day(address: str, day: date | None) -> str:
    """The address of a page of a plan as it was at the end of a day; the same address for None, which is now."""
    return f"{address}?{DAY}={day.isoformat()}" if day else address
