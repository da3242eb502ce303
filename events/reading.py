"""Who else may read a pupil's file for a time, and that a pupil's identity is protected."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from events.base import Event
from events.text import Name, Prose


class ReadDelegated(Event):
    """A guardian lets another adult read the pupil's file until a day, and no longer than the guardian does."""

    code: ClassVar[str] = "read_delegated.v1"
    relation_id: UUID
    person_id: UUID
    name: Name
    guardian_relation_id: UUID
    since: date
    until: date


class DelegationEnded(Event):
    """The other adult no longer reads; the delegation gives nothing from this date."""

    code: ClassVar[str] = "delegation_ended.v1"
    relation_id: UUID
    ended_on: date


class EmergencyAccessOpened(Event):
    """A principal opened the file out of turn, to read, for a reason; it closes by itself at `expires_at` (UTC).

    `until` is the day of that moment where the schools are (Europe/Stockholm).
    """

    code: ClassVar[str] = "emergency_access_opened.v1"
    relation_id: UUID
    person_id: UUID
    name: Name
    reason: Prose
    since: date
    until: date
    expires_at: datetime


class ProtectionKind(StrEnum):
    """The two kinds of protected identity that a school is told of."""

    SECRECY_MARKING = "secrecy_marking"
    """Sekretessmarkering: a warning that the population register's data may be secret."""
    PROTECTED_REGISTRATION = "protected_registration"
    """Skyddad folkbokföring: the pupil is registered elsewhere than where the pupil lives."""


class ProtectionMarked(Event):
    """The pupil's identity is protected: beside the pupil only these persons read the file or see who it is."""

    code: ClassVar[str] = "protection_marked.v1"
    kind: ProtectionKind
    readers: tuple[UUID, ...] = ()


class ProtectionLifted(Event):
    """The pupil's identity is no longer protected, for this reason."""

    code: ClassVar[str] = "protection_lifted.v1"
    reason: Prose
