"""The municipality (kommunen): who holds the offices that are about every school's records."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from aggregates.errors.enrolment import RelationEndsBeforeItStarts
from aggregates.errors.municipality import OfficeAlreadyHeld, OfficeNotAllowed, OfficeNotFound
from aggregates.period import holds, overlaps
from events.base import Recorded, Role
from events.municipality import OfficerAppointed, OfficerRelieved

MunicipalityEvent = OfficerAppointed | OfficerRelieved

OFFICES = frozenset({Role.RETENTION_OPERATOR, Role.AUDITOR, Role.REGISTRAR})
_TENANTS = UUID("5f0b1d3e-7f0a-5c52-9a5e-3f1f6f3f2a10")


def municipality_id(tenant: str) -> UUID:
    """The id of the municipality whose ledger this is."""
    return uuid5(_TENANTS, tenant)


@dataclass(frozen=True, slots=True)
class Office:
    """A person's office; dates as in a pupil's relations."""

    id: UUID
    person_id: UUID
    role: Role
    since: date
    until: date | None = None
    ended_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the office gives anything on this day."""
        return holds(self, on)


@dataclass(slots=True)
class Municipality:
    """The municipality; it is there from the first appointment."""

    id: UUID
    subject_id: UUID
    version: int
    offices: dict[UUID, Office] = field(default_factory=dict)

    def offices_of(self, person_id: UUID) -> tuple[Office, ...]:
        """Every office that the person holds, has held or will hold."""
        return tuple(office for office in self.offices.values() if office.person_id == person_id)


def evolve(municipality: Municipality | None, recorded: Recorded[MunicipalityEvent]) -> Municipality:
    """The municipality after one more event."""
    event = recorded.event
    if municipality is None:
        municipality = Municipality(recorded.originator_id, recorded.subject_id, 0)
    municipality.version = recorded.originator_version
    match event:
        case OfficerAppointed():
            municipality.offices[event.relation_id] = Office(
                event.relation_id, event.person_id, event.role, event.since, event.until
            )
        case OfficerRelieved():
            held = municipality.offices[event.relation_id]
            municipality.offices[event.relation_id] = replace(held, ended_on=event.ended_on)
        case _:
            assert_never(event)
    return municipality


def fold(municipality: Municipality | None, events: Iterable[Recorded[MunicipalityEvent]]) -> Municipality | None:
    """The municipality after these events."""
    for recorded in events:
        municipality = evolve(municipality, recorded)
    return municipality


def appoint_officer(
    municipality: Municipality | None,
    *,
    relation_id: UUID,
    person_id: UUID,
    role: Role,
    since: date,
    until: date | None = None,
) -> OfficerAppointed:
    """Give a person an office."""
    if role not in OFFICES:
        raise OfficeNotAllowed
    if until is not None and until < since:
        raise RelationEndsBeforeItStarts
    held = municipality.offices_of(person_id) if municipality is not None else ()
    if any(office.role is role and overlaps(office, since, until) for office in held):
        raise OfficeAlreadyHeld
    return OfficerAppointed(relation_id=relation_id, person_id=person_id, role=role, since=since, until=until)


def relieve_officer(municipality: Municipality | None, *, relation_id: UUID, on: date) -> OfficerRelieved:
    """End an office from this day."""
    office = municipality.offices.get(relation_id) if municipality is not None else None
    if office is None or office.ended_on is not None:
        raise OfficeNotFound
    if on < office.since:
        raise RelationEndsBeforeItStarts
    return OfficerRelieved(relation_id=relation_id, ended_on=on)
