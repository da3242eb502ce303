"""What the overview of a file must be, counted naively from the file itself."""

import json
from datetime import datetime
from typing import Any

from aggregates import student_file
from aggregates.goal import Goal
from aggregates.plan import AnswerKey, Plan
from aggregates.plan_parts import Consent
from events.base import Actor, Recorded, Role
from events.plan import PreparationReminded
from events.template import PageKind

PARTIES = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR)


def is_as_the_file_says(life: list[Recorded[Any]], rows: dict[str, list[dict[str, Any]]]) -> None:
    """The rows of this pupil's plans say what the pupil's file says."""
    file = student_file.fold(None, life)
    assert file is not None
    shown = {row["plan_id"]: row for row in rows["overview"] if row["student_id"] == file.id}
    assert set(shown) == set(file.plans)
    plans = list(file.plans.values())
    for at, plan in enumerate(plans):
        row = shown[plan.id]
        assert row["newest"] is (plan is plans[-1])
        assert json.loads(row["sealed"]) == _expected(file, plan, plans[:at], life)
        _columns_agree(row, json.loads(row["sealed"]))


def _columns_agree(row: dict[str, Any], document: dict[str, Any]) -> None:
    for party in PARTIES:
        bar = {"asked": row[f"{party}_asked"], "answered": row[f"{party}_answered"]}
        assert document["bars"][party] == bar
    for column in ("state", "version", "content_version"):
        assert row[column] == document[column]


def _expected(
    file: student_file.StudentFile, plan: Plan, earlier: list[Plan], life: list[Recorded[Any]]
) -> dict[str, Any]:
    questions = [
        (page, question)
        for page in plan.template.pages
        if page.kind is not PageKind.ASSESSMENTS
        for question in page.questions
    ]
    answered = {(question, role) for question, role, _ in plan.answers}
    told = [recorded for recorded in life[: plan.version] if getattr(recorded.event, "plan_id", None) == plan.id]
    last = [recorded for recorded in told if not isinstance(recorded.event, PreparationReminded)][-1]
    return {
        "student_id": str(file.id),
        "plan_id": str(plan.id),
        "state": plan.state,
        "school_year": plan.school_year,
        "term": plan.term,
        "template": {
            "template_id": str(plan.template_id),
            "version": plan.template_version,
            "name": plan.template.name,
            "pages": [{"key": page.key, "title": page.title, "kind": page.kind} for page in plan.template.pages],
            "subjects": {subject.code: subject.name for subject in plan.template.subjects},
        },
        "version": plan.version,
        "content_version": plan.content_version,
        "started": {"at": _at(plan.started_at), "by": _by(plan.started_by)},
        "changed": {"at": _at(last.at), "by": _by(last.actor)},
        "bars": {
            party: {
                "asked": sum(party in question.directed_to for _, question in questions),
                "answered": sum(
                    party in question.directed_to and (question.key, party) in answered for _, question in questions
                ),
            }
            for party in PARTIES
        },
        "questions": [
            {
                "key": question.key,
                "page": page.key,
                "text": question.text,
                "kind": question.kind,
                "directed_to": [party for party in PARTIES if party in question.directed_to],
                "answered_by": [_answer(plan, key) for key in plan.answers if key[0] == question.key],
            }
            for page, question in questions
        ],
        "goals": [_goal(plan, goal, life) for goal in plan.goals.values()],
        "assessments": {subject: _assessed(plan, subject) for subject in plan.assessments},
        "obligations": {subject: programme and str(programme) for subject, programme in plan.obligations.items()},
        "readings": [_consent(plan, consent) for consent in plan.readings.values()],
        "agreements": [_consent(plan, consent) for consent in plan.agreements.values()],
        "open_concerns": [str(concern.id) for concern in plan.open_concerns],
        "reminded_on": plan.reminded_on.isoformat() if plan.reminded_on else None,
        "lock": plan.lock
        and {
            "at": _at(plan.lock.at),
            "by": _by(plan.lock.by),
            "plan_version": plan.lock.plan_version,
            "conversation_on": plan.lock.conversation_on.isoformat(),
        },
        "archived_at": plan.archived_at and _at(plan.archived_at),
        "earlier_plans": [
            {"plan_id": str(p.id), "school_year": p.school_year, "term": p.term, "template": p.template.name}
            for p in reversed(earlier)
        ],
    }


def _assessed(plan: Plan, subject: str) -> dict[str, Any]:
    standing = plan.standing_forecast(subject)
    return {"forecast": standing and standing.forecast, "at": _at(plan.assessments[subject][-1].at)}


def _answer(plan: Plan, key: AnswerKey) -> dict[str, Any]:
    _, role, person_id = key
    versions = plan.answers[key]
    answer: dict[str, Any] = {"role": role, "person_id": str(person_id)}
    own = [version.by.name for version in versions if version.by.person_id == person_id]
    if own:
        answer["name"] = own[-1]
    if versions[-1].by.person_id != person_id:
        answer["written_by"] = _by(versions[-1].by)
    return answer


def _goal(plan: Plan, goal: Goal, life: list[Recorded[Any]]) -> dict[str, Any]:
    evaluated = [r for r in life if r.event.code == "goal_evaluated.v1" and r.event.goal_id == goal.id]
    latest = {r.actor.person_id: r for r in evaluated}
    origin = goal.carried_from
    said = {
        "goal_id": str(goal.id),
        "text": goal.content.text,
        "subjects": list(goal.content.subjects),
        "syllabus": [item.model_dump(mode="json") for item in goal.content.syllabus],
        "decision": goal.decision,
        "status": goal.status,
        "proposed_by": _by(goal.proposed_by),
        "carried_from": origin and {"plan_id": str(origin.plan_id), "goal_id": str(origin.goal_id)},
        "evaluations": [_by(r.actor) for r in sorted(latest.values(), key=lambda r: r.originator_version)],
        "version": goal.version,
        "changed_at": _at(life[goal.version - 1].at),
    }
    corrections = [
        c.event.text for c in plan.corrections if (c.event.target.kind, c.event.target.key) == ("goal", str(goal.id))
    ]
    return said | ({"corrected_text": corrections[-1]} if corrections else {})


def _consent(plan: Plan, consent: Consent) -> dict[str, Any]:
    return {
        "by": _by(consent.by),
        "at": _at(consent.at),
        "plan_version": consent.plan_version,
        "stands": consent.plan_version == plan.content_version,
    }


def _by(actor: Actor) -> dict[str, Any]:
    shown = {"person_id": str(actor.person_id), "role": actor.role.value, "name": actor.name}
    return shown | ({"on_behalf_of": str(actor.on_behalf_of)} if actor.on_behalf_of else {})


def _at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
