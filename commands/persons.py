"""Commands of the administration on persons: register, rename, and whom of them it keeps."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import Grant, permit_at_school
from access.errors import PersonNotFound
from access.scopes import permit_client
from aggregates import person
from aggregates.person import Person
from commands.context import Answer, Caller, Command, Context
from commands.run import actor_of, as_held, execute
from commands.shown import require_shown
from commands.streams import PERSON, Resource, Stream
from events.base import Actor, Role


def _administration(context: Context, caller: Caller, *, on: date, acting_as: UUID | None) -> Grant:
    """The caller's part at any school that lets the caller keep persons, or what lets a program do it."""
    if caller.is_system:
        return Grant(Role.SYSTEM)
    if caller.client is not None:
        return permit_client(Action.MANAGE_ROSTER, caller.client, caller.client.school_id)
    return permit_at_school(
        Action.MANAGE_ROSTER,
        context.directory.school_roles(caller.person_id),
        on=on,
        level=caller.level,
        levels=context.levels,
        acting_as=acting_as,
    )


def permit_person(
    context: Context, caller: Caller, person_id: UUID, *, on: date, acting_as: UUID | None = None
) -> Grant:
    """The caller's part at a school that the person has to do with; a person of no school is anybody's to keep.

    Of a person of other schools the administration of this one knows nothing, nor of a pupil whose protected identity
    does not name who asks, or not at this level: PersonNotFound.
    """
    grant = _administration(context, caller, on=on, acting_as=acting_as)
    if grant.role is Role.SYSTEM:
        return grant
    require_shown(context, caller, person_id)
    schools = context.directory.schools_of_person(person_id, on)
    if not schools:
        return grant
    if caller.client is not None:
        if caller.client.school_id not in schools:
            raise PersonNotFound
        return grant
    for part in context.directory.school_parts(caller.person_id):
        if part.school_id in schools and acting_as in {None, part.role.id}:
            return permit_at_school(Action.MANAGE_ROSTER, [part.role], on=on, level=caller.level, levels=context.levels)
    raise PersonNotFound


def keeping(context: Context, command: Command, person_id: UUID) -> Callable[[object], Actor]:
    """Who acts in a command of the administration on a person."""

    def authorise(_: object) -> Actor:
        acting_as = as_held(command)
        return actor_of(command, permit_person(context, command.caller, person_id, on=command.on, acting_as=acting_as))

    return authorise


def register_person(
    context: Context, command: Command, *, given_name: str, family_name: str, person_id: UUID | None = None
) -> Answer:
    """Make a person known; a roster names the person's id itself."""
    person_id = person_id or command.new_id("person")

    def authorise(_: Person | None) -> Actor:
        acting_as = as_held(command)
        grant = _administration(context, command.caller, on=command.on, acting_as=acting_as)
        return actor_of(command, grant)

    return execute(
        context,
        command,
        Stream(PERSON, person_id, person_id),
        authorise=authorise,
        decide=lambda state, _: person.register_person(state, given_name=given_name, family_name=family_name),
        resource=Resource(str(person_id)),
    )


def rename_person(context: Context, command: Command, *, person_id: UUID, given_name: str, family_name: str) -> Answer:
    """Give a person another name from now on."""
    return execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=keeping(context, command, person_id),
        decide=lambda state, _: person.rename_person(there(state), given_name=given_name, family_name=family_name),
        resource=Resource(str(person_id)),
    )


def there(state: Person | None) -> Person:
    """The person. Raises PersonNotFound where there is none."""
    if state is None:
        raise PersonNotFound
    return state
