"""One plan's overview as it is shown: a JSON document, and how each event of the plan changes it (S-OVR)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from aggregates.goal import GoalDecision
from aggregates.plan import PlanState
from events.assessments import ActionProgrammeLinked, AssessmentPublished, DevelopmentAreaNoted
from events.base import Actor, Event, Recorded, Role
from events.goals import (
    GoalAbandoned,
    GoalAccepted,
    GoalAchieved,
    GoalContent,
    GoalDeclined,
    GoalEvaluated,
    GoalProposed,
    GoalReopened,
    GoalReportedDone,
    GoalRevised,
    GoalStarted,
    GoalStatus,
    GoalWithdrawn,
)
from events.plan import (
    AgreementGiven,
    AnswerRevised,
    ConversationEvaluated,
    CorrectionMade,
    PlanArchived,
    PlanLocked,
    PlanStarted,
    QuestionAnswered,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    TargetKind,
    ViewpointGiven,
)
from events.template import PageKind

PARTIES = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR)
"""Who has a bar in the overview (S-OVR-2)."""
_BARS = tuple(party.value for party in PARTIES)
_OPEN = PlanState.OPEN.value


class PlanOverview:
    """The overview of one plan while events are folded into it.

    `document` is what is shown: text, numbers and lists only, so that it is written again and again without work.
    The dictionaries beside it find the places in it that events change; ids are text there too. `last` is the latest
    event that is not yet written.
    """

    __slots__ = (
        "agreements", "answers", "changed_at", "document", "goals", "last", "newest", "plan_id", "questions",
        "readings", "started_at", "student_id", "subject_id",
    )  # fmt: skip

    def __init__(
        self,
        *,
        plan_id: UUID,
        student_id: UUID,
        subject_id: UUID,
        newest: bool,
        started_at: datetime,
        document: dict[str, Any],
    ) -> None:
        self.plan_id = plan_id
        self.student_id = student_id
        self.subject_id = subject_id
        self.newest = newest
        self.started_at = self.changed_at = started_at
        self.document = document
        self.last: Recorded[Any] | None = None
        self.questions: dict[str, dict[str, Any]] = {q["key"]: q for q in document["questions"]}
        self.answers: dict[tuple[str, str, str], dict[str, Any]] = {
            (question["key"], answer["role"], answer["person_id"]): answer
            for question in document["questions"]
            for answer in question["answered_by"]
        }
        self.goals = {goal["goal_id"]: goal for goal in document["goals"]}
        self.agreements = {consent["by"]["person_id"]: consent for consent in document["agreements"]}
        self.readings = {consent["by"]["person_id"]: consent for consent in document["readings"]}

    def fold(self, recorded: Recorded[Any]) -> None:
        """Change the overview by one more event of the plan."""
        self.last = recorded
        event = recorded.event
        _CHANGES[type(event)](self, event, recorded)

    def to_json(self) -> bytes:
        """The document as it is sealed and shown."""
        document = self.document
        if self.last is not None:
            self.changed_at = self.last.at
            document["version"] = self.last.originator_version
            document["changed"] = {"at": moment(self.last.at), "by": shown(self.last.actor)}
            self.last = None
        for consent in (*document["agreements"], *document["readings"]):
            consent["stands"] = consent["plan_version"] == document["content_version"]
        return to_json(document)

    def row(self, sealed: bytes) -> tuple[object, ...]:
        """The columns of the plan's row, in the order of the statement; `to_json` comes before."""
        document = self.document
        bars = document["bars"]
        return (
            self.plan_id, self.student_id, self.subject_id, self.newest, document["state"],
            document["version"], document["content_version"],
            *(count for party in _BARS for count in (bars[party]["asked"], bars[party]["answered"])),
            self.started_at, self.changed_at, sealed,
        )  # fmt: skip

    def content_changed(self, recorded: Recorded[Any]) -> None:
        """What an agreement or a read receipt names has changed (G-5)."""
        self.document["content_version"] = recorded.originator_version


def shown(actor: Actor) -> dict[str, Any]:
    """A person as the overview names one: name and role of that day (G-19)."""
    by: dict[str, Any] = {"person_id": str(actor.person_id), "role": actor.role.value, "name": actor.name}
    if actor.on_behalf_of is not None:
        by["on_behalf_of"] = str(actor.on_behalf_of)
    return by


def moment(at: datetime) -> str:
    """A time (UTC) as JSON has it."""
    return at.isoformat().replace("+00:00", "Z")


def started(recorded: Recorded[PlanStarted], before: PlanOverview | None) -> PlanOverview:
    """The overview of a plan that was started now, after the pupil's plan before it."""
    event = recorded.event
    questions = [
        {
            "key": question.key,
            "page": page.key,
            "directed_to": [party.value for party in PARTIES if party in question.directed_to],
            "answered_by": [],
        }
        for page in event.template.pages
        if page.kind is not PageKind.ASSESSMENTS
        for question in page.questions
    ]
    document = {
        "student_id": str(recorded.originator_id),
        "plan_id": str(event.plan_id),
        "state": PlanState.OPEN.value,
        "school_year": event.school_year,
        "term": event.term,
        "template": {
            "template_id": str(event.template_id),
            "version": event.template_version,
            "name": event.template.name,
        },
        "version": recorded.originator_version,
        "content_version": recorded.originator_version,
        "started": {"at": moment(recorded.at), "by": shown(recorded.actor)},
        "changed": {"at": moment(recorded.at), "by": shown(recorded.actor)},
        "bars": {party.value: {"asked": _asked(questions, party), "answered": 0} for party in PARTIES},
        "questions": questions,
        "goals": [],
        "assessed_subjects": [],
        "obligations": {},
        "readings": [],
        "agreements": [],
        "open_concerns": [],
        "lock": None,
        "archived_at": None,
        "earlier_plans": _earlier(before),
    }
    plan = PlanOverview(
        plan_id=event.plan_id,
        student_id=recorded.originator_id,
        subject_id=recorded.subject_id,
        newest=True,
        started_at=recorded.at,
        document=document,
    )
    plan.last = recorded
    return plan


def _asked(questions: list[dict[str, Any]], party: Role) -> int:
    return sum(party in question["directed_to"] for question in questions)


def _earlier(before: PlanOverview | None) -> list[dict[str, Any]]:
    if before is None:
        return []
    document = before.document
    listed = {key: document[key] for key in ("plan_id", "school_year", "term")}
    return [{**listed, "template": document["template"]["name"]}, *document["earlier_plans"]]


def _answered(plan: PlanOverview, event: QuestionAnswered | AnswerRevised, recorded: Recorded[Any]) -> None:
    """A role has answered when one of its persons has (G-7, G-13); questions on assessment pages never count."""
    plan.content_changed(recorded)
    question = plan.questions.get(event.question)
    if question is None:
        return
    role, person_id = event.role.value, str(event.person_id)
    key = (event.question, role, person_id)
    answer = plan.answers.get(key)
    if answer is None:
        answers = question["answered_by"]
        if role in question["directed_to"] and not any(other["role"] == role for other in answers):
            plan.document["bars"][role]["answered"] += 1
        answer = plan.answers[key] = {"role": role, "person_id": person_id}
        answers.append(answer)
    actor = recorded.actor
    if actor.person_id == event.person_id:
        answer.pop("written_by", None)
        answer["name"] = actor.name
    else:
        answer["written_by"] = shown(actor)


def _proposed(plan: PlanOverview, event: GoalProposed, recorded: Recorded[Any]) -> None:
    plan.content_changed(recorded)
    goal = {
        "goal_id": str(event.goal_id),
        **_said(event.content),
        "decision": GoalDecision.PROPOSED.value,
        "status": GoalStatus.NEW.value,
        "proposed_by": shown(recorded.actor),
        "carried_from": event.carried_from.model_dump(mode="json") if event.carried_from else None,
        "evaluations": [],
        "version": recorded.originator_version,
        "changed_at": moment(recorded.at),
    }
    plan.goals[goal["goal_id"]] = goal
    plan.document["goals"].append(goal)


def _said(content: GoalContent) -> dict[str, Any]:
    return {
        "text": content.text,
        "subjects": list(content.subjects),
        "syllabus": [item.model_dump(mode="json") for item in content.syllabus],
    }


def _goal(plan: PlanOverview, event: Any, recorded: Recorded[Any]) -> dict[str, Any]:  # noqa: ANN401 - any goal event
    goal: dict[str, Any] = plan.goals[str(event.goal_id)]
    goal["version"] = recorded.originator_version
    goal["changed_at"] = moment(recorded.at)
    if plan.document["state"] == _OPEN and not isinstance(event, GoalEvaluated):
        plan.content_changed(recorded)
    return goal


def _revised(plan: PlanOverview, event: GoalRevised, recorded: Recorded[Any]) -> None:
    _goal(plan, event, recorded).update(_said(event.content))


def _evaluated(plan: PlanOverview, event: GoalEvaluated, recorded: Recorded[Any]) -> None:
    evaluations = _goal(plan, event, recorded)["evaluations"]
    by = shown(recorded.actor)
    evaluations[:] = [*(other for other in evaluations if other["person_id"] != by["person_id"]), by]


def _decided(decision: GoalDecision) -> "Change":
    def change(plan: PlanOverview, event: Any, recorded: Recorded[Any]) -> None:  # noqa: ANN401 - any goal event
        _goal(plan, event, recorded)["decision"] = decision.value

    return change


def _moved(status: GoalStatus) -> "Change":
    def change(plan: PlanOverview, event: Any, recorded: Recorded[Any]) -> None:  # noqa: ANN401 - any goal event
        _goal(plan, event, recorded)["status"] = status.value

    return change


def _assessed(plan: PlanOverview, event: AssessmentPublished, recorded: Recorded[Any]) -> None:
    plan.content_changed(recorded)
    document = plan.document
    if event.subject not in document["assessed_subjects"]:
        document["assessed_subjects"].append(event.subject)
    if event.opens_obligation:
        document["obligations"].setdefault(event.subject, None)


def _programme(plan: PlanOverview, event: ActionProgrammeLinked, _: Recorded[Any]) -> None:
    plan.document["obligations"].update(dict.fromkeys(event.subjects, str(event.programme_id)))


def _consented(plan: PlanOverview, event: ReadingConfirmed | AgreementGiven, recorded: Recorded[Any]) -> None:
    name = "readings" if isinstance(event, ReadingConfirmed) else "agreements"
    index = plan.readings if isinstance(event, ReadingConfirmed) else plan.agreements
    by = shown(recorded.actor)
    consent = {"by": by, "at": moment(recorded.at), "plan_version": event.plan_version, "stands": True}
    known = index.get(by["person_id"])
    if known is None:
        index[by["person_id"]] = consent
        plan.document[name].append(consent)
    else:
        known.update(consent)


def _concern_raised(plan: PlanOverview, event: SecrecyConcernRaised, _: Recorded[Any]) -> None:
    plan.document["open_concerns"].append(str(event.concern_id))


def _concern_closed(plan: PlanOverview, event: SecrecyConcernClosed, _: Recorded[Any]) -> None:
    plan.document["open_concerns"].remove(str(event.concern_id))


def _corrected(plan: PlanOverview, event: CorrectionMade, _: Recorded[Any]) -> None:
    if event.target.kind is TargetKind.GOAL and event.target.key is not None:
        plan.goals[event.target.key]["corrected_text"] = event.text


def _locked(plan: PlanOverview, event: PlanLocked, recorded: Recorded[Any]) -> None:
    plan.document["state"] = PlanState.LOCKED.value
    plan.document["lock"] = {
        "at": moment(recorded.at),
        "by": shown(recorded.actor),
        "plan_version": event.plan_version,
        "conversation_on": event.conversation_on.isoformat(),
    }


def _archived(plan: PlanOverview, _: PlanArchived, recorded: Recorded[Any]) -> None:
    plan.document["state"] = PlanState.ARCHIVED.value
    plan.document["archived_at"] = moment(recorded.at)


def _content(plan: PlanOverview, _: Any, recorded: Recorded[Any]) -> None:  # noqa: ANN401 - one signature for all
    plan.content_changed(recorded)


def _seen(plan: PlanOverview, event: Any, recorded: Recorded[Any]) -> None:  # noqa: ANN401 - one signature for all
    """Only who changed the plan last is shown of it."""


Change = Callable[[PlanOverview, Any, Recorded[Any]], None]

_CHANGES: dict[type[Event], Change] = {
    QuestionAnswered: _answered,
    AnswerRevised: _answered,
    GoalProposed: _proposed,
    GoalRevised: _revised,
    GoalWithdrawn: _decided(GoalDecision.WITHDRAWN),
    GoalAccepted: _decided(GoalDecision.ACCEPTED),
    GoalDeclined: _decided(GoalDecision.DECLINED),
    GoalStarted: _moved(GoalStatus.STARTED),
    GoalReopened: _moved(GoalStatus.STARTED),
    GoalReportedDone: _moved(GoalStatus.DONE),
    GoalAchieved: _moved(GoalStatus.ACHIEVED),
    GoalAbandoned: _moved(GoalStatus.ABANDONED),
    GoalEvaluated: _evaluated,
    AssessmentPublished: _assessed,
    DevelopmentAreaNoted: _content,
    ActionProgrammeLinked: _programme,
    ReadingConfirmed: _consented,
    AgreementGiven: _consented,
    ViewpointGiven: _seen,
    ConversationEvaluated: _seen,
    SecrecyConcernRaised: _concern_raised,
    SecrecyConcernClosed: _concern_closed,
    CorrectionMade: _corrected,
    PlanLocked: _locked,
    PlanArchived: _archived,
}
CHANGING = frozenset(_CHANGES)
"""The events that change an overview; PlanStarted makes one."""
