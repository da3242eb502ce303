"""How each event of a plan changes its overview."""

from collections.abc import Callable
from typing import Any

from aggregates.goal import GoalDecision
from aggregates.plan import PlanState
from events.assessments import ActionProgrammeLinked, AssessmentPublished, DevelopmentAreaNoted, ForecastCorrected
from events.base import Event, Recorded
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
    PreparationReminded,
    QuestionAnswered,
    ReadingConfirmed,
    SecrecyConcernClosed,
    SecrecyConcernRaised,
    TargetKind,
    ViewpointGiven,
)
from projections.overview_document import PlanOverview, moment, shown

_OPEN = PlanState.OPEN.value
Change = Callable[[PlanOverview, Any, Recorded[Any]], None]


def fold_plan(plan: PlanOverview, recorded: Recorded[Any]) -> None:
    """Change the overview by one more event of the plan."""
    plan.last = recorded
    event = recorded.event
    if not isinstance(event, PreparationReminded):
        plan.change = recorded
    _CHANGES[type(event)](plan, event, recorded)


def _answered(plan: PlanOverview, event: QuestionAnswered | AnswerRevised, recorded: Recorded[Any]) -> None:
    """A role has answered when one of its persons has (G-7, G-13); questions on assessment pages never count."""
    plan.content_changed(recorded)
    question = plan.questions.get(event.question)
    if question is None:
        return
    key = (event.question, event.role, event.person_id.int)
    answer = plan.answers.get(key)
    if answer is None:
        answer = plan.answers[key] = {"role": event.role.value, "person_id": str(event.person_id)}
        answers = question["answered_by"]
        if event.role in question["directed_to"] and not any(other["role"] == event.role for other in answers):
            plan.document["bars"][event.role]["answered"] += 1
        answers.append(answer)
    actor = recorded.actor
    if actor.person_id.int == event.person_id.int:
        answer.pop("written_by", None)
        answer["name"] = actor.name
    else:
        answer["written_by"] = shown(actor)


def _reminded(plan: PlanOverview, event: PreparationReminded, _: Recorded[Any]) -> None:
    plan.document["reminded_on"] = event.reminded_on.isoformat()


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


def _decided(decision: GoalDecision) -> Change:
    def change(plan: PlanOverview, event: Any, recorded: Recorded[Any]) -> None:  # noqa: ANN401 - any goal event
        _goal(plan, event, recorded)["decision"] = decision.value

    return change


def _moved(status: GoalStatus) -> Change:
    def change(plan: PlanOverview, event: Any, recorded: Recorded[Any]) -> None:  # noqa: ANN401 - any goal event
        _goal(plan, event, recorded)["status"] = status.value

    return change


def _assessed(plan: PlanOverview, event: AssessmentPublished, recorded: Recorded[Any]) -> None:
    plan.content_changed(recorded)
    plan.document["assessments"][event.subject] = {"forecast": event.forecast.value, "at": moment(recorded.at)}
    if event.opens_obligation:
        plan.document["obligations"][event.subject] = None


def _forecast_corrected(plan: PlanOverview, event: ForecastCorrected, _: Recorded[Any]) -> None:
    plan.document["assessments"][event.subject]["forecast"] = event.forecast.value
    if event.opens_obligation:
        plan.document["obligations"][event.subject] = None
    if event.closes_obligation:
        del plan.document["obligations"][event.subject]


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


_CHANGES: dict[type[Event], Change] = {
    QuestionAnswered: _answered,
    AnswerRevised: _answered,
    PreparationReminded: _reminded,
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
    ForecastCorrected: _forecast_corrected,
    PlanLocked: _locked,
    PlanArchived: _archived,
}
CHANGING = frozenset(_CHANGES)
"""The events that change an overview; PlanStarted makes one."""
