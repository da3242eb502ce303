"""What the rows of the directory say: each row with its sealed columns opened, as the entry that it stands for."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from aggregates.school import SchoolRole
from aggregates.student_file import Relation
from events.base import Role
from events.person import ContactDetailsGiven, Theme
from events.planning_document import DocumentContent, DocumentKind
from events.school import GroupKind, SchoolSettings
from events.template import TemplateContent
from projections import directory_places as places
from projections.directory_entries import (
    DocumentEntry,
    GroupEntry,
    PersonEntry,
    SchoolEntry,
    SchoolPart,
    StudentEntry,
    TemplateEntry,
)
from store.errors import SubjectErased
from store.ledger import Ledger


class Rows:
    """Opens rows of the directory. What belongs to an erased subject is left out."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def persons(self, rows: Sequence[Any]) -> dict[UUID, PersonEntry]:
        """Persons, by id."""
        return {row[0]: self._person(row, name) for row, name in self._each(rows, 1, 3, _place_of_name)}

    def students(self, rows: Sequence[Any]) -> list[StudentEntry]:
        """Pupils."""
        return [_student(row, name) for row, name in self._each(rows, 0, 8, lambda row: places.student_name(row[0]))]

    def groups(self, rows: Sequence[Any]) -> list[GroupEntry]:
        """Groups."""
        return [
            GroupEntry(row[0], row[1], row[3], GroupKind(row[4]), name.decode())
            for row, name in self._each(rows, 2, 6, lambda row: places.group_name(row[0]))
        ]

    def schools(self, rows: Sequence[Any]) -> list[SchoolEntry]:
        """Schools."""
        return [
            SchoolEntry(row[0], row[2], _settings(row[3]), name.decode())
            for row, name in self._each(rows, 1, 4, lambda row: places.school_name(row[0]))
        ]

    def templates(self, rows: Sequence[Any]) -> list[TemplateEntry]:
        """Versions of templates."""
        return [
            TemplateEntry(row[0], row[1], row[2], row[4], row[5], TemplateContent.model_validate_json(content))
            for row, content in self._each(rows, 3, 6, lambda row: places.template(row[0], row[1]))
        ]

    def documents(self, rows: Sequence[Any]) -> list[DocumentEntry]:
        """Planning documents."""
        return [
            DocumentEntry(
                row[0], row[1], row[3], DocumentKind(row[4]), row[5], DocumentContent.model_validate_json(content)
            )
            for row, content in self._each(rows, 2, 6, lambda row: places.document(row[0]))
        ]

    def _each(
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

    def _person(self, row: Sequence[Any], name: bytes) -> PersonEntry:
        person_id, subject_id, version, _, contact, email, description, picture_id, shows_contact, theme = row
        given_name, family_name = from_json(name)

        def opened(sealed: bytes | None, place: bytes) -> bytes | None:
            return None if sealed is None else self._ledger.open(subject_id, sealed, place)

        contact = opened(contact, places.person_contact(person_id))
        return PersonEntry(
            person_id=person_id,
            version=version,
            given_name=given_name,
            family_name=family_name,
            contact=ContactDetailsGiven() if contact is None else ContactDetailsGiven.model_validate_json(contact),
            school_email=_text(opened(email, places.person_email(person_id))),
            description=_text(opened(description, places.person_description(person_id))),
            picture_id=picture_id,
            shows_contact=shows_contact,
            theme=Theme(theme),
        )

    def relation(self, row: Sequence[Any], person_id: UUID) -> Relation:
        """What a person is to a pupil."""
        student_id = row[0]
        relation_id, role, since, until, ended_on, sealed, expires_at = row[10:]
        place = places.relation_subjects(student_id, relation_id)
        taught = () if sealed is None else tuple(from_json(self._ledger.open(student_id, sealed, place)))
        return Relation(relation_id, person_id, Role(role), "", since, until, ended_on, taught, expires_at=expires_at)


def _place_of_name(row: Sequence[Any]) -> bytes:
    return places.person_name(row[0])


def _text(opened: bytes | None) -> str | None:
    return None if opened is None else opened.decode()


def parts_of(rows: Sequence[Any]) -> tuple[SchoolPart, ...]:
    """Parts at schools; nothing in them is sealed."""
    return tuple(
        SchoolPart(school_id, SchoolRole(relation_id, person_id, Role(role), *days))
        for school_id, relation_id, person_id, role, *days in rows
    )


def _student(row: Sequence[Any], name: bytes) -> StudentEntry:
    student_id, person_id, school_id, version, grade, enrolled_on, ended_on, ended_cause, _, is_protected = row
    return StudentEntry(
        student_id,
        person_id,
        school_id,
        version,
        grade,
        enrolled_on,
        ended_on,
        ended_cause,
        name.decode(),
        is_protected,
    )


def _settings(text: str) -> tuple[tuple[date, SchoolSettings], ...]:
    return tuple(
        (date.fromisoformat(valid_from), SchoolSettings.model_validate(settings, strict=False))
        for valid_from, settings in from_json(text)
    )
