"""The fields of a goal: what it says, its activities, who is responsible for what, subjects, the syllabus (S-TPL-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from events.goals import GoalContent
from store.syllabus import Wording
from web.forms import Form
from web.plan.page import PlanPage
from web.syllabus_choice import Choice, choices, items_of, key_of
from web.typed import Fields

_NEW = "mal-nytt"


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick. `name` is unlike any other field's in the plan."""

    name: str
    label: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class InSyllabus:
    """A subject's syllabus, and what of it can be ticked."""

    subject: str
    prefix: str
    wordings: Sequence[Wording]
    ticks: Sequence[Tick]


@dataclass(frozen=True, slots=True)
class GoalBoxes:
    """The fields of one goal, with what is saved in them; `words` are what the syllabus is searched for."""

    prefix: str
    content: GoalContent | None
    words: str
    subjects: Mapping[str, Tick]
    syllabus: Sequence[InSyllabus]

    @property
    def text(self) -> str:
        """The field with the goal itself."""
        return f"{self.prefix}-text"

    @property
    def activities(self) -> str:
        """The field with what is done to reach it."""
        return f"{self.prefix}-aktiviteter"

    @property
    def responsibility(self) -> str:
        """The field with who does what."""
        return f"{self.prefix}-ansvar"

    @property
    def sought(self) -> str:
        """The field with the words that the syllabus is searched for."""
        return f"{self.prefix}-sok"

    def texts(self, fields: Fields) -> dict[str, str]:
        """What was typed, by field; the goal itself must be there."""
        found = {self.text: fields.prose(self.text)}
        return found | {name: fields.prose(name, required=False) for name in (self.activities, self.responsibility)}

    def content_of(self, form: Form, texts: Mapping[str, str]) -> GoalContent:
        """The goal that the form makes of these texts and of what was ticked."""
        sent = dict(form.texts())
        return GoalContent(
            text=texts[self.text],
            activities=texts[self.activities] or None,
            responsibility=texts[self.responsibility] or None,
            subjects=tuple(code for code, tick in self.subjects.items() if tick.name in sent),
            syllabus=tuple(item for one in self.syllabus for item in items_of(one.wordings, sent, one.prefix)),
        )

    def ticked(self, form: Form) -> list[str]:
        """The names of the boxes that were ticked."""
        every = [*self.subjects.values(), *(tick for one in self.syllabus for tick in one.ticks)]
        return [tick.name for tick in every if form.has(tick.name)]


def boxes_for_new(page: PlanPage) -> GoalBoxes:
    """The fields of a goal that is not there yet; it is linked to the syllabus once it has its subjects."""
    return GoalBoxes(_NEW, None, "", _subjects(page, _NEW, (), None), ())


def boxes_for(page: PlanPage, goal_id: str, content: GoalContent, form: Form | None = None) -> GoalBoxes:
    """The fields of a goal that is there, with what was sent of them, else what is saved.

    The syllabus of each chosen subject stands beside: what it asks of the pupil's year, or what has the words sought.
    """
    prefix = f"mal-{goal_id}"
    subjects = _subjects(page, prefix, content.subjects, form)
    words = form.text(f"{prefix}-sok") if form else ""
    linked = {item.subject for item in content.syllabus}
    chosen = [code for code, tick in subjects.items() if tick.is_ticked or code in linked]
    syllabus = [_in_syllabus(page, prefix, code, content, form, words) for code in chosen]
    return GoalBoxes(prefix, content, words, subjects, [one for one in syllabus if one.ticks])


def _subjects(page: PlanPage, prefix: str, chosen: Sequence[str], form: Form | None) -> dict[str, Tick]:
    names = {code: heading.name for code, heading in page.plan.subjects.items()}
    names |= {code: code for code in chosen if code not in names}
    fields = {code: f"{prefix}-amne-{code}" for code in names}
    return {
        code: Tick(fields[code], name, form.has(fields[code]) if form else code in chosen)
        for code, name in names.items()
    }


def _in_syllabus(
    page: PlanPage, prefix: str, code: str, content: GoalContent, form: Form | None, words: str
) -> InSyllabus:
    wordings = page.visit.context.syllabus.items(subject=code, with_former=True)
    place = f"{prefix}-kursplan-{code}-"
    if form:
        kept = {name.removeprefix(place) for name, _ in form.texts() if name.startswith(place)}
    else:
        kept = {key_of(item) for item in content.syllabus if item.subject == code}
    offered: list[Choice] = choices(wordings, grade=page.file.grade, words=words, kept=kept)
    heading = page.plan.subjects.get(code)
    return InSyllabus(
        heading.name if heading else code,
        place,
        wordings,
        [Tick(place + one.key, one.wording, one.key in kept) for one in offered],
    )
