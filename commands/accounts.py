"""Accounts of people who have nothing to do with any school any more (G-19); removing them is disposal's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import permit_at_school
from commands.context import Caller, Context
from commands.shown import hidden
from projections.directory import PersonEntry


@dataclass(frozen=True, slots=True)
class IdleAccount:
    """A person without any relation. `last_on` is the day from which nothing holds; None where nothing ever did."""

    person: PersonEntry
    last_on: date | None


def accounts_without_relation(
    context: Context, caller: Caller, *, on: date, school_id: UUID | None = None, after: UUID | None = None, limit: int
) -> list[IdleAccount]:
    """Persons without any relation to a pupil or part at a school on a day or later, by id; those after an id.

    A school's administration sees those who had to do with the school; the system sees all, also those who never had
    to do with any. Of people whom a protected identity hides a school's administration sees nothing. Raises
    SchoolNotFound, and the refusals of keeping a school's people.
    """
    if not caller.is_system:
        roles = context.directory.school_roles(caller.person_id, school_id) if school_id else ()
        permit_at_school(Action.MANAGE_ROSTER, roles, on=on, level=caller.level, levels=context.levels)
    found: list[IdleAccount] = []
    while len(found) < limit:
        page = context.directory.accounts_without_relation(on, school_id=school_id, after=after, limit=limit)
        found += _shown(context, caller, page)
        if len(page) < limit:
            break
        after = page[-1][0]
    return found[:limit]


def _shown(context: Context, caller: Caller, page: Sequence[tuple[UUID, date | None]]) -> list[IdleAccount]:
    ids = [person_id for person_id, _ in page]
    persons = context.directory.persons(ids)
    unseen = set() if caller.is_system else hidden(context, caller, ids)
    return [
        IdleAccount(persons[person_id], last_on)
        for person_id, last_on in page
        if person_id in persons and person_id not in unseen
    ]
