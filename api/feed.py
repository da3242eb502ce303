"""The feeds, for programs that follow or audit the ledger: envelopes only, no content and no names."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from access.errors import OnlyPrograms
from access.scopes import Scope
from api.declare import PROGRAM, reads
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from commands.rates import RateClass
from store.ledger import FEEDS

router = APIRouter(tags=["feeds"])

MOST = 1000
FeedNumber = Annotated[int, Path(alias="feed", ge=0, lt=FEEDS, description="One of the ledger's feeds.")]
After = Annotated[int, Query(ge=0, lt=2**62, description="The position of the last event that you have; 0 for none.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at the most.")]


class EnvelopeShape(Shape):
    """An event without what it says and without who did it.

    `stream_id` stands for a pupil's file, a person, a school or what belongs to one, as `category` says; `kind` is the
    event's permanent code. `commitment` (32 bytes, hexadecimal) proves the content once it is disclosed.
    """

    position: int
    stream_id: UUID
    version: int
    category: str
    kind: str
    recorded_at: datetime
    commitment: str


class FeedPage(Shape):
    """Events in the order in which they were committed; ask again with `after` for what follows, now or later."""

    feed: int
    items: list[EnvelopeShape]
    after: int


@router.get(
    "/feeds/{feed}/events",
    response_model=FeedPage,
    **reads(PROGRAM, scopes=(Scope.FEED,), refuses=(OnlyPrograms,), rate=RateClass.EXPORT),
)
def list_envelopes(asked: Signed, feed: FeedNumber, after: After = 0, limit: Limit = 100) -> Response:
    """The envelopes of a feed after a position. A position that is not there any more was destroyed by the schedule."""
    if asked.caller.client is None:
        raise OnlyPrograms
    found = asked.services.programs.envelopes.read(feed, after=after, limit=limit)
    items = [
        EnvelopeShape(
            position=envelope.position,
            stream_id=envelope.stream_id,
            version=envelope.version,
            category=envelope.category,
            kind=envelope.kind,
            recorded_at=envelope.recorded_at,
            commitment=envelope.commitment.hex(),
        )
        for envelope in found
    ]
    return answer_with(FeedPage(feed=feed, items=items, after=items[-1].position if items else after))
