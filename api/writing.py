"""What every write shares: the caller, the key, the tag and the preference in; the version and its visibility out."""

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4, uuid5

from fastapi import Depends, Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from access.errors import ScopeNotGranted
from api.body import read_picture
from api.errors import NotSignedIn, NotValid
from api.query import refuse_unknown_query
from api.services import Services, services_of
from api.signed_in import who_calls
from commands.context import Answer, Caller, Command, Context
from commands.streams import PERSON, find
from store.sessions import Session

LONGEST_WAIT = 5.0
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*(\d{1,6})\s*(?=$|[,;])")
_ONCE = ("authorization", "idempotency-key", "if-match")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A key of your own for this one thing; sent again it gives the same answer and stores nothing new.",
        pattern=r"^[\x21-\x7e]{1,255}$",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of the resource as you read it; where it has changed since, nothing is stored.",
        pattern=r'^"\d{1,18}"$',
    ),
]
Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description="`wait=N`: answer when the lists and overviews hold it, at the latest after N seconds (at most 5).",
    ),
]
WarningShown = Annotated[
    Literal["yes"] | None,
    Header(
        alias="Liggare-Warning-Shown",
        description="`yes`: the author was shown a warning of the text (`/free-text-check`) and saves it as it is; "
        "that is recorded in a pupil's file, without the words and the kind.",
    ),
]


class Body(BaseModel):
    """A body: no field that is not named here."""

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=False)


class WriteBody(Body):
    """A body of a write: it names the relation it is made in (G-13)."""

    acting_as: UUID | None = Field(
        default=None,
        alias="as",
        description="The relation or school role that you write in; always needed. A pupil's own is in the file.",
    )


class Written(BaseModel):
    """What was written, and the version at which it last changed (the ETag holds the same)."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Writing:
    """One signed-in request to write."""

    services: Services
    signed_in: Session | None
    caller: Caller
    command_id: UUID
    is_keyed: bool
    body_hash: bytes
    correlation_id: UUID
    if_match: int | None
    wait: float | None
    is_warned: bool

    @property
    def context(self) -> Context:
        """What commands work on."""
        return self.services.context

    @property
    def session(self) -> Session:
        """The person's session. Raises ScopeNotGranted for a program, which has none."""
        if self.signed_in is None:
            raise ScopeNotGranted
        return self.signed_in

    def command(self, acting_as: UUID | None) -> Command:
        """The command that this request gives, made in this relation."""
        return Command(
            caller=self.caller,
            acting_as=acting_as,
            command_id=self.command_id,
            body_hash=self.body_hash,
            correlation_id=self.correlation_id,
            at=self.services.now(),
            is_keyed=self.is_keyed,
            if_match=self.if_match,
            is_warned=self.is_warned,
        )

    def answer(self, answer: Answer, *, created: str | None = None) -> Response:
        """Answer the write. `created` is the address of what is new, with {id} where its id goes."""
        headers = {"ETag": f'"{answer.version}"'}
        if created is not None:
            headers["Location"] = created.format(id=answer.resource_id)
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        if self.wait is not None:
            headers["Preference-Applied"] = f"wait={self.wait:g}"
            headers["Liggare-Visible"] = "yes" if self._is_visible(answer) else "no"
        content: dict[str, Any] = {"id": answer.resource_id, "version": answer.version}
        return JSONResponse(content, status_code=200 if created is None else 201, headers=headers)

    def _is_visible(self, answer: Answer) -> bool:
        """Whether the read models hold what was written, waiting as long as the caller prefers."""
        if answer.feed is None or answer.position is None:
            return True
        return self.services.wait(answer.feed, answer.position, self.wait or 0)


def _writing(
    request: Request,
    key: IdempotencyKey = None,
    tag: IfMatch = None,
    prefer: Prefer = None,
    warned: WarningShown = None,
) -> Writing:
    for name in _ONCE:
        if len(request.headers.getlist(name)) > 1:
            raise NotValid(((f"header {name}", "It comes once."),))
    services = services_of(request)
    caller, session = who_calls(request, services)
    refuse_unknown_query(request)
    return Writing(
        services=services,
        signed_in=session,
        caller=caller if session is None else _named(services, caller),
        command_id=uuid5(caller.person_id, key) if key else uuid4(),
        is_keyed=key is not None,
        body_hash=_request_hash(request),
        correlation_id=request.state.correlation_id,
        if_match=int(tag.strip('"')) if tag else None,
        wait=_wait(prefer),
        is_warned=warned is not None,
    )


def _named(services: Services, caller: Caller) -> Caller:
    """The person under the name of today, which each event keeps (G-19)."""
    person = find(services.context, PERSON, caller.person_id)
    if person is None:
        raise NotSignedIn
    return replace(caller, name=person.name)


def _request_hash(request: Request) -> bytes:
    """What makes a request the same request: method, address, query and the bytes of its body."""
    parts = (request.method, request.url.path, request.url.query)
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + request.state.body).digest()


def _wait(prefer: str | None) -> float | None:
    found = _WAIT.search(prefer or "")
    return min(float(found[1]), LONGEST_WAIT) if found else None


Write = Annotated[Writing, Depends(_writing)]
"""What a writing route asks for."""


async def _sending_picture(
    request: Request, key: IdempotencyKey = None, tag: IfMatch = None, prefer: Prefer = None
) -> Writing:
    await run_in_threadpool(who_calls, request, services_of(request))
    request.state.body = await read_picture(request)
    return await run_in_threadpool(_writing, request, key, tag, prefer)


PictureWrite = Annotated[Writing, Depends(_sending_picture)]
"""What the route asks for that takes a picture: who sends it is known before the first byte of it is read."""
