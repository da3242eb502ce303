"""One plan's overview as it is shown: a JSON document, begun when the plan starts (S-OVR)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from aggregates.plan import PlanState
from events.base import Actor, Recorded, Role
from events.plan import PlanStarted
from events.template import PageKind, TemplateContent

PARTIES = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR)
"""Who has a bar in the overview (S-OVR-2)."""
_BARS = tuple(party.value for party in PARTIES)


class PlanOverview:
    """The overview of one plan while events are folded into it.

    `document` is what is shown: text, numbers and lists only, so that it is written again and again without work.
    The dictionaries beside it find the places in it that events change; a person who answered is there by number.
    `last` is the latest event that is not yet written, `change` the latest of those that changed what the plan says:
    whom the plan reminds is seen in it, and leaves who changed it last.
    """

    __slots__ = (
        "agreements", "answers", "change", "changed_at", "document", "goals", "last", "newest", "plan_id", "questions",
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
        self.started_at = started_at
        self.changed_at = datetime.fromisoformat(document["changed"]["at"])
        self.document = document
        self.last: Recorded[Any] | None = None
        self.change: Recorded[Any] | None = None
        self.questions: dict[str, dict[str, Any]] = {q["key"]: q for q in document["questions"]}
        self.answers: dict[tuple[str, str, int], dict[str, Any]] = {
            (question["key"], answer["role"], UUID(answer["person_id"]).int): answer
            for question in document["questions"]
            for answer in question["answered_by"]
        }
        self.goals = {goal["goal_id"]: goal for goal in document["goals"]}
        self.agreements = {consent["by"]["person_id"]: consent for consent in document["agreements"]}
        self.readings = {consent["by"]["person_id"]: consent for consent in document["readings"]}

    def to_json(self) -> bytes:
        """The document as it is sealed and shown."""
        document = self.document
        if self.last is not None:
            document["version"] = self.last.originator_version
            self.last = None
        if self.change is not None:
            self.changed_at = self.change.at
            document["changed"] = {"at": moment(self.change.at), "by": shown(self.change.actor)}
            self.change = None
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
    questions = _questions(event.template)
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
            "pages": [{"key": page.key, "title": page.title, "kind": page.kind.value} for page in event.template.pages],
            "subjects": {subject.code: subject.name for subject in event.template.subjects},
        },
        "version": recorded.originator_version,
        "content_version": recorded.originator_version,
        "started": {"at": moment(recorded.at), "by": shown(recorded.actor)},
        "changed": {"at": moment(recorded.at), "by": shown(recorded.actor)},
        "bars": {party.value: {"asked": _asked(questions, party), "answered": 0} for party in PARTIES},
        "questions": questions,
        "goals": [],
        "assessments": {},
        "obligations": {},
        "readings": [],
        "agreements": [],
        "open_concerns": [],
        "reminded_on": None,
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
    plan.last = plan.change = recorded
    return plan


def _questions(template: TemplateContent) -> list[dict[str, Any]]:
    """The questions that count in a bar: assessments never do (S-OVR-3)."""
    return [
        {
            "key": question.key,
            "page": page.key,
            "text": question.text,
            "kind": question.kind.value,
            "directed_to": [party.value for party in PARTIES if party in question.directed_to],
            "answered_by": [],
        }
        for page in template.pages
        if page.kind is not PageKind.ASSESSMENTS
        for question in page.questions
    ]


def _asked(questions: list[dict[str, Any]], party: Role) -> int:
    return sum(party in question["directed_to"] for question in questions)


def _earlier(before: PlanOverview | None) -> list[dict[str, Any]]:
    if before is None:
        return []
    document = before.document
    listed = {key: document[key] for key in ("plan_id", "school_year", "term")}
    return [{**listed, "template": document["template"]["name"]}, *document["earlier_plans"]]
