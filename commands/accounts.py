"""Accounts of people who have nothing to do with any school any more (G-19); removing them is disposal's."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import permit_at_school
from commands.context import Caller, Context
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
    to do with any. Raises SchoolNotFound, and the refusals of keeping a school's people.
    """
    if not caller.is_system:
        roles = context.directory.school_roles(caller.person_id, school_id) if school_id else ()
        permit_at_school(Action.MANAGE_ROSTER, roles, on=on, level=caller.level, levels=context.levels)
    found = context.directory.accounts_without_relation(on, school_id=school_id, after=after, limit=limit)
    persons = context.directory.persons([person_id for person_id, _ in found])
    return [IdleAccount(persons[person_id], last_on) for person_id, last_on in found if person_id in persons]
