"""From what a provider calls a person to the person whom we know."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from access.configuration import Identifier, one_text
from aggregates.errors.person import IdentifierNotValid
from aggregates.person import Person
from commands.context import Context
from commands.sign_in_identifiers import sign_in_lookup
from commands.streams import PERSON, find

_LONGEST = 400
_NOBODY = bytes(32)


def person_with(context: Context, identifier: Identifier, claims: Mapping[str, Any]) -> tuple[Person, UUID] | None:
    """The person whom the claims name, and by which identifier; None where we know nobody, however it is written.

    What is no identifier at all is looked for like any other, so that nothing can be told from the time it takes. The
    read model only says where to look: what counts is what the person's own stream says, so that an identifier that was
    taken away lets nobody in from that moment, nor does a row that was put there.
    """
    given = one_text(claims.get(identifier.claim))
    is_told = given is not None and len(given) <= _LONGEST and identifier.believes(given)
    text = given if given is not None and is_told else ""
    try:
        lookup = sign_in_lookup(context, identifier.kind, text)
    except IdentifierNotValid:
        lookup = _NOBODY
    person_id = context.directory.person_signing_in(lookup)
    person = None if person_id is None else find(context, PERSON, person_id)
    given_id = None if person is None else _by_which(person, identifier, lookup)
    return None if person is None or given_id is None else (person, given_id)


def _by_which(person: Person, identifier: Identifier, lookup: bytes) -> UUID | None:
    wanted = (identifier.kind, lookup.hex())
    return next((id_ for id_, given in person.identifiers.items() if (given.kind, given.lookup) == wanted), None)
