"""The envelopes of a feed's events: what an auditor or a follower may see who has no key."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg.types.numeric import Int2, Int8

from store.database import Pool, fetch

_FEED = """
select feed, position, stream_id, version, category, kind, recorded_at, commitment
from events where feed = %b and position > %b order by position limit %b
"""


class Envelope(NamedTuple):
    """An event without its content and without who did it. `commitment` is 32 bytes; `recorded_at` is UTC."""

    feed: int
    position: int
    stream_id: UUID
    version: int
    category: str
    kind: str
    recorded_at: datetime
    commitment: bytes


class Envelopes:
    """Reads feeds without opening anything."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, feed: int, *, after: int, limit: int) -> list[Envelope]:
        """The envelopes of a feed after a position, in the order in which they were committed; StoreUnavailable."""
        return [Envelope(*row) for row in fetch(self._pool, _FEED, (Int2(feed), Int8(after), Int8(limit)))]
