"""The subjects of a plan as boxes to open: forecast, text, earlier assessments, what they rest on, a risk's duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from access.actions import Action
from aggregates.assessments import taught_subjects
from aggregates.plan import Plan, PlanState
from aggregates.plan_parts import Assessment, Correction, DevelopmentArea, ForecastCorrection, LinkedProgramme
from commands.context import STOCKHOLM
from commands.reads import vocabulary_of
from events.assessments import Forecast
from events.plan import Target, TargetKind
from events.planning_document import DocumentKind
from events.syllabus import SyllabusItem
from events.template import SubjectHeading
from projections.directory import DocumentEntry
from web.addresses import at_subject, with_query
from web.plan.corrections import correcting
from web.plan.page import PlanPage, Translate, at_day
from web.plan.targets import corrections_of
from web.texts.forecasts import FORECASTS


@dataclass(frozen=True, slots=True)
class Version:
    """One assessment of a subject as a tab: of this plan, or the last one of an earlier plan, with its school year."""

    href: str
    on: date
    school_year: str
    is_current: bool
    plan: Plan
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Area:
    """A development area, as it was noted, with its links, and what was corrected since."""

    area: DevelopmentArea
    links: tuple[str, ...]
    corrections: tuple[Correction, ...]
    may_correct: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """A planning or a matrix that an assessment rests on, and where it is read."""

    document: DocumentEntry
    href: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The assessment that is looked at: its words, what it rests on, and what was corrected since."""

    assessment: Assessment
    forecast: str
    is_risk: bool
    is_of_this_plan: bool
    text: str
    corrections: tuple[Correction, ...]
    forecast_corrections: tuple[ForecastCorrection, ...]
    documents: tuple[Basis, ...]
    links: tuple[str, ...]
    may_correct: bool


@dataclass(frozen=True, slots=True)
class SubjectBox:
    """A subject as one reader sees it. `forecast` is what stands in this plan; empty where nothing is written."""

    heading: SubjectHeading
    is_open: bool
    forecast: str
    is_risk: bool
    tabs: tuple[Version, ...]
    shown: Reading | None
    areas: tuple[Area, ...]
    waits_for_programme: bool
    programme: LinkedProgramme | None
    national_goals: str
    write: str

    @property
    def code(self) -> str:
        """The subject's code."""
        return self.heading.code


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: which boxes are open, and which version of one subject is shown (its version)."""

    all: str = ""
    subject: str = ""
    version: str = ""


def boxes(page: PlanPage, address: str, chosen: Chosen, translate: Translate) -> list[SubjectBox]:
    """The subjects that have a place on the page, in the template's order; `address` is the page that they stand on.

    Those in which somebody teaches the pupil while the plan is in use, and those in which something is written, in
    this plan or an earlier one (S-OMD-5). Whoever may assess a subject teaches it, and so always finds it here.
    """
    return _Boxes(page, address, chosen, translate).made()


def not_taught(page: PlanPage, shown: Iterable[SubjectBox]) -> list[str]:
    """The names of the template's subjects that have no place on the page."""
    there = {one.code for one in shown}
    return [one.name for one in page.plan.template.subjects if one.code not in there]


def writing_address(plan_address: str, subject: str) -> str:
    """Where the assessment of a subject is written."""
    return f"{plan_address}/omdome-{quote(subject, safe='')}"


class _Boxes:
    """Makes the boxes of one page: what is looked up for all of them is looked up once."""

    def __init__(self, page: PlanPage, address: str, chosen: Chosen, translate: Translate) -> None:
        self.page, self.address, self.chosen, self.translate = page, address, chosen, translate
        plan, context = page.plan, page.visit.context
        before = [one for one in page.file.plans.values() if one.started_at < plan.started_at]
        self.earlier = sorted(before, key=lambda one: one.started_at)
        self.tabs = {code: self._tabs(code) for code in plan.subjects}
        shown = [one.assessment.event for tabs in self.tabs.values() for one in tabs if one.is_current]
        items = {item for event in shown for item in event.syllabus}
        items |= {item for area in plan.areas.values() for item in area.event.syllabus}
        self.wordings = context.syllabus.wordings(items)
        wanted = {document for event in shown for document in event.documents}
        self.documents = page.visit.directory.documents(wanted) if wanted else {}
        self.known = context.syllabus.subjects() if plan.template.national_goals_grade else {}

    def made(self) -> list[SubjectBox]:
        plan = self.page.plan
        written = {code for code, tabs in self.tabs.items() if tabs}
        written |= {area.event.subject for area in plan.areas.values()}
        shown = written | taught_subjects(self.page.file, plan, since=_day(plan.started_at), until=self._until())
        return [self._box(heading) for heading in plan.template.subjects if heading.code in shown]

    def _until(self) -> date:
        """The last day on which the plan is in use, or until which it is looked at."""
        page = self.page
        return _day(page.plan.archived_at) if page.plan.archived_at else page.as_it_was or page.visit.on

    def _tabs(self, code: str) -> tuple[Version, ...]:
        last = [(plan, plan.assessments[code][-1]) for plan in self.earlier if plan.assessments.get(code)]
        own = [(self.page.plan, one) for one in self.page.plan.assessments.get(code, ())]
        found = [*reversed(own), *reversed(last)]
        asked = self.chosen.version if self.chosen.subject == code else ""
        named = [one for _, one in found if str(one.version) == asked]
        current = named[0] if named else own[-1][1] if own else None
        return tuple(
            Version(
                at_subject(self.address, code, version=str(one.version)),
                _day(one.at),
                "" if plan is self.page.plan else plan.school_year,
                one is current,
                plan,
                one,
            )
            for plan, one in found
        )

    def _box(self, heading: SubjectHeading) -> SubjectBox:
        page, code = self.page, heading.code
        plan, tabs = page.plan, self.tabs[code]
        standing = plan.standing_forecast(code)
        current = next((one for one in tabs if one.is_current), None)
        programme = plan.obligations.get(code)
        may_write = (
            plan.state is PlanState.OPEN
            and not page.file.schooling_ended
            and page.may(Action.ASSESS_SUBJECT, subject=code)
        )
        grade = plan.template.national_goals_grade
        return SubjectBox(
            heading=heading,
            is_open=self.chosen.all == "oppna" or self.chosen.subject == code,
            forecast=self._words(plan, standing.forecast) if standing else "",
            is_risk=standing is not None and standing.forecast is Forecast.AT_RISK,
            tabs=tabs,
            shown=self._reading(heading, current) if current else None,
            areas=tuple(self._area(area) for area in plan.areas.values() if area.event.subject == code),
            waits_for_programme=plan.has_open_obligation(code),
            programme=plan.programmes.get(programme) if programme else None,
            national_goals=f"/kursplaner/{quote(code, safe='')}?ar={grade}" if code in self.known else "",
            write=writing_address(page.plan_address, code) if may_write else "",
        )

    def _reading(self, heading: SubjectHeading, version: Version) -> Reading:
        plan, assessment = version.plan, version.assessment
        is_latest = assessment is plan.assessments[heading.code][-1]
        target = Target(kind=TargetKind.ASSESSMENT, key=heading.code)
        corrections = corrections_of(plan, target) if is_latest else ()
        shows = {DocumentKind.PLANNING: heading.planning, DocumentKind.MATRIX: heading.criteria}
        documents = [self.documents[one] for one in assessment.event.documents if one in self.documents]
        return Reading(
            assessment=assessment,
            forecast=self._words(plan, assessment.event.forecast),
            is_risk=assessment.event.forecast is Forecast.AT_RISK,
            is_of_this_plan=plan is self.page.plan and is_latest,
            text=corrections[-1].event.text if corrections else assessment.event.text,
            corrections=corrections,
            forecast_corrections=tuple(plan.forecasts.get(heading.code, ())) if is_latest else (),
            documents=tuple(Basis(one, self._href(one, assessment)) for one in documents if shows[one.kind]),
            links=self._links(assessment.event.syllabus),
            may_correct=plan is self.page.plan and is_latest and bool(correcting(self.page, target, self.translate)),
        )

    def _href(self, document: DocumentEntry, assessment: Assessment) -> str:
        """Where a document is read, which leads back to this version of the assessment."""
        address = at_day(f"{self.page.plan_address}/planeringar/{document.document_id}", self.page.as_it_was)
        return with_query(address, version=str(assessment.version))

    def _area(self, area: DevelopmentArea) -> Area:
        target = Target(kind=TargetKind.DEVELOPMENT_AREA, key=str(area.event.area_id))
        corrections = corrections_of(self.page.plan, target)
        return Area(
            area, self._links(area.event.syllabus), corrections, bool(correcting(self.page, target, self.translate))
        )

    def _links(self, items: Iterable[SyllabusItem]) -> tuple[str, ...]:
        return tuple(self.wordings[item].wording for item in items if item in self.wordings)

    def _words(self, plan: Plan, forecast: Forecast) -> str:
        return FORECASTS[vocabulary_of(self.page.visit.context, self.page.file, plan)][forecast]


def _day(at: datetime) -> date:
    return at.astimezone(STOCKHOLM).date()


def open_subjects(page: PlanPage) -> Sequence[SubjectHeading]:
    """The subjects in which a risk waits for its action programme (S-OMD-10)."""
    return [one for one in page.plan.template.subjects if page.plan.has_open_obligation(one.code)]
