"""Starting a plan: from a template for the pupil's school year; the plan before is archived (S-ARC-1, G-14, G-15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from access.errors.roles import REFUSAL
from aggregates.duties import school_year_of, term_of
from aggregates.errors import Refusal
from aggregates.errors.enrolment import SchoolingHasEnded
from aggregates.errors.plans import PreviousPlanNotLocked
from aggregates.goal import Goal
from aggregates.plan import Plan
from aggregates.plans import hindrance
from commands.plans import start_plan, started_by
from commands.reads import Part
from projections.directory import TemplateEntry
from web.errors import ReasonNotNeeded
from web.forms import Form
from web.free_text import cautions
from web.plan.frame import pupil_place, show
from web.plan.page import PupilPage, StudentId, pupil_page
from web.plan.sending import acting, saved, unless_typed
from web.rendering import translator
from web.texts.goals import STATUSES
from web.typed import NOTHING, Fields, Typed
from web.visit import OwnForm, Visit, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/ny", include_in_schema=False)

TEMPLATE, TERM, REASON, CARRIED, BEFORE = "mall", "termin", "skal", "mal", "fore"
"""The fields: the template's version, the term, why all the same, goals to carry over, the plan that is archived."""
_AUTUMN, _SPRING = "HT", "VT"


@dataclass(frozen=True, slots=True)
class Term:
    """A term that a plan can be for."""

    school_year: str
    term: str

    @property
    def value(self) -> str:
        """What the form says of it."""
        return f"{self.school_year} {self.term}"


@dataclass(frozen=True, slots=True)
class Start:
    """What a plan for the pupil can be started from today.

    `reason_for` is what a reason must answer, None where none is needed; `awaiting` are the goals that nobody has
    evaluated, `unfinished` those that can be carried over.
    """

    before: Plan | None
    templates: Mapping[str, TemplateEntry]
    terms: Mapping[str, Term]
    reason_for: type[Refusal] | None
    awaiting: tuple[Goal, ...]
    unfinished: tuple[Goal, ...]

    @property
    def before_id(self) -> str:
        """The plan that is archived; empty where there is none."""
        return str(self.before.id) if self.before else ""

    @property
    def chosen_term(self) -> str:
        """The term that is proposed: this one, or the next where the plan before is for this one."""
        this, following = self.terms
        is_taken = self.before is not None and f"{self.before.school_year} {self.before.term}" == this
        return following if is_taken else this


@router.get("")
def ask(request: Request, student: StudentId, visit: Visitor) -> Response:
    """What a plan can be started from, for the mentor alone."""
    return _page(request, _mentors_page(visit, student))


@router.post("")
def start(request: Request, student: StudentId, form: OwnForm, visit: Visitor) -> Response:
    """Start it, and lead to its overview; asked again where another plan has been started meanwhile."""
    page = _mentors_page(visit, student)
    offered, fields = start_of(page), Fields(form, translator(request))
    command = page.command(form, Action.START_PLAN)
    started = page.file.plans.get(started_by(command))
    if started is not None:
        unless_typed(form, [REASON], [started.started_without])
        return RedirectResponse(f"{page.address}/iup/{started.id}", status_code=303)
    if form.text(BEFORE) != offered.before_id:
        return _page(request, page, form=form, typed=fields.typed(), is_overtaken=True)
    if offered.reason_for is None:
        unless_typed(form, [REASON], error=ReasonNotNeeded)
    template, term, reason = _read(form, fields, offered)
    warnings = cautions(form, translator(request), {REASON: reason or ""})
    if template is None or term is None or fields.errors or warnings:
        return _page(request, page, form=form, typed=fields.typed(warnings))
    ticked = set(form.all(CARRIED))
    answer = start_plan(
        visit.context,
        command,
        student_id=student,
        template_id=template.template_id,
        template_version=template.template_version,
        school_year=term.school_year,
        term=term.term,
        reason=reason,
        carry_over=[goal.id for goal in offered.unfinished if str(goal.id) in ticked],
    )
    return saved(page, answer, f"{page.address}/iup/{answer.resource_id}", form=form, done="startad")


def start_of(page: PupilPage) -> Start:
    """What can be started from what, as the pupil's file and the school's templates are now."""
    before = page.file.current_plan
    goals = before.goals.values() if before else ()
    found = [
        entry
        for entry in page.visit.directory.templates_of_school(page.file.school_id)
        if entry.approved_at is not None and page.file.grade in entry.content.grades
    ]
    latest = {entry.template_id: entry for entry in sorted(found, key=lambda entry: entry.template_version)}
    return Start(
        before,
        {f"{entry.template_id}:{entry.template_version}": entry for entry in latest.values()},
        {term.value: term for term in _terms(page)},
        hindrance(before) if before else None,
        tuple(goal for goal in goals if goal.awaits_evaluation),
        tuple(goal for goal in goals if goal.is_unfinished),
    )


def _terms(page: PupilPage) -> tuple[Term, Term]:
    """This term and the next."""
    on = page.visit.on
    year, term = school_year_of(on), term_of(on)
    first = int(year[:4])
    following = Term(year, _SPRING) if term == _AUTUMN else Term(f"{first + 1}/{first + 2}", _AUTUMN)
    return Term(year, term), following


def _read(form: Form, fields: Fields, offered: Start) -> tuple[TemplateEntry | None, Term | None, str | None]:
    """What the form chose; what is missing is an error of its field."""
    template = offered.templates.get(form.text(TEMPLATE))
    if template is None:
        fields.wrong(TEMPLATE, "not-chosen")
    term = offered.terms.get(form.text(TERM))
    if term is None:
        fields.wrong(TERM, "not-chosen")
    return template, term, fields.line(REASON) if offered.reason_for is not None else None


def _mentors_page(visit: Visit, student_id: UUID) -> PupilPage:
    page = pupil_page(visit, student_id, Part.PLANS)
    if not page.may(Action.START_PLAN):
        raise REFUSAL[Action.START_PLAN]
    if page.file.schooling_ended is not None:
        raise SchoolingHasEnded
    return page


def _page(
    request: Request, page: PupilPage, *, form: Form | None = None, typed: Typed = NOTHING, is_overtaken: bool = False
) -> Response:
    translate = translator(request)
    offered = start_of(page)
    only = next(iter(offered.templates)) if len(offered.templates) == 1 else ""
    return show(
        request,
        page,
        "plan/starting.html",
        pupil_place(page, translate("Start a plan"), translate),
        status=422 if typed.errors else 409 if is_overtaken else 200,
        offered=offered,
        is_overtaken=is_overtaken,
        never_locked=offered.reason_for is PreviousPlanNotLocked,
        chosen_template=typed.values.get(TEMPLATE, only),
        chosen_term=typed.values.get(TERM, offered.chosen_term),
        ticked=set(form.all(CARRIED)) if form else set(),
        relations=acting(page, Action.START_PLAN, translate),
        command_key=new_key(),
        statuses=STATUSES,
        typed=typed,
    )
