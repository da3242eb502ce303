"""The overview (IUP-översikt): how far each party has come, the goals on their staircase, and when and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from access.decide import Standing, grants
from access.errors import StudentNotFound
from aggregates.errors.plans import PlanNotFound
from aggregates.goal import CURRENT, GoalDecision
from commands.history import overview_of
from commands.overview import Asked, look_at_overview
from commands.reads import Opened, Part, open_file, record_look
from events.base import Role
from events.goals import GoalStatus
from events.syllabus import SyllabusItem
from events.template import PageKind
from web.browser import SignInNeeded
from web.errors import PlanNotThereThen
from web.plan.bars import bars_of
from web.plan.frame import Place, plan_tabs, pupil_place, show, to_pupil
from web.plan.history import Day, file_then
from web.plan.page import PlanId, StudentId, at_day, pupil_page
from web.plan.targets import goal_anchor
from web.rendering import translator
from web.texts.goals import STATUSES
from web.texts.roles import PARTIES, ROLES
from web.visit import Visit, Visitor, here

router = APIRouter(prefix="/elever/{student}/iup", include_in_schema=False)


@dataclass(frozen=True)
class OverviewPage:
    """A plan's overview as one reader sees it, now or at the end of a day (`as_it_was`).

    `at_school`: whether the pupil's schooling goes on; a plan is started for nobody else.
    `look` is the file that was opened for it and the part that is looked at; None where the statement that read the
    overview has put the look on record.
    """

    visit: Visit
    student_id: UUID
    name: str
    standing: Standing
    document: Mapping[str, Any]
    look: tuple[Opened, Part] | None = None
    as_it_was: date | None = None
    at_school: bool = True

    def put_on_record(self) -> None:
        """Put on record that the reader looks at it."""
        if self.look is not None:
            record_look(self.visit.context, self.visit.caller, *self.look)

    @property
    def address(self) -> str:
        """Where the pages about the pupil begin."""
        return f"/elever/{self.student_id}"

    @property
    def plan_address(self) -> str:
        """Where the plan's pages begin."""
        return f"{self.address}/iup/{self.document['plan_id']}"

    @property
    def is_archived(self) -> bool:
        """Whether a later plan has taken its place."""
        return self.document["archived_at"] is not None

    def may(self, action: Action) -> bool:
        """Whether the page offers it; nothing of an earlier day's."""
        return self.as_it_was is None and bool(grants(action, self.standing, on=self.visit.on, at=self.visit.now))

    def tab_address(self, key: str) -> str:
        """Where a page of the plan's template is, on the day that is looked at."""
        return at_day(f"{self.plan_address}/{quote(key, safe='')}", self.as_it_was)


@dataclass(frozen=True, slots=True)
class Row:
    """A question and who has answered it (S-OVR-5)."""

    text: str
    href: str
    answered_by: tuple[tuple[Role, str], ...]
    missing: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A page of questions, its questions, and how many somebody has answered."""

    title: str
    href: str
    rows: tuple[Row, ...]

    @property
    def answered(self) -> int:
        """Questions that somebody has answered."""
        return sum(bool(row.answered_by) for row in self.rows)


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A current goal or proposal: its text and step, and its links (S-OVR-6, S-OVR-7)."""

    text: str
    href: str
    is_proposal: bool
    status: GoalStatus
    subjects: tuple[str, ...]
    links: tuple[str, ...]


@router.get("")
def show_newest(request: Request, student: StudentId, visit: Visitor) -> Response:
    """The overview of the pupil's newest plan; words on what comes next where no plan was ever started."""
    try:
        page = _newest(request, visit, student)
    except PlanNotFound:
        return _no_plan(request, visit, student)
    return _show(request, page)


@router.get("/{plan}")
def show_plan(request: Request, student: StudentId, plan: PlanId, visit: Visitor, day: Day = None) -> Response:
    """The overview of one of the pupil's plans, now or at the end of a day. Raises PlanNotFound."""
    if day is not None:
        return _show(request, _then(visit, student, plan, day))
    is_newest = visit.services.overviews.newest_plan(student) == plan
    return _show(request, _newest(request, visit, student) if is_newest else _earlier(visit, student, plan))


def _newest(request: Request, visit: Visit, student_id: UUID) -> OverviewPage:
    """From the read model, in one statement: it opens fast however long the file is."""
    services = visit.services
    student = visit.directory.student(student_id)
    if student is None:
        raise StudentNotFound
    asked = Asked(
        session_key=visit.session.key,
        student_id=student_id,
        now=visit.now,
        seen_after=visit.now - services.sessions.limits.idle,
        correlation_id=visit.correlation_id,
    )
    seen = look_at_overview(visit.context, services.overviews, asked, admit=lambda _: None)
    if seen is None:
        raise SignInNeeded(here(request))
    return OverviewPage(
        visit,
        student_id,
        student.name,
        seen.standing,
        from_json(seen.overview.json),
        at_school=student.ended_on is None,
    )


def _earlier(visit: Visit, student_id: UUID, plan_id: UUID) -> OverviewPage:
    """An archived plan's overview, as it stood."""
    opened = open_file(visit.context, visit.caller, student_id, on=visit.on)
    found = visit.services.overviews.plan(student_id, plan_id)
    if found is None:
        raise PlanNotFound
    look = opened, Part.OVERVIEW
    return OverviewPage(visit, student_id, opened.file.name, opened.standing, from_json(found.json), look)


def _then(visit: Visit, student_id: UUID, plan_id: UUID, day: date) -> OverviewPage:
    """A plan's overview at the end of a day, folded from the events up to then."""
    found = file_then(visit, student_id, day)
    opened, document = found.opened, overview_of(found.events, plan_id)
    if document is None:
        raise PlanNotThereThen if plan_id in opened.file.plans else PlanNotFound
    look = opened, Part.HISTORY
    return OverviewPage(visit, student_id, opened.file.name, opened.standing, document, look, as_it_was=day)


def _show(request: Request, page: OverviewPage) -> Response:
    translate = translator(request)
    document = page.document
    pages = [(one["key"], one["title"]) for one in document["template"]["pages"]]
    tabs = plan_tabs(page.plan_address, pages, translate, day=page.as_it_was)
    place = Place(to_pupil(page, translate), translate("IUP overview"), tabs, page.as_it_was, page.plan_address)
    return show(
        request,
        page,
        "plan/overview.html",
        place,
        document=document,
        bars=bars_of(document),
        questions=list(_questions(page)),
        goals=_goals(page),
        moments={name: datetime.fromisoformat(document[name]["at"]) for name in ("started", "changed")},
        conversation_on=document["lock"] and datetime.fromisoformat(document["lock"]["conversation_on"]).date(),
        unmet=[_subject(document, subject) for subject, programme in document["obligations"].items() if not programme],
        assessments=page.tab_address(_key_of(document, PageKind.ASSESSMENTS)),
        may_start=page.may(Action.START_PLAN) and page.at_school and not page.is_archived,
        parties=PARTIES,
        roles=ROLES,
        statuses=STATUSES,
    )


def _no_plan(request: Request, visit: Visit, student_id: UUID) -> Response:
    page = pupil_page(visit, student_id, Part.OVERVIEW)
    place = pupil_place(page, translator(request)("IUP overview"), translator(request))
    return show(
        request,
        page,
        "plan/no_plan.html",
        place,
        may_start=page.may(Action.START_PLAN) and page.file.schooling_ended is None,
    )


def _questions(page: OverviewPage) -> Iterator[QuestionPage]:
    for tab in page.document["template"]["pages"]:
        href = page.tab_address(tab["key"])
        asked = [question for question in page.document["questions"] if question["page"] == tab["key"]]
        if asked:
            yield QuestionPage(tab["title"], href, tuple(_row(question, href) for question in asked))


def _row(question: Mapping[str, Any], href: str) -> Row:
    answered = question["answered_by"]
    given = {answer["role"] for answer in answered}
    return Row(
        question["text"],
        f"{href}#fraga-{question['key']}",
        tuple((Role(one["role"]), one.get("name") or one["written_by"]["name"]) for one in answered),
        tuple(Role(role) for role in question["directed_to"] if role not in given),
    )


def _goals(page: OverviewPage) -> Sequence[GoalRow]:
    document = page.document
    current = [goal for goal in document["goals"] if goal["decision"] in CURRENT]
    items = {SyllabusItem.model_validate(item) for goal in current for item in goal["syllabus"]}
    wordings = page.visit.context.syllabus.wordings(items) if items else {}
    tab = _key_of(document, PageKind.GOALS)
    return [
        GoalRow(
            text=goal.get("corrected_text") or goal["text"],
            href=f"{page.tab_address(tab)}#{goal_anchor(goal['goal_id'])}",
            is_proposal=goal["decision"] == GoalDecision.PROPOSED.value,
            status=GoalStatus(goal["status"]),
            subjects=tuple(_subject(document, code) for code in goal["subjects"]),
            links=tuple(
                wordings[found].wording
                for item in goal["syllabus"]
                if (found := SyllabusItem.model_validate(item)) in wordings
            ),
        )
        for goal in current
    ]


def _subject(document: Mapping[str, Any], code: str) -> str:
    name: str = document["template"]["subjects"].get(code, code)
    return name


def _key_of(document: Mapping[str, Any], kind: PageKind) -> str:
    """The key of the template's page of a kind; empty where it has none."""
    return next((str(one["key"]) for one in document["template"]["pages"] if one["kind"] == kind.value), "")
