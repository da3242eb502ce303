"""Linking an action programme, or the decision that none is needed, where a risk was signalled (S-OMD-10)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from commands.assessments import link_action_programme
from events.assessments import ProgrammeDecision
from events.template import PageKind
from web.free_text import cautions
from web.plan.assessments import show_assessments
from web.plan.page import PlanId, StudentId, plan_page
from web.plan.sending import saved
from web.plan.subjects import open_subjects
from web.rendering import translator
from web.typed import Fields
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}", include_in_schema=False)
REFERENCE = "referens"
SUBJECTS = "riskamnen"
PLACE = "atgardsprogram"


@router.post("/atgardsprogram")
def link(request: Request, student: StudentId, plan: PlanId, form: OwnForm, visit: Visitor) -> Response:
    """Link it to the subjects that were ticked; only the reference, for the programme itself is kept elsewhere."""
    page = plan_page(visit, student, plan)
    tab = page.tab_for(PageKind.ASSESSMENTS)
    translate = translator(request)
    fields = Fields(form, translate)
    reference = fields.line(REFERENCE)
    decision = fields.choice("beslut", ProgrammeDecision)
    subjects = [one.code for one in open_subjects(page) if form.has(f"{SUBJECTS}-{one.code}")]
    if not subjects:
        fields.wrong(SUBJECTS, "not-chosen")
    warnings = cautions(form, translate, {REFERENCE: reference})
    if fields.errors or warnings or decision is None:
        return show_assessments(request, page, tab, typed=fields.typed(warnings))
    answer = link_action_programme(
        visit.context,
        page.command(form, Action.LINK_PROGRAMME),
        student_id=student,
        plan_id=plan,
        subjects=subjects,
        decision=decision,
        reference=reference,
    )
    return saved(page, answer, page.tab_address(tab.key), form=form, at=f"amne-{subjects[0]}")
