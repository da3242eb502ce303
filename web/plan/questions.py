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
from aggregates.errors.answers import QuestionNotDirectedToRole
from aggregates.plan_parts import Correction, Written
from aggregates.plans import open_plan
from commands.context import Answer
from commands.drafts import keep_drafts
from commands.plans import save_answer
from events.base import Role
from events.plan import Target, TargetKind
from events.template import Page, Question
from web.errors import PageNotFound
from web.forms import Form
from web.free_text import cautions
from web.plan.conflict import Conflict, conflict_page
from web.plan.corrections import correcting
from web.plan.frame import plan_place, show
from web.plan.page import PlanPage, Translate, plan_page
from web.plan.parties import is_open
from web.plan.sending import saved
from web.plan.targets import corrections_of
from web.rendering import translator
from web.texts.roles import PARTIES, ROLES
from web.typed import NOTHING, Fields, Typed, version_in
from web.visit import OwnForm, Visitor

router = APIRouter(prefix="/elever/{student}/iup/{plan}/svar", include_in_schema=False)
ONE = "fraga"
"""The button that saves one question; the other saves every question of the page."""


def _field_name(question: Question, party: Role) -> str:
    return f"svar-{question.key}-{party.value}"


def _scale_name(question: Question, party: Role) -> str:
    return f"val-{question.key}-{party.value}"


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
        return _field_name(self.question, self.party)

    @property
    def choice_name(self) -> str:
        """The name of the scale beside it."""
        return _scale_name(self.question, self.party)

    @property
    def version_name(self) -> str:
        """The name of the hidden field with the version that stood on the page."""
        return f"version-{self.question.key}-{self.party.value}"

    @property
    def version(self) -> int:
        """The version that stands there; 0 where nothing does."""
        return self.saved.version if self.saved else 0

    def is_left_alone(self, text: str, choice: str | None, seen: int) -> bool:
        """Whether it says what it says now, or said in the version that its reader had on the page."""
        known = [(one.text or "", one.choice) for one in self.versions if one.version in {seen, self.version}]
        return (text, choice) in (known if seen else [*known, ("", None)])


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
    boxes = tuple(_boxes(page, question))
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


def _boxes(page: PlanPage, question: Question) -> Iterator[Box]:
    """What the reader may fill in: one box for each party that it is directed to and the reader belongs to."""
    if not is_open(page):
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
                yield Role.PUPIL, grant, page.file.person_id


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
    page = plan_page(visit, student, plan)
    tab = next((tab for tab in page.plan.template.pages if tab.key == key), None)
    if tab is None:
        raise PageNotFound
    one = form.text(ONE)
    every = [box for question in tab.questions for box in _boxes(page, question) if _is_changed(box, form)]
    if _has_no_box(page, tab, form):
        _keep(page, form, every)
        open_plan(page.file, page.plan.id)
        raise QuestionNotDirectedToRole
    changed = [box for box in every if one in {"", box.question.key}]
    fields = Fields(form, translator(request))
    texts = {box.name: fields.prose(box.name, required=not form.line(box.choice_name)) for box in changed}
    warnings = cautions(form, translator(request), texts)
    if fields.errors or warnings:
        return show_questions(request, page, tab, typed=fields.typed(warnings))
    conflicts, answer = _save(page, form, changed, texts)
    if conflicts:
        visit.context.drafts.discard(visit.eyes, plan, [box.name for box in changed if box not in conflicts])
        return _show_conflicts(request, visit, page, tab, form, conflicts)
    address = page.tab_address(tab.key)
    shown = saved(page, answer or Answer("", 0), address, form=form, at=f"fraga-{one}" if one else "")
    _keep(page, form, [box for box in every if box not in changed])
    return shown


def _is_changed(box: Box, form: Form) -> bool:
    text, choice, seen = form.text(box.name).strip(), form.line(box.choice_name), version_in(form, box.version_name)
    return form.has(box.name) and not box.is_left_alone(text, choice, seen)


def _has_no_box(page: PlanPage, tab: Page, form: Form) -> bool:
    """Whether an answer was typed for which there is no box by now: the plan was locked, or the author left the role.

    Such an answer is refused in so many words, never passed over as if it were saved.
    """
    boxes = {box.name for question in tab.questions for box in _boxes(page, question)}
    return any(
        _field_name(question, party) not in boxes and _is_new(page, question, party, form)
        for question in tab.questions
        for party in question.directed_to
    )


def _is_new(page: PlanPage, question: Question, party: Role, form: Form) -> bool:
    person_id = page.file.person_id if party is Role.PUPIL else page.visit.person_id
    versions = page.plan.answers.get((question.key, party, person_id), [])
    typed = form.text(_field_name(question, party)).strip(), form.line(_scale_name(question, party))
    return typed not in [("", None), *((one.text or "", one.choice) for one in versions)]


def _keep(page: PlanPage, form: Form, boxes: Iterable[Box]) -> None:
    """Keep as drafts what was typed beside the one answer that was saved: it is not saved, and not lost (G-11)."""
    visit, texts = page.visit, {box.name: form.text(box.name) for box in boxes}
    if texts:
        keep_drafts(
            visit.context,
            visit.caller,
            student_id=page.student_id,
            plan_id=page.plan.id,
            texts=texts,
            on=visit.on,
            now=visit.now,
        )


def _save(page: PlanPage, form: Form, boxes: Iterable[Box], texts: dict[str, str]) -> tuple[list[Box], Answer | None]:
    """Save what can be; the boxes that somebody else saved meanwhile, and the answer of the last that was saved."""
    conflicts, answer = list[Box](), None
    for box in boxes:
        seen = version_in(form, box.version_name) if box.saved else 0
        command = page.visit.command(form, acting_as=box.relation_id, if_match=seen)
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
    now = plan_page(visit, page.student_id, page.plan.id)
    open_plan(now.file, now.plan.id)
    fresh = {box.name: box for question in tab.questions for box in _boxes(now, question)}
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
