"""Lets the demo's people sign in: by what, which terms they accepted, and what guardians said of themselves then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID, uuid4

from app.demo.cast import Cast
from app.demo.contacts import contacts_of
from app.demo.identifiers import Identifiers, everybody, identifiers_of
from app.demo.people import NEW, parts_of
from app.demo_texts import PersonName
from app.local import system_command
from commands.context import Caller, Command, Context
from commands.own_settings import save_own_settings
from commands.sign_in_identifiers import give_sign_in_identifier
from commands.terms import CURRENT_TERMS, accept_terms
from events.person import IdentifierKind
from exchange.roster_words import RosterIds

THREADS = 4
_LEVEL = 1
"""Accepting the terms asks for no surer sign-in."""


def open_accounts(context: Context, cast: Cast, ids: RosterIds, now: datetime, *, seed: int) -> int:
    """Give everybody what they sign in by; all but the new ones have accepted the terms. The number of commands.

    Of those, most guardians have given their contact details (S-CON-1).
    """
    identifiers, parts, contacts = identifiers_of(cast), parts_of(cast), contacts_of(cast, seed=seed)
    new = {parts[part].id for part in NEW if part in parts}

    def open_one(who: tuple[str, PersonName]) -> int:
        sourced_id, name = who
        person_id = ids.person(sourced_id)
        commands = _give(context, person_id, identifiers[sourced_id], now)
        if sourced_id in new:
            return commands
        accept_terms(context, _as_oneself(person_id, name, now), version=CURRENT_TERMS)
        if sourced_id not in contacts:
            return commands + 1
        save_own_settings(context, _as_oneself(person_id, name, now), contacts[sourced_id])
        return commands + 2

    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(open_one, everybody(cast)))


def _give(context: Context, person_id: UUID, identifiers: Identifiers, now: datetime) -> int:
    given = [(kind, value) for kind in IdentifierKind if (value := identifiers.of_kind(kind)) is not None]
    for kind, value in given:
        give_sign_in_identifier(context, system_command(now), person_id, kind, value)
    return len(given)


def _as_oneself(person_id: UUID, name: PersonName, now: datetime) -> Command:
    return Command(
        caller=Caller(person_id, str(name), _LEVEL),
        acting_as=None,
        command_id=uuid4(),
        body_hash=b"",
        correlation_id=uuid4(),
        at=now,
    )
