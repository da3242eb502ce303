"""The first administrator of a ledger: somebody must be there before anybody can be let in."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from aggregates.errors import Refusal
from app.local import system_command
from commands import persons, schools
from commands.context import Context
from events.base import Role


class AdministratorIsThere(Refusal):
    """The ledger has an administrator, who can let others in."""

    code = "administrator-is-there"
    rule = "There is an administrator already."
    remedy = "Let that administrator give the part, or add --another if nobody can be reached."


@dataclass(frozen=True, slots=True)
class Added:
    """Who was added, at which school, and the part that the person writes in."""

    person_id: UUID
    school_id: UUID
    role_id: UUID


def add_administrator(
    context: Context,
    *,
    given_name: str,
    family_name: str,
    school_name: str | None = None,
    school_id: UUID | None = None,
    role: Role = Role.ADMINISTRATOR,
    another: bool = False,
) -> Added:
    """Register a person and make the person administrator (or principal) of a school that is there or founded now.

    Raises AdministratorIsThere unless `another`, and what the commands refuse.
    """
    if not another and context.directory.any_school_role(Role.ADMINISTRATOR):
        raise AdministratorIsThere
    person = persons.register_person(context, system_command(), given_name=given_name, family_name=family_name)
    if school_id is None:
        school_id = uuid4()
        schools.found_school(context, system_command(), school_id=school_id, name=school_name or "")
    person_id = UUID(person.resource_id)
    granted = schools.grant_role(context, system_command(), school_id=school_id, person_id=person_id, role=role)
    return Added(person_id, school_id, UUID(granted.resource_id))
