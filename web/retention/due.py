"""What is due for disposal and why, what is held, and what comes within a year; by id, never by name (S-RET-1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nsmallest
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.disposal_run import RunState
from aggregates.retention_policy import Schedule
from commands.disposal import read_runs
from commands.due import read_due, read_schools
from commands.schedules import read_policy
from events.retention import DisposalAction, DocumentClass
from retention.due import Due, ListedRun
from retention.schedules import due_on
from web.rendering import translator
from web.retention.frame import DISPOSAL, Desk, Translate, show
from web.texts.retention import ACTIONS, CLASSES, STATES
from web.typed import uuid_or_none
from web.visit import Seeker, Visit

router = APIRouter(prefix=DISPOSAL, include_in_schema=False)
_MOST = 100
_RUNS = 20
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """Something that is due, by id alone. `waits` says what keeps it from a plan; empty where nothing does."""

    id: UUID | None
    month: date | None
    href: str
    school: str
    counted_from: date
    due_on: date
    waits: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Section:
    """What of a class is due. `more` leads to what comes after these."""

    document_class: DocumentClass
    heading: str
    rows: Sequence[Row]
    more: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the list of all."""

    href: str
    planned_at: datetime
    items: int
    state: str


@router.get("")
def disposal(request: Request, visit: Seeker, slag: str = "", efter: str = "") -> Response:
    """What is due today, class by class; an auditor, who sees no list of it, sees the runs."""
    desk, translate = Desk(visit), translator(request)
    policy = read_policy(visit.context, visit.caller, on=visit.on)
    may_see = desk.may(Action.READ_DUE)
    sections = [_section(desk, one, policy.schedules, translate, slag, efter) for one in CLASSES] if may_see else []
    today = visit.context.due_day(visit.on)
    runs = read_runs(visit.context, visit.caller, on=visit.on, limit=_RUNS)
    return show(
        request,
        desk,
        "due.html",
        current=translate("Disposal"),
        today=today,
        sections=[section for section in sections if section.rows],
        may_see=may_see,
        has_schedules=any(policy.counts(schedule, on=today) for schedule in policy.schedules.values()),
        coming=_coming(desk, today, policy.schedules, translate) if may_see else [],
        most=_MOST,
        may_plan=desk.may(Action.PLAN_DISPOSAL) and any(not row.waits for one in sections for row in one.rows),
        runs=[_run(one, translate) for one in runs],
    )


def _section(
    desk: Desk, of: DocumentClass, schedules: Mapping[UUID, Schedule], translate: Translate, only: str, after: str
) -> Section:
    """The first of what is due, or those after an id where the address says so."""
    visit = desk.visit
    start = uuid_or_none(after) if only == of else None
    found = read_due(visit.context, visit.caller, of, on=visit.on, after=start, limit=_MOST + 1)
    shown = found[:_MOST]
    files = [one.subject_id for one in shown if one.subject_id is not None and of is DocumentClass.STUDENT_FILE]
    schools = read_schools(visit.context, visit.caller, files, on=visit.on) if files else {}
    more = f"{DISPOSAL}?slag={of}&efter={shown[-1].subject_id}#{of}" if len(found) > _MOST else ""
    return Section(of, translate(CLASSES[of]), list(_rows(shown, schools, schedules, translate)), more)


def _rows(
    due: Iterable[Due], schools: Mapping[UUID, str], schedules: Mapping[UUID, Schedule], translate: Translate
) -> Iterable[Row]:
    for one in due:
        is_file = one.document_class is DocumentClass.STUDENT_FILE
        yield Row(
            id=one.subject_id,
            month=one.month,
            href=f"{DISPOSAL}/akter/{one.subject_id}" if is_file else "",
            school=schools.get(one.subject_id, "") if one.subject_id else "",
            counted_from=one.counted_from,
            due_on=one.due_on,
            waits=_waits(one, translate),
            schedule=schedules[one.schedule_id],
        )


def _waits(one: Due, translate: Translate) -> str:
    """What keeps it from being destroyed, in words; empty where a plan takes it in."""
    if one.is_held:
        return translate("Held")
    return translate(ACTIONS[one.action]) if one.action is DisposalAction.REVIEW else ""


def _coming(desk: Desk, today: date, schedules: Mapping[UUID, Schedule], translate: Translate) -> list[Row]:
    """The files that will be due within a year, the next first; of many only so many as fit."""
    visit = desk.visit
    later = nsmallest(_MOST, _later(visit, today), key=lambda one: one.due_on)
    files = [one.subject_id for one in later if one.subject_id is not None]
    schools = read_schools(visit.context, visit.caller, files, on=visit.on)
    return list(_rows(later, schools, schedules, translate))


def _later(visit: Visit, today: date) -> Iterator[Due]:
    """Every file that is due after today and within a year."""
    until, after = due_on(today, years=1), None
    while True:
        page = read_due(
            visit.context,
            visit.caller,
            DocumentClass.STUDENT_FILE,
            on=visit.on,
            as_of=until,
            after=after,
            limit=_AT_ONCE,
        )
        yield from (one for one in page if one.due_on > today)
        if len(page) < _AT_ONCE:
            return
        after = page[-1].subject_id


def _run(one: ListedRun, translate: Translate) -> Run:
    return Run(f"{DISPOSAL}/korningar/{one.run_id}", one.planned_at, one.items, translate(STATES[RunState(one.state)]))
