"""Hold a roster's rows together: what it wants there to be on a day, and which rows cannot be used."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from events.base import Role
from exchange.roster_accounts import give_accounts
from exchange.roster_adults import hold_kinships, hold_mentors
from exchange.roster_classes import hold_classes
from exchange.roster_held import Held
from exchange.roster_schools import hold_parts, hold_schools
from exchange.roster_tables import Tables
from exchange.roster_wanted import MentorRow, Wanted, WantedPupil, WantedRelation
from exchange.roster_words import RosterIds

_FROM_CLASSES = {Role.TEACHER, Role.MENTOR, Role.EDUCATOR, Role.PUPIL}
"""What the roster's classes say; the pupil's own part stands for the groups."""


def wanted_of(
    tables: Tables, ids: RosterIds, *, on: date, known: Mapping[str, UUID], mentors: Iterable[MentorRow] = ()
) -> Wanted:
    """What the roster wants on a day. `known` are the persons whom the ledger knows by this roster's ids already.

    Rows that cannot be used are added to the tables' faults, rows we leave out knowingly to `left_out`.
    """
    held = Held(tables, ids, on, known)
    hold_schools(held)
    hold_parts(held)
    hold_classes(held)
    hold_kinships(held)
    hold_mentors(held, mentors)
    _want_pupils(held)
    pupils = {held.person_id(user): user for user in held.pupils}
    give_accounts(held.wanted.persons, tables, held.roles_of, pupils, held.bad)
    _leave_in_peace(held)
    return held.wanted


def _want_pupils(held: Held) -> None:
    for user, pupil in held.pupils.items():
        person = held.person(user)
        held.wanted.rows[person.id] = pupil.row
        adults = sorted(pupil.adults.items())
        held.wanted.pupils[person.id] = WantedPupil(
            person_id=person.id,
            name=person.name,
            school_id=pupil.school_id,
            grade=pupil.grade,
            since=pupil.since,
            groups=pupil.groups,
            relations=tuple(_relation(held, role, adult, *taught) for (role, adult), taught in adults),
        )


def _relation(held: Held, role: Role, adult: str, since: date | None, subjects: set[str]) -> WantedRelation:
    person = held.person(adult)
    taught = tuple(sorted(subjects)) if role is Role.TEACHER else ()
    return WantedRelation(role, person.id, person.name, since, taught)


def _leave_in_peace(held: Held) -> None:
    """Let nothing end that the roster does not speak of, nor anything of the persons whom bad rows name."""
    held.wanted.silent_on = frozenset(
        ({Role.GUARDIAN} if held.tables.silent_on_guardians else set())
        | (_FROM_CLASSES if held.tables.silent_on_classes else set())
    )
    protected = held.tables.protected | held.tables.faults.mentioned
    held.wanted.protected = {held.person_id(held.tables.person(user)) for user in protected}
