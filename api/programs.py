"""The programs that call: what stands behind them, and who calls when a token comes instead of a session."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi.routing import APIRoute
from starlette.requests import Request

from access.scopes import CLIENT_LEVEL, ClientGrant, require_scope
from api.client_assertions import Assertions
from api.client_tokens import ClientTokens, TokenRefused
from api.declare import accepted_scopes
from api.errors import NotSignedIn
from commands.context import Caller
from commands.rates import Rates
from store.clients import Clients
from store.database import Pool
from store.envelopes import Envelopes
from store.token_keys import TokenKeys

TOKEN_ADDRESS = "/oauth/token"  # noqa: S105 - an address
_SCHEME = "bearer "
_LOOKS = "eyJ"
"""How every signed token begins, and no session: the letters of an opening brace and quotation mark."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Programs:
    """What stands behind API clients: their rows, our tokens, their assertions, the envelopes that some follow."""

    clients: Clients
    tokens: ClientTokens
    assertions: Assertions
    envelopes: Envelopes
    rates: Rates


def open_programs(pool: Pool, keys: TokenKeys, *, issuer: str, tenant: str, rates: Rates) -> Programs:
    """The programs of an installation that is reached at `issuer`, the one name that its tokens are good for.

    `rates` count how often a token is asked for.
    """
    clients = Clients(pool)
    return Programs(
        clients,
        ClientTokens(keys, clients, issuer, tenant),
        Assertions(clients, frozenset({issuer, issuer + TOKEN_ADDRESS})),
        Envelopes(pool),
        rates,
    )


def calling_program(request: Request, programs: Programs, *, now: datetime) -> ClientGrant | None:
    """The program whose token came with the request; None where no such token came.

    Raises NotSignedIn, whatever is wrong with the token, and ScopeNotGranted where the route takes none of its scopes:
    before anything is looked up, and at every route, so that one that does not know programs lets none in.
    """
    header = request.headers.get("authorization", "")
    token = header[len(_SCHEME) :].strip()
    if header[: len(_SCHEME)].lower() != _SCHEME or not token.startswith(_LOOKS):
        return None
    if len(request.headers.getlist("authorization")) > 1:
        raise NotSignedIn
    try:
        grant = programs.tokens.grant(token, now=now)
    except TokenRefused as refused:
        log.warning("client_token_refused", fault=refused.fault.value, client_id=str(refused.client_id))
        raise NotSignedIn from None
    request.state.person_id = str(grant.client_id)
    route = request.scope["route"]
    require_scope(grant, accepted_scopes(route.openapi_extra) if isinstance(route, APIRoute) else ())
    return grant


def as_caller(program: ClientGrant) -> Caller:
    """The program as commands see it, under the name that its events will bear."""
    return Caller(program.client_id, program.name, CLIENT_LEVEL, client=program)
