"""The form in which a teacher writes one subject's assessment: its fields, what stands in them, and what was sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from aggregates.errors.assessments import SubjectNotInPlan
from aggregates.plan_parts import Assessment, DevelopmentArea
from commands.assessments import Area
from events.assessments import Forecast
from events.planning_document import DocumentKind
from events.syllabus import SyllabusItem
from events.template import SubjectHeading
from projections.directory import DocumentEntry
from store.syllabus import Wording
from web.forms import Form
from web.plan.class_run import is_only_headings
from web.plan.page import PlanPage
from web.syllabus_choice import Choice, choices, items_of, key_of
from web.typed import Fields, uuid_or_none

FORECAST = "prognos"
SOUGHT = "sok"
DOCUMENT = "dokument-"
RESTS_ON = "om-"
TO_DEVELOP = "ut-"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was sent. Without a forecast there is no assessment in it, and without an area no development area."""

    forecast: Forecast | None
    text: str
    documents: tuple[UUID, ...]
    syllabus: tuple[SyllabusItem, ...]
    area: Area | None


@dataclass(frozen=True)
class AssessmentForm:
    """The form of one subject in one plan, with what can be ticked in it."""

    page: PlanPage
    heading: SubjectHeading
    wordings: Sequence[Wording]
    documents: Sequence[DocumentEntry]

    @property
    def subject(self) -> str:
        """The subject's code."""
        return self.heading.code

    @property
    def text_field(self) -> str:
        """The name of the box for the text; another in each subject, for drafts are kept by it."""
        return f"omdome-{self.subject}"

    @property
    def area_field(self) -> str:
        """The name of the box for what to develop."""
        return f"utveckling-{self.subject}"

    @property
    def support_field(self) -> str:
        """The name of the box for how it is stimulated."""
        return f"stod-{self.subject}"

    @property
    def latest(self) -> Assessment | None:
        """What is published."""
        versions = self.page.plan.assessments.get(self.subject)
        return versions[-1] if versions else None

    @property
    def version(self) -> int:
        """The version that stands; 0 where none does."""
        return self.latest.version if self.latest else 0

    @property
    def areas(self) -> list[DevelopmentArea]:
        """What is noted already."""
        return [one for one in self.page.plan.areas.values() if one.event.subject == self.subject]

    def has_noted(self, area: Area | None) -> bool:
        """Whether it is noted already: who publishes anew from a page that was sent before sends it along again."""
        noted = [(one.event.text, one.event.support) for one in self.areas]
        return area is not None and (area.text, area.support) in noted

    def saved(self) -> dict[str, str]:
        """The choices and ticks of what is published, by field."""
        if self.latest is None:
            return {}
        event = self.latest.event
        return {FORECAST: event.forecast.value} | ticks_of(self.latest)

    def offered(self, values: Mapping[str, str]) -> list[Choice]:
        """The items of the syllabus that can be ticked now."""
        kept = {name.partition("-")[2] for name in values if name.startswith((RESTS_ON, TO_DEVELOP))}
        return choices(self.wordings, grade=self.page.file.grade, words=values.get(SOUGHT, ""), kept=kept)

    def read(self, form: Form, fields: Fields) -> Filled:
        """What was sent; what is wrong with it is in `fields`."""
        ticked = dict(form.texts())
        is_blank = is_only_headings(form.text(self.text_field))
        area_syllabus = items_of(self.wordings, ticked, TO_DEVELOP)
        notes = bool(form.line(self.area_field) or form.line(self.support_field) or area_syllabus)
        publishes = not (notes and is_blank and form.line(FORECAST) is None)
        forecast = fields.choice(FORECAST, Forecast) if publishes else None
        text = fields.prose(self.text_field) if publishes else ""
        if publishes and is_blank:
            fields.wrong(self.text_field, "empty")
        known = {one.document_id for one in self.documents}
        named = [uuid_or_none(name.removeprefix(DOCUMENT)) for name in ticked if name.startswith(DOCUMENT)]
        return Filled(
            forecast=forecast,
            text=text,
            documents=tuple(one for one in named if one is not None and one in known),
            syllabus=items_of(self.wordings, ticked, RESTS_ON),
            area=Area(fields.prose(self.area_field), fields.prose(self.support_field), area_syllabus)
            if notes
            else None,
        )


def form_of(page: PlanPage, subject: str) -> AssessmentForm:
    """The form of a subject. Raises SubjectNotInPlan."""
    heading = page.plan.subjects.get(subject)
    if heading is None:
        raise SubjectNotInPlan
    context = page.visit.context
    has = {DocumentKind.PLANNING: heading.planning, DocumentKind.MATRIX: heading.criteria}
    documents = page.visit.directory.documents_of_school(page.file.school_id) if any(has.values()) else []
    return AssessmentForm(
        page,
        heading,
        context.syllabus.items(subject=subject, with_former=True),
        [one for one in documents if one.content.subject == subject and has[one.kind]],
    )


def ticks_of(assessment: Assessment) -> dict[str, str]:
    """The ticks for what an assessment rests on."""
    event = assessment.event
    rests = {f"{DOCUMENT}{document}": "ja" for document in event.documents}
    return rests | {RESTS_ON + key_of(item): "ja" for item in event.syllabus}


def starting_structure(translate: Callable[[str], str]) -> str:
    """What stands in the box before anything is written: the three headings of an assessment (S-OMD-7)."""
    headings = (translate("What you can:"), translate("What you have learnt:"), translate("What to work on:"))
    return "\n\n\n".join(headings) + "\n"
