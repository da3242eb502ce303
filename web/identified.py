"""Who came back from a provider: somebody whom it may name, with an account that is the person's, and how surely."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from access.configuration import Provider
from aggregates.errors.person import AccountNotTheirs
from aggregates.person import Person
from commands.context import STOCKHOLM, SYSTEM, Command
from commands.sign_in_accounts import account_of, link_account
from commands.sign_in_identifiers import audience_of_person
from events.person import IdentifierKind
from web.failures import AccountExchanged, NotForThisProvider, PersonUnknown
from web.people import person_with
from web.services import Services


def identified(
    services: Services, provider: Provider, claims: Mapping[str, Any], correlation_id: UUID
) -> tuple[Person, int]:
    """The person whom the claims name, and the level.

    Raises PersonUnknown, NotForThisProvider and AccountExchanged.
    """
    known = person_with(services.context, provider.identifier, claims)
    if known is None:
        raise PersonUnknown
    person, identifier_id = known
    level = _level(services, provider, person.id, claims)
    if provider.identifier.kind is IdentifierKind.EPPN:  # a personal number is never given to anybody else
        _check_account(services, provider, person, identifier_id, claims, correlation_id)
    return person, level


def _level(services: Services, provider: Provider, person_id: UUID, claims: Mapping[str, Any]) -> int:
    """How surely the person is identified: by the provider's word, as far as it is believed about such a person."""
    on = services.now().astimezone(STOCKHOLM).date()
    highest = provider.highest_for(audience_of_person(services.context, person_id, on))
    if not highest:
        raise NotForThisProvider
    return min(highest, provider.level_of(claims.get(provider.level_claim)))


def _check_account(
    services: Services,
    provider: Provider,
    person: Person,
    identifier_id: UUID,
    claims: Mapping[str, Any],
    correlation_id: UUID,
) -> None:
    """Take the first account that comes with an account name, and no other after it."""
    issuer = provider.issuer
    account = account_of(services.context, issuer=issuer, subject=str(claims["sub"]))
    if person.sign_ins.accounts.get((identifier_id, issuer)) == account:
        return
    command = Command(
        caller=SYSTEM,
        acting_as=None,
        command_id=uuid4(),
        body_hash=b"",
        correlation_id=correlation_id,
        at=services.now(),
    )
    try:
        link_account(services.context, command, person.id, identifier_id=identifier_id, issuer=issuer, account=account)
    except AccountNotTheirs:
        raise AccountExchanged(person_id=str(person.id), account=account) from None
