"""A disposal run: planned, approved by another officer, carried out item by item; its list and its certificates."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.disposal_run import DisposalRun, RunState
from commands import disposal
from commands.schedules import read_policy
from events.retention import SkipReason
from retention.items import Item
from web.rendering import translator
from web.retention.frame import DISPOSAL, Desk, Translate, saved, show
from web.texts.retention import ITEM_STATES, ONE_OF, REASONS, STATES
from web.typed import NOTHING, Fields, Typed
from web.visit import OwnForm, Visitor

router = APIRouter(prefix=f"{DISPOSAL}/korningar", include_in_schema=False)
RunId = Annotated[UUID, Path(alias="run")]
After = Annotated[int, Query(alias="efter", ge=0, le=2**31 - 1)]
_MOST = 100
_SEEN = "sett"
_REASON = "skal"


@dataclass(frozen=True, slots=True)
class Row:
    """An item of the list; of what is destroyed no id is left, but a certificate."""

    number: int
    document_class: str
    id: UUID | None
    month: date | None
    due_on: date
    state: str
    certificate: str


@router.post("")
def plan(form: OwnForm, visit: Visitor) -> Response:
    """Freeze what is due into a list."""
    desk = Desk(visit)
    answer = disposal.plan(visit.context, desk.command(form, Action.PLAN_DISPOSAL))
    return saved(desk, answer, f"{DISPOSAL}/korningar/{answer.resource_id}", done="planerad")


@router.get("/{run}")
def run_page(request: Request, run: RunId, visit: Visitor, efter: After = 0) -> Response:
    """How far a run has come, and its list."""
    return _show(request, Desk(visit), run, after=efter)


@router.post("/{run}/godkann")
def approve(request: Request, run: RunId, form: OwnForm, visit: Visitor) -> Response:
    """Approve exactly the list that the page showed, as another officer than who planned it."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    if not form.has(_SEEN):
        fields.wrong(_SEEN, "not-looked-at")
        return _show(request, desk, run, typed=fields.typed())
    command = desk.command(form, Action.APPROVE_DISPOSAL)
    answer = disposal.approve(visit.context, command, run_id=run, plan_hash=form.text("plan_hash"))
    return saved(desk, answer, f"{DISPOSAL}/korningar/{run}", done="godkand")


@router.post("/{run}/starta")
def start(run: RunId, form: OwnForm, visit: Visitor) -> Response:
    """Begin to carry out an approved list; the worker goes on with it."""
    desk = Desk(visit)
    answer = disposal.start(visit.context, desk.command(form, Action.RUN_DISPOSAL), run_id=run)
    return saved(desk, answer, f"{DISPOSAL}/korningar/{run}", done="borjad")


@router.post("/{run}/aterta")
def withdraw(request: Request, run: RunId, form: OwnForm, visit: Visitor) -> Response:
    """Take back a plan that nobody has begun to carry out."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    reason = fields.prose(_REASON)
    if fields.errors:
        return _show(request, desk, run, typed=fields.typed())
    command = desk.command(form, Action.PLAN_DISPOSAL)
    answer = disposal.withdraw(visit.context, command, run_id=run, reason=reason)
    return saved(desk, answer, f"{DISPOSAL}/korningar/{run}", done="atertagen")


def _show(request: Request, desk: Desk, run_id: UUID, *, after: int = 0, typed: Typed = NOTHING) -> Response:
    visit, translate = desk.visit, translator(request)
    run = disposal.read_run(visit.context, visit.caller, run_id, on=visit.on)
    items = disposal.read_items(visit.context, visit.caller, run_id, on=visit.on, after=after, limit=_MOST + 1)
    address = f"{DISPOSAL}/korningar/{run_id}"
    policy = read_policy(visit.context, visit.caller, on=visit.on)
    return show(
        request,
        desk,
        "run.html",
        steps=((DISPOSAL, translate("Disposal")),),
        current=translate("Disposal run"),
        status=422 if typed.errors else 200,
        run=run,
        address=address,
        state=translate(STATES[run.state]),
        has_lapsed=run.has_lapsed(visit.on),
        is_planned=run.state is RunState.PLANNED,
        is_approved=run.state is RunState.APPROVED,
        is_started=run.state is RunState.STARTED,
        may_approve=_may_approve(desk, run),
        is_own_plan=run.planned.by.person_id == visit.person_id,
        may_run=desk.may(Action.RUN_DISPOSAL),
        settled=len(run.purged) + len(run.skipped),
        decisions=sorted({policy.schedules[one.schedule_id] for one in items}, key=lambda one: one.document_class),
        rows=[_row(one, address, translate) for one in items[:_MOST]],
        more=f"{address}?efter={items[_MOST - 1].item}#lista" if len(items) > _MOST else "",
        typed=typed,
    )


def _may_approve(desk: Desk, run: DisposalRun) -> bool:
    return desk.may(Action.APPROVE_DISPOSAL) and run.planned.by.person_id != desk.visit.person_id


def _row(item: Item, address: str, translate: Translate) -> Row:
    state = translate(ITEM_STATES[item.state])
    if item.reason:
        state = f"{state}: {translate(REASONS[SkipReason(item.reason)])}"
    elif item.is_held:
        state = f"{state}: {translate(REASONS[SkipReason.HELD])}"
    return Row(
        number=item.item,
        document_class=translate(ONE_OF[item.document_class]),
        id=item.subject_id,
        month=item.month,
        due_on=item.due_on,
        state=state,
        certificate=f"{address}/intyg/{item.item}" if item.state == "purged" else "",
    )
