"""The pages with preparatory questions: all answers, and a yellow frame round what is for the reader (S-QUE)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from aggregates.plan_parts import Correction, Written
from events.base import Role
from events.plan import Target, TargetKind
from events.template import Page, Question
from web.plan.corrections import correcting
from web.plan.frame import plan_place, show
from web.plan.page import PlanPage, Translate
from web.plan.question_boxes import Box, boxes_of
from web.plan.targets import corrections_of
from web.rendering import translator
from web.texts.roles import PARTIES, ROLES
from web.typed import NOTHING, Typed


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it stands: whose field, by whom, what it said before, what of it was corrected since."""

    party: Role
    person_id: UUID
    latest: Written
    earlier: tuple[Written, ...]
    choice: str
    is_for_pupil: bool
    corrections: tuple[Correction, ...]
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one reader sees it."""

    question: Question
    answers: tuple[Answered, ...]
    boxes: tuple[Box, ...]


def _asked(page: PlanPage, question: Question, translate: Translate) -> Asked:
    boxes = tuple(boxes_of(page, question))
    own = {(box.party, box.on_behalf_of or page.visit.person_id) for box in boxes}
    return Asked(question, tuple(_answers(page, question, translate, but=own)), boxes)


def _answers(
    page: PlanPage, question: Question, translate: Translate, *, but: Collection[tuple[Role, UUID]]
) -> Iterator[Answered]:
    """Every answer to it: all guardians' are shown (G-13); `but` are those that stand in a box of the reader's."""
    labels = {step.key: step.label for step in question.scale}
    for (key, party, person_id), versions in page.plan.answers.items():
        if key == question.key and (party, person_id) not in but:
            *earlier, latest = versions
            is_for_pupil = party is Role.PUPIL and latest.by.person_id != person_id
            target = Target(kind=TargetKind.ANSWER, key=key, role=party, person_id=person_id)
            yield Answered(
                party,
                person_id,
                latest,
                tuple(earlier),
                labels.get(latest.choice or "", ""),
                is_for_pupil,
                corrections_of(page.plan, target),
                bool(correcting(page, target, translate)),
            )


def show_questions(request: Request, page: PlanPage, tab: Page, *, typed: Typed = NOTHING) -> Response:
    """The page, with what was typed where it could not be saved."""
    translate = translator(request)
    place = plan_place(page, tab.title, translate, key=tab.key)
    return show(
        request,
        page,
        "plan/questions.html",
        place,
        status=422 if typed.errors else 200,
        tab=tab,
        typed=typed,
        asked=[_asked(page, question, translate) for question in tab.questions],
        parties=PARTIES,
        roles=ROLES,
    )
