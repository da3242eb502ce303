"""Which account of a provider is the person's: the first one that came with an account name, until another is accepted.

A name such as an eppn can be given to somebody else; what the provider itself calls the account (`sub`) is never.
"""

from uuid import UUID

from aggregates.errors.person import AccountNotTheirs
from aggregates.person import Person
from events.person import NewSignInsAcknowledged, SignInAccountAccepted, SignInAccountLinked


def link_account(person: Person, *, identifier_id: UUID, issuer: str, account: str) -> SignInAccountLinked | None:
    """Take the account that came with an identifier; None where it is the one that came before."""
    sign_ins = person.sign_ins
    before = sign_ins.accounts.get((identifier_id, issuer))
    if before == account:
        return None
    if before is not None and account not in sign_ins.accepted:
        raise AccountNotTheirs
    return SignInAccountLinked(identifier_id=identifier_id, issuer=issuer, account=account)


def accept_account(person: Person, *, account: str) -> SignInAccountAccepted | None:
    """Let another account take the place of the one before; None where it may already, or has."""
    known = person.sign_ins.accepted | set(person.sign_ins.accounts.values())
    return None if account in known else SignInAccountAccepted(account=account)


def acknowledge_new_sign_ins(person: Person, *, through_version: int) -> NewSignInsAcknowledged | None:
    """Say that one knows of the ways to sign in that were added up to a version; None where none is new."""
    if all(new.version > through_version for new in person.sign_ins.new):
        return None
    return NewSignInsAcknowledged(through_version=through_version)
