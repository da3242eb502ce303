"""Which account of a provider is a person's, and the person's word that new ways to sign in were seen."""

from uuid import UUID

from access.decide import Grant
from aggregates import sign_in_accounts as accounts
from commands.context import Answer, Command, Context
from commands.persons import keeping, there
from commands.run import actor_of, execute
from commands.streams import PERSON, Resource, Stream
from events.base import Role


def account_of(context: Context, *, issuer: str, subject: str) -> str:
    """What an account is found by: a keyed hash of the provider's own name for it (`sub`), in hexadecimal."""
    return context.ledger.keys.lookup_hash("sign-in account", f"{issuer}\x00{subject}").hex()


def link_account(
    context: Context, command: Command, person_id: UUID, *, identifier_id: UUID, issuer: str, account: str
) -> Answer:
    """Take the account that came with an identifier, if it is the first of its provider, or accepted.

    Raises AccountNotTheirs.
    """
    return execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=keeping(context, command, person_id),
        decide=lambda state, _: accounts.link_account(
            there(state), identifier_id=identifier_id, issuer=issuer, account=account
        ),
        resource=Resource(str(person_id)),
    )


def accept_account(context: Context, command: Command, person_id: UUID, *, account: str) -> Answer:
    """Let another account of the person's provider take the place of the one before, when it comes."""
    return execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=keeping(context, command, person_id),
        decide=lambda state, _: accounts.accept_account(there(state), account=account),
        resource=Resource(str(person_id)),
    )


def acknowledge_new_sign_ins(context: Context, command: Command, *, through_version: int) -> Answer:
    """Say that one has seen which ways to sign in are new, up to this version of one's own stream."""
    own = command.caller.person_id
    return execute(
        context,
        command,
        Stream(PERSON, own),
        authorise=lambda _: actor_of(command, Grant(Role.SELF)),
        decide=lambda state, _: accounts.acknowledge_new_sign_ins(there(state), through_version=through_version),
        resource=Resource(str(own)),
    )
