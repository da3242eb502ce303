"""Numbers and bytes as the formats of proofs write them: one spelling for each value, and no other is read."""

import base64
import re

from transparency.errors import Malformed

LARGEST = 2**63 - 1
"""The largest size of a tree, and the largest time: what the database counts to."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def decimal(text: str) -> int:
    """A number in ASCII digits without sign or leading zero, at most `LARGEST`. Raises Malformed."""
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST:
        msg = "a number is not written as one"
        raise Malformed(msg)
    return int(text)


def to_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, length: int | None = None) -> bytes:
    """The bytes, of this length where one is given. Raises Malformed for anything that `to_base64` would not write."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        data = None
    if data is None or to_base64(data) != text or (length is not None and len(data) != length):
        msg = "a hash, key or signature is not written as one"
        raise Malformed(msg)
    return data
