"""One plan (IUP) of a pupil's file: its state, and how each event changes it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from aggregates.goal import Goal, GoalDecision, GoalEvent, evolve_goal, goal_from
from aggregates.plan_parts import (
    Assessment,
    Concern,
    Consent,
    Correction,
    DevelopmentArea,
    ForecastCorrection,
    LinkedProgramme,
    Lock,
    Written,
)
from events.assessments import ActionProgrammeLinked, AssessmentPublished, DevelopmentAreaNoted, ForecastCorrected
from events.base import Actor, Recorded, Role
from events.goals import GoalEvaluated, GoalProposed
from events.plan import (
    AgreementGiven,
    AnswerRevised,
    ConversationEvaluated,
    CorrectionMade,
    PlanArchived,
    PlanLocked,
    PlanStarted,
    PreparationReminded,
    QuestionAnswered,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    ViewpointGiven,
)
from events.template import Question, SubjectHeading, TemplateContent

ConversationEvent = (
    ReadingConfirmed
    | ViewpointGiven
    | ConversationEvaluated
    | SecrecyConcernRaised
    | SecrecyConcernClosed
    | AgreementGiven
)
"""What people say of a plan and the conversation about it; the plan itself says the same afterwards."""

PlanEvent = (
    QuestionAnswered
    | AnswerRevised
    | PreparationReminded
    | GoalProposed
    | GoalEvent
    | AssessmentPublished
    | DevelopmentAreaNoted
    | ActionProgrammeLinked
    | ConversationEvent
    | PlanLocked
    | CorrectionMade
    | ForecastCorrected
    | PlanArchived
)
"""Every event of a plan after its start."""


class PlanState(StrEnum):
    """Open while it is prepared, locked when agreed, archived when a new plan took its place."""

    OPEN = "open"
    LOCKED = "locked"
    ARCHIVED = "archived"


AnswerKey = tuple[str, Role, UUID]
"""An answer belongs to (question, role, person) (G-13)."""


@dataclass(slots=True)
class Plan:
    """A plan, from its start to the archive.

    `content_version` is the file's version at which goals, answers or assessments last changed: what an agreement or a
    read receipt names, and what makes an earlier one lapse (G-5). `content_changed_at` is the moment (UTC).
    """

    id: UUID
    template_id: UUID
    template_version: int
    template: TemplateContent
    school_year: str
    term: str
    started_by: Actor
    started_at: datetime
    version: int
    content_version: int
    content_changed_at: datetime
    questions: dict[str, Question]
    subjects: dict[str, SubjectHeading]
    state: PlanState = PlanState.OPEN
    started_without: str | None = None
    answers: dict[AnswerKey, list[Written]] = field(default_factory=dict)
    reminded_on: date | None = None
    """The last day on which those at home were reminded to prepare."""
    goals: dict[UUID, Goal] = field(default_factory=dict)
    assessments: dict[str, list[Assessment]] = field(default_factory=dict)
    areas: dict[UUID, DevelopmentArea] = field(default_factory=dict)
    obligations: dict[str, UUID | None] = field(default_factory=dict)
    """Subjects with a signalled risk, and the programme linked since, if any (S-OMD-10)."""
    programmes: dict[UUID, LinkedProgramme] = field(default_factory=dict)
    readings: dict[UUID, Consent] = field(default_factory=dict)
    viewpoints: dict[UUID, Written] = field(default_factory=dict)
    evaluations: dict[UUID, Written] = field(default_factory=dict)
    concerns: dict[UUID, Concern] = field(default_factory=dict)
    agreements: dict[UUID, Consent] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    """Of texts."""
    forecasts: dict[str, list[ForecastCorrection]] = field(default_factory=dict)
    """Corrected forecasts by subject, the latest last."""
    lock: Lock | None = None
    archived_at: datetime | None = None

    def stands(self, consent: Consent | None) -> bool:
        """Whether an agreement or read receipt names what the plan says now (G-5)."""
        return consent is not None and consent.plan_version == self.content_version

    def standing_forecast(self, subject: str) -> AssessmentPublished | ForecastCorrected | None:
        """What says the subject's forecast now: its latest correction, else its latest assessment."""
        if corrected := self.forecasts.get(subject):
            return corrected[-1].event
        published = self.assessments.get(subject)
        return published[-1].event if published else None

    def has_open_obligation(self, subject: str) -> bool:
        """Whether a risk in the subject waits for its action programme (S-OMD-10)."""
        return subject in self.obligations and self.obligations[subject] is None

    @property
    def agreed_goals(self) -> list[Goal]:
        """The accepted goals."""
        return [goal for goal in self.goals.values() if goal.decision is GoalDecision.ACCEPTED]

    @property
    def open_concerns(self) -> list[Concern]:
        """Concerns nobody has closed."""
        return [concern for concern in self.concerns.values() if concern.closed_with is None]


def plan_from(recorded: Recorded[PlanStarted]) -> Plan:
    """The plan as its start made it."""
    event = recorded.event
    return Plan(
        id=event.plan_id,
        template_id=event.template_id,
        template_version=event.template_version,
        template=event.template,
        school_year=event.school_year,
        term=event.term,
        started_by=recorded.actor,
        started_at=recorded.at,
        version=recorded.originator_version,
        content_version=recorded.originator_version,
        content_changed_at=recorded.at,
        questions={question.key: question for page in event.template.pages for question in page.questions},
        subjects={subject.code: subject for subject in event.template.subjects},
        started_without=event.started_without,
    )


def evolve_plan(plan: Plan, event: PlanEvent, recorded: Recorded[PlanEvent]) -> None:  # noqa: C901, PLR0912 - one case an event
    """Change the plan by one event of its own. `event` is `recorded.event`."""
    by, at, version = recorded.actor, recorded.at, recorded.originator_version
    plan.version = version
    match event:
        case QuestionAnswered() | AnswerRevised():
            key = (event.question, event.role, event.person_id)
            plan.answers.setdefault(key, []).append(Written(event.text, by, at, version, event.choice))
            _change_content(plan, recorded)
        case PreparationReminded():
            plan.reminded_on = event.reminded_on
        case GoalProposed():
            plan.goals[event.goal_id] = goal_from(recorded)  # type: ignore[arg-type]  # narrowed by the case
            _change_content(plan, recorded)
        case AssessmentPublished():
            plan.assessments.setdefault(event.subject, []).append(Assessment(event, by, at, version))
            if event.opens_obligation:
                plan.obligations[event.subject] = None
            _change_content(plan, recorded)
        case DevelopmentAreaNoted():
            plan.areas[event.area_id] = DevelopmentArea(event, by, at, version)
            _change_content(plan, recorded)
        case PlanLocked():
            plan.state = PlanState.LOCKED
            plan.lock = Lock(by, at, event.plan_version, event.conversation_on, event.reasons)
        case CorrectionMade():
            plan.corrections.append(Correction(event, by, at, version))
        case ForecastCorrected():
            _correct_forecast(plan, ForecastCorrection(event, by, at, version))
        case PlanArchived():
            plan.state = PlanState.ARCHIVED
            plan.archived_at = at
        case ActionProgrammeLinked():
            _link(plan, LinkedProgramme(event, by, at))
        case (
            ReadingConfirmed()
            | ViewpointGiven()
            | ConversationEvaluated()
            | SecrecyConcernRaised()
            | SecrecyConcernClosed()
            | AgreementGiven()
        ):
            _hear(plan, event, by=by, at=at, version=version)
        case _:
            _evolve_goal_of(plan, event, recorded)


def _link(plan: Plan, linked: LinkedProgramme) -> None:
    plan.programmes[linked.event.programme_id] = linked
    for subject in linked.event.subjects:
        plan.obligations[subject] = linked.event.programme_id


def _hear(plan: Plan, event: ConversationEvent, *, by: Actor, at: datetime, version: int) -> None:
    match event:
        case ReadingConfirmed():
            plan.readings[by.person_id] = Consent(event.plan_version, by, at)
        case ViewpointGiven():
            plan.viewpoints[by.person_id] = Written(event.text, by, at, version)
        case ConversationEvaluated():
            plan.evaluations[by.person_id] = Written(event.text, by, at, version)
        case SecrecyConcernRaised():
            plan.concerns[event.concern_id] = Concern(event.concern_id, event.target, event.text, by, at)
        case SecrecyConcernClosed():
            plan.concerns[event.concern_id].close(event.reason, by, at)
        case AgreementGiven():
            plan.agreements[by.person_id] = Consent(event.plan_version, by, at)
        case _:
            assert_never(event)


def _correct_forecast(plan: Plan, correction: ForecastCorrection) -> None:
    event = correction.event
    plan.forecasts.setdefault(event.subject, []).append(correction)
    if event.opens_obligation:
        plan.obligations[event.subject] = None
    if event.closes_obligation:
        del plan.obligations[event.subject]


def _evolve_goal_of(plan: Plan, event: GoalEvent, recorded: Recorded[PlanEvent]) -> None:
    by, at, version = recorded.actor, recorded.at, recorded.originator_version
    evolve_goal(plan.goals[event.goal_id], event, by=by, at=at, version=version)
    if plan.state is PlanState.OPEN and not isinstance(event, GoalEvaluated):
        _change_content(plan, recorded)


def _change_content(plan: Plan, recorded: Recorded[PlanEvent]) -> None:
    plan.content_version = recorded.originator_version
    plan.content_changed_at = recorded.at
