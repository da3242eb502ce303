"""The pages with preparatory questions: all answers, and a yellow frame round what is for the reader (S-QUE)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from access.decide import Grant
from aggregates.answers import PARTY, PROXIES
from aggregates.errors import VersionMismatch
from aggregates.plan import PlanState
from aggregates.plan_parts import Written
from commands.context import Answer
from commands.plans import save_answer
from events.base import Role
from events.template import Page, Question
from web.errors import PageNotFound
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.frame import PlanPage, again, form_page, plan_place, saved, show
from web.rendering import translator
from web.texts.roles import PARTIES, ROLES
from web.typed import NOTHING, Fields, Typed, version_in
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}/svar", include_in_schema=False)
ONE = "fraga"
"""The button that saves one question; the other saves every question of the page."""


@dataclass(frozen=True, slots=True)
class Box:
    """A field that the reader may fill in: one's own in a party, or the pupil's where the template allows it."""

    question: Question
    party: Role
    relation_id: UUID
    on_behalf_of: UUID | None
    versions: tuple[Written, ...]

    @property
    def saved(self) -> Written | None:
        """What stands in it."""
        return self.versions[-1] if self.versions else None

    @property
    def is_for_pupil(self) -> bool:
        """Whether what stands in the pupil's field was written for the pupil (S-TPL-10)."""
        return self.party is Role.PUPIL and self.saved is not None and self.saved.by.on_behalf_of is not None

    @property
    def name(self) -> str:
        """The field's name, unlike any other's in the plan."""
        return f"svar-{self.question.key}-{self.party.value}"

    @property
    def choice_name(self) -> str:
        """The name of the scale beside it."""
        return f"val-{self.question.key}-{self.party.value}"

    @property
    def version_name(self) -> str:
        """The name of the hidden field with the version that stood on the page."""
        return f"version-{self.question.key}-{self.party.value}"

    @property
    def version(self) -> int:
        """The version that stands there; 0 where nothing does."""
        return self.saved.version if self.saved else 0

    def is_as_saved(self, text: str, choice: str | None) -> bool:
        """Whether nothing was changed in it."""
        before = (self.saved.text or "", self.saved.choice) if self.saved else ("", None)
        return (text, choice) == before


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it stands: whose field, by whom, and what it said before."""

    party: Role
    person_id: UUID
    latest: Written
    earlier: tuple[Written, ...]
    choice: str
    is_for_pupil: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one reader sees it."""

    question: Question
    answers: tuple[Answered, ...]
    boxes: tuple[Box, ...]


def asked_on(page: PlanPage, tab: Page) -> list[Asked]:
    """The questions of a page, with the answers that stand and the fields that are for the reader."""
    return [_asked(page, question) for question in tab.questions]


def _asked(page: PlanPage, question: Question) -> Asked:
    boxes = tuple(_boxes(page, question))
    own = {(box.party, box.on_behalf_of or page.visit.person_id) for box in boxes}
    return Asked(question, tuple(_answers(page, question, but=own)), boxes)


def _answers(page: PlanPage, question: Question, *, but: Collection[tuple[Role, UUID]]) -> Iterator[Answered]:
    """Every answer to it: all guardians' are shown (G-13); `but` are those that stand in a box of the reader's."""
    labels = {step.key: step.label for step in question.scale}
    for (key, party, person_id), versions in page.plan.answers.items():
        if key == question.key and (party, person_id) not in but:
            *earlier, latest = versions
            is_for_pupil = party is Role.PUPIL and latest.by.person_id != person_id
            choice = labels.get(latest.choice or "", "")
            yield Answered(party, person_id, latest, tuple(earlier), choice, is_for_pupil)


def _boxes(page: PlanPage, question: Question) -> Iterator[Box]:
    """What the reader may fill in: one box for each party that it is directed to and the reader belongs to."""
    if page.plan.state is not PlanState.OPEN:
        return
    parties = set[Role]()
    for party, grant, on_behalf_of in _fields(page, question):
        if party in question.directed_to and party not in parties and grant.relation_id is not None:
            parties.add(party)
            versions = page.plan.answers.get((question.key, party, on_behalf_of or page.visit.person_id), ())
            yield Box(question, party, grant.relation_id, on_behalf_of, tuple(versions))


def _fields(page: PlanPage, question: Question) -> Iterator[tuple[Role, Grant, UUID | None]]:
    for grant in page.grants(Action.ANSWER_QUESTION):
        yield PARTY[grant.role], grant, None
    if question.proxy:
        for grant in page.grants(Action.WRITE_FOR_PUPIL):
            if grant.role in PROXIES:
                yield Role.PUPIL, grant, page.file.subject_id


def show_questions(request: Request, page: PlanPage, tab: Page, *, typed: Typed = NOTHING) -> Response:
    """The page, with what was typed where it could not be saved."""
    place = plan_place(page, tab.title, translator(request), key=tab.key)
    return show(
        request,
        page,
        "plan/questions.html",
        place,
        status=422 if typed.errors else 200,
        tab=tab,
        typed=typed,
        asked=asked_on(page, tab),
        parties=PARTIES,
        roles=ROLES,
    )


@router.post("/{key}")
def save(
    request: Request,
    student: Annotated[UUID, Path()],
    plan: Annotated[UUID, Path()],
    key: str,
    form: OwnForm,
    visit: Visitor,
) -> Response:
    """Save one question of the page, or all that were changed; what cannot be saved stays on the page (S-QUE-5)."""
    page = form_page(visit, student, plan)
    tab = next((tab for tab in page.plan.template.pages if tab.key == key), None)
    if tab is None:
        raise PageNotFound
    one = form.text(ONE)
    boxes = [box for asked in asked_on(page, tab) if one in {"", asked.question.key} for box in asked.boxes]
    fields = Fields(form, translator(request))
    changed = [box for box in boxes if _is_changed(box, form)]
    texts = {box.name: fields.prose(box.name, required=not form.line(box.choice_name)) for box in changed}
    warnings = cautions(form, translator(request), texts)
    if fields.errors or warnings:
        return show_questions(request, again(page), tab, typed=fields.typed(warnings))
    conflicts, answer = _save(page, form, changed, texts)
    if conflicts:
        return _show_conflicts(request, visit, page, tab, form, conflicts)
    return saved(page, answer or Answer("", 0), page.tab_address(tab.key), form=form, at=f"fraga-{one}" if one else "")


def _is_changed(box: Box, form: Form) -> bool:
    return form.has(box.name) and not box.is_as_saved(form.text(box.name).strip(), form.line(box.choice_name))


def _save(page: PlanPage, form: Form, boxes: Iterable[Box], texts: dict[str, str]) -> tuple[list[Box], Answer | None]:
    """Save what can be; the boxes that somebody else saved meanwhile, and the answer of the last that was saved."""
    conflicts, answer = list[Box](), None
    for box in boxes:
        command = page.visit.command(form, acting_as=box.relation_id, if_match=version_in(form, box.version_name))
        try:
            answer = save_answer(
                page.visit.context,
                command,
                student_id=page.student_id,
                plan_id=page.plan.id,
                question=box.question.key,
                text=texts[box.name] or None,
                choice=form.line(box.choice_name),
                on_behalf_of=box.on_behalf_of,
            )
        except VersionMismatch:
            conflicts.append(box)
    return conflicts, answer


def _show_conflicts(
    request: Request, visit: Visitor, page: PlanPage, tab: Page, form: Form, boxes: Sequence[Box]
) -> Response:
    """Both texts of each box, as the file stands now."""
    now = form_page(visit, page.student_id, page.plan.id)
    fresh = {box.name: box for asked in asked_on(now, tab) for box in asked.boxes}
    return conflict_page(
        request,
        now,
        [
            Conflict(
                box.name,
                box.question.text,
                form.text(box.name),
                standing,
                {
                    box.version_name: str(standing.version),
                    **({box.choice_name: choice} if (choice := form.line(box.choice_name)) else {}),
                },
            )
            for box in boxes
            if box.name in fresh and (standing := fresh[box.name].saved) is not None
        ],
        action=f"{page.plan_address}/svar/{tab.key}",
        back=page.tab_address(tab.key),
        key=tab.key,
    )
