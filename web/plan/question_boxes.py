"""The fields in which a page's questions are answered: whose each is, what stands in it, what a form changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from access.actions import Action
from access.decide import Grant
from aggregates.answers import PARTY, PROXIES
from aggregates.plan_parts import Written
from events.base import Role
from events.template import Page, Question
from web.forms import Form
from web.plan.page import PlanPage
from web.plan.parties import is_open
from web.typed import version_in

SCALE = "val-"
"""With what the name of a field begins in which a step of a scale is chosen."""


def _field_name(question: Question, party: Role) -> str:
    return f"svar-{question.key}-{party.value}"


def _scale_name(question: Question, party: Role) -> str:
    return f"{SCALE}{question.key}-{party.value}"


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


def boxes_of(page: PlanPage, question: Question) -> Iterator[Box]:
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


def is_changed(box: Box, form: Form) -> bool:
    """Whether the form says something else in it than what stands there."""
    text, choice, seen = form.text(box.name).strip(), form.line(box.choice_name), version_in(form, box.version_name)
    return form.has(box.name) and not box.is_left_alone(text, choice, seen)


def has_no_box(page: PlanPage, tab: Page, form: Form) -> bool:
    """Whether an answer was typed for which there is no box by now: the plan was locked, or the author left the role.

    Such an answer is refused in so many words, never passed over as if it were saved.
    """
    names = {box.name for question in tab.questions for box in boxes_of(page, question)}
    return any(
        _field_name(question, party) not in names and _is_new(page, question, party, form)
        for question in tab.questions
        for party in question.directed_to
    )


def _is_new(page: PlanPage, question: Question, party: Role, form: Form) -> bool:
    person_id = page.file.person_id if party is Role.PUPIL else page.visit.person_id
    versions = page.plan.answers.get((question.key, party, person_id), [])
    typed = form.text(_field_name(question, party)).strip(), form.line(_scale_name(question, party))
    return typed not in [("", None), *((one.text or "", one.choice) for one in versions)]
