"""From what a provider calls a person to the person whom we know."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from access.configuration import Identifier, one_text
from aggregates.errors import IdentifierNotValid
from commands.context import Context
from commands.sign_in_identifiers import sign_in_lookup
from commands.streams import PERSON, find

_LONGEST = 400
_NOBODY = bytes(32)


def person_with(context: Context, identifier: Identifier, claims: Mapping[str, Any]) -> UUID | None:
    """The person whom the claims name; None where we know nobody by that, however it is written.

    What is no identifier at all is looked for like any other, so that nothing can be told from the time it takes.
    """
    given = one_text(claims.get(identifier.claim))
    is_told = given is not None and len(given) <= _LONGEST and identifier.believes(given)
    text = given if given is not None and is_told else ""
    try:
        lookup = sign_in_lookup(context, identifier.kind, text)
    except IdentifierNotValid:
        lookup = _NOBODY
    return context.directory.person_signing_in(lookup)


def accepted_terms(context: Context, person_id: UUID) -> str | None:
    """The version of the terms that the person accepted last; None for none."""
    person = find(context, PERSON, person_id)
    return person.terms if person is not None else None
