"""Who is there to sign in as in the demo school, so that nobody must copy ids from a terminal.

The data folder keeps what the people can be cast from again, and the ids of a few by their part; no names.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from uuid import UUID

from app.demo.calendar import term_under_way, whole_years
from app.demo.cast import LAST_YEAR, OFFICERS, Adult, Cast, Form, Pupil, Story, cast_of
from app.demo.identifiers import Identifiers, identifiers_of, strangers_identifiers
from app.demo.roster_files import mentor_of, year_of
from app.demo_texts import class_name
from app.errors import NotAble
from exchange.roster_words import RosterIds

SOURCE = "demo"
"""What the demo's roster is called in the ids that come of it."""
NEW = ("new-guardian", "new-pupil", "new-teacher")
"""Those who have not accepted the terms yet, so that a first sign-in can be seen."""
PARTS = ("administrator", "principal", "mentor", "teacher", "guardian", "pupil", *OFFICERS, *NEW, "stranger")
STRANGER = UUID("7d0f3d7e-8a8e-5e0c-9b0e-2f6f8b1c4d11")
"""Of nobody in the ledger: somebody who can identify themselves, and whom the school does not know."""
OFFICES = {"operator": "Arkivarie", "second-operator": "Arkivarie", "auditor": "Revisor"}
"""What the officers are called, by part."""
_FILE = "demo-people.json"


@dataclass(frozen=True, slots=True)
class Played:
    """What the demo was played from; with the tenant it gives the same people and ids again."""

    pupils: int
    years: int
    seed: int
    on: date
    parts: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as, in one part: a teacher who is also a guardian is two of these with one id."""

    id: UUID
    name: str
    part: str
    """pupil, guardian, teacher, mentor, administrator, principal, officer or stranger."""
    where: str
    """The class, the school or the office; empty for a stranger."""
    identifiers: Identifiers


def keep(home: Path, played: Played) -> None:
    """Remember in the data folder what the demo was played from."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept: dict[str, object] = {name: getattr(played, name) for name in ("pupils", "years", "seed")}
    kept |= {"on": played.on.isoformat()}
    (home / _FILE).write_text(json.dumps(kept | {"parts": {part: str(of) for part, of in played.parts.items()}}))


def played_in(home: Path) -> Played | None:
    """What the demo in this data folder was played from; None where none was."""
    try:
        kept = json.loads((home / _FILE).read_text())
    except FileNotFoundError:
        return None
    try:
        parts = {part: UUID(of) for part, of in kept["parts"].items()}
        return Played(kept["pupils"], kept["years"], kept["seed"], date.fromisoformat(kept["on"]), parts)
    except KeyError:
        msg = f"The demo school in {home} is of an earlier version. Remove that folder to have a new one made."
        raise NotAble(msg) from None


def in_part(home: Path, part: str) -> UUID | None:
    """The demo's person in this part; None where no demo was played into this data folder, or it has nobody such."""
    played = played_in(home)
    if played is None:
        return None
    return STRANGER if part == "stranger" else played.parts.get(part)


def parts_of(cast: Cast) -> dict[str, Adult | Pupil]:
    """Somebody of each role towards the first class's first pupil, and those of the last class who are new."""
    school = cast.schools[0]
    form = school.forms[0]
    mentor = form.new_mentor or form.mentor
    teacher = [adult for adult, _ in school.lessons(form, min(form.year + 1, LAST_YEAR), mentor)][1]
    pupil = form.pupils[0]
    guardian = cast.adults[pupil.guardians[0]]
    parts: dict[str, Adult | Pupil] = {
        "administrator": school.administrator,
        "principal": school.principal,
        "mentor": mentor,
        "teacher": teacher,
        "guardian": guardian,
        "pupil": pupil,
    }
    parts |= cast.officers
    return parts | dict(_new_ones(cast, {person.id for person in parts.values()}))


def _new_ones(cast: Cast, taken: set[str]) -> Iterator[tuple[str, Adult | Pupil]]:
    school = cast.schools[-1]
    staff = {adult.id for other in cast.schools for adult in other.staff}
    pupils = [pupil for pupil in reversed(school.forms[-1].pupils) if pupil.id not in taken]
    guardians = (cast.adults[i] for pupil in pupils for i in pupil.guardians if i not in taken | staff)
    parents = {i for _, form in cast.forms for pupil in form.pupils for i in pupil.guardians}
    teachers = (adult for adult in reversed(list(school.staff)) if adult.id not in taken | parents)
    found: tuple[Adult | Pupil | None, ...] = (next(guardians, None), next(iter(pupils), None), next(teachers, None))
    for part, person in zip(NEW, found, strict=True):
        if person is not None:
            yield part, person


class DemoPeople:
    """Everybody in a demo that was played, for whoever wants to sign in as one of them."""

    def __init__(self, played: Played, *, tenant: str) -> None:
        self._last = whole_years(played.on, 1)[0]
        self._year = term_under_way(played.on) or self._last
        self._on = played.on
        self._cast = cast_of(pupils=played.pupils, years=played.years, seed=played.seed)
        self._ids = RosterIds(tenant, SOURCE)
        self._identifiers = identifiers_of(self._cast)
        if played.parts["pupil"] != self._ids.person(self._cast.schools[0].forms[0].pupils[0].id):
            msg = "The demo school was made from other test numbers or for another tenant. Make a new one."
            raise NotAble(msg)

    @cached_property
    def everybody(self) -> tuple[DemoPerson, ...]:
        """Each person in each part: pupils and guardians by class, then staff, officers and a stranger."""
        return (*self._families(), *self._staff(), *self._officers(), self._stranger())

    def _families(self) -> Iterator[DemoPerson]:
        seen: set[tuple[str, str]] = set()
        for _, form in self._cast.forms:
            where = self._class(form)
            for pupil in form.pupils:
                yield self._person(pupil, "pupil", where)
            for pupil in form.pupils:
                for guardian in pupil.guardians:
                    if (guardian, form.id) not in seen:
                        seen.add((guardian, form.id))
                        yield self._person(self._cast.adults[guardian], "guardian", where)

    def _staff(self) -> Iterator[DemoPerson]:
        for school in self._cast.schools:
            mentors = {mentor_of(form, self._on, self._last).id: form for form in school.forms}
            yield self._person(school.administrator, "administrator", school.name)
            yield self._person(school.principal, "principal", school.name)
            for adult in school.staff:
                form = mentors.get(adult.id)
                where = self._class(form) if form else school.name
                yield self._person(adult, "mentor" if form else "teacher", where)

        for former in self._cast.former:
            if former.story is Story.TEACHES:
                yield self._person(self._cast.adults[former.pupil.id], "teacher", self._cast.schools[0].name)

    def _officers(self) -> Iterator[DemoPerson]:
        for part, officer in self._cast.officers.items():
            yield self._person(officer, "officer", OFFICES[part])

    def _class(self, form: Form) -> str:
        return class_name(min(year_of(form, self._year, self._last), LAST_YEAR), form.number)

    def _stranger(self) -> DemoPerson:
        return DemoPerson(STRANGER, "Någon Okänd", "stranger", "", strangers_identifiers(self._cast))

    def _person(self, person: Adult | Pupil, part: str, where: str) -> DemoPerson:
        return DemoPerson(self._ids.person(person.id), str(person.name), part, where, self._identifiers[person.id])
