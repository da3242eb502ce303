"""By what a person signs in: given by the administration, found by keyed hash, never readable again."""

from uuid import UUID

from aggregates import person
from aggregates.errors import IdentifierNotValid
from aggregates.sign_in_identifiers import normalised
from commands.context import Answer, Command, Context
from commands.persons import keeping, there
from commands.run import execute
from commands.streams import PERSON, Resource, Stream
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
        authorise=keeping(context, command, person_id),
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
        authorise=keeping(context, command, person_id),
        decide=lambda state, _: person.remove_identifier(there(state), identifier_id=identifier_id),
        resource=Resource(str(identifier_id)),
    )
