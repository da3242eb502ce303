"""Which terms a person has accepted, as the ledger has it; and a person who accepts them."""

from dataclasses import replace
from uuid import UUID

from app.local import system_command
from commands.context import Caller, Context
from commands.streams import PERSON, find
from commands.terms import CURRENT_TERMS, accept_terms


def accepted_by(context: Context, person_id: UUID) -> str | None:
    """The version of the terms that the person accepted last; None where none, and where there is no such person."""
    found = find(context, PERSON, person_id)
    return None if found is None else found.terms


def accepts(context: Context, person_id: UUID) -> None:
    """Let the person accept the terms that hold now, as everybody does at the first sign-in."""
    command = replace(system_command(), caller=Caller(person_id, "Somebody", 2))
    accept_terms(context, command, version=CURRENT_TERMS)
