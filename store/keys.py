"""The data keys of the subjects: one random key each, wrapped by the key file, kept in a database of their own."""

import hashlib
import hmac
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from time import monotonic
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store import keyfile
from store.database import Pool, connection, fetch
from store.errors import KeyMissing, KeyRingMismatch, NotAuthentic, StoreError, SubjectErased
from store.sealing import KEY_BYTES, binding_prefix, seal, unseal
from store.settings import StoreSettings

_SELECT_KEYS = "select subject_id, state, ring_key_id, wrapped from wrapped_keys where subject_id = any(%b)"
_INSERT_KEY = """
insert into wrapped_keys (subject_id, kind, ring_key_id, wrapped) values (%b, %s, %s, %b)
on conflict (subject_id) do nothing
"""
_INSERT_KEYS = """
insert into wrapped_keys (subject_id, kind, ring_key_id, wrapped)
select w.subject_id, w.kind, %s, w.wrapped
from unnest(%b::uuid[], %s::text[], %b::bytea[]) as w (subject_id, kind, wrapped)
on conflict (subject_id) do nothing
"""
_SELECT_RING = "select ring_key_id, proof from ring_keys order by ring_key_id"
_INSERT_RING = "insert into ring_keys (ring_key_id, proof) values (%s, %b) on conflict (ring_key_id) do nothing"


class KeyRing:
    """The keys that seal: by subject, unwrapped when first needed, remembered for at most a minute.

    `may_begin` says whether the ledger is still empty: only then may a key file be made, and a keys database begun.
    """

    def __init__(self, pool: Pool, settings: StoreSettings, *, may_begin: Callable[[], bool]) -> None:
        self._pool = pool
        self._wrap_prefix = binding_prefix("key", settings.tenant)
        self._proof_binding = binding_prefix("ring", settings.tenant)
        self._lookup_prefix = binding_prefix("lookup", settings.tenant)
        self._derive_prefix = binding_prefix("derive", settings.tenant)
        self._limit = settings.key_cache_size
        self._seconds = settings.key_cache_seconds
        self._cache: OrderedDict[int, tuple[float, AESGCM]] = OrderedDict()
        self._lock = Lock()
        self._file = self._open_file(settings, may_begin)
        self._wrapping = {key_id: AESGCM(key) for key_id, key in self._file.keys.items()}

    def key(self, subject_id: UUID) -> AESGCM:
        """The data key of the subject. Raises SubjectErased or KeyMissing; never makes one."""
        cached = self._cached(subject_id)
        if cached is not None:
            return cached
        loaded = self.load((subject_id,))[subject_id]
        if isinstance(loaded, StoreError):
            raise loaded
        return loaded

    def load(self, subject_ids: Iterable[UUID]) -> dict[UUID, AESGCM | SubjectErased | KeyMissing | KeyRingMismatch]:
        """The data keys of many subjects in one round trip, or for each the reason why there is none."""
        keys: dict[UUID, AESGCM | SubjectErased | KeyMissing | KeyRingMismatch] = {}
        missing = []
        for subject_id in subject_ids:
            cached = self._cached(subject_id)
            if cached is None:
                keys[subject_id] = KeyMissing(subject_id)
                missing.append(subject_id)
            else:
                keys[subject_id] = cached
        if missing:
            for subject_id, state, ring_key_id, wrapped in fetch(self._pool, _SELECT_KEYS, (missing,)):
                keys[subject_id] = self._unwrap(subject_id, state, ring_key_id, wrapped)
        return keys

    def begin(self, subject_id: UUID, kind: str) -> AESGCM:
        """The data key of a subject that is new to the ledger: made now, unless somebody made it meanwhile."""
        data_key = secrets.token_bytes(KEY_BYTES)
        ring_key_id = self._file.current
        wrapped = seal(self._wrapping[ring_key_id], data_key, self._wrap_prefix + subject_id.bytes)
        with connection(self._pool) as conn:
            conn.execute(_INSERT_KEY, (subject_id, kind, ring_key_id, wrapped))
        return self.key(subject_id)

    def begin_many(self, subjects: Mapping[UUID, str]) -> None:
        """Make the data keys of subjects (by kind) that are new to the ledger, in one round trip."""
        ring_key_id = self._file.current
        wrapping, ids = self._wrapping[ring_key_id], list(subjects)
        wrapped = [seal(wrapping, secrets.token_bytes(KEY_BYTES), self._wrap_prefix + i.bytes) for i in ids]
        with connection(self._pool) as conn:
            conn.execute(_INSERT_KEYS, (ring_key_id, ids, list(subjects.values()), wrapped))

    def forget(self, subject_id: UUID | None = None) -> None:
        """Drop the subject's key, or all keys, from memory. A purge calls it in every process."""
        with self._lock:
            if subject_id is None:
                self._cache.clear()
            else:
                self._cache.pop(subject_id.int, None)

    def lookup_hash(self, kind: str, text: str) -> bytes:
        """A keyed hash by which a text that is stored sealed is found again; 32 bytes, useless without the key file.

        `kind` keeps a roster id and a group name apart. The text is compared in NFC, case and white space as given.
        """
        words = f"{kind}\x00{unicodedata.normalize('NFC', text)}".encode()
        return self.lookup_digest(words)

    def lookup_digest(self, words: bytes) -> bytes:
        """HMAC-SHA-256 under the look-up key, bound to the tenant."""
        return hmac.digest(self._file.lookup, self._lookup_prefix + words, "sha256")

    def derived(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, always the same with this key file; it tells of no other key."""
        return hmac.digest(self._file.lookup, self._derive_prefix + purpose.encode(), "sha256")

    def _cached(self, subject_id: UUID) -> AESGCM | None:
        known = subject_id.int  # a UUID itself is hashed and compared in Python
        with self._lock:
            entry = self._cache.get(known)
            if entry is None:
                return None
            if entry[0] < monotonic():
                del self._cache[known]
                return None
            self._cache.move_to_end(known)
            return entry[1]

    def _unwrap(
        self, subject_id: UUID, state: str, ring_key_id: str, wrapped: bytes
    ) -> AESGCM | SubjectErased | KeyRingMismatch:
        if state == "destroyed":
            return SubjectErased(subject_id)
        mismatch = KeyRingMismatch(f"the key file does not open the key of subject {subject_id}")
        wrapping = self._wrapping.get(ring_key_id)
        if wrapping is None:
            return mismatch
        try:
            key = AESGCM(unseal(wrapping, wrapped, self._wrap_prefix + subject_id.bytes))
        except NotAuthentic:
            return mismatch
        with self._lock:
            self._cache[subject_id.int] = (monotonic() + self._seconds, key)
            while len(self._cache) > self._limit:
                self._cache.popitem(last=False)
        return key

    def _open_file(self, settings: StoreSettings, may_begin: Callable[[], bool]) -> keyfile.KeyFile:
        fresh = may_begin()  # asked first: who begins at the same moment leaves a proof before the first event
        with connection(self._pool) as conn:
            proofs = dict(conn.execute(_SELECT_RING, binary=True).fetchall())
            if proofs or not fresh or settings.key_file.exists():
                file = keyfile.read(settings.key_file, tenant=settings.tenant)
            else:
                file = keyfile.create(settings.key_file, tenant=settings.tenant)
            if not proofs and not fresh:
                msg = "the keys database is empty but the ledger is not; restore the keys database"
                raise KeyRingMismatch(msg)
            for key_id, proof in proofs.items():
                self._check(file, key_id, proof)
            if file.current not in proofs:
                proof = seal(AESGCM(file.keys[file.current]), self._proof_text(file), self._proof_binding)
                conn.execute(_INSERT_RING, (file.current, proof))
                rows = dict(conn.execute(_SELECT_RING, binary=True).fetchall())
                for key_id, kept in rows.items():
                    self._check(file, key_id, kept)
        return file

    def _check(self, file: keyfile.KeyFile, key_id: str, proof: bytes) -> None:
        msg = f"the key file is not the one this ledger was sealed with (key {key_id})"
        key = file.keys.get(key_id)
        if key is None:
            raise KeyRingMismatch(msg)
        try:
            text = unseal(AESGCM(key), proof, self._proof_binding)
        except NotAuthentic:
            raise KeyRingMismatch(msg) from None
        if text != self._proof_text(file):
            raise KeyRingMismatch(msg)

    @staticmethod
    def _proof_text(file: keyfile.KeyFile) -> bytes:
        return hashlib.sha256(b"look-up key" + file.lookup).digest()
