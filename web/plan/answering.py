"""Saving the answers of a page of questions, one or all; what cannot be saved stays on the page (S-QUE-5)."""

from collections.abc import Iterable, Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from aggregates.errors import VersionMismatch
from aggregates.errors.answers import QuestionNotDirectedToRole
from aggregates.plans import open_plan
from commands.context import Answer
from commands.plans import save_answer
from events.template import Page
from store.drafts import LONGEST
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.kept import keep
from web.plan.page import PlanId, PlanPage, StudentId, plan_page
from web.plan.question_boxes import Box, boxes_of, has_no_box, is_changed
from web.plan.questions import show_questions
from web.plan.sending import saved
from web.rendering import translator
from web.typed import Fields, version_in
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}/svar", include_in_schema=False)
ONE = "fraga"
"""The button that saves one question; the other saves every question of the page."""


@router.post("/{key}")
def save(
    request: Request,
    student: StudentId,
    plan: PlanId,
    key: str,
    form: OwnForm,
    visit: Visitor,
) -> Response:
    """Save one question of the page, or all that were changed; what cannot be saved stays on the page (S-QUE-5).

    Beside the one that is saved the others wait as drafts; one that is too long even for that must be shortened first.
    """
    page = plan_page(visit, student, plan)
    tab = page.tab(key)
    one = form.text(ONE)
    every = [box for question in tab.questions for box in boxes_of(page, question) if is_changed(box, form)]
    if has_no_box(page, tab, form):
        _keep(page, form, every)
        open_plan(page.file, page.plan.id)
        raise QuestionNotDirectedToRole
    changed = [box for box in every if one in {"", box.question.key} or len(form.text(box.name)) > LONGEST]
    fields = Fields(form, translator(request))
    texts = {box.name: fields.prose(box.name, required=not form.line(box.choice_name)) for box in changed}
    warnings = cautions(form, translator(request), texts)
    if fields.errors or warnings:
        return show_questions(request, page, tab, typed=fields.typed(warnings))
    conflicts, answer = _save(page, form, changed, texts)
    if conflicts:
        _keep(page, form, [box for box in every if box not in changed])
        visit.context.drafts.discard(visit.eyes, plan, [box.name for box in changed if box not in conflicts])
        return _show_conflicts(request, visit, page, tab, form, conflicts)
    address = page.tab_address(tab.key)
    shown = saved(page, answer or Answer("", 0), address, form=form, at=f"fraga-{one}" if one else "")
    _keep(page, form, [box for box in every if box not in changed])
    return shown


def _keep(page: PlanPage, form: Form, boxes: Iterable[Box]) -> None:
    """Keep as drafts what was typed and chosen beside the one answer that was saved: not saved, not lost (G-11)."""
    texts = {name: form.text(name) for box in boxes for name in (box.name, box.choice_name)}
    if texts:
        keep(page, texts)


def _save(page: PlanPage, form: Form, boxes: Iterable[Box], texts: dict[str, str]) -> tuple[list[Box], Answer | None]:
    """Save what can be; the boxes that somebody else saved meanwhile, and the answer of the last that was saved."""
    conflicts, answer = list[Box](), None
    for box in boxes:
        seen = version_in(form, box.version_name) if box.saved else 0
        command = page.visit.command(form, acting_as=box.relation_id, if_match=seen)
        try:
            answer = save_answer(
                page.visit.context,
                command,
                student_id=page.student_id,
                plan_id=page.plan.id,
                question=box.question.key,
                text=texts[box.name] or None,
                choice=form.line(box.choice_name),
                on_behalf_of=box.on_behalf_of,
            )
        except VersionMismatch:
            conflicts.append(box)
    return conflicts, answer


def _show_conflicts(
    request: Request, visit: Visitor, page: PlanPage, tab: Page, form: Form, boxes: Sequence[Box]
) -> Response:
    """Both texts of each box, as the file stands now."""
    now = plan_page(visit, page.student_id, page.plan.id)
    open_plan(now.file, now.plan.id)
    fresh = {box.name: box for question in tab.questions for box in boxes_of(now, question)}
    return conflict_page(
        request,
        now,
        [
            Conflict(
                box.name,
                box.question.text,
                form.text(box.name),
                standing,
                {
                    box.version_name: str(standing.version),
                    **({box.choice_name: choice} if (choice := form.line(box.choice_name)) else {}),
                },
            )
            for box in boxes
            if box.name in fresh and (standing := fresh[box.name].saved) is not None
        ],
        action=f"{page.plan_address}/svar/{tab.key}",
        back=page.tab_address(tab.key),
        key=tab.key,
    )
