"""The municipality's officers: who they are, what an office lets its holder do, and appointing them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actions import Action
from access.decide import Grant, permit_officer
from access.errors import ScopeNotGranted
from access.errors.roles import REFUSAL
from aggregates import municipality
from aggregates.municipality import Municipality, Office, municipality_id
from commands.context import Answer, Caller, Command, Context
from commands.run import Decided, actor_of, as_named, execute
from commands.shown import hidden, person_shown_to
from commands.streams import MUNICIPALITY, Resource, Stream, find
from events.base import Actor, Role


def tenant_id(context: Context) -> UUID:
    """The id of the municipality whose ledger this is."""
    return municipality_id(context.ledger.settings.tenant)


def find_municipality(context: Context) -> Municipality | None:
    """The municipality as it is now; None before the first officer was appointed."""
    return find(context, MUNICIPALITY, tenant_id(context))


def offices_of(context: Context, person_id: UUID) -> tuple[Office, ...]:
    """Every office that the person holds, has held or will hold."""
    found = find_municipality(context)
    return found.offices_of(person_id) if found is not None else ()


def is_officer(context: Context, person_id: UUID, on: date) -> bool:
    """Whether the person holds an office on this day, or will hold one."""
    return any(office.holds(max(on, office.since)) for office in offices_of(context, person_id))


def permit_office(context: Context, command: Command, action: Action) -> Grant:
    """The office that allows the command, which names it. No program decides on what is destroyed."""
    if command.caller.is_system:
        return Grant(Role.SYSTEM)
    if command.caller.client is not None:
        raise ScopeNotGranted
    return permit_officer(
        action,
        offices_of(context, command.caller.person_id),
        on=command.on,
        level=command.caller.level,
        levels=context.levels,
        acting_as=as_named(command),
    )


def permit_office_reading(context: Context, caller: Caller, action: Action, *, on: date) -> Grant:
    """The office that allows a look. Raises the action's refusal, AssuranceTooLow."""
    if caller.is_system:
        return Grant(Role.SYSTEM)
    if caller.client is not None:
        raise ScopeNotGranted
    offices = offices_of(context, caller.person_id)
    return permit_officer(action, offices, on=on, level=caller.level, levels=context.levels)


def appoint_officer(
    context: Context,
    command: Command,
    *,
    person_id: UUID,
    role: Role,
    since: date | None = None,
    until: date | None = None,
) -> Answer:
    """Give a registered person an office; only the operator of Liggare does, on the machine itself."""
    relation_id = command.new_id("office")

    def decide(state: Municipality | None, _: Actor) -> Decided:
        person_shown_to(context, command.caller, person_id)
        return municipality.appoint_officer(
            state, relation_id=relation_id, person_id=person_id, role=role, since=since or command.on, until=until
        )

    return execute(
        context,
        command,
        _stream(context),
        authorise=lambda _: _operator(command),
        decide=decide,
        resource=Resource(str(relation_id)),
    )


def relieve_officer(context: Context, command: Command, *, relation_id: UUID, on: date | None = None) -> Answer:
    """End an office; only the operator of Liggare does."""
    return execute(
        context,
        command,
        _stream(context),
        authorise=lambda _: _operator(command),
        decide=lambda state, _: municipality.relieve_officer(state, relation_id=relation_id, on=on or command.on),
        resource=Resource(str(relation_id)),
    )


def _stream(context: Context) -> Stream[Municipality]:
    return Stream(MUNICIPALITY, tenant_id(context), tenant_id(context))


def _operator(command: Command) -> Actor:
    if not command.caller.is_system:
        raise REFUSAL[Action.APPOINT_OFFICER]
    return actor_of(command, Grant(Role.SYSTEM))


@dataclass(frozen=True, slots=True)
class Officer:
    """An office and the name of its holder today; None where the account is gone or the name is not for the reader."""

    office: Office
    name: str | None


def read_officers(context: Context, caller: Caller, *, on: date) -> list[Officer]:
    """Everybody who holds an office, has held or will hold one; for officers."""
    permit_office_reading(context, caller, Action.READ_OFFICERS, on=on)
    found = find_municipality(context)
    offices = list(found.offices.values()) if found is not None else []
    ids = {office.person_id for office in offices}
    unseen = set() if caller.is_system else hidden(context, caller, ids)
    names = {person_id: entry.name for person_id, entry in context.directory.persons(ids - unseen).items()}
    return [Officer(office, names.get(office.person_id)) for office in offices]
