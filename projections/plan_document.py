"""A whole plan as a document: what stands in it, by whom and when; of answers and assessments every version."""

from typing import Any

from aggregates.goal import Goal
from aggregates.plan import Plan
from aggregates.plan_parts import Assessment, Consent, Lock, Written
from events.base import Actor


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as values that `to_json` writes. Lists keep the order in which things were written."""
    return {
        "plan_id": plan.id,
        "state": plan.state,
        "template": {"template_id": plan.template_id, "version": plan.template_version, "content": plan.template},
        "school_year": plan.school_year,
        "term": plan.term,
        "version": plan.version,
        "content_version": plan.content_version,
        "started": _done(plan.started_by, plan.started_at) | {"without": plan.started_without},
        "archived_at": plan.archived_at,
        "answers": [
            {
                "question": question,
                "role": role,
                "person_id": person_id,
                "versions": [_written(version) for version in versions],
            }
            for (question, role, person_id), versions in plan.answers.items()
        ],
        "goals": [_goal(goal) for goal in plan.goals.values()],
        "assessments": [_assessed(plan, subject) for subject in plan.assessments],
        "development_areas": [
            _said(area.event, "plan_id") | _done(area.by, area.at) | {"version": area.version}
            for area in plan.areas.values()
        ],
        "obligations": plan.obligations,
        "readings": [_consent(consent, plan) for consent in plan.readings.values()],
        "viewpoints": [_written(text) for text in plan.viewpoints.values()],
        "conversation_evaluations": [_written(text) for text in plan.evaluations.values()],
        "concerns": [
            {"concern_id": c.id, "target": c.target, "text": c.text, "closed_with": c.closed_with} | _done(c.by, c.at)
            for c in plan.concerns.values()
        ],
        "agreements": [_consent(consent, plan) for consent in plan.agreements.values()],
        "lock": plan.lock and _lock(plan.lock),
        "corrections": [
            _said(c.event, "plan_id") | _done(c.by, c.at) | {"version": c.version} for c in plan.corrections
        ],
    }


def _assessed(plan: Plan, subject: str) -> dict[str, Any]:
    return {
        "subject": subject,
        "versions": [_assessment(version) for version in plan.assessments[subject]],
        "forecast_corrections": [
            _said(c.event, "plan_id", "subject") | _done(c.by, c.at) | {"version": c.version}
            for c in plan.forecasts.get(subject, ())
        ],
    }


def _lock(lock: Lock) -> dict[str, Any]:
    return _done(lock.by, lock.at) | {
        "plan_version": lock.plan_version,
        "conversation_on": lock.conversation_on,
        "reasons": lock.reasons,
    }


def _done(by: Actor, at: object) -> dict[str, Any]:
    """Who did it, in which role, on whose behalf, and when."""
    return {"by": _person(by), "at": at}


def _person(by: Actor) -> dict[str, Any]:
    return {"person_id": by.person_id, "role": by.role, "name": by.name, "on_behalf_of": by.on_behalf_of}


def _written(text: Written) -> dict[str, Any]:
    return {"text": text.text, "choice": text.choice, "version": text.version} | _done(text.by, text.at)


def _said(event: Any, *without: str) -> dict[str, Any]:  # noqa: ANN401 - any event
    said: dict[str, Any] = event.model_dump(exclude=set(without))
    return said


def _assessment(assessment: Assessment) -> dict[str, Any]:
    said = _said(assessment.event, "plan_id", "subject")
    return said | _done(assessment.by, assessment.at) | {"version": assessment.version}


def _consent(consent: Consent, plan: Plan) -> dict[str, Any]:
    stands = plan.stands(consent)
    return _done(consent.by, consent.at) | {"plan_version": consent.plan_version, "stands": stands}


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "goal_id": goal.id,
        "content": goal.content,
        "proposed_by": _person(goal.proposed_by),
        "carried_from": goal.carried_from,
        "decision": goal.decision,
        "status": goal.status,
        "evaluations": [{"person_id": person, "text": written.text} for person, written in goal.evaluations.items()],
        "version": goal.version,
    }
