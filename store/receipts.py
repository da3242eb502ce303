"""Receipts of commands: the answer sealed under the subject's key, the body known only by a keyed hash."""

from typing import NamedTuple
from uuid import UUID

from store.appends import CommandReceipt
from store.keys import KeyRing
from store.sealing import binding_prefix, seal, unseal


class SealedReceipt(NamedTuple):
    """A command receipt as its row holds it: the caller is a keyed hash, so that no row says who gave commands."""

    command_id: UUID
    caller: UUID
    body_hash: bytes
    answer: bytes


class Receipts:
    """Seals and opens the answers of commands."""

    def __init__(self, keys: KeyRing, *, tenant: str) -> None:
        self._keys = keys
        self._prefix = binding_prefix("answer", tenant)

    def seal(self, subject_id: UUID, receipt: CommandReceipt) -> SealedReceipt:
        """The receipt as it is stored. Raises SubjectErased or KeyMissing."""
        answer = seal(self._keys.key(subject_id), receipt.answer, self._prefix + receipt.command_id.bytes)
        caller = UUID(bytes=self._keys.lookup_digest(b"caller\x00" + receipt.caller_id.bytes)[:16])
        return SealedReceipt(receipt.command_id, caller, self.keyed(receipt.body_hash), answer)

    def open(self, subject_id: UUID, command_id: UUID, answer: bytes) -> bytes:
        """The answer that was sealed. Raises NotAuthentic, SubjectErased or KeyMissing."""
        return unseal(self._keys.key(subject_id), answer, self._prefix + command_id.bytes)

    def keyed(self, body_hash: bytes) -> bytes:
        """What is stored of a body's hash: nobody without the key file can try bodies against it."""
        return self._keys.lookup_digest(b"command body\x00" + body_hash)
