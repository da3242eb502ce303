"""The municipality: who holds an office in it that is about every school's records."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from events.base import Event, Role


class OfficerAppointed(Event):
    """A person holds an office (arkivarie, revisor or registrator) from a day."""

    code: ClassVar[str] = "officer_appointed.v1"
    relation_id: UUID
    person_id: UUID
    role: Role
    since: date
    until: date | None = None


class OfficerRelieved(Event):
    """The office ended; it gives nothing from this day."""

    code: ClassVar[str] = "officer_relieved.v1"
    relation_id: UUID
    ended_on: date
