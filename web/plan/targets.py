"""The texts of a plan that concerns and corrections name: what each says, who wrote it, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from uuid import UUID

from pydantic import ValidationError

from aggregates.conversation import target_exists
from aggregates.errors.agreement import TargetNotFound
from aggregates.plan import Plan
from aggregates.plan_parts import Correction, Written
from events.base import Actor, Role
from events.plan import Target, TargetKind
from events.template import PageKind
from web.addresses import opening
from web.errors import PageNotFound
from web.plan.page import PlanPage, PupilPage


@dataclass(frozen=True, slots=True)
class TextThere:
    """A text as it stands now. `about` is what it is about: a question, a subject or a goal, or nothing.

    `by` is None where the plan does not say who wrote it. It is read at `anchor` on the page with the key `tab`, or on
    the overview where the template has no such page.
    """

    kind: TargetKind
    about: str
    text: str
    by: Actor | None
    tab: str
    anchor: str

    def address(self, page: PlanPage) -> str:
        """The page on which it is read."""
        return page.tab_address(self.tab) if self.tab else page.plan_address

    @property
    def first(self) -> str:
        """Its first part: of a goal what is to be reached, without activities and responsibility."""
        return self.text.partition("\n\n")[0]

    def href(self, page: PlanPage) -> str:
        """The place where it is read."""
        return opening(f"{self.address(page)}#{quote(self.anchor, safe='')}")


_PARTS: Final = {"kind": "slag", "key": "nyckel", "role": "roll", "person_id": "person"}
"""What names a text in an address and in a form: the target's field, and what it is called there."""


def named_target(parts: Mapping[str, str]) -> Target:
    """The text that an address or a form names. Raises PageNotFound where it is none that a page of ours names."""
    named = {part: text for part, name in _PARTS.items() if (text := parts.get(name, ""))}
    try:
        return Target.model_validate(named)
    except ValidationError:
        raise PageNotFound from None


def named_parts(target: Target) -> dict[str, str]:
    """What an address or a form says to name a text."""
    return {name: str(value) for part, name in _PARTS.items() if (value := getattr(target, part))}


def field_for(target: Target, what: str) -> str:
    """The name of a box about a text, another for each: what is typed for one is never shown for another."""
    return "-".join([what, *named_parts(target).values()])


def text_there(plan: Plan, target: Target) -> TextThere:
    """The text that a target names. Raises TargetNotFound."""
    if not target_exists(plan, target):
        raise TargetNotFound
    about, text, by = _found(plan, target)
    if made := corrections_of(plan, target):
        text = "\n\n".join(part for part in (_chosen(plan, target), made[-1].event.text) if part)
    return TextThere(target.kind, about, text, by, *_place(plan, target))


def corrections_of(plan: Plan, target: Target) -> tuple[Correction, ...]:
    """What was corrected of a text as it was last written, the latest last; who writes it anew begins anew."""
    written = _written(plan, target)
    since = written.version if written else 0
    return tuple(made for made in plan.corrections if made.event.target == target and made.version > since)


def goal_anchor(goal_id: object) -> str:
    """Where a goal stands on the page of its plan's goals."""
    return f"{_OF_GOALS}{goal_id}"


@dataclass(frozen=True, slots=True)
class GoalLink:
    """A goal as other pages lead to it: what it says first, with what was put right since, and where it stands."""

    id: UUID
    text: str
    href: str


def goal_link(page: PupilPage, plan: Plan, goal_id: UUID) -> GoalLink:
    """The way to a goal of one of the pupil's plans. Raises TargetNotFound."""
    there = text_there(plan, Target(kind=TargetKind.GOAL, key=str(goal_id)))
    return GoalLink(goal_id, there.first, there.href(page.of_plan(plan)))


def _written(plan: Plan, target: Target) -> Written | None:
    """A text that its author goes on writing after the lock; None for the others."""
    match target.kind, target.person_id:
        case TargetKind.GOAL_EVALUATION, UUID() as person:
            return plan.goals[UUID(target.key)].evaluations.get(person)
        case TargetKind.CONVERSATION_EVALUATION, UUID() as person:
            return plan.evaluations.get(person)
        case _:
            return None


def _found(plan: Plan, target: Target) -> tuple[str, str, Actor | None]:
    """What the text is about, the text, and who wrote it last; the plan has the text."""
    key, person = target.key or "", target.person_id or UUID(int=0)
    match target.kind:
        case TargetKind.ANSWER:
            written = plan.answers[(key, target.role or Role.PUPIL, person)][-1]
            text = "\n\n".join(part for part in (_chosen(plan, target), written.text) if part)
            return plan.questions[key].text, text, written.by
        case TargetKind.ASSESSMENT:
            assessment = plan.assessments[key][-1]
            return plan.subjects[key].name, assessment.event.text, assessment.by
        case TargetKind.DEVELOPMENT_AREA:
            area = plan.areas[UUID(key)]
            return plan.subjects[area.event.subject].name, f"{area.event.text}\n\n{area.event.support}", area.by
        case TargetKind.GOAL:
            goal = plan.goals[UUID(key)]
            parts = (goal.content.text, goal.content.activities, goal.content.responsibility)
            return goal.content.text, "\n\n".join(part for part in parts if part), goal.proposed_by
        case TargetKind.GOAL_EVALUATION:
            goal = plan.goals[UUID(key)]
            evaluated = goal.evaluations[person]
            return goal.content.text, evaluated.text or "", evaluated.by
        case TargetKind.VIEWPOINT | TargetKind.CONVERSATION_EVALUATION:
            written = (plan.viewpoints if target.kind is TargetKind.VIEWPOINT else plan.evaluations)[person]
            return "", written.text or "", written.by


def _chosen(plan: Plan, target: Target) -> str:
    """The step of the scale that was chosen beside an answer, which a correction of its text leaves as it was."""
    if target.kind is not TargetKind.ANSWER or not (target.key and target.role and target.person_id):
        return ""
    written = plan.answers[target.key, target.role, target.person_id][-1]
    return next((step.label for step in plan.questions[target.key].scale if step.key == written.choice), "")


_OF_GOALS = "mal-"
_PLACES = {
    TargetKind.GOAL: (PageKind.GOALS, _OF_GOALS),
    TargetKind.GOAL_EVALUATION: (PageKind.GOALS, _OF_GOALS),
    TargetKind.ASSESSMENT: (PageKind.ASSESSMENTS, "amne-"),
    TargetKind.DEVELOPMENT_AREA: (PageKind.ASSESSMENTS, "amne-"),
    TargetKind.VIEWPOINT: (PageKind.CONVERSATION, "synpunkter"),
    TargetKind.CONVERSATION_EVALUATION: (PageKind.CONVERSATION, "utvardering"),
}


def _place(plan: Plan, target: Target) -> tuple[str, str]:
    """The page and the place on it, as a notice of it has them."""
    key = target.key or ""
    if target.kind is TargetKind.ANSWER:
        asked_on = next(tab.key for tab in plan.template.pages if any(one.key == key for one in tab.questions))
        return asked_on, f"fraga-{key}"
    kind, anchor = _PLACES[target.kind]
    if target.kind is TargetKind.DEVELOPMENT_AREA:
        key = plan.areas[UUID(key)].event.subject
    return next((tab.key for tab in plan.template.pages if tab.kind is kind), ""), f"{anchor}{key}"
