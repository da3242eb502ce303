"""Who calls: a bearer token, known by its hash; and what a reading route is given."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from api.errors import NotSignedIn
from api.query import refuse_unknown_query
from api.services import Services, services_of
from commands.context import STOCKHOLM, Caller, Context
from store.tokens import Holder

_SCHEME = "bearer "


def bearer_token(request: Request) -> str:
    """The token that came with the request. Raises NotSignedIn where none did."""
    header = request.headers.get("authorization", "")
    if header[: len(_SCHEME)].lower() != _SCHEME:
        raise NotSignedIn
    return header[len(_SCHEME) :].strip()


def sign_in(request: Request, services: Services) -> Holder:
    """The holder of the request's token. Raises NotSignedIn, whatever is wrong with it."""
    holder = services.tokens.holder(bearer_token(request))
    if holder is None:
        raise NotSignedIn
    request.state.person_id = str(holder.person_id)
    return holder


@dataclass(frozen=True, slots=True)
class Reading:
    """One signed-in request to read. `caller` has no name: reading writes nobody's."""

    services: Services
    caller: Caller
    on: date

    @property
    def context(self) -> Context:
        """What commands and queries work on."""
        return self.services.context

    @property
    def person_id(self) -> UUID:
        """Who reads."""
        return self.caller.person_id


def _reading(request: Request) -> Reading:
    services = services_of(request)
    holder = sign_in(request, services)
    refuse_unknown_query(request)
    on = services.now().astimezone(STOCKHOLM).date()
    return Reading(services, Caller(holder.person_id, "", holder.level), on)


Signed = Annotated[Reading, Depends(_reading)]
"""What a reading route asks for."""
