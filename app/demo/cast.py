"""Who there is in the demo: schools, classes, pupils, guardians and staff; the same seed gives the same people."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from random import Random

from app.demo_texts import Household, PersonName, person_name, personal_numbers, school_name

CLASS_SIZE = 25
CLASSES_OF_A_SCHOOL = 16
YEARS_IN_ORDER = (5, 2, 8, 4, 1, 7, 3, 6, 0, 9)
"""The school years of a school's classes in the demo's last whole school year."""

LOWER_STAGE = 3
LAST_YEAR = 9

LANGUAGE_AND_SOCIETY: tuple[str, ...] = ("GRGRSVE01", "GRGRSVA01", "GRGRGEO01", "GRGRHIS01", "GRGRREL01", "GRGRSAM01")
MATHEMATICS_AND_SCIENCE: tuple[str, ...] = ("GRGRMAT01", "GRGRBIO01", "GRGRFYS01", "GRGRKEM01", "GRGRTEK01")
ENGLISH = "GRGRENG01"
LANGUAGES = (ENGLISH, "GRGRMSP01")
MOVEMENT = ("GRGRIDR01", "GRGRHKK01")
ARTS = ("GRGRBIL01", "GRGRMUS01", "GRGRSLJ01")
MOTHER_TONGUE = ("GRGRMOD01", "GRGRTSP01")

_SIBLING = 0.18
_SINGLE = 0.12
_SEPARATED = 0.2
_STAFF_CHILDREN = 2
_FEW_ENOUGH = 12_000
"""With more pupils there are too few test numbers for all: guardians have them, for they sign in by nothing else."""


@dataclass(frozen=True, slots=True)
class Adult:
    """A guardian or an employee, by the id that the roster has."""

    id: str
    name: PersonName


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil and the ids of the guardians; `is_separated` says that they live apart."""

    id: str
    name: PersonName
    guardians: tuple[str, ...]
    is_separated: bool


class Story(StrEnum):
    """What became of a former pupil."""

    GROWN = "grown"
    """Finished school, and has nothing to do with it any more."""
    HELD = "held"
    DECEASED = "deceased"
    BACK = "back"
    """Moved abroad, came back, and goes to school again."""
    TEACHES = "teaches"
    """Finished school, and teaches there now."""


FORMER = (Story.GROWN, Story.GROWN, Story.GROWN, Story.HELD, Story.DECEASED, Story.BACK, Story.TEACHES)
OFFICERS = ("operator", "second-operator", "auditor")


@dataclass(frozen=True, slots=True)
class Former:
    """A pupil who left the first school some years ago, with the guardian of those days."""

    pupil: Pupil
    guardian: Adult
    story: Story


@dataclass(slots=True)
class Form:
    """A class (klass) through the years. `year` is the school year it goes in during the demo's last whole one.

    `mentor` teaches it from the start; `new_mentor`, where there is one, from January of the last whole school year.
    """

    id: str
    number: int
    year: int
    mentor: Adult
    new_mentor: Adult | None = None
    pupils: list[Pupil] = field(default_factory=list)


@dataclass(slots=True)
class School:
    """A school and its people. `specialists` teach their subjects in every class, by turns of four classes."""

    id: str
    name: str
    administrator: Adult
    principal: Adult
    forms: list[Form] = field(default_factory=list)
    specialists: dict[tuple[str, ...], list[Adult]] = field(default_factory=dict)

    @property
    def staff(self) -> Iterator[Adult]:
        """Everybody who teaches, each once."""
        seen = {}
        for form in self.forms:
            for adult in (form.mentor, form.new_mentor):
                if adult is not None:
                    seen[adult.id] = adult
        for adults in self.specialists.values():
            seen.update({adult.id: adult for adult in adults})
        yield from seen.values()

    def lessons(self, form: Form, year: int, mentor: Adult) -> Iterator[tuple[Adult, tuple[str, ...]]]:
        """Who teaches the class what in a school year; the mentor first."""
        turn = form.number // 4
        own, other = LANGUAGE_AND_SOCIETY, MATHEMATICS_AND_SCIENCE
        if form.number % 2:
            own, other = other, own
        if year <= LOWER_STAGE:
            yield mentor, (*own, *other, ENGLISH)
        else:
            yield mentor, own
            yield self._by_turn(other, turn), other
            yield self._by_turn(LANGUAGES, turn), LANGUAGES
        for subjects in (MOVEMENT, ARTS, MOTHER_TONGUE):
            yield self._by_turn(subjects, turn), subjects

    def _by_turn(self, subjects: tuple[str, ...], turn: int) -> Adult:
        adults = self.specialists[subjects]
        return adults[turn % len(adults)]


@dataclass(slots=True)
class Cast:
    """Everybody. `adults` has every guardian, employee and officer by id, but no guardian of a former pupil."""

    schools: list[School] = field(default_factory=list)
    adults: dict[str, Adult] = field(default_factory=dict)
    former: list[Former] = field(default_factory=list)
    officers: dict[str, Adult] = field(default_factory=dict)
    """By what each is called in the demo."""

    @property
    def forms(self) -> Iterator[tuple[School, Form]]:
        """Every class with its school."""
        for school in self.schools:
            for form in school.forms:
                yield school, form


def cast_of(*, pupils: int, years: int, seed: int) -> Cast:
    """The people of a municipality with so many pupils, who have gone to school for so many whole years (S-ROL-9).

    Some pupils are siblings, some have guardians who live apart or only one, and some guardians work at the school.
    """
    return _Casting(Random(f"cast {seed}"), years).cast(pupils)


class _Casting:
    def __init__(self, rng: Random, years: int) -> None:
        self._rng, self._years = rng, years
        self._numbers = personal_numbers(Random(rng.random()))
        self._numbers_for_all = True
        self._spare = count(1)
        self._cast = Cast()
        self._households: list[tuple[Household, tuple[str, ...], bool]] = []

    def cast(self, pupils: int) -> Cast:
        self._numbers_for_all = pupils <= _FEW_ENOUGH
        sizes = _sizes(pupils)
        for first in range(0, len(sizes), CLASSES_OF_A_SCHOOL):
            self._school(sizes[first : first + CLASSES_OF_A_SCHOOL])
        self._cast.former = [self._former(story) for story in FORMER]
        self._cast.officers = {part: self._adult() for part in OFFICERS}
        return self._cast

    def _id(self, *, needs_number: bool = False) -> str:
        """A test personal number while there are any; then an id that cannot be taken for one."""
        number = next(self._numbers, None) if needs_number or self._numbers_for_all else None
        return number or f"demo-{next(self._spare):06}"

    def _former(self, story: Story) -> Former:
        """Who teaches now is among the adults, too."""
        household = Household(self._rng)
        pupil = Pupil(self._id(), household.child(), (self._id(),), is_separated=False)
        if story is Story.TEACHES:
            self._cast.adults[pupil.id] = Adult(pupil.id, pupil.name)
        return Former(pupil, Adult(pupil.guardians[0], household.guardian()), story)

    def _guardian(self, name: PersonName | None) -> Adult:
        return self._adult(name, needs_number=True)

    def _adult(self, name: PersonName | None = None, *, needs_number: bool = False) -> Adult:
        adult = Adult(self._id(needs_number=needs_number), name or person_name(self._rng, grown=True))
        self._cast.adults[adult.id] = adult
        return adult

    def _school(self, sizes: list[int]) -> None:
        number = len(self._cast.schools) + 1
        taken = {school.name for school in self._cast.schools}
        name = next((n for n in (school_name(self._rng) for _ in range(20)) if n not in taken), f"Skola {number}")
        school = School(f"skola-{number:03}", name, self._adult(), self._adult())
        self._cast.schools.append(school)
        turns = -(-len(sizes) // 4)
        for subjects in (
            LANGUAGE_AND_SOCIETY,
            MATHEMATICS_AND_SCIENCE,
            LANGUAGES,
            MOVEMENT,
            ARTS,
            MOTHER_TONGUE,
        ):
            school.specialists[subjects] = [self._adult() for _ in range(turns)]
        for place, size in enumerate(sizes):
            year = max(YEARS_IN_ORDER[place % len(YEARS_IN_ORDER)], min(self._years - 1, LAST_YEAR))
            form = Form(f"{school.id}-klass-{place + 1:02}", place, year, self._adult())
            if place % 8 == 1:
                form.new_mentor = self._adult()
            form.pupils = [self._pupil(school, place) for place in range(size)]
            school.forms.append(form)

    def _pupil(self, school: School, place: int) -> Pupil:
        if school.forms and self._households and self._rng.random() < _SIBLING:
            household, guardians, apart = self._households.pop(self._rng.randrange(len(self._households)))
            return Pupil(self._id(), household.child(), guardians, apart)
        household = Household(self._rng)
        pupil_id, name = self._id(), household.child()
        if place < _STAFF_CHILDREN and school.forms:
            employee = school.forms[-1].mentor if place == 0 else next(iter(school.specialists.values()))[0]
            return Pupil(pupil_id, name, (employee.id, self._guardian(household.guardian()).id), is_separated=False)
        is_single = self._rng.random() < _SINGLE
        apart = not is_single and self._rng.random() < _SEPARATED
        adults = [self._guardian(household.guardian())]
        if not is_single:
            adults.append(self._guardian(None if apart else household.guardian()))
        guardians = tuple(adult.id for adult in adults)
        self._households.append((household, guardians, apart))
        return Pupil(pupil_id, name, guardians, apart)


def _sizes(pupils: int) -> list[int]:
    """The sizes of the classes: as even as can be, about 25 each."""
    classes = max(1, round(pupils / CLASS_SIZE))
    return [pupils // classes + (number < pupils % classes) for number in range(classes)]
