"""Questions to the directory: who is what to whom, and what there is at a school."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from aggregates.school import SchoolRole
from events.base import Role
from projections import directory_places as places
from projections.checkpoints import wait_for_all
from projections.directory_entries import (
    ClassPerson,
    DirectoryStanding,
    DocumentEntry,
    GroupEntry,
    PersonEntry,
    SchoolEntry,
    SchoolPart,
    StudentEntry,
    StudentRelation,
    TemplateEntry,
    standing_from,
)
from projections.directory_rows import Rows, parts_of
from projections.seen_by import SYSTEM, Eyes, Queries, SeenBy
from projections.statements import statements_beside
from store.database import Pool
from store.ledger import Ledger

SQL = statements_beside(__file__)
_FIRST = UUID(int=0)
Entry = TypeVar("Entry")


class Directory:
    """Reads the directory; every method is one round trip. It knows nothing of rights: whoever asks has decided that.

    Lists leave out what belongs to an erased subject. What is asked for a reader finds no row but those that the
    database's own rules let that reader see. Raises StoreUnavailable.
    """

    def __init__(self, pool: Pool, ledger: Ledger, eyes: Eyes = SYSTEM) -> None:
        self._lookup_hash = ledger.keys.lookup_hash
        self._rows = Rows(ledger)
        self._eyes = eyes
        self._pool = pool
        self._queries = Queries(pool, SQL)

    def seen_by(self, reader: SeenBy) -> "Directory":
        """The same directory, asked for a reader and not for what decides and imports."""
        seen = copy(self)
        seen._eyes = reader  # noqa: SLF001 - our own copy
        return seen

    def school_roles(self, person_id: UUID, school_id: UUID | None = None) -> tuple[SchoolRole, ...]:
        """The person's parts at a school, or at any."""
        return tuple(part.role for part in self.school_parts(person_id, school_id))

    def school_parts(self, person_id: UUID, school_id: UUID | None = None) -> tuple[SchoolPart, ...]:
        """The person's parts at a school, or at any, with the school of each."""
        if school_id is None:
            return parts_of(self._fetch("school_roles_of", person_id))
        return parts_of(self._fetch("school_roles_at", person_id, school_id))

    def schools_of_person(self, person_id: UUID, on: date) -> set[UUID]:
        """The schools that the person has to do with on a day: by a part there, or a relation to a pupil of theirs."""
        return {row[0] for row in self._fetch("schools_of_person", *(person_id, on, on, on) * 2)}

    def staff(self, school_id: UUID) -> tuple[SchoolPart, ...]:
        """Who is administrator, principal or other staff at the school."""
        return parts_of(self._fetch("staff_of", school_id))

    def any_school_role(self, role: Role) -> bool:
        """Whether anybody was ever given this part at any school."""
        return bool(self._fetch("any_school_role", role.value)[0][0])

    def student(self, student_id: UUID) -> StudentEntry | None:
        """One pupil."""
        return _only(self._rows.students(self._fetch("student", student_id)))

    def student_of_person(self, person_id: UUID) -> UUID | None:
        """The id of a person's file as a pupil, if the person is one."""
        rows = self._fetch("student_of_person", person_id)
        return rows[0][0] if rows else None

    def students_of(self, person_id: UUID) -> list[StudentRelation]:
        """The pupils whom a person has, had or will have a relation to: the own file, children, taught pupils.

        A pupil whose identity is protected is among them for those whom the protection names.
        """
        rows = self._fetch("students_of", person_id)
        students = {student.student_id: student for student in self._rows.students([row[:10] for row in rows])}
        return [
            StudentRelation(students[row[0]], self._rows.relation(row, person_id)) for row in rows if row[0] in students
        ]

    def students_of_school(
        self,
        school_id: UUID,
        *,
        after: UUID | None = None,
        limit: int = 1000,
        protected_for: UUID | None = None,
        with_protected: bool = False,
    ) -> list[StudentEntry]:
        """The school's pupils in order of id, those after an id; pages by the last one's id.

        Without pupils whose identity is protected, but those who name `protected_for`. `with_protected`, all of them,
        is for the system alone.
        """
        return self._rows.students(
            self._fetch("students_of_school", school_id, after or _FIRST, with_protected, protected_for, limit)
        )

    def protected_without_reader(self, school_id: UUID, on: date) -> list[UUID]:
        """The school's protected pupils of whom no named reader works with the pupil or at the school any more."""
        return [row[0] for row in self._fetch("protected_without_reader", school_id, *(on,) * 6)]

    def hidden_from(
        self, reader_id: UUID, person_ids: Iterable[UUID], *, is_strong: bool, even_if_known: bool = False
    ) -> set[UUID]:
        """Those of the persons whose identity is protected from the reader: name, picture, school and contact.

        They are the protected pupils, and their guardians, past ones too, who are there because of them alone;
        `even_if_known`: also guardians who are staff, or have to do with other pupils. One sees oneself. Those whom the
        protection names see pupil and guardians, where their sign-in `is_strong` enough.
        """
        ids = list(person_ids)
        rows = self._fetch("hidden_from", ids, ids, reader_id, is_strong, reader_id)
        return {person_id for person_id, is_known in rows if even_if_known or not is_known}

    def groups_of_school(self, school_id: UUID) -> list[GroupEntry]:
        """The school's groups."""
        return self._rows.groups(self._fetch("groups_of_school", school_id))

    def group(self, group_id: UUID) -> GroupEntry | None:
        """One group."""
        return _only(self._rows.groups(self._fetch("group", group_id)))

    def groups_by_name(self, school_id: UUID, name: str) -> list[GroupEntry]:
        """The school's groups that have exactly this name; found by keyed hash."""
        lookup = self._lookup_hash("group name", name)
        return self._rows.groups(self._fetch("groups_by_name", school_id, lookup))

    def groups_of_students(self, student_ids: Iterable[UUID]) -> list[GroupEntry]:
        """The groups that any of the pupils is in now."""
        return self._rows.groups(self._fetch("groups_of_students", list(student_ids)))

    def group_members(self, group_id: UUID, *, protected_for: UUID | None = None) -> list[StudentEntry]:
        """The pupils who are in the group now; of those whose identity is protected, who name `protected_for`."""
        return self._rows.students(self._fetch("group_members", group_id, protected_for))

    def schools(self) -> list[SchoolEntry]:
        """Every school of the municipality."""
        return self._rows.schools(self._fetch("schools"))

    def school(self, school_id: UUID) -> SchoolEntry | None:
        """One school."""
        return _only(self._rows.schools(self._fetch("school", school_id)))

    def persons(self, person_ids: Iterable[UUID]) -> dict[UUID, PersonEntry]:
        """The persons with these ids, those that are known."""
        return self._rows.persons(self._fetch("persons", list(person_ids)))

    def person(self, person_id: UUID) -> PersonEntry | None:
        """One person."""
        return self.persons((person_id,)).get(person_id)

    def persons_by_roster_ids(self, source: str, roster_ids: Iterable[str]) -> dict[str, UUID]:
        """Whom a roster means by each of these ids; found by keyed hash."""
        wanted = {self._lookup_hash("roster id", places.roster_words(source, text)): text for text in roster_ids}
        rows = self._fetch("persons_by_roster_ids", list(wanted))
        return {wanted[lookup]: person_id for lookup, person_id in rows}

    def persons_signing_in(self, lookups: Iterable[bytes]) -> dict[bytes, UUID]:
        """Who signs in by each of these keyed hashes. One that two persons were given at one moment is nobody's."""
        found: dict[bytes, set[UUID]] = {}
        for lookup, person_id in self._fetch("persons_signing_in", list(lookups)):
            found.setdefault(lookup, set()).add(person_id)
        return {lookup: persons.pop() for lookup, persons in found.items() if len(persons) == 1}

    def person_signing_in(self, lookup: bytes) -> UUID | None:
        """Who signs in by this keyed hash of an identifier; None where nobody does."""
        return self.persons_signing_in((lookup,)).get(lookup)

    def pictures_shown(self, person_ids: Iterable[UUID], on: date) -> set[UUID]:
        """Whose pictures class-mates may see, of these persons (G-12).

        The person and present guardians choose; where they have chosen differently, it is hidden.
        """
        return {row[0] for row in self._fetch("pictures_shown", list(person_ids), on, on, on)}

    def roles_towards(self, person_id: UUID, other_id: UUID, on: date) -> frozenset[Role]:
        """In which roles a person meets another: as staff or teacher anybody, as pupil or guardian those of a class.

        Of a class are its pupils, their guardians and teachers (S-SET-5), but for who is there only because of a pupil
        whose identity is protected. A guardian meets the own child as `SELF`.
        """
        days = (on, on, on)
        parameters = (
            person_id, *days, person_id, *days, person_id, *days, other_id, *days, other_id, person_id, *days,
        )  # fmt: skip
        return frozenset(Role(row[0]) for row in self._fetch("roles_towards", *parameters))

    def class_people(self, group_id: UUID, on: date) -> list[ClassPerson]:
        """Who is what to each pupil of a group on a day: the pupils themselves, guardians, teachers, mentors."""
        rows = self._fetch("class_people", group_id, on, on, on)
        return [
            ClassPerson(student_id, pupil_id, is_protected, person_id, Role(role), relation_id)
            for student_id, pupil_id, is_protected, person_id, role, relation_id in rows
        ]

    def accounts_without_relation(
        self, on: date, *, school_id: UUID | None = None, after: UUID | None = None, limit: int = 1000
    ) -> list[tuple[UUID, date | None]]:
        """Persons without any relation or part on a day or later, and the last day that gave one something (G-19).

        With a school those who had to do with it. In order of id, those after an id.
        """
        parameters = (after or _FIRST, school_id, school_id, school_id, on, on, limit)
        return [(row[0], row[1]) for row in self._fetch("accounts_without_relation", *parameters)]

    def account_uses(self, person_ids: Iterable[UUID], on: date) -> dict[UUID, tuple[date | None, bool]]:
        """What persons are beside pupils: the last day that gave each something, and whether a day on or later does.

        Who never was anything else is not among them.
        """
        ids = list(person_ids)
        return {row[0]: (row[1], row[2]) for row in self._fetch("account_uses", on, on, ids, ids)}

    def knows_every_relation(self, seconds: float) -> bool:
        """Wait until the directory holds every relation and part that the ledger has now; whether it does in time."""
        return wait_for_all(self._pool, seconds, projection="directory", categories=("student_file", "school"))

    def pupils(self, student_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """The pupil as a person, by pupil's file."""
        return dict(self._fetch("pupils", list(student_ids)))

    def schools_of_students(self, student_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """The school of each pupil's file, by pupil's file."""
        return dict(self._fetch("schools_of_students", list(student_ids)))

    def templates_of_school(self, school_id: UUID) -> list[TemplateEntry]:
        """Every version of the school's templates."""
        return self._rows.templates(self._fetch("templates_of_school", school_id))

    def template(self, template_id: UUID) -> list[TemplateEntry]:
        """Every version of one template, from the first; empty where there is none."""
        return self._rows.templates(self._fetch("template", template_id))

    def documents_of_school(self, school_id: UUID) -> list[DocumentEntry]:
        """The school's planning documents in their latest versions."""
        return self._rows.documents(self._fetch("documents_of_school", school_id))

    def documents(self, document_ids: Iterable[UUID]) -> dict[UUID, DocumentEntry]:
        """The planning documents with these ids, those that are known."""
        return {
            entry.document_id: entry for entry in self._rows.documents(self._fetch("documents", list(document_ids)))
        }

    def _fetch(self, name: str, *parameters: object) -> list[Any]:
        return self._queries.fetch(self._eyes, name, *parameters)


def _only(entries: Sequence[Entry]) -> Entry | None:
    return entries[0] if entries else None


__all__ = [
    "ClassPerson", "Directory", "DirectoryStanding", "DocumentEntry", "GroupEntry", "PersonEntry", "SchoolEntry",
    "SchoolPart", "StudentEntry", "StudentRelation", "TemplateEntry", "standing_from",
]  # fmt: skip
