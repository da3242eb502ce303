"""The overview (IUP-översikt): how much each party has filled in, and the goals on their staircase."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.errors.plans import PlanNotFound
from aggregates.goal import GoalDecision
from aggregates.plan import PlanState
from api.declare import reads
from api.errors import NotSignedIn
from api.names import STUDENT, StudentId
from api.programs import as_caller, calling_program
from api.query import refuse_unknown_query
from api.rules import FILE
from api.services import Services, services_of
from api.shapes import Shape
from api.signed_in import admit, session_id
from commands.context import STOCKHOLM, Caller
from commands.overview import Asked, look_at_overview
from commands.reads import Part, open_file, record_look
from events.assessments import Forecast
from events.base import Role
from events.goals import GoalOrigin, GoalStatus
from events.syllabus import SyllabusItem
from events.template import PageKind, QuestionKind
from projections.overview import Overview
from projections.seen_by import SeenBy
from store.sessions import Session, session_key

router = APIRouter(tags=["overview"])


class Person(Shape):
    """A person as named on that day."""

    person_id: UUID
    role: Role
    name: str
    on_behalf_of: UUID | None = None


class Moment(Shape):
    """When something happened, and by whom."""

    at: datetime
    by: Person


class Bar(Shape):
    """How many questions are directed to a party, and how many of them it has answered. Assessments never count."""

    asked: int
    answered: int


class Bars(Shape):
    """One bar a party; a question to several counts in each, so that a full bar is rare."""

    pupil: Bar
    guardian: Bar
    teacher: Bar
    mentor: Bar


class AnsweredBy(Shape):
    """Who has answered; with `written_by` where somebody else held the pen."""

    role: Role
    person_id: UUID
    name: str | None = None
    written_by: Person | None = None


class QuestionRow(Shape):
    """A question and who has answered it."""

    key: str
    page: str
    text: str
    kind: QuestionKind
    directed_to: list[Role]
    answered_by: list[AnsweredBy]


class GoalRow(Shape):
    """A goal or proposal, its status and its links."""

    goal_id: UUID
    text: str
    corrected_text: str | None = None
    subjects: list[str]
    syllabus: list[SyllabusItem]
    decision: GoalDecision
    status: GoalStatus
    proposed_by: Person
    carried_from: GoalOrigin | None
    evaluations: list[Person]
    version: int
    changed_at: datetime


class TemplatePage(Shape):
    """A page of the plan, in the template's order."""

    key: str
    title: str
    kind: PageKind


class TemplateUsed(Shape):
    """The template that the plan was started from, its pages, and the names of its subjects by code."""

    template_id: UUID
    version: int
    name: str
    pages: list[TemplatePage]
    subjects: dict[str, str]


class Consent(Shape):
    """An agreement or a read receipt; it stands while the plan says what it said then."""

    by: Person
    at: datetime
    plan_version: int
    stands: bool


class LockMade(Moment):
    """When the plan was locked as agreed."""

    plan_version: int
    conversation_on: date


class EarlierPlan(Shape):
    """A plan that was archived for a later one."""

    plan_id: UUID
    school_year: str
    term: str
    template: str


class Assessed(Shape):
    """The forecast that stands in a subject, and when its assessment was published last."""

    forecast: Forecast
    at: datetime


class OverviewShape(Shape):
    """The overview of the pupil's newest plan."""

    student_id: UUID
    plan_id: UUID
    state: PlanState
    school_year: str
    term: str
    template: TemplateUsed
    version: int
    content_version: int
    started: Moment
    changed: Moment
    bars: Bars
    questions: list[QuestionRow]
    goals: list[GoalRow]
    assessments: dict[str, Assessed]
    obligations: dict[str, UUID | None]
    readings: list[Consent]
    agreements: list[Consent]
    open_concerns: list[UUID]
    reminded_on: date | None
    lock: LockMade | None
    archived_at: datetime | None
    earlier_plans: list[EarlierPlan]


@router.get(
    STUDENT + "/overview",
    response_model=OverviewShape,
    **reads(Action.READ_FILE, refuses=(*FILE, PlanNotFound), versioned=True),
)
def show_overview(request: Request, student: StudentId) -> Response:
    """The overview of the pupil's newest plan, kept ready by the read side: one statement and one unsealing."""
    services = services_of(request)
    now = services.now()
    program = calling_program(request, services.programs, now=now)
    if program is not None:
        return _for_program(request, services, as_caller(program), student)
    asked = Asked(
        session_key=session_key(session_id(request)),
        student_id=student,
        now=now,
        seen_after=now - services.sessions.limits.idle,
        correlation_id=request.state.correlation_id,
    )

    def admitted(session: Session) -> None:
        admit(request, session)
        refuse_unknown_query(request)

    found = look_at_overview(services.context, services.overviews, asked, admit=admitted)
    if found is None:
        raise NotSignedIn
    services.sessions.touch(found.session, now)
    return _answer(found.overview)


def _for_program(request: Request, services: Services, caller: Caller, student: UUID) -> Response:
    """The same for a program of the pupil's school, by the check that all of the file has."""
    refuse_unknown_query(request)
    caller = replace(caller, correlation_id=request.state.correlation_id)
    on = services.now().astimezone(STOCKHOLM).date()
    opened = open_file(services.context, caller, student, on=on)
    shown = services.overviews.current(student, SeenBy(caller.person_id, on, opened.file.school_id))
    if shown is None:
        raise PlanNotFound
    record_look(services.context, caller, opened, Part.OVERVIEW)
    return _answer(shown)


def _answer(overview: Overview) -> Response:
    return Response(overview.json, media_type="application/json", headers={"ETag": f'"{overview.version}"'})
