"""Which events concern others, and where in the pupil's pages each leads (S-NAV-3, G-18)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from events.assessments import ActionProgrammeLinked, AssessmentPublished, DevelopmentAreaNoted, ForecastCorrected
from events.base import Event, Recorded, Role
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalDeclined,
    GoalEvaluated,
    GoalProposed,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalWithdrawn,
    LearningNotePosted,
)
from events.plan import (
    AgreementGiven,
    AnswerRevised,
    ConversationEvaluated,
    CorrectionMade,
    PlanLocked,
    PlanStarted,
    PreparationReminded,
    QuestionAnswered,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    Target,
    TargetKind,
    ViewpointGiven,
)
from events.reading import EmergencyAccessOpened, ReadDelegated
from events.template import PageKind
from projections.notice_source import NoticeSource

ALWAYS = frozenset({Role.PUPIL, Role.GUARDIAN, Role.MENTOR})
"""Who is told of everything (G-18)."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened at a place: a readable path without personal data.

    `subjects` are what it is about: their teachers are concerned too. `roles` are told of it whatever it is about.
    `persons`: it is for these alone, of those whom it concerns.
    """

    place: str
    subjects: Sequence[str] = ()
    roles: frozenset[Role] = ALWAYS
    persons: Sequence[UUID] | None = None


def happenings(recorded: Recorded[Any], source: NoticeSource) -> Sequence[Happening]:
    """What the event tells others, and where; nothing for an event that concerns nobody else."""
    tell = _TELLS.get(type(recorded.event))
    return tell(recorded.event, recorded.originator_id, source) if tell else ()


def _of_answer(event: Any, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:  # noqa: ANN401 - one signature
    return (Happening(_question(student_id, event.plan_id, event.question, source)),)


def _of_goal(event: Any, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:  # noqa: ANN401 - one signature
    return (_goal(student_id, event.plan_id, event.goal_id, source),)


def _of_subject(event: Any, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:  # noqa: ANN401 - one signature
    return (_subject(student_id, event.plan_id, event.subject, source),)


def _of_programme(event: ActionProgrammeLinked, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:
    return [_subject(student_id, event.plan_id, subject, source) for subject in event.subjects]


def _of_conversation(anchor: str) -> "Tell":
    def tell(event: Any, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:  # noqa: ANN401 - one signature
        return (Happening(_conversation(student_id, event.plan_id, anchor, source)),)

    return tell


def _of_concern(event: Any, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:  # noqa: ANN401 - one signature
    return (Happening(_conversation(student_id, event.plan_id, f"granskning-{event.concern_id}", source)),)


def _of_start(event: PlanStarted, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:
    return (Happening(_plan(student_id, event.plan_id), source.plans[event.plan_id].subjects),)


def _of_reminder(event: PreparationReminded, student_id: UUID, _: NoticeSource) -> Sequence[Happening]:
    return (Happening(_plan(student_id, event.plan_id), persons=event.recipients),)


def _of_lock(event: PlanLocked, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:
    place = _conversation(student_id, event.plan_id, "overenskommelse", source)
    return (Happening(place, source.plans[event.plan_id].subjects),)


def _of_note(event: LearningNotePosted, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:
    subjects = [subject for goal_id in event.goal_ids for subject in source.goals.get(goal_id, ())]
    return (Happening(f"/elever/{student_id}/larblogg#anteckning-{event.note_id}", subjects),)


def _of_reader(event: Any, student_id: UUID, _: NoticeSource) -> Sequence[Happening]:  # noqa: ANN401 - one signature
    place = f"/elever/{student_id}/lasratt#relation-{event.relation_id}"
    return (Happening(place, roles=ALWAYS - {Role.PUPIL}),)


def _of_correction(event: CorrectionMade, student_id: UUID, source: NoticeSource) -> Sequence[Happening]:
    return (_target(student_id, event.plan_id, event.target, source),)


def _target(student_id: UUID, plan_id: UUID, target: Target, source: NoticeSource) -> Happening:
    """Where the text stands that a correction is about."""
    key = target.key or ""
    match target.kind:
        case TargetKind.ANSWER:
            return Happening(_question(student_id, plan_id, key, source))
        case TargetKind.GOAL | TargetKind.GOAL_EVALUATION:
            return _goal(student_id, plan_id, UUID(key), source)
        case TargetKind.ASSESSMENT:
            return _subject(student_id, plan_id, key, source)
        case TargetKind.DEVELOPMENT_AREA:
            return _subject(student_id, plan_id, source.areas[UUID(key)], source)
        case TargetKind.VIEWPOINT:
            return Happening(_conversation(student_id, plan_id, "synpunkter", source))
        case TargetKind.CONVERSATION_EVALUATION:
            return Happening(_conversation(student_id, plan_id, "utvardering", source))


def _plan(student_id: UUID, plan_id: UUID) -> str:
    return f"/elever/{student_id}/iup/{plan_id}"


def _page(student_id: UUID, plan_id: UUID, kind: PageKind, source: NoticeSource) -> str:
    return f"{_plan(student_id, plan_id)}/{_quoted(source.plans[plan_id].kinds[kind])}"


def _question(student_id: UUID, plan_id: UUID, key: str, source: NoticeSource) -> str:
    page = source.plans[plan_id].questions[key]
    return f"{_plan(student_id, plan_id)}/{_quoted(page)}#fraga-{_quoted(key)}"


def _goal(student_id: UUID, plan_id: UUID, goal_id: UUID, source: NoticeSource) -> Happening:
    place = f"{_page(student_id, plan_id, PageKind.GOALS, source)}#mal-{goal_id}"
    return Happening(place, source.goals.get(goal_id, ()))


def _subject(student_id: UUID, plan_id: UUID, subject: str, source: NoticeSource) -> Happening:
    place = f"{_page(student_id, plan_id, PageKind.ASSESSMENTS, source)}#amne-{_quoted(subject)}"
    return Happening(place, (subject,))


def _conversation(student_id: UUID, plan_id: UUID, anchor: str, source: NoticeSource) -> str:
    return f"{_page(student_id, plan_id, PageKind.CONVERSATION, source)}#{anchor}"


def _quoted(code: str) -> str:
    return quote(code, safe="")


Tell = Callable[[Any, UUID, NoticeSource], Sequence[Happening]]

_TELLS: dict[type[Event], Tell] = {
    PlanStarted: _of_start,
    PreparationReminded: _of_reminder,
    QuestionAnswered: _of_answer,
    AnswerRevised: _of_answer,
    GoalProposed: _of_goal,
    GoalRevised: _of_goal,
    GoalWithdrawn: _of_goal,
    GoalAccepted: _of_goal,
    GoalDeclined: _of_goal,
    GoalStarted: _of_goal,
    GoalReportedDone: _of_goal,
    GoalAchieved: _of_goal,
    GoalReopened: _of_goal,
    GoalAbandoned: _of_goal,
    GoalEvaluated: _of_goal,
    AssessmentPublished: _of_subject,
    DevelopmentAreaNoted: _of_subject,
    ActionProgrammeLinked: _of_programme,
    ReadingConfirmed: _of_conversation("bekraftelse"),
    ViewpointGiven: _of_conversation("synpunkter"),
    ConversationEvaluated: _of_conversation("utvardering"),
    AgreementGiven: _of_conversation("overenskommelse"),
    SecrecyConcernRaised: _of_concern,
    SecrecyConcernClosed: _of_concern,
    PlanLocked: _of_lock,
    CorrectionMade: _of_correction,
    ForecastCorrected: _of_subject,
    LearningNotePosted: _of_note,
    ReadDelegated: _of_reader,
    EmergencyAccessOpened: _of_reader,
}
TELLING = frozenset(_TELLS)
"""The events that concern others.

Enrolment, groups and relations do not: the roster sees to them. An archived plan is told of by the start of the next.
"""
