"""Which terms a person has accepted, as the ledger has it."""

from uuid import UUID

from commands.context import Context
from commands.streams import PERSON, find


def accepted_by(context: Context, person_id: UUID) -> str | None:
    """The version of the terms that the person accepted last; None where none, and where there is no such person."""
    found = find(context, PERSON, person_id)
    return None if found is None else found.terms
