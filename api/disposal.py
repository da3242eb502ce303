"""Disposal: what is due, and the runs in which it is destroyed: planned, approved by another, begun, certified."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse
from starlette.responses import Response

from access.actions import Action
from access.scopes import Scope
from aggregates.disposal_run import DisposalRun, RunState, Step
from aggregates.errors.retention import (
    ApproverPlanned,
    ItemNotPurged,
    NothingIsDue,
    PlanDiffers,
    PlanHasLapsed,
    RunNotApproved,
    RunNotFound,
    RunNotOpen,
)
from api.declare import reads, writes
from api.errors import CursorNotValid
from api.names import API
from api.paging import Cursor, Limit, cursor_id, cursor_number, cursor_time, id_cursor, number_cursor, time_cursor
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import disposal
from commands.due import read_due
from events.retention import DisposalAction, DocumentClass, SkipReason
from events.text import Digest, Prose
from retention.due import Due, ListedRun
from retention.items import Item

router = APIRouter(tags=["retention"])

RUN = "/disposal-runs/{run}"
RunId = Annotated[UUID, Path(alias="run", description="A disposal run.")]
ItemNumber = Annotated[int, Path(alias="item", ge=1, le=2**31 - 1, description="The number of an item in the run.")]
Class = Annotated[DocumentClass, Query(description="Of which documents.")]


class DueShape(Shape):
    """Something that is due. `subject_id` is the pupil's file or the person of an account; a month has none."""

    document_class: DocumentClass
    subject_id: UUID | None
    month: date | None
    counted_from: date
    due_on: date
    schedule_id: UUID
    action: DisposalAction
    is_held: bool

    @classmethod
    def of(cls, due: Due) -> "DueShape":
        """What is due, as it is listed."""
        return cls(
            document_class=due.document_class,
            subject_id=due.subject_id,
            month=due.month,
            counted_from=due.counted_from,
            due_on=due.due_on,
            schedule_id=due.schedule_id,
            action=due.action,
            is_held=due.is_held,
        )


class DueList(Shape):
    """What is due on a day, by id; `as_of` is the day."""

    as_of: date
    items: list[DueShape]
    next: str | None


class Approval(WriteBody):
    """The hash of the plan that the approver has looked at."""

    plan_hash: Digest


class Withdrawal(WriteBody):
    """Why a plan is taken back."""

    reason: Prose


class StepShape(Shape):
    """Who did it, and when."""

    person_id: UUID
    name: str
    at: datetime

    @classmethod
    def of(cls, step: Step | None) -> "StepShape | None":
        """A step of a run that was taken."""
        return None if step is None else cls(person_id=step.by.person_id, name=step.by.name, at=step.at)


class RunSummary(Shape):
    """A disposal run in the list of all."""

    id: UUID
    state: RunState
    as_of: date
    lapses_on: date
    items: int
    planned_at: datetime

    @classmethod
    def of(cls, run: ListedRun) -> "RunSummary":
        """A run as it is listed."""
        return cls(
            id=run.run_id,
            state=RunState(run.state),
            as_of=run.as_of,
            lapses_on=run.lapses_on,
            items=run.items,
            planned_at=run.planned_at,
        )


class Runs(Shape):
    """Disposal runs, the latest first."""

    items: list[RunSummary]
    next: str | None


class RunShape(Shape):
    """A disposal run: how far it has come, by whom, and how many items were destroyed or left."""

    id: UUID
    version: int
    state: RunState
    has_lapsed: bool
    plan_hash: str
    as_of: date
    lapses_on: date
    items: int
    planned: StepShape | None
    approved: StepShape | None
    started: StepShape | None
    finished: StepShape | None
    withdrawn: StepShape | None
    withdrawal_reason: str | None
    purged: int
    skipped: int

    @classmethod
    def of(cls, run: DisposalRun, *, on: date) -> "RunShape":
        """A run, on a day."""
        return cls(
            id=run.id,
            version=run.version,
            state=run.state,
            has_lapsed=run.has_lapsed(on),
            plan_hash=run.plan_hash,
            as_of=run.as_of,
            lapses_on=run.lapses_on,
            items=run.items,
            planned=StepShape.of(run.planned),
            approved=StepShape.of(run.approved),
            started=StepShape.of(run.started),
            finished=StepShape.of(run.finished),
            withdrawn=StepShape.of(run.withdrawn),
            withdrawal_reason=run.withdrawal_reason,
            purged=len(run.purged),
            skipped=len(run.skipped),
        )


class ItemShape(Shape):
    """An item of a run. Of what is destroyed no id is left; `commitment` still says which it was to who knows.

    A file that `is_held` now is left, unless the hold is released before its turn comes.
    """

    item: int
    document_class: DocumentClass
    subject_id: UUID | None
    month: date | None
    commitment: str
    due_on: date
    schedule_id: UUID
    action: DisposalAction
    state: str
    reason: SkipReason | None
    is_held: bool

    @classmethod
    def of(cls, item: Item) -> "ItemShape":
        """An item as it stands."""
        return cls(
            item=item.item,
            document_class=item.document_class,
            subject_id=item.subject_id,
            month=item.month,
            commitment=item.commitment.hex(),
            due_on=item.due_on,
            schedule_id=item.schedule_id,
            action=item.action,
            state=item.state,
            reason=SkipReason(item.reason) if item.reason else None,
            is_held=item.is_held,
        )


class RunItems(Shape):
    """The items of a run, in order."""

    items: list[ItemShape]
    next: str | None


@router.get(
    "/due",
    response_model=DueList,
    **reads(Action.READ_DUE, refuses=(CursorNotValid,), scopes=(Scope.RETENTION,)),
)
def list_due(
    asked: Signed, document_class: Class = DocumentClass.STUDENT_FILE, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """What is due of a class of documents, by id alone: held, and for review, too."""
    found = read_due(asked.context, asked.caller, document_class, on=asked.on, after=cursor_id(cursor), limit=limit + 1)
    items = [DueShape.of(due) for due in found[:limit]]
    last = found[limit - 1].subject_id if len(found) > limit else None
    return answer_with(
        DueList(as_of=asked.context.due_day(asked.on), items=items, next=id_cursor(last) if last else None)
    )


@router.get("/disposal-runs", response_model=Runs, **reads(Action.READ_RETENTION, refuses=(CursorNotValid,)))
def list_runs(asked: Signed, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Disposal runs, the latest first."""
    before = cursor_time(cursor)
    found = disposal.read_runs(
        asked.context, asked.caller, on=asked.on, before=before[0] if before else None, limit=limit + 1
    )
    items = [RunSummary.of(run) for run in found[:limit]]
    last = items[-1] if len(found) > limit else None
    return answer_with(Runs(items=items, next=time_cursor(last.planned_at, last.id) if last else None))


@router.get(RUN, response_model=RunShape, **reads(Action.READ_RETENTION, refuses=(RunNotFound,), versioned=True))
def show_run(asked: Signed, run: RunId) -> Response:
    """One disposal run."""
    found = disposal.read_run(asked.context, asked.caller, run, on=asked.on)
    return answer_with(RunShape.of(found, on=asked.on), version=found.version)


@router.get(
    RUN + "/items", response_model=RunItems, **reads(Action.READ_RETENTION, refuses=(RunNotFound, CursorNotValid))
)
def list_items(asked: Signed, run: RunId, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """What a run is to destroy, or what became of it, in order."""
    found = disposal.read_items(
        asked.context, asked.caller, run, on=asked.on, after=cursor_number(cursor), limit=limit + 1
    )
    items = [ItemShape.of(item) for item in found[:limit]]
    return answer_with(RunItems(items=items, next=number_cursor(items[-1].item) if len(found) > limit else None))


@router.get(
    RUN + "/items/{item}/certificate",
    response_class=PlainTextResponse,
    **reads(Action.READ_RETENTION, refuses=(RunNotFound, ItemNotPurged)),
)
def show_certificate(asked: Signed, run: RunId, item: ItemNumber) -> Response:
    """The certificate of an item that was destroyed: a signed note that anyone can check with the ledger's key."""
    note = disposal.read_certificate(asked.context, asked.caller, run, item, on=asked.on)
    return PlainTextResponse(note.decode())


@router.post(
    "/disposal-runs",
    response_model=Written,
    **writes(Action.PLAN_DISPOSAL, refuses=(NothingIsDue, RunNotOpen), created=True),
)
def plan_run(asked: Write, body: WriteBody) -> Response:
    """Freeze what is due into a list that another retention operator is to approve within thirty days."""
    answer = disposal.plan(asked.context, asked.command(body.acting_as))
    return asked.answer(answer, created=f"{API}/disposal-runs/{{id}}")


@router.post(
    RUN + "/approval",
    response_model=Written,
    **writes(Action.APPROVE_DISPOSAL, refuses=(RunNotFound, RunNotOpen, PlanHasLapsed, PlanDiffers, ApproverPlanned)),
)
def approve_run(asked: Write, run: RunId, body: Approval) -> Response:
    """Approve exactly the list of this hash, as another person than who planned it."""
    command = asked.command(body.acting_as)
    return asked.answer(disposal.approve(asked.context, command, run_id=run, plan_hash=body.plan_hash))


@router.post(
    RUN + "/withdrawal",
    response_model=Written,
    **writes(Action.PLAN_DISPOSAL, refuses=(RunNotFound, RunNotOpen)),
)
def withdraw_run(asked: Write, run: RunId, body: Withdrawal) -> Response:
    """Take back a plan that nobody has begun to carry out."""
    answer = disposal.withdraw(asked.context, asked.command(body.acting_as), run_id=run, reason=body.reason)
    return asked.answer(answer)


@router.post(
    RUN + "/start",
    response_model=Written,
    **writes(Action.RUN_DISPOSAL, refuses=(RunNotFound, RunNotApproved, RunNotOpen, PlanHasLapsed, PlanDiffers)),
)
def start_run(asked: Write, run: RunId, body: WriteBody) -> Response:
    """Begin to carry out an approved list: the worker destroys an item at a time, or leaves it for a reason."""
    return asked.answer(disposal.start(asked.context, asked.command(body.acting_as), run_id=run))
