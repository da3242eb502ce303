"""By what a person signs in: given by the administration, found by keyed hash, never readable again."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from access.actions import ALLOWED, Action
from access.configuration import Audience, audience_of
from access.errors import SignInNotYoursToGive
from aggregates import person
from aggregates.errors.person import IdentifierNotValid
from aggregates.sign_in_identifiers import normalised
from commands.context import Answer, Command, Context
from commands.officers import is_officer, offices_of
from commands.persons import keeping, there
from commands.run import execute
from commands.streams import PERSON, Resource, Stream
from events.base import Actor, Role
from events.person import IdentifierKind


def sign_in_lookup(context: Context, kind: IdentifierKind, text: str) -> bytes:
    """The keyed hash by which an identifier is found. Raises IdentifierNotValid."""
    return context.ledger.keys.lookup_hash(f"sign-in {kind}", normalised(kind, text))


def person_signing_in(context: Context, kind: IdentifierKind, text: str) -> UUID | None:
    """Whom a provider means by an identifier; None for one that nobody has, and for what is no identifier."""
    try:
        lookup = sign_in_lookup(context, kind, text)
    except IdentifierNotValid:
        return None
    return context.directory.person_signing_in(lookup)


def audience_of_person(context: Context, person_id: UUID, on: date) -> Audience | None:
    """What a person is on a day to a provider of sign-ins, by all that the person is anywhere."""
    parts = {part.role.role for part in context.directory.school_parts(person_id) if part.role.holds(on)}
    towards = {of.relation.role for of in context.directory.students_of(person_id) if of.relation.holds(on)}
    offices = {office.role for office in offices_of(context, person_id) if office.holds(on)}
    return audience_of(parts | towards | offices)


def give_sign_in_identifier(
    context: Context, command: Command, person_id: UUID, kind: IdentifierKind, value: str
) -> Answer:
    """Let a person sign in by an identifier; one that another person has is refused."""
    lookup = sign_in_lookup(context, kind, value)
    identifier_id = command.new_id("identifier")
    return execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=_answering(context, command, person_id),
        decide=lambda state, _: person.give_identifier(
            there(state),
            identifier_id=identifier_id,
            kind=kind,
            lookup=lookup,
            holder=context.directory.person_signing_in(lookup),
        ),
        resource=Resource(str(identifier_id)),
    )


def remove_sign_in_identifier(context: Context, command: Command, person_id: UUID, identifier_id: UUID) -> Answer:
    """Let a person no longer sign in by an identifier."""
    return execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=_answering(context, command, person_id),
        decide=lambda state, _: person.remove_identifier(there(state), identifier_id=identifier_id),
        resource=Resource(str(identifier_id)),
    )


def _answering(context: Context, command: Command, person_id: UUID) -> Callable[[object], Actor]:
    """Who may say by what the person signs in: nobody who could thereby reach another school.

    Whoever gives somebody an account name of their own can be that person from then on. So it takes a part in the
    administration of every school that the person has to do with, now or later; and of an officer of the municipality
    only the operator says it.
    """
    keeps = keeping(context, command, person_id)

    def authorise(state: object) -> Actor:
        actor = keeps(state)
        if actor.role is Role.SYSTEM:
            return actor
        is_kept = _kept_by(context, command) >= _schools_of(context, command, person_id)
        if not is_kept or is_officer(context, person_id, command.on):
            raise SignInNotYoursToGive
        return actor

    return authorise


def _kept_by(context: Context, command: Command) -> set[UUID]:
    """The schools that the caller keeps."""
    if command.caller.client is not None:
        school_id = command.caller.client.school_id
        return set() if school_id is None else {school_id}
    return {
        part.school_id
        for part in context.directory.school_parts(command.caller.person_id)
        if part.role.holds(command.on) and part.role.role in ALLOWED[Action.MANAGE_ROSTER]
    }


def _schools_of(context: Context, command: Command, person_id: UUID) -> set[UUID]:
    """The schools that the person has to do with, or will have a part at."""
    parts = {
        part.school_id
        for part in context.directory.school_parts(person_id)
        if part.role.holds(max(command.on, part.role.since))
    }
    return parts | context.directory.schools_of_person(person_id, command.on)
