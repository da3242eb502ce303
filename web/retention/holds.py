"""A pupil's file as an officer sees it: why it is due or will be, what keeps it, and what a review of it came to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from aggregates.errors.retention import HoldNotFound, ReviewNotSound
from commands import holds
from events.retention import HoldGround, RetentionHeld, ReviewOutcome
from web.rendering import translator
from web.retention.frame import DISPOSAL, HELD, Desk, Translate, saved, show
from web.texts.retention import GROUNDS, OUTCOMES
from web.typed import NOTHING, Fields, Typed, uuid_or_none
from web.visit import OwnForm, Seeker, Visit, Visitor

router = APIRouter(prefix=DISPOSAL, include_in_schema=False)
StudentId = Annotated[UUID, Path(alias="student")]
HoldId = Annotated[UUID, Path(alias="hold")]
_MOST = 100


@router.get("/stopp")
def held(request: Request, visit: Seeker, efter: str = "", akt: str = "") -> Response:
    """The files that are held, by id; whoever has an id of another file comes to it from here."""
    wanted = uuid_or_none(akt)
    if wanted is not None:
        return RedirectResponse(_address(wanted), status_code=303)
    desk, translate = Desk(visit), translator(request)
    found = holds.read_held(visit.context, visit.caller, on=visit.on, after=uuid_or_none(efter), limit=_MOST + 1)
    return show(
        request,
        desk,
        "held.html",
        current=translate("Held files"),
        files=[(_address(one), one) for one in found[:_MOST]],
        more=f"{HELD}?efter={found[_MOST - 1]}" if len(found) > _MOST else "",
        typed=Typed({"akt": akt}, {"akt": translate("This is no id of a file")} if akt else {}),
    )


@router.get("/akter/{student}")
def file_page(request: Request, student: StudentId, visit: Visitor) -> Response:
    """A file: what holds it, and the forms."""
    return _show(request, visit, student)


@router.post("/akter/{student}/stopp")
def hold(request: Request, student: StudentId, form: OwnForm, visit: Visitor) -> Response:
    """Keep the file from being destroyed until the hold is released."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    ground = fields.choice("grund", HoldGround)
    authority, reference, reason = _case(fields)
    if fields.errors or ground is None:
        return _show(request, visit, student, fields.typed())
    answer = holds.hold_file(
        visit.context,
        desk.command(form, Action.HOLD_FILE),
        student_id=student,
        ground=ground,
        authority=authority,
        reference=reference,
        reason=reason,
    )
    return saved(desk, answer, _address(student), done="stoppad")


@router.post("/akter/{student}/bedomning")
def review(request: Request, student: StudentId, form: OwnForm, visit: Visitor) -> Response:
    """Record what was decided of a file that its period lists for review."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    outcome = fields.choice("utfall", ReviewOutcome)
    keep_until = fields.day("bevaras-till") if outcome is ReviewOutcome.KEEP else None
    reference, reason = fields.line("bedomning-beslut"), fields.prose("bedomning-skal")
    if not fields.errors and outcome is not None:
        command = desk.command(form, Action.REVIEW_FILE)
        try:
            answer = holds.review_file(
                visit.context,
                command,
                student_id=student,
                outcome=outcome,
                keep_until=keep_until,
                decision_reference=reference,
                reason=reason,
            )
        except ReviewNotSound:
            fields.wrong("bevaras-till", "day-to-keep-past")
        else:
            return saved(desk, answer, _address(student), done="bedomd")
    return _show(request, visit, student, fields.typed())


@router.get("/akter/{student}/stopp/{hold}")
def hold_page(request: Request, student: StudentId, hold: HoldId, visit: Visitor) -> Response:
    """One hold, and the form that releases it."""
    return _show_hold(request, visit, student, hold)


@router.post("/akter/{student}/stopp/{hold}")
def release(request: Request, student: StudentId, hold: HoldId, form: OwnForm, visit: Visitor) -> Response:
    """Let a hold go; the file is due again on the day that its period says."""
    desk, fields = Desk(visit), Fields(form, translator(request))
    authority, reference, reason = _case(fields)
    if fields.errors:
        return _show_hold(request, visit, student, hold, fields.typed())
    answer = holds.release_file(
        visit.context,
        desk.command(form, Action.HOLD_FILE),
        student_id=student,
        hold_id=hold,
        authority=authority,
        reference=reference,
        reason=reason,
    )
    return saved(desk, answer, _address(student), done="slappt")


def _case(fields: Fields) -> tuple[str, str, str]:
    """Who says so, in which case, and why."""
    return fields.line("myndighet"), fields.line("arende"), fields.prose("skal")


def _address(student_id: UUID) -> str:
    return f"{DISPOSAL}/akter/{student_id}"


def _steps(translate: Translate) -> tuple[tuple[str, str], ...]:
    return ((HELD, translate("Held files")),)


def _show(request: Request, visit: Visit, student_id: UUID, typed: Typed = NOTHING) -> Response:
    desk, translate = Desk(visit), translator(request)
    found = holds.read_holds(visit.context, visit.caller, student_id, on=visit.on)
    return show(
        request,
        desk,
        "file.html",
        steps=_steps(translate),
        current=translate("A pupil's file"),
        status=422 if typed.errors else 200,
        student_id=student_id,
        address=_address(student_id),
        holds=[(f"{_address(student_id)}/stopp/{one.hold_id}", one) for one in found],
        may_hold=desk.may(Action.HOLD_FILE),
        may_review=desk.may(Action.REVIEW_FILE),
        grounds=GROUNDS,
        outcomes=OUTCOMES,
        typed=typed,
    )


def _show_hold(request: Request, visit: Visit, student_id: UUID, hold_id: UUID, typed: Typed = NOTHING) -> Response:
    desk, translate = Desk(visit), translator(request)
    one = _hold(visit, student_id, hold_id)
    return show(
        request,
        desk,
        "hold.html",
        steps=(*_steps(translate), (_address(student_id), translate("A pupil's file"))),
        current=translate("Release a hold"),
        status=422 if typed.errors else 200,
        address=f"{_address(student_id)}/stopp/{hold_id}",
        hold=one,
        grounds=GROUNDS,
        typed=typed,
    )


def _hold(visit: Visit, student_id: UUID, hold_id: UUID) -> RetentionHeld:
    found = holds.read_holds(visit.context, visit.caller, student_id, on=visit.on)
    one = next((one for one in found if one.hold_id == hold_id), None)
    if one is None:
        raise HoldNotFound
    return one
