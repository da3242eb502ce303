"""Long lists in pages: a cursor is the place of the last item, and holds nothing about anybody."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query

from api.errors import CursorNotValid

T = TypeVar("T")

MOST = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at the most.")]
Cursor = Annotated[
    str | None, Query(alias="cursor", max_length=64, description="The value of `next` on the page before.")
]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the cursor of those that follow."""

    items: Sequence[T]
    next: str | None


def page_of(items: Sequence[T], key: Callable[[T], UUID], *, cursor: str | None, limit: int) -> Page[T]:
    """The items after the cursor's. The order is the list's; the item that the cursor names must still be in it."""
    start = 0
    if cursor is not None:
        last = UUID(bytes=_decoded(cursor, 16))
        try:
            start = next(at for at, item in enumerate(items, 1) if key(item) == last)
        except StopIteration:
            raise CursorNotValid from None
    found = items[start : start + limit]
    more = start + limit < len(items)
    return Page(found, _encoded(key(found[-1]).bytes) if more else None)


def id_cursor(last: UUID) -> str:
    """A cursor for a list that is ordered by id."""
    return _encoded(last.bytes)


def cursor_id(cursor: str | None) -> UUID | None:
    """The id in such a cursor. Raises CursorNotValid."""
    return None if cursor is None else UUID(bytes=_decoded(cursor, 16))


def number_cursor(number: int) -> str:
    """A cursor for a list that is ordered by a number."""
    return _encoded(number.to_bytes(8))


def cursor_number(cursor: str | None) -> int:
    """The number in such a cursor; 0 without one. Raises CursorNotValid."""
    return 0 if cursor is None else int.from_bytes(_decoded(cursor, 8))


def time_cursor(at: datetime, last: UUID) -> str:
    """A cursor for a list that is ordered by time and id."""
    return _encoded(((at - _EPOCH) // _TICK).to_bytes(8) + last.bytes)


def cursor_time(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The time and id in such a cursor. Raises CursorNotValid."""
    if cursor is None:
        return None
    place = _decoded(cursor, 24)
    try:
        return _EPOCH + int.from_bytes(place[:8]) * _TICK, UUID(bytes=place[8:])
    except OverflowError:
        raise CursorNotValid from None


def _encoded(place: bytes) -> str:
    return base64.urlsafe_b64encode(place).rstrip(b"=").decode()


def _decoded(cursor: str, size: int) -> bytes:
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise CursorNotValid from None
    if len(place) != size or _encoded(place) != cursor:
        raise CursorNotValid
    return place
