"""The plans of a class, for mentor, teachers and the school's administration: what is done, missing and at risk."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.actions import Action
from access.decide import grants
from aggregates.goal import CURRENT, GoalDecision
from aggregates.plan import PlanState
from aggregates.reminders import HOME
from aggregates.swedish import swedish_order
from commands.class_overview import ClassOverview, PupilInClass, look_at_class
from commands.context import STOCKHOLM
from commands.reminders import Wanted, remind_several
from events.base import Role
from events.goals import GoalStatus
from events.template import QuestionKind
from web.addresses import with_return
from web.plan.bars import Bar, bars_of
from web.rendering import render, translator
from web.texts.class_view import COLUMNS, STATES
from web.texts.done import DONE
from web.texts.goals import STATUSES
from web.texts.roles import ROLES
from web.typed import uuid_or_none
from web.visit import DONE_WORD, OwnForm, Visit, Visitor, new_key

router = APIRouter(prefix="/klasser/{group}/iup", include_in_schema=False)

PUPILS = "elev"
"""The field that names a pupil to remind: pupil, plan and the relation in which it is done."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil, and where the newest plan stands; without a plan there is nothing more to say."""

    name: str
    href: str
    ended_on: date | None = None
    """The day on which the pupil's schooling ended; None where it goes on."""
    state: PlanState | None = None
    bars: tuple[Bar, ...] = ()
    missing: tuple[tuple[Role, int], ...] = ()
    """Each party that has questions to answer, and how many."""
    risks: tuple[str, ...] = ()
    reminding: str = ""
    """What a form says to remind those at home; empty where there is nobody to remind, or not by the reader."""
    reminded_on: date | None = None
    proposals: int = 0
    goals: tuple[tuple[GoalStatus, int], ...] = ()
    changed_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How many answers are missing in all: by what the table is sorted."""
        return sum(n for _, n in self.missing)

    @property
    def changed_on(self) -> date | None:
        """The day where the schools are."""
        return self.changed_at and self.changed_at.astimezone(STOCKHOLM).date()

    @property
    def unfinished(self) -> int:
        """Goals and proposals that are not yet achieved."""
        return self.proposals + sum(n for status, n in self.goals if status is not GoalStatus.ACHIEVED)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which the table can be sorted; `direction` is what a screen reader says of it, empty for no order."""

    key: str
    text: str
    direction: str


_DOWN, _UP = "descending", "ascending"
_BY: Mapping[str, tuple[str, Callable[[Row], float]]] = {
    "namn": (_UP, lambda _: 0),
    "lage": (_UP, lambda row: list(PlanState).index(row.state) if row.state else -1),
    "svar": (_DOWN, lambda row: -row.waiting),
    "risk": (_DOWN, lambda row: -len(row.risks)),
    "mal": (_DOWN, lambda row: -row.unfinished),
    "andrad": (_DOWN, lambda row: -row.changed_at.timestamp() if row.changed_at else 0),
}
"""In which direction a column is sorted, and by what; those who are alike stay in Swedish order."""


@router.get("")
def show(
    request: Request,
    group: Annotated[UUID, Path()],
    visit: Visitor,
    order: Annotated[str, Query(alias="ordna")] = "namn",
) -> Response:
    """The pupils of the class whose files the reader may read, in the order that was asked for."""
    found = look_at_class(visit.context, visit.services.overviews, visit.caller, group, on=visit.on)
    order = order if order in _BY else "namn"
    rows = sorted((_row(visit, one) for one in found.pupils), key=_BY[order][1])
    return render(
        request,
        "class_view.html",
        me=visit.me,
        group=found.group,
        columns=list(_columns(order, translator(request))),
        rows=rows,
        has_ended=bool(rows) and all(row.ended_on and row.ended_on <= visit.on for row in rows),
        command_key=new_key(),
        done=translator(request)(done) if (done := DONE.get(request.query_params.get(DONE_WORD, ""))) else "",
        subjects=_subjects(visit, found),
        needed_level=found.needed_level,
        step_up=f"{with_return('/logga-in/hojd', f'/klasser/{group}/iup')}&niva={found.needed_level}",
        roles=ROLES,
        states=STATES,
        statuses=STATUSES,
    )


def _columns(order: str, translate: Callable[[str], str]) -> Iterable[Column]:
    for key, text in COLUMNS.items():
        yield Column(key, translate(text), _BY[key][0] if key == order else "")


@router.post("/paminn")
def remind(group: Annotated[UUID, Path()], form: OwnForm, visit: Visitor) -> Response:
    """Remind those at home with the pupils whom the form names; who was reminded today is left alone."""
    wanted = [one for text in form.all(PUPILS) if (one := _wanted(text)) is not None]
    answers = remind_several(visit.context, visit.command(form), wanted)
    for last in {answer.feed: answer for answer in answers}.values():
        visit.until_shown(last)
    return RedirectResponse(f"/klasser/{group}/iup?{DONE_WORD}={'paminda' if answers else ''}#elever", status_code=303)


def _wanted(text: str) -> Wanted | None:
    """What a form says of a reminder; None for what no page of ours made."""
    ids = [uuid_or_none(part) for part in text.split(":")]
    match ids:
        case [UUID() as student_id, UUID() as plan_id, UUID() as relation_id]:
            return Wanted(student_id, plan_id, relation_id)
        case _:
            return None


def _reminding(visit: Visit, one: PupilInClass, document: Mapping[str, Any]) -> str:
    """Where the plan is prepared, something is missing from home, nobody reminded today, and the reader may."""
    is_missing = any(_waits_for(party, question) for question in document["questions"] for party in HOME)
    granted = grants(Action.REMIND, one.standing, on=visit.on, at=visit.now)
    if document["state"] != PlanState.OPEN.value or not is_missing or not granted:
        return ""
    if document["reminded_on"] == visit.on.isoformat():
        return ""
    return f"{one.student.student_id}:{document['plan_id']}:{granted[0].relation_id}"


def _waits_for(party: Role, question: Mapping[str, Any]) -> bool:
    """Whether the party has not answered what it is to answer; comment boxes need not be (S-OVR-4)."""
    if question["kind"] == QuestionKind.COMMENT or party not in question["directed_to"]:
        return False
    return not any(answer["role"] == party for answer in question["answered_by"])


def _row(visit: Visit, one: PupilInClass) -> Row:
    href = f"/elever/{one.student.student_id}/iup"
    if one.document is None:
        return Row(one.student.name, href, one.student.ended_on)
    document = one.document
    current = [goal for goal in document["goals"] if goal["decision"] in CURRENT]
    agreed = Counter(goal["status"] for goal in current if goal["decision"] == GoalDecision.ACCEPTED.value)
    names, bars = document["template"]["subjects"], bars_of(document)
    waiting = ((bar.party, sum(_waits_for(bar.party, one) for one in document["questions"])) for bar in bars)
    return Row(
        name=one.student.name,
        href=href,
        ended_on=one.student.ended_on,
        state=PlanState(document["state"]),
        bars=bars,
        missing=tuple((party, n) for party, n in waiting if n),
        risks=tuple(names.get(subject, subject) for subject, linked in document["obligations"].items() if not linked),
        proposals=len(current) - agreed.total(),
        goals=tuple((status, agreed[status.value]) for status in GoalStatus if agreed[status.value]),
        reminding=_reminding(visit, one, document),
        reminded_on=document["reminded_on"] and date.fromisoformat(document["reminded_on"]),
        changed_at=datetime.fromisoformat(document["changed"]["at"]),
    )


def _subjects(visit: Visit, found: ClassOverview) -> Sequence[tuple[str, str]]:
    """The subjects that the reader assesses in the class: where that is done, and what they are called."""
    assessed = {
        code: name
        for one in found.pupils
        if one.document is not None
        for code, name in one.document["template"]["subjects"].items()
        if grants(Action.ASSESS_SUBJECT, one.standing, on=visit.on, at=visit.now, subject=code)
    }
    address = f"/klasser/{found.group.group_id}/omdomen"
    ordered = sorted(assessed.items(), key=lambda subject: swedish_order(subject[1]))
    return [(f"{address}/{quote(code, safe='')}", name) for code, name in ordered]
