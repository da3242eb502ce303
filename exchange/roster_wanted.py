"""What a roster wants there to be on a day: schools, groups, persons, pupils and relations, by the ledger's ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from events.base import Role
from events.person import IdentifierKind
from events.school import GroupKind
from exchange.roster_rows import Fault, Row


@dataclass(frozen=True, slots=True)
class WantedIdentifier:
    """By what the roster says that a person signs in, written in the one way; and where it says so."""

    kind: IdentifierKind
    text: str
    row: Row
    column: str


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """A person with a part in the roster, and the ids the roster has for the person.

    `email` is the address that the school has given a pupil; `is_pupil` says whether the roster speaks of one at all.
    """

    id: UUID
    given_name: str
    family_name: str
    roster_ids: tuple[str, ...]
    identifiers: tuple[WantedIdentifier, ...] = ()
    email: str | None = None
    is_pupil: bool = False

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class WantedSchool:
    """A school and its people: since when each (person, role) holds."""

    id: UUID
    name: str
    roles: dict[tuple[UUID, Role], date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WantedGroup:
    """A class or teaching group."""

    id: UUID
    school_id: UUID
    name: str
    kind: GroupKind


@dataclass(frozen=True, slots=True)
class WantedRelation:
    """A person's part towards a pupil, since a day if the roster says so; subjects only for a teacher, sorted."""

    role: Role
    person_id: UUID
    name: str
    since: date | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedPupil:
    """A pupil as the roster has one. `since` is when the pupil came to the school."""

    person_id: UUID
    name: str
    school_id: UUID
    grade: int
    since: date
    groups: Mapping[UUID, date | None]
    relations: tuple[WantedRelation, ...]


@dataclass(slots=True)
class Wanted:
    """Everything the roster wants there to be on a day.

    `protected` are persons whom a bad row names: nothing between such a person and anybody ends, since the bad row may
    have said that it goes on. `silent_on` are the roles (the pupil's: being in groups) that the roster says nothing
    about at all, so that nothing of these ends. `rows` says where each pupil stands, the ones left out later as well;
    `mentorless` names the row of each pupil for whom nobody is said to be mentor.
    """

    on: date
    schools: dict[UUID, WantedSchool] = field(default_factory=dict)
    groups: dict[UUID, WantedGroup] = field(default_factory=dict)
    persons: dict[UUID, WantedPerson] = field(default_factory=dict)
    pupils: dict[UUID, WantedPupil] = field(default_factory=dict)
    protected: set[UUID] = field(default_factory=set)
    silent_on: frozenset[Role] = frozenset()
    rows: dict[UUID, Row] = field(default_factory=dict)
    mentorless: dict[UUID, Fault] = field(default_factory=dict)

    @property
    def without_mentor(self) -> list[Fault]:
        """The rows of the pupils for whom nobody is said to be mentor."""
        return list(self.mentorless.values())

    def leave_out(self, pupils: Iterable[UUID]) -> None:
        """Want nothing of these pupils, nor of persons who are in the roster only because of them."""
        unneeded: set[UUID] = set()
        for person_id in pupils:
            unneeded |= _people(self.pupils.pop(person_id))
            self.mentorless.pop(person_id, None)
        if not unneeded:
            return
        for pupil in self.pupils.values():
            unneeded -= _people(pupil)
        for school in self.schools.values():
            unneeded.difference_update(person_id for person_id, _ in school.roles)
        for person_id in unneeded:
            del self.persons[person_id]


def _people(pupil: WantedPupil) -> set[UUID]:
    return {pupil.person_id, *(relation.person_id for relation in pupil.relations)}


@dataclass(frozen=True, slots=True)
class MentorRow:
    """One row of the mapping file: the mentor of a pupil, or of a class's pupils, by the roster's ids."""

    pupil: str
    school_class: str
    mentor: str
    row: Row
