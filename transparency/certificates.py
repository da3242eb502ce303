"""Reads certificates of destruction: one line of JSON, signed by the notary, that says which leaves' events are gone.

What can go wrong is that a certificate is taken to cover what was not destroyed by a decision. So it names the
leaves, in order and each once, and holds the hash over exactly their hashes: it fits no others, in no other order.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from transparency.encoding import LARGEST
from transparency.errors import Malformed
from transparency.notes import VerifierKey, open_note

FORMAT = "liggare-purge-certificate/1"
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True)
class Certificate:
    """What a certificate says: of which leaves, as ranges with first and last included, and all its statements."""

    leaves: tuple[tuple[int, int], ...]
    leaves_sha256: str
    said: Mapping[str, Any]

    def fits(self, hashes: Iterable[bytes]) -> bool:
        """Whether these, in the order of the leaves, are the hashes of the leaves that it is of."""
        return leaves_sha256(hashes) == self.leaves_sha256


def leaves_sha256(hashes: Iterable[bytes]) -> str:
    """SHA-256 over the hashes of the leaves, 32 bytes each, in order, in hexadecimal."""
    digest = sha256()
    for one in hashes:
        digest.update(one)
    return digest.hexdigest()


def open_certificate(note: bytes, key: VerifierKey) -> Certificate:
    """The certificate of a note that the notary's key signed. Raises as `open_note` does, and Malformed."""
    text = open_note(note, [key]).text
    try:
        said = json.loads(text)
        found = Certificate(_in_order(said["leaves"]), said["leaves_sha256"], said)
        if said["format"] == FORMAT and _is_sha256(found.leaves_sha256) and _encode(said) + "\n" == text:
            return found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    msg = "the note is not a certificate of destruction"
    raise Malformed(msg)


def _is_sha256(text: str) -> bool:
    return len(text) == 2 * sha256().digest_size and bytes.fromhex(text).hex() == text


def _in_order(ranges: Any) -> tuple[tuple[int, int], ...]:  # noqa: ANN401 - as it was read from a file
    """The ranges, each after the one before. Raises TypeError or ValueError for anything else."""
    found: list[tuple[int, int]] = []
    before = -1
    for first, last in ranges:
        if type(first) is not int or type(last) is not int or not before < first <= last <= LARGEST:
            raise ValueError
        found.append((first, last))
        before = last
    return tuple(found)
