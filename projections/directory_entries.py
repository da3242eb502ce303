"""What the directory answers: plain rows with their names opened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aggregates.school import SchoolRole
from aggregates.student_file import Relation
from events.base import Role
from events.person import ContactDetailsGiven, Theme
from events.planning_document import DocumentContent, DocumentKind
from events.school import GroupKind, SchoolSettings
from events.template import TemplateContent


@dataclass(frozen=True, slots=True)
class DirectoryStanding:
    """What a person is to one pupil and to the pupil's school, ended and coming relations included.

    The relations carry neither names nor subjects: the right to look depends on none. `is_named`: the pupil's protected
    identity is shown to the person.
    """

    school_id: UUID
    relations: tuple[Relation, ...]
    school_roles: tuple[SchoolRole, ...]
    is_protected: bool = False
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person. Whom to show what of it to is for the caller to decide (G-2, G-12).

    `contact` is what the person gave, `school_email` the address that the school has given.
    """

    person_id: UUID
    version: int
    given_name: str
    family_name: str
    contact: ContactDetailsGiven
    school_email: str | None
    description: str | None
    picture_id: UUID | None
    shows_contact: bool
    theme: Theme

    @property
    def name(self) -> str:
        """Given and family name, as written on screen."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class ClassPerson:
    """What a person is to a pupil of a class; `pupil_id` is the pupil as a person."""

    student_id: UUID
    pupil_id: UUID
    is_protected: bool
    person_id: UUID
    role: Role
    relation_id: UUID


@dataclass(frozen=True, slots=True)
class StudentEntry:
    """A pupil. `version` is the file's at the last change of these columns."""

    student_id: UUID
    person_id: UUID
    school_id: UUID
    version: int
    grade: int
    enrolled_on: date
    ended_on: date | None
    ended_cause: str | None
    name: str
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class StudentRelation:
    """A pupil whom a person has a relation to, and the relation (its `name` is the person's own and left empty)."""

    student: StudentEntry
    relation: Relation


@dataclass(frozen=True, slots=True)
class SchoolPart:
    """A person's part at one school."""

    school_id: UUID
    role: SchoolRole


@dataclass(frozen=True, slots=True)
class SchoolEntry:
    """A school, with its settings in order of the day from which they hold."""

    school_id: UUID
    version: int
    settings: tuple[tuple[date, SchoolSettings], ...]
    name: str

    def settings_on(self, day: date) -> SchoolSettings:
        """The settings in force on a day: the latest adopted, else the defaults."""
        in_force = [settings for valid_from, settings in self.settings if valid_from <= day]
        return in_force[-1] if in_force else SchoolSettings()


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A class or teaching group."""

    group_id: UUID
    school_id: UUID
    version: int
    kind: GroupKind
    name: str


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """One version of a template. Plans can be started from it once it is approved."""

    template_id: UUID
    template_version: int
    school_id: UUID
    version: int
    approved_at: datetime | None
    content: TemplateContent


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A planning document in its latest version."""

    document_id: UUID
    school_id: UUID
    version: int
    kind: DocumentKind
    published_at: datetime
    content: DocumentContent


def standing_from(
    person_id: UUID,
    school_id: UUID,
    relations: list[list[Any]] | None,
    roles: list[list[Any]] | None,
    is_protected: bool,  # noqa: FBT001 - a column of the row
    is_named: bool,  # noqa: FBT001 - a column of the row
) -> DirectoryStanding:
    """The standing that one row of JSON arrays holds."""
    return DirectoryStanding(
        school_id,
        tuple(
            Relation(
                UUID(relation_id),
                person_id,
                Role(role),
                "",
                _day(since),
                _day_or_none(until),
                _day_or_none(ended_on),
                expires_at=_moment_or_none(expires_at),
            )
            for relation_id, role, since, until, ended_on, expires_at in relations or ()
        ),
        tuple(
            SchoolRole(
                UUID(relation_id), person_id, Role(role), _day(since), _day_or_none(until), _day_or_none(ended_on)
            )
            for relation_id, role, since, until, ended_on in roles or ()
        ),
        is_protected,
        is_named,
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return None if text is None else _day(text)


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
