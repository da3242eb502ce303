"""Decisions on who else may read a pupil's file for a time, and on the pupil's protected identity."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from aggregates.errors.enrolment import (
    DelegationTooLong,
    IdentityNotProtected,
    ReasonTooShort,
    RelationAlreadyExists,
    RelationEndsBeforeItStarts,
    RelationNotFound,
    RelationToOneself,
)
from aggregates.period import overlaps
from aggregates.student_file import StudentFile
from events.base import Actor, Role
from events.reading import (
    DelegationEnded,
    EmergencyAccessOpened,
    ProtectionKind,
    ProtectionLifted,
    ProtectionMarked,
    ReadDelegated,
)

LEAST_REASON = 20
"""Characters: an emergency that is worth opening a file for is worth a sentence."""


def delegate_reading(
    file: StudentFile,
    *,
    relation_id: UUID,
    person_id: UUID,
    name: str,
    until: date,
    today: date,
    longest: timedelta,
    by: Actor,
) -> ReadDelegated:
    """Let another adult read until a day: no longer than `longest` from today, nor than the guardian's own relation."""
    guardian = file.relations.get(by.relation_id) if by.relation_id else None
    if guardian is None:
        raise RelationNotFound
    if person_id == file.person_id:
        raise RelationToOneself
    if until < today:
        raise RelationEndsBeforeItStarts
    if until > min(today + longest, guardian.until or date.max):
        raise DelegationTooLong
    if any(
        r.person_id == person_id and r.role is Role.DELEGATE and overlaps(r, today, until)
        for r in file.relations.values()
    ):
        raise RelationAlreadyExists
    return ReadDelegated(
        relation_id=relation_id,
        person_id=person_id,
        name=name,
        guardian_relation_id=guardian.id,
        since=today,
        until=until,
    )


def end_delegation(file: StudentFile, *, relation_id: UUID, today: date, by: Actor) -> DelegationEnded:
    """End a delegation: any guardian of the pupil does, and the delegate the own."""
    relation = file.relations.get(relation_id)
    if relation is None or relation.role is not Role.DELEGATE or not relation.holds(today):
        raise RelationNotFound
    if by.role is Role.DELEGATE and relation.person_id != by.person_id:
        raise RelationNotFound
    return DelegationEnded(relation_id=relation_id, ended_on=today)


def open_in_emergency(
    file: StudentFile,
    *,
    relation_id: UUID,
    reason: str,
    since: date,
    until: date,
    at: datetime,
    expires_at: datetime,
    by: Actor,
) -> EmergencyAccessOpened:
    """Open the file out of turn, to read and nothing else, until a moment; once at a time for each principal."""
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort
    if any(r.person_id == by.person_id and r.expires_at and at < r.expires_at for r in file.relations.values()):
        raise RelationAlreadyExists
    return EmergencyAccessOpened(
        relation_id=relation_id,
        person_id=by.person_id,
        name=by.name,
        reason=reason,
        since=since,
        until=until,
        expires_at=expires_at,
    )


def mark_protection(file: StudentFile, *, kind: ProtectionKind, readers: Iterable[UUID]) -> ProtectionMarked | None:
    """Protect the pupil's identity, or name other readers; None where it says so already."""
    marked = ProtectionMarked(kind=kind, readers=tuple(sorted(set(readers) - {file.person_id})))
    known = file.protection
    if known is not None and (known.kind, known.readers) == (marked.kind, frozenset(marked.readers)):
        return None
    return marked


def lift_protection(file: StudentFile, *, reason: str) -> ProtectionLifted:
    """Say that the pupil's identity is no longer protected."""
    if file.protection is None:
        raise IdentityNotProtected
    return ProtectionLifted(reason=reason)
