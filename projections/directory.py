"""Questions to the directory: who is what to whom, and what there is at a school."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from pydantic_core import from_json

from aggregates.school import SchoolRole
from aggregates.student_file import Relation
from events.base import Role
from events.person import ContactDetailsGiven
from events.planning_document import DocumentContent, DocumentKind
from events.school import GroupKind, SchoolSettings
from events.template import TemplateContent
from projections import directory_places as places
from projections.directory_entries import (
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
from projections.statements import statements_beside
from store.database import Pool, connection
from store.errors import SubjectErased
from store.ledger import Ledger

SQL = statements_beside(__file__)
_FIRST = UUID(int=0)
Entry = TypeVar("Entry")


class Directory:
    """Reads the directory; every method is one round trip. It knows nothing of rights: whoever asks has decided that.

    Lists leave out what belongs to an erased subject. Raises StoreUnavailable.
    """

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._pool = pool
        self._ledger = ledger

    def standing(self, person_id: UUID, student_id: UUID) -> DirectoryStanding | None:
        """What a person is to a pupil and the pupil's school; None where there is no such pupil."""
        rows = self._fetch("standing", person_id, person_id, student_id)
        return standing_from(rows[0][0], person_id, rows[0][1], rows[0][2]) if rows else None

    def school_roles(self, person_id: UUID, school_id: UUID | None = None) -> tuple[SchoolRole, ...]:
        """The person's parts at a school, or at any."""
        return tuple(part.role for part in self.school_parts(person_id, school_id))

    def school_parts(self, person_id: UUID, school_id: UUID | None = None) -> tuple[SchoolPart, ...]:
        """The person's parts at a school, or at any, with the school of each."""
        if school_id is None:
            return _parts(self._fetch("school_roles_of", person_id))
        return _parts(self._fetch("school_roles_at", person_id, school_id))

    def staff(self, school_id: UUID) -> tuple[SchoolPart, ...]:
        """Who is administrator, principal or other staff at the school."""
        return _parts(self._fetch("staff_of", school_id))

    def any_school_role(self, role: Role) -> bool:
        """Whether anybody was ever given this part at any school."""
        return bool(self._fetch("any_school_role", role.value)[0][0])

    def student(self, student_id: UUID) -> StudentEntry | None:
        """One pupil."""
        return _only(self._students(self._fetch("student", student_id)))

    def student_of_person(self, person_id: UUID) -> UUID | None:
        """The id of a person's file as a pupil, if the person is one."""
        rows = self._fetch("student_of_person", person_id)
        return rows[0][0] if rows else None

    def students_of(self, person_id: UUID) -> list[StudentRelation]:
        """The pupils whom a person has, had or will have a relation to: the own file, children, taught pupils."""
        rows = self._fetch("students_of", person_id)
        students = {student.student_id: student for student in self._students([row[:9] for row in rows])}
        return [
            StudentRelation(students[row[0]], _relation(row[9], person_id, row[10:14], row[14]))
            for row in rows
            if row[0] in students
        ]

    def students_of_school(
        self, school_id: UUID, *, after: UUID | None = None, limit: int = 1000
    ) -> list[StudentEntry]:
        """The school's pupils in order of id, those after an id; pages by the last one's id."""
        return self._students(self._fetch("students_of_school", school_id, after or _FIRST, limit))

    def relations_of_student(self, student_id: UUID) -> list[Relation]:
        """Everybody's relations to the pupil, with names."""
        rows = self._fetch("relations_of_student", student_id)
        return [
            _relation(row[0], row[1], row[2:6], row[6], name)
            for row, name in self._opened(rows, 7, 8, lambda row: places.relation_name(student_id, row[0]))
        ]

    def groups_of_school(self, school_id: UUID) -> list[GroupEntry]:
        """The school's groups."""
        return self._groups(self._fetch("groups_of_school", school_id))

    def group(self, group_id: UUID) -> GroupEntry | None:
        """One group."""
        return _only(self._groups(self._fetch("group", group_id)))

    def groups_by_name(self, school_id: UUID, name: str) -> list[GroupEntry]:
        """The school's groups that have exactly this name; found by keyed hash."""
        lookup = self._ledger.keys.lookup_hash("group name", name)
        return self._groups(self._fetch("groups_by_name", school_id, lookup))

    def groups_of_student(self, student_id: UUID) -> list[GroupEntry]:
        """The groups that the pupil is in now."""
        return self._groups(self._fetch("groups_of_student", student_id))

    def group_members(self, group_id: UUID) -> list[StudentEntry]:
        """The pupils who are in the group now."""
        return self._students(self._fetch("group_members", group_id))

    def schools(self) -> list[SchoolEntry]:
        """Every school of the municipality."""
        return self._schools(self._fetch("schools"))

    def school(self, school_id: UUID) -> SchoolEntry | None:
        """One school."""
        return _only(self._schools(self._fetch("school", school_id)))

    def persons(self, person_ids: Iterable[UUID]) -> dict[UUID, PersonEntry]:
        """The persons with these ids, those that are known."""
        rows = self._fetch("persons", list(person_ids))
        found = {}
        for row, name in self._opened(rows, 1, 3, lambda row: places.person_name(row[0])):
            person_id, subject_id, version, _, sealed_contact = row
            given_name, family_name = from_json(name)
            contact = sealed_contact and ContactDetailsGiven.model_validate_json(
                self._ledger.open(subject_id, sealed_contact, places.person_contact(person_id))
            )
            found[person_id] = PersonEntry(person_id, version, given_name, family_name, contact)
        return found

    def person(self, person_id: UUID) -> PersonEntry | None:
        """One person."""
        return self.persons((person_id,)).get(person_id)

    def persons_by_roster_ids(self, source: str, roster_ids: Iterable[str]) -> dict[str, UUID]:
        """Whom a roster means by each of these ids; found by keyed hash."""
        lookup = self._ledger.keys.lookup_hash
        wanted = {lookup("roster id", places.roster_words(source, text)): text for text in roster_ids}
        rows = self._fetch("persons_by_roster_ids", list(wanted))
        return {wanted[lookup]: person_id for lookup, person_id in rows}

    def person_by_roster_id(self, source: str, roster_id: str) -> UUID | None:
        """Whom a roster means by an id."""
        return self.persons_by_roster_ids(source, (roster_id,)).get(roster_id)

    def roster_ids_of(self, person_id: UUID) -> list[tuple[str, str]]:
        """What rosters call the person: (source, id)."""
        rows = self._fetch("roster_ids_of", person_id)
        opened = self._opened(rows, 0, 2, lambda row: places.roster_identity(person_id, row[1]))
        return sorted((source, roster_id) for source, roster_id in (from_json(text) for _, text in opened))

    def pictures_shown(self, person_ids: Iterable[UUID]) -> set[UUID]:
        """Whose pictures class-mates may see, of these persons (G-12)."""
        return {row[0] for row in self._fetch("pictures_shown", list(person_ids))}

    def templates_of_school(self, school_id: UUID) -> list[TemplateEntry]:
        """Every version of the school's templates."""
        return self._templates(self._fetch("templates_of_school", school_id))

    def template(self, template_id: UUID) -> list[TemplateEntry]:
        """Every version of one template, from the first; empty where there is none."""
        return self._templates(self._fetch("template", template_id))

    def documents_of_school(self, school_id: UUID) -> list[DocumentEntry]:
        """The school's planning documents in their latest versions."""
        return self._documents(self._fetch("documents_of_school", school_id))

    def documents(self, document_ids: Iterable[UUID]) -> dict[UUID, DocumentEntry]:
        """The planning documents with these ids, those that are known."""
        return {entry.document_id: entry for entry in self._documents(self._fetch("documents", list(document_ids)))}

    def _students(self, rows: Sequence[Any]) -> list[StudentEntry]:
        return [_student(row, name) for row, name in self._opened(rows, 1, 8, lambda row: places.student_name(row[0]))]

    def _groups(self, rows: Sequence[Any]) -> list[GroupEntry]:
        return [
            GroupEntry(row[0], row[1], row[3], GroupKind(row[4]), name.decode())
            for row, name in self._opened(rows, 2, 6, lambda row: places.group_name(row[0]))
        ]

    def _schools(self, rows: Sequence[Any]) -> list[SchoolEntry]:
        return [
            SchoolEntry(row[0], row[2], _settings(row[3]), name.decode())
            for row, name in self._opened(rows, 1, 4, lambda row: places.school_name(row[0]))
        ]

    def _templates(self, rows: Sequence[Any]) -> list[TemplateEntry]:
        return [
            TemplateEntry(row[0], row[1], row[2], row[4], row[5], TemplateContent.model_validate_json(content))
            for row, content in self._opened(rows, 3, 6, lambda row: places.template(row[0], row[1]))
        ]

    def _documents(self, rows: Sequence[Any]) -> list[DocumentEntry]:
        return [
            DocumentEntry(
                row[0], row[1], row[3], DocumentKind(row[4]), row[5], DocumentContent.model_validate_json(content)
            )
            for row, content in self._opened(rows, 2, 6, lambda row: places.document(row[0]))
        ]

    def _opened(
        self, rows: Sequence[Any], subject: int, sealed: int, place: Callable[[Any], bytes]
    ) -> list[tuple[Any, bytes]]:
        """Each row with one column opened, but those of erased subjects."""
        self._ledger.keys.load({row[subject] for row in rows})
        opened = []
        for row in rows:
            try:
                opened.append((row, self._ledger.open(row[subject], row[sealed], place(row))))
            except SubjectErased:
                continue
        return opened

    def _fetch(self, name: str, *parameters: object) -> list[Any]:
        with connection(self._pool) as conn, conn.cursor(binary=True) as cursor:
            return cursor.execute(SQL.named(name), parameters, prepare=True).fetchall()


def _only(entries: Sequence[Entry]) -> Entry | None:
    return entries[0] if entries else None


def _parts(rows: Sequence[Any]) -> tuple[SchoolPart, ...]:
    return tuple(
        SchoolPart(school_id, SchoolRole(relation_id, person_id, Role(role), *days))
        for school_id, relation_id, person_id, role, *days in rows
    )


def _relation(relation_id: UUID, person_id: UUID, part: Sequence[Any], subjects: str, name: bytes = b"") -> Relation:
    role, since, until, ended_on = part
    return Relation(relation_id, person_id, Role(role), name.decode(), since, until, ended_on, tuple(subjects.split()))


def _student(row: Sequence[Any], name: bytes) -> StudentEntry:
    student_id, person_id, school_id, version, grade, enrolled_on, ended_on, ended_cause, *_ = row
    return StudentEntry(
        student_id, person_id, school_id, version, grade, enrolled_on, ended_on, ended_cause, name.decode()
    )


def _settings(text: str) -> tuple[tuple[date, SchoolSettings], ...]:
    return tuple(
        (date.fromisoformat(valid_from), SchoolSettings.model_validate(settings, strict=False))
        for valid_from, settings in from_json(text)
    )


__all__ = [
    "Directory", "DirectoryStanding", "DocumentEntry", "GroupEntry", "PersonEntry", "SchoolEntry", "SchoolPart",
    "StudentEntry", "StudentRelation", "TemplateEntry", "standing_from",
]  # fmt: skip
