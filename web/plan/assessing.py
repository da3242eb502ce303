"""Writing and publishing the assessment of a subject, for one pupil or for one after the other of a class (G-16)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from access.errors import NotOwnSubject, SchoolNotFound
from aggregates.errors import VersionMismatch
from aggregates.plan import PlanState
from aggregates.plan_parts import Written
from commands.assessments import note_development_area, publish_assessment
from commands.class_overview import record_class
from commands.context import Answer
from commands.reads import Part, vocabulary_of
from commands.settings import school_settings
from events.assessments import Forecast
from events.template import PageKind
from web.addresses import at_subject
from web.errors import PageNotFound
from web.forms import Form
from web.free_text import cautions
from web.plan.assessment_form import AssessmentForm, Filled, form_of, starting_structure, ticks_of
from web.plan.class_run import (
    CLASS,
    ClassRun,
    class_address,
    class_run,
    headings_of,
    is_only_headings,
    writing_in_class,
)
from web.plan.conflict import Conflict, conflict_page
from web.plan.frame import plan_place, show
from web.plan.page import PlanId, PlanPage, StudentId, plan_page
from web.plan.sending import VERSION, acting, saved
from web.plan.subjects import writing_address
from web.rendering import translator
from web.texts.forecasts import FORECASTS
from web.texts.roles import ROLES
from web.texts.syllabus import SYLLABUS_KINDS
from web.typed import NOTHING, Fields, Typed, uuid_or_none, version_in
from web.visit import OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)
NEXT, SHOW, COPY = "nasta", "visa", "kopiera"
"""The buttons: publish and go on to the next pupil, look for items of the syllabus, copy another's structure."""


@router.get("/omdome-{subject:path}")
def write(request: Request, student: StudentId, plan: PlanId, subject: str, visit: Visitor) -> Response:
    """The form, with what is published in it; once the plan is locked, what was published. Raises NotOwnSubject."""
    page = plan_page(visit, student, plan)
    form = form_of(page, subject)
    if page.plan.state is not PlanState.OPEN:
        return RedirectResponse(_reading(page, subject), status_code=303)
    return _page(request, form, _run(page, subject, request.query_params.get(CLASS, "")))


@router.post("/omdome-{subject:path}")
def publish(
    request: Request, student: StudentId, plan: PlanId, subject: str, form: OwnForm, visit: Visitor
) -> Response:
    """Publish what was written; or look for items, or copy a structure, with everything that was typed kept."""
    page = plan_page(visit, student, plan)
    writing, run = form_of(page, subject), _run(page, subject, form.text(CLASS))
    if form.has(SHOW) or form.has(COPY):
        values = _copied(writing, run, form) if form.has(COPY) else dict(form.texts())
        return _page(request, writing, run, typed=Typed(values))
    fields = Fields(form, translator(request))
    filled = writing.read(form, fields)
    texts = {writing.text_field: filled.text}
    if filled.area is not None:
        texts |= {writing.area_field: filled.area.text, writing.support_field: filled.area.support}
    warnings = cautions(form, translator(request), texts)
    if fields.errors or warnings:
        return _page(request, writing, run, typed=fields.typed(warnings))
    try:
        answer = _save(writing, form, filled)
    except VersionMismatch:
        return _conflict(request, writing, form)
    place = "" if run else f"amne-{subject}"
    return saved(page, answer, _onwards(page, subject, run, form), form=form, done="publicerat", at=place)


def _page(request: Request, form: AssessmentForm, run: ClassRun | None, *, typed: Typed = NOTHING) -> Response:
    """The form, with what was typed where it was not published. Raises NotOwnSubject."""
    page, translate = form.page, translator(request)
    relations = acting(page, Action.ASSESS_SUBJECT, translate, subject=form.subject)
    if not relations:
        raise NotOwnSubject
    values = typed.values or form.saved()
    context, file = page.visit.context, page.file
    tab = page.page_of(PageKind.ASSESSMENTS)
    place = plan_place(page, translate("Assessment in %(subject)s") % {"subject": form.heading.name}, translate, key="")
    return show(
        request,
        page,
        "plan/assessing.html",
        place,
        status=422 if typed.errors else 200,
        form=form,
        typed=typed,
        values=values,
        offered=form.offered(values),
        text=form.latest.event.text if form.latest else starting_structure(translate),
        forecasts=FORECASTS[vocabulary_of(context, file, page.plan)],
        needs_programme=school_settings(context, file.school_id, on=page.visit.on).risk_needs_programme,
        at_risk=Forecast.AT_RISK,
        relations=relations,
        address=writing_address(page.plan_address, form.subject),
        reading=_reading(page, form.subject) if tab else page.plan_address,
        run=run,
        around=_around(page, run) if run else {},
        class_list=class_address(run.group.group_id, form.subject) if run else "",
        classes=[] if run else _classes(page, form.subject),
        copied_from=run.copied_from(page.student_id) if run else None,
        roles=ROLES,
        kinds=SYLLABUS_KINDS,
        command_key=new_key(),
    )


def _run(page: PlanPage, subject: str, group: str) -> ClassRun | None:
    """The class for which one writes; None where none is named, or the pupil is not in it."""
    group_id = uuid_or_none(group)
    if group_id is None:
        return None
    try:
        run = class_run(page.visit, group_id, subject)
    except SchoolNotFound:
        return None
    return run if run.index(page.student_id) is not None else None


def _classes(page: PlanPage, subject: str) -> list[tuple[str, str]]:
    """The pupil's classes and groups, to write for all of one: address and name."""
    groups = page.visit.directory.groups_of_students((page.student_id,))
    return [(class_address(group.group_id, subject), group.name) for group in groups]


def _around(page: PlanPage, run: ClassRun) -> dict[str, tuple[str, str]]:
    """The pupils before and after in the class: address and name, where there is something to write."""
    place = run.index(page.student_id) or 0
    beside = {"previous": run.pupils[place - 1 : place], "next": run.pupils[place + 1 : place + 2]}
    found = {which: (writing_in_class(run, one), one.name) for which, pupils in beside.items() for one in pupils}
    return {which: there for which, there in found.items() if there[0]}


def _copied(form: AssessmentForm, run: ClassRun | None, sent: Form) -> dict[str, str]:
    """What was typed, with the structure of the pupil written last: headings and ticks, never the text."""
    values = dict(sent.texts())
    visit, source = form.page.visit, run.copied_from(form.page.student_id) if run else None
    if source is None or source.plan_id is None:
        return values
    latest = plan_page(visit, source.id, source.plan_id).plan.assessments[form.subject][-1]
    record_class(visit.context, visit.caller, [source.found], Part.PLAN, on=visit.on)
    headings = headings_of(latest.event.text, source.name)
    if headings and is_only_headings(values.get(form.text_field, "")):
        values[form.text_field] = headings + "\n"
    return values | ticks_of(latest)


def _save(form: AssessmentForm, sent: Form, filled: Filled) -> Answer:
    """Publish the assessment and note the development area, in one step where both are written."""
    page, subject = form.page, form.subject
    if filled.forecast is not None:
        return publish_assessment(
            page.visit.context,
            page.command(sent, Action.ASSESS_SUBJECT, subject=subject, if_match=version_in(sent, VERSION)),
            student_id=page.student_id,
            plan_id=page.plan.id,
            subject=subject,
            forecast=filled.forecast,
            text=filled.text,
            documents=filled.documents,
            syllabus=filled.syllabus,
            area=None if form.has_noted(filled.area) else filled.area,
        )
    if filled.area is None:  # the form is read so that one of them is there
        return Answer("", 0)
    return note_development_area(
        page.visit.context,
        page.command(sent, Action.ASSESS_SUBJECT, subject=subject),
        student_id=page.student_id,
        plan_id=page.plan.id,
        subject=subject,
        area=filled.area,
    )


def _conflict(request: Request, form: AssessmentForm, sent: Form) -> Response:
    """Another teacher, or the same in another window, published meanwhile: both texts beside each other."""
    now = form_of(plan_page(form.page.visit, form.page.student_id, form.page.plan.id), form.subject)
    theirs = now.latest
    if theirs is None:
        raise PageNotFound
    kept = {name: text for name, text in sent.texts() if name not in {form.text_field, VERSION}}
    conflict = Conflict(
        form.text_field,
        translator(request)("Assessment in %(subject)s") % {"subject": form.heading.name},
        sent.text(form.text_field),
        Written(theirs.event.text, theirs.by, theirs.at, theirs.version),
        kept | {VERSION: str(theirs.version)},
    )
    address = writing_address(form.page.plan_address, form.subject)
    return conflict_page(request, now.page, [conflict], action=address, back=_reading(form.page, form.subject), key="")


def _onwards(page: PlanPage, subject: str, run: ClassRun | None, form: Form) -> str:
    """Where publishing leads: to the next pupil of the class without an assessment, or to what was published."""
    if run is None:
        return page.address_of(PageKind.ASSESSMENTS)
    following = run.next_to_write(page.student_id) if form.has(NEXT) else None
    if following is not None:
        return writing_in_class(run, following)
    return class_address(run.group.group_id, subject)


def _reading(page: PlanPage, subject: str) -> str:
    """Where the assessment is read."""
    return at_subject(page.address_of(PageKind.ASSESSMENTS), subject)
