"""Plays school years of a made-up municipality: rosters in August and January, two plans a year for each pupil."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

from aggregates.plan import PlanState
from aggregates.student_file import student_file_id
from app.demo.calendar import SchoolYear, term_under_way, whole_years
from app.demo.cast import Cast, Form, Pupil, School
from app.demo.ledger import RememberingLedger
from app.demo.meeting import follow_up, hold_conversation
from app.demo.people import SOURCE
from app.demo.preparation import Window, prepare
from app.demo.roster_files import write_roster, year_of
from app.demo.scribe import Material, PublishedTemplate, Scribe
from app.demo_texts import DemoTexts
from app.import_templates import Publishing, read_folder
from app.local import bring_up_directory, system_command
from app.wiring import Parts
from commands import enrolment, plans, schools
from commands.context import STOCKHOLM, Caller, Command
from commands.streams import SCHOOL, find
from events.enrolment import SchoolingEndCause
from events.planning_document import DocumentKind
from events.syllabus import SyllabusItem, SyllabusKind
from exchange.iup_template_file import TEMPLATE_FOLDER
from exchange.roster import RosterImport
from exchange.roster_words import RosterIds

PLANNED = ("GRGRMAT01", "GRGRSVE01", "GRGRENG01")
"""The subjects that have a planning; the first also has a matrix."""

LEVEL = 2
CARRIED = 0.5
PREPARED_SO_FAR = 0.55
THREADS = 4
"""How many files are written at a time: while one waits for the database another composes."""
REMEMBERED = 1_000
"""With more pupils than so many, a file is forgotten between two terms: it would take too much memory."""

Tell = Callable[[str, int, int], None]
"""Told the name of the step, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a term's plan, from the start of the plan to the evaluation of its goals."""

    name: str
    start: date
    prepared: date
    talks: date
    worked: date


def terms(year: SchoolYear) -> tuple[Term, Term]:
    """The two terms of a school year."""
    day = year.day
    return (
        Term("HT", day(9, 1), day(10, 9), day(10, 14), day(12, 18)),
        Term("VT", day(1, 15), day(3, 6), day(3, 11), day(6, 8)),
    )


class SchoolLife:
    """The whole of a demo, in the order in which it happens; `tell` hears how far it is."""

    def __init__(self, parts: Parts, cast: Cast, *, years: int, seed: int, now: datetime) -> None:
        self._parts, self._cast, self._seed, self._now = parts, cast, seed, now
        self._today = now.astimezone(STOCKHOLM).date()
        self._years = whole_years(self._today, years)
        self.ids = RosterIds(parts.ledger.settings.tenant, SOURCE)
        self._scribes: dict[str, Scribe] = {}
        self._materials: dict[str, Material] = {}
        self._syllabus = _syllabus(parts)

    @property
    def commands(self) -> int:
        """How many commands the pupils, guardians and staff have given."""
        return sum(scribe.commands for scribe in self._scribes.values())

    def play(self, tell: Tell) -> None:
        """Play the years, and the beginning of the term under way."""
        last = self._years[-1]
        for year in self._years:
            self._import(year, year.first_day)
            self._publish(year)
            autumn, spring = terms(year)
            self._term(year, autumn, tell)
            if year == last and any(form.new_mentor for _, form in self._cast.forms):
                self._import(year, year.day(1, 8))
            self._term(year, spring, tell)
        beginning = term_under_way(self._today)
        if beginning is not None:
            self._import(beginning, beginning.first_day)
            self._end_schooling(last)
            self._publish(beginning)
            self._begin(beginning, tell)
        bring_up_directory(self._parts)

    def person_id(self, sourced_id: str) -> UUID:
        """The id that a person of the cast has in the ledger."""
        return self.ids.person(sourced_id)

    def _forms(self, year: SchoolYear) -> Iterator[tuple[School, Form]]:
        for school, form in self._cast.forms:
            if 0 <= year_of(form, year, self._years[-1]) <= 9:  # noqa: PLR2004 - the years of compulsory school
                yield school, form

    def _import(self, year: SchoolYear, on: date) -> None:
        """What a municipality does: the roster of the day, whole."""
        with TemporaryDirectory() as folder:
            write_roster(self._cast, Path(folder), school_year=year, last=self._years[-1], on=on)
            work = RosterImport(self._parts.context, source=SOURCE, full=True)
            found = work.examine(Path(folder), today=on, on=on, mentors=None, progress=_silent)
            command = system_command(_morning(on))
            carried = work.carry_out(found, command, allow_ends=True, progress=_silent)
        if found.tables.faults.found or carried.refused:
            msg = "the demo's own roster has faults"
            raise AssertionError(msg)
        bring_up_directory(self._parts)

    def _publish(self, year: SchoolYear) -> None:
        """Templates by administrator and principal, plannings by mentors; what is there already is not made again."""
        publishing, command = Publishing(self._parts.context), system_command(_morning(year.first_day, hour=9))
        contents, _ = read_folder(TEMPLATE_FOLDER)
        for school, form in self._forms(year):
            school_id = self.ids.school(school.id)
            material = self._materials.setdefault(school.id, Material(syllabus=self._syllabus))
            if not material.templates:
                for name, content in contents.items():
                    version = publishing.publish(school_id, name, content, command=command)
                    template = PublishedTemplate(publishing.template_id(school_id, name), version, content)
                    material.templates.update(dict.fromkeys(content.grades, template))
            grade = year_of(form, year, self._years[-1])
            self._publish_documents(material, school_id, form, grade, _morning(year.first_day, hour=10))

    def _publish_documents(self, material: Material, school_id: UUID, form: Form, grade: int, at: datetime) -> None:
        template = material.templates.get(grade)
        if template is None or (PLANNED[0], grade) in material.documents:
            return
        rng = Random(f"documents {self._seed} {form.id} {grade}")
        texts, names = DemoTexts(rng), {s.code: s.name for s in template.content.subjects}
        for code in (code for code in PLANNED if code in names):
            made = {"planning": (DocumentKind.PLANNING, texts.planning(code, grade))}
            if code == PLANNED[0]:
                made["matrix"] = (DocumentKind.MATRIX, texts.matrix(code, names[code], grade))
            for kind, (document_kind, content) in made.items():
                answer = schools.publish_document(
                    self._parts.context,
                    self._as_staff(school_id, self.person_id(form.mentor.id), str(form.mentor.name), at),
                    school_id=school_id,
                    kind=document_kind,
                    content=content,
                )
                material.documents.setdefault((code, grade), {})[kind] = UUID(answer.resource_id)

    def _as_staff(self, school_id: UUID, person_id: UUID, name: str, at: datetime) -> Command:
        """A command of somebody who has a part at the school."""
        school = find(self._parts.context, SCHOOL, school_id)
        part = next(r for r in school.roles.values() if r.person_id == person_id) if school else None
        given = system_command(at)
        return Command(
            caller=Caller(person_id, name, LEVEL),
            acting_as=part.id if part else None,
            command_id=given.command_id,
            body_hash=b"",
            correlation_id=given.correlation_id,
            at=at,
        )

    def scribe(self, school: School, pupil: Pupil) -> Scribe:
        """Who writes in a pupil's file, with what the school has."""
        if pupil.id not in self._scribes:
            student_id = student_file_id(self.person_id(pupil.id))
            seed = f"pupil {self._seed} {pupil.id}"
            material = self._materials[school.id]
            self._scribes[pupil.id] = Scribe(self._parts.context, student_id, material, seed=seed, now=self._now)
        return self._scribes[pupil.id]

    def _pupils(self, year: SchoolYear, term: Term, live: Callable[[Scribe], Scribe], tell: Tell) -> None:
        """Let each pupil's file live through a part of the year; several at a time, each in one thread."""
        scribes = [self.scribe(school, pupil) for school, form in self._forms(year) for pupil in form.pupils]
        ledger = self._parts.ledger
        with ThreadPoolExecutor(THREADS) as threads:
            for done, scribe in enumerate(threads.map(live, scribes), 1):
                if len(scribes) > REMEMBERED and isinstance(ledger, RememberingLedger):
                    ledger.forget_stream(scribe.student_id)
                tell(f"{term.name} {year.name}", done, len(scribes))

    def _term(self, year: SchoolYear, term: Term, tell: Tell) -> None:
        def live(scribe: Scribe) -> Scribe:
            start_plan(scribe, year, term)
            prepare(scribe, Window(term.start + timedelta(days=5), term.prepared))
            talk = term.talks + timedelta(days=scribe.rng.randint(0, 16))
            hold_conversation(scribe, talk)
            follow_up(scribe, talk + timedelta(days=8), term.worked)
            return scribe

        self._pupils(year, term, live, tell)

    def _begin(self, year: SchoolYear, tell: Tell) -> None:
        """The first term of the year under way: every other class prepares, the others still have the spring's plan."""
        term = terms(year)[0]
        until = min(term.prepared, self._today)
        preparing = {
            student_file_id(self.person_id(pupil.id))
            for _, form in self._forms(year)
            for pupil in form.pupils
            if form.number % 2 == 0
        }

        def live(scribe: Scribe) -> Scribe:
            if scribe.student_id in preparing:
                start_plan(scribe, year, term)
                prepare(scribe, Window(term.start + timedelta(days=5), until, share=PREPARED_SO_FAR))
            return scribe

        self._pupils(year, term, live, tell)

    def _end_schooling(self, last: SchoolYear) -> None:
        """Those who went in year 9 have finished compulsory school."""
        for _, form in self._cast.forms:
            if form.year == 9:  # noqa: PLR2004 - the last year of compulsory school
                for pupil in form.pupils:
                    student_id = student_file_id(self.person_id(pupil.id))
                    command = system_command(_morning(last.last_day + timedelta(days=70)))
                    cause = SchoolingEndCause.COMPLETED
                    enrolment.end_schooling(
                        self._parts.context, command, student_id=student_id, cause=cause, on=last.last_day
                    )


def start_plan(scribe: Scribe, year: SchoolYear, term: Term) -> None:
    """The mentor starts the term's plan; some unfinished goals are carried over (G-14)."""
    template = scribe.material.templates[scribe.file.grade]
    before = scribe.file.current_plan
    unfinished = [] if before is None else [g.id for g in before.goals.values() if g.is_unfinished]
    if before is not None and before.state is not PlanState.LOCKED:
        raise AssertionError
    scribe.do(
        scribe.mentor(term.start),
        term.start,
        plans.start_plan,
        template_id=template.id,
        template_version=template.version,
        school_year=year.name,
        term=term.name,
        carry_over=unfinished[:1] if scribe.chance(CARRIED) else (),
    )


def _syllabus(parts: Parts) -> Mapping[str, list[SyllabusItem]]:
    found: dict[str, list[SyllabusItem]] = {}
    for wording in parts.context.syllabus.items():
        if wording.item.kind is not SyllabusKind.AIM:
            found.setdefault(wording.item.subject, []).append(wording.item)
    return found


def _morning(day: date, *, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=STOCKHOLM).astimezone(UTC)


def _silent(_: str, __: int, ___: int) -> None:
    """Nobody is told."""
