"""How the keys of the key file wrap the subjects' keys, and prove which ledger they belong to."""

import hashlib
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.errors import KeyRingMismatch, NotAuthentic
from store.keyfile import KeyFile
from store.sealing import binding_prefix, seal, unseal


class Wrapping:
    """Wraps and unwraps for one tenant; what was wrapped for a subject opens for no other."""

    def __init__(self, tenant: str) -> None:
        self._wrap_prefix = binding_prefix("key", tenant)
        self._proof_binding = binding_prefix("ring", tenant)

    def wrap(self, wrapping: AESGCM, subject_id: UUID, data_key: bytes) -> bytes:
        """The subject's key as its row holds it."""
        return seal(wrapping, data_key, self._wrap_prefix + subject_id.bytes)

    def unwrap(self, wrapping: AESGCM, subject_id: UUID, wrapped: bytes) -> bytes:
        """The subject's key. Raises NotAuthentic."""
        return unseal(wrapping, wrapped, self._wrap_prefix + subject_id.bytes)

    def proof(self, file: KeyFile) -> bytes:
        """What shows later that a file holds the key that wraps now, and the same look-up key."""
        return seal(AESGCM(file.keys[file.current]), _proof_text(file), self._proof_binding)

    def check(self, file: KeyFile, key_id: str, proof: bytes) -> None:
        """Raise KeyRingMismatch where the file is not the one that a proof was made with."""
        msg = f"the key file is not the one this ledger was sealed with (key {key_id})"
        key = file.keys.get(key_id)
        if key is None:
            raise KeyRingMismatch(msg)
        try:
            text = unseal(AESGCM(key), proof, self._proof_binding)
        except NotAuthentic:
            raise KeyRingMismatch(msg) from None
        if text != _proof_text(file):
            raise KeyRingMismatch(msg)


def _proof_text(file: KeyFile) -> bytes:
    return hashlib.sha256(b"look-up key" + file.lookup).digest()
