"""One school: its name, who runs it, and its dated settings."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from aggregates.errors.enrolment import RelationAlreadyExists, RelationEndsBeforeItStarts, RelationNotFound
from aggregates.errors.school import SchoolAlreadyFounded, SchoolRoleNotAllowed, SettingsInThePast, SettingsNotNewer
from aggregates.period import holds, overlaps
from events.base import Recorded, Role
from events.school import (
    Module,
    ModulesChosen,
    SchoolFounded,
    SchoolRenamed,
    SchoolRoleGranted,
    SchoolRoleRevoked,
    SchoolSettings,
    SettingsAdopted,
)

SchoolEvent = SchoolFounded | SchoolRenamed | SchoolRoleGranted | SchoolRoleRevoked | SettingsAdopted | ModulesChosen

SCHOOL_ROLES = frozenset({Role.ADMINISTRATOR, Role.PRINCIPAL, Role.STAFF})


@dataclass(frozen=True, slots=True)
class SchoolRole:
    """A person's part at the school; dates as in a pupil's relations."""

    id: UUID
    person_id: UUID
    role: Role
    since: date
    until: date | None = None
    ended_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the part gives anything on this day."""
        return holds(self, on)


@dataclass(slots=True)
class School:
    """A school of the municipality."""

    id: UUID
    subject_id: UUID
    version: int
    name: str
    roles: dict[UUID, SchoolRole] = field(default_factory=dict)
    settings: list[tuple[date, SchoolSettings]] = field(default_factory=list)
    """In order of the day from which they hold."""
    modules: frozenset[Module] = frozenset(Module)
    """What is switched on beside the plan itself (S-NAV-7)."""

    def settings_on(self, day: date) -> SchoolSettings:
        """The settings in force on a day: the latest adopted, else the defaults of 2026."""
        in_force = [settings for valid_from, settings in self.settings if valid_from <= day]
        return in_force[-1] if in_force else SchoolSettings()


def evolve(school: School | None, recorded: Recorded[SchoolEvent]) -> School:
    """The school after one more event."""
    event = recorded.event
    if isinstance(event, SchoolFounded):
        return School(recorded.originator_id, recorded.subject_id, recorded.originator_version, event.name)
    if school is None:
        msg = f"the first event of a school is not {event.code}"
        raise ValueError(msg)
    school.version = recorded.originator_version
    match event:
        case SchoolRenamed():
            school.name = event.name
        case SchoolRoleGranted():
            school.roles[event.relation_id] = SchoolRole(
                event.relation_id, event.person_id, event.role, event.since, event.until
            )
        case SchoolRoleRevoked():
            school.roles[event.relation_id] = replace(school.roles[event.relation_id], ended_on=event.ended_on)
        case SettingsAdopted():
            school.settings.append((event.valid_from, event.settings))
        case ModulesChosen():
            school.modules = frozenset(event.modules)
        case _:
            assert_never(event)
    return school


def fold(school: School | None, events: Iterable[Recorded[SchoolEvent]]) -> School | None:
    """The school after these events."""
    for recorded in events:
        school = evolve(school, recorded)
    return school


def found_school(school: School | None, *, name: str) -> SchoolFounded:
    """Make a school part of the ledger."""
    if school is not None:
        raise SchoolAlreadyFounded
    return SchoolFounded(name=name)


def rename_school(school: School, *, name: str) -> SchoolRenamed | None:
    """Give the school another name; None where it is the name already."""
    renamed = SchoolRenamed(name=name)
    return None if school.name == renamed.name else renamed


def grant_role(
    school: School, *, relation_id: UUID, person_id: UUID, role: Role, since: date, until: date | None = None
) -> SchoolRoleGranted:
    """Make a person administrator, principal or other staff at the school."""
    if role not in SCHOOL_ROLES:
        raise SchoolRoleNotAllowed
    if until is not None and until < since:
        raise RelationEndsBeforeItStarts
    if any(r.person_id == person_id and r.role is role and overlaps(r, since, until) for r in school.roles.values()):
        raise RelationAlreadyExists
    return SchoolRoleGranted(relation_id=relation_id, person_id=person_id, role=role, since=since, until=until)


def revoke_role(school: School, *, relation_id: UUID, on: date) -> SchoolRoleRevoked:
    """End a person's part at the school from this day."""
    granted = school.roles.get(relation_id)
    if granted is None or granted.ended_on is not None:
        raise RelationNotFound
    if on < granted.since:
        raise RelationEndsBeforeItStarts
    return SchoolRoleRevoked(relation_id=relation_id, ended_on=on)


def adopt_settings(
    school: School, *, valid_from: date, settings: SchoolSettings, today: date
) -> SettingsAdopted | None:
    """Decide on settings from a day on; the past keeps those it had. None where nothing is new.

    Only the first decision may reach back: a school that comes to Liggare says what it has had so far.
    """
    if school.settings and valid_from < school.settings[-1][0]:
        raise SettingsNotNewer
    if school.settings and school.settings[-1] == (valid_from, settings):
        return None
    if school.settings and valid_from < today:
        raise SettingsInThePast
    return SettingsAdopted(valid_from=valid_from, settings=settings)


def choose_modules(school: School, *, modules: frozenset[Module]) -> ModulesChosen | None:
    """Decide which modules the school uses (S-GEN-9); None where it uses these already."""
    return None if modules == school.modules else ModulesChosen(modules=tuple(sorted(modules)))
