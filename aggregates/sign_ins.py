"""By which accounts a person has signed in, and which ways to sign in the person has not been told of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from events.person import (
    IdentifierKind,
    NewSignInsAcknowledged,
    SignInAccountAccepted,
    SignInAccountLinked,
    SignInIdentifierGiven,
    SignInIdentifierRemoved,
)

SignInEvent = (
    SignInIdentifierGiven
    | SignInIdentifierRemoved
    | SignInAccountLinked
    | SignInAccountAccepted
    | NewSignInsAcknowledged
)


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A way to sign in that was added after the first sign-in, and when; `kind` is None for an account of a known name.

    `version` is that of the person's stream at which it was added.
    """

    kind: IdentifierKind | None
    at: datetime
    version: int


@dataclass(slots=True)
class SignIns:
    """By what a person signs in. Accounts are keyed hashes of what a provider (its issuer) calls them."""

    identifiers: dict[UUID, SignInIdentifierGiven] = field(default_factory=dict)
    accounts: dict[tuple[UUID, str], str] = field(default_factory=dict)
    """The account that came with an identifier, by identifier and issuer."""
    accepted: set[str] = field(default_factory=set)
    """Accounts that may take the place of the one before, and have not come yet."""
    new: list[NewSignIn] = field(default_factory=list)
    """What the person has not been told of."""
    is_begun: bool = False
    """Whether the person has signed in: an account came, or terms were accepted. What was given before is no news."""


def evolve(sign_ins: SignIns, event: SignInEvent, *, at: datetime, version: int) -> None:
    """Let one more event have happened, at this version of the person's stream."""
    match event:
        case SignInIdentifierGiven():
            if sign_ins.is_begun:
                sign_ins.new.append(NewSignIn(event.kind, at, version))
            sign_ins.identifiers[event.identifier_id] = event
        case SignInIdentifierRemoved():
            sign_ins.identifiers.pop(event.identifier_id, None)
            kept = {key: account for key, account in sign_ins.accounts.items() if key[0] != event.identifier_id}
            sign_ins.accounts = kept
        case SignInAccountLinked():
            is_known = event.account in sign_ins.accepted
            if not is_known and any(of == event.identifier_id for of, _ in sign_ins.accounts):
                sign_ins.new.append(NewSignIn(None, at, version))
            sign_ins.is_begun = True
            sign_ins.accepted.discard(event.account)
            sign_ins.accounts[event.identifier_id, event.issuer] = event.account
        case SignInAccountAccepted():
            sign_ins.accepted.add(event.account)
            sign_ins.new.append(NewSignIn(None, at, version))
        case NewSignInsAcknowledged():
            sign_ins.new = [new for new in sign_ins.new if new.version > event.through_version]
        case _:
            assert_never(event)
