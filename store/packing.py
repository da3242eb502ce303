"""PostgreSQL values and arrays written straight to their binary form: a fifth of what general adaptation takes."""

from collections.abc import Sequence
from datetime import datetime
from struct import Struct
from uuid import UUID

from store.sealing import microseconds

_SMALLINT, _INTEGER, _BIGINT, _TIMESTAMPTZ, _UUID, _BYTEA, _TEXT = 21, 23, 20, 1184, 2950, 17, 25
_EMPTY = Struct(">iiI")
_HEADER = Struct(">iiIii")
_LENGTH = Struct(">i")
_NULL = _LENGTH.pack(-1)
_INT2 = Struct(">ih")
_INT4 = Struct(">ii")
_INT8 = Struct(">iq")
_UUID_LENGTH = _LENGTH.pack(16)
_YEAR_2000 = 946_684_800_000_000


def smallint(value: int) -> bytes:
    """One smallint."""
    return value.to_bytes(2, "big", signed=True)


def bigint(value: int) -> bytes:
    """One bigint."""
    return value.to_bytes(8, "big", signed=True)


def smallints(values: Sequence[int]) -> bytes:
    """smallint[]."""
    return _array(_SMALLINT, len(values), [_INT2.pack(2, value) for value in values])


def integers(values: Sequence[int]) -> bytes:
    """integer[]."""
    return _array(_INTEGER, len(values), [_INT4.pack(4, value) for value in values])


def bigints(values: Sequence[int]) -> bytes:
    """bigint[]."""
    return _array(_BIGINT, len(values), [_INT8.pack(8, value) for value in values])


def moments(values: Sequence[datetime]) -> bytes:
    """timestamptz[]."""
    return _array(_TIMESTAMPTZ, len(values), [_INT8.pack(8, microseconds(value) - _YEAR_2000) for value in values])


def uuids(values: Sequence[UUID | None]) -> bytes:
    """uuid[]; None is null."""
    return _array(_UUID, len(values), [_NULL if value is None else _UUID_LENGTH + value.bytes for value in values])


def byteas(values: Sequence[bytes | None]) -> bytes:
    """bytea[]; None is null."""
    return _array(
        _BYTEA, len(values), [_NULL if value is None else _LENGTH.pack(len(value)) + value for value in values]
    )


def texts(values: Sequence[str]) -> bytes:
    """text[]."""
    return _array(_TEXT, len(values), [_LENGTH.pack(len(value)) + value for value in map(str.encode, values)])


def _array(element: int, count: int, elements: Sequence[bytes]) -> bytes:
    if not count:
        return _EMPTY.pack(0, 0, element)
    return _HEADER.pack(1, 1, element, count, 1) + b"".join(elements)  # 1: there may be nulls
