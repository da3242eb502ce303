"""The page of a plan with its goals (Min IUP): proposals, the staircase, what became of each, evaluations (S-GOA)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from aggregates.goal import CURRENT, Goal, GoalDecision, Turn
from aggregates.plan import PlanState
from aggregates.plan_parts import Correction
from aggregates.student_file import LearningNote
from events.base import Actor
from events.plan import Target, TargetKind
from events.syllabus import SyllabusItem
from events.template import Page, PageKind
from store.syllabus import Wording
from web.plan.corrections import correcting
from web.plan.frame import plan_place, show
from web.plan.goal_boxes import GoalBoxes, boxes_for_new
from web.plan.goal_offers import GoalOffers, may_propose, offers, only_mentor_confirms
from web.plan.modules import blog_address, may_post
from web.plan.page import PlanPage, Translate
from web.plan.sending import Acting
from web.plan.targets import corrections_of, goal_anchor, goal_link, text_there
from web.rendering import translator
from web.texts.goals import DECISIONS, STATUSES, TURNS
from web.texts.roles import ROLES
from web.typed import NOTHING, Typed
from web.visit import new_key


@dataclass(frozen=True, slots=True)
class TurnShown:
    """What somebody did with a goal, in English words, and why where a reason was given."""

    words: str
    by: Actor
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GoalShown:
    """A goal as one reader sees it. `text` and `rest` are what it says now, with what was put right after the lock.

    `evaluations`: what was corrected of each person's evaluation.
    """

    goal: Goal
    text: str
    rest: str
    corrections: Sequence[Correction]
    evaluations: Mapping[UUID, Sequence[Correction]]
    subjects: Sequence[str]
    links: Sequence[Wording]
    turns: Sequence[TurnShown]
    notes: Sequence[LearningNote]
    carried_from: str
    offers: GoalOffers
    correct: bool

    @property
    def id(self) -> str:
        """What its place and its fields are called by."""
        return str(self.goal.id)


def show_goals(request: Request, page: PlanPage, tab: Page, *, typed: Typed = NOTHING) -> Response:
    """The page, with what was typed where it could not be saved."""
    translate = translator(request)
    shown = _goals(page, page.plan.goals.values(), translate)
    relations = may_propose(page, translate)
    return show(
        request,
        page,
        "plan/goals.html",
        plan_place(page, tab.title, translate, key=tab.key),
        status=422 if typed.errors else 200,
        tab=tab,
        typed=typed,
        agreed=[one for one in shown if one.goal.decision is GoalDecision.ACCEPTED],
        proposed=[one for one in shown if one.goal.decision is GoalDecision.PROPOSED],
        fallen=[one for one in shown if one.goal.decision not in CURRENT],
        **_new(page, relations),
        blog=blog_address(page),
        may_note=bool(may_post(page, translate)),
        command_key=new_key(),
        roles=ROLES,
        statuses=STATUSES,
        decisions=DECISIONS,
        is_open=page.plan.state is PlanState.OPEN,
    )


def _new(page: PlanPage, relations: Sequence[Acting]) -> Mapping[str, Any]:
    boxes: GoalBoxes | None = boxes_for_new(page) if relations else None
    return {"propose": relations, "boxes": boxes}


def goals_address(page: PlanPage) -> str:
    """Where the plan's goals stand. Raises PageNotFound where the template has no page for them."""
    return page.tab_address(page.tab_for(PageKind.GOALS).key)


def place_of(page: PlanPage, goal_id: UUID) -> str:
    """Where a goal of the plan stands."""
    return f"{goals_address(page)}#{goal_anchor(goal_id)}"


def _goals(page: PlanPage, goals: Iterable[Goal], translate: Translate) -> list[GoalShown]:
    found = list(goals)
    wordings = wordings_of(page, found)
    is_narrow = page.plan.state is PlanState.LOCKED and bool(found) and only_mentor_confirms(page)
    return [
        _shown(page, goal, wordings, offers(page, goal, translate, is_narrow=is_narrow), translate) for goal in found
    ]


def _shown(
    page: PlanPage, goal: Goal, wordings: Mapping[SyllabusItem, Wording], given: GoalOffers, translate: Translate
) -> GoalShown:
    target = Target(kind=TargetKind.GOAL, key=str(goal.id))
    corrections = corrections_of(page.plan, target)
    said = text_there(page.plan, target).text if corrections else goal.content.text
    text, _, rest = said.partition("\n\n")
    return GoalShown(
        goal=goal,
        text=text,
        rest=rest,
        corrections=corrections,
        evaluations={person: _of_evaluation(page, goal, person) for person in goal.evaluations},
        subjects=subject_names(page, goal.content.subjects),
        links=[wordings[item] for item in goal.content.syllabus if item in wordings],
        turns=[_turn(turn) for turn in goal.turns],
        notes=[note for note in page.file.notes.values() if goal.id in note.event.goal_ids],
        carried_from=_origin(page, goal),
        offers=given,
        correct=bool(correcting(page, target, translate)),
    )


def _of_evaluation(page: PlanPage, goal: Goal, person_id: UUID) -> Sequence[Correction]:
    target = Target(kind=TargetKind.GOAL_EVALUATION, key=str(goal.id), person_id=person_id)
    return corrections_of(page.plan, target)


def _turn(turn: Turn) -> TurnShown:
    return TurnShown(TURNS[turn.event.code], turn.by, turn.at, getattr(turn.event, "reason", None) or "")


def subject_names(page: PlanPage, codes: Iterable[str]) -> list[str]:
    """What the template calls the subjects; the code where it does not have one."""
    return [page.plan.subjects[code].name if code in page.plan.subjects else code for code in codes]


def wordings_of(page: PlanPage, goals: Iterable[Goal]) -> Mapping[SyllabusItem, Wording]:
    """What the goals' links to the syllabus say."""
    items = {item for goal in goals for item in goal.content.syllabus}
    return page.visit.context.syllabus.wordings(items)


def _origin(page: PlanPage, goal: Goal) -> str:
    """Where the goal of the plan before stands that this one carries on; empty for a goal that began here."""
    origin = goal.carried_from
    if origin is None or origin.plan_id not in page.file.plans:
        return ""
    return goal_link(page, page.file.plans[origin.plan_id], origin.goal_id).href
