"""The data keys of the subjects: one random key each, wrapped by the key file, kept in a database of their own."""

import hmac
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from threading import Lock
from time import monotonic
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store import keyfile
from store.database import Pool, connection, fetch
from store.errors import KeyMissing, KeyRingMismatch, NotAuthentic, StoreError, SubjectErased
from store.sealing import KEY_BYTES, binding_prefix
from store.settings import StoreSettings
from store.wrapping import Wrapping

_SELECT_KEYS = "select subject_id, ring_key_id, wrapped from wrapped_keys where subject_id = any(%b)"
_SELECT_MARKS = "select mark from destroyed_keys where mark = any(%b)"
_INSERT_KEYS = """
insert into wrapped_keys (subject_id, kind, ring_key_id, wrapped)
select w.subject_id, w.kind, %s, w.wrapped
from unnest(%b::uuid[], %s::text[], %b::bytea[]) as w (subject_id, kind, wrapped)
on conflict (subject_id) do nothing
"""
_COUNT_KEYS = "select count(*) from wrapped_keys"
_SELECT_RING = "select ring_key_id, proof from ring_keys order by ring_key_id"
_SELECT_SINCE = "select created_at from ring_keys where ring_key_id = %s"
_INSERT_RING = "insert into ring_keys (ring_key_id, proof) values (%s, %b) on conflict (ring_key_id) do nothing"


class KeyRing:
    """The keys that seal: by subject, unwrapped when first needed, remembered for at most a minute.

    `may_begin` says whether the ledger is still empty: only then may a key file be made, and a keys database begun. The
    file is read again when it is found to have been rotated.
    """

    def __init__(self, pool: Pool, settings: StoreSettings, *, may_begin: Callable[[], bool]) -> None:
        self._pool = pool
        self._settings = settings
        self._wraps = Wrapping(settings.tenant)
        self._lookup_prefix = binding_prefix("lookup", settings.tenant)
        self._derive_prefix = binding_prefix("derive", settings.tenant)
        self._mark_prefix = binding_prefix("mark", settings.tenant)
        self._limit = settings.key_cache_size
        self._seconds = settings.key_cache_seconds
        self._cache: OrderedDict[int, tuple[float, AESGCM]] = OrderedDict()
        self._lock = Lock()
        self._file = self._open_file(may_begin)

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
            for subject_id, ring_key_id, wrapped in fetch(self._pool, _SELECT_KEYS, (missing,)):
                keys[subject_id] = self._unwrap(subject_id, ring_key_id, wrapped)
            without = [subject_id for subject_id in missing if isinstance(keys[subject_id], KeyMissing)]
            for subject_id in self.destroyed(without):
                keys[subject_id] = SubjectErased(subject_id)
        return keys

    def destroyed(self, subject_ids: Collection[UUID]) -> set[UUID]:
        """Those of the subjects whose key was destroyed. What remains of them is a mark."""
        marks = {self.mark(subject_id): subject_id for subject_id in subject_ids}
        if not marks:
            return set()
        return {marks[mark] for (mark,) in fetch(self._pool, _SELECT_MARKS, (list(marks),))}

    def wrapping_since(self) -> datetime | None:
        """When the key was made that wraps now (UTC)."""
        rows = fetch(self._pool, _SELECT_SINCE, (self._file.current,))
        return rows[0][0] if rows else None

    def count(self) -> int:
        """How many subjects have a key."""
        return int(fetch(self._pool, _COUNT_KEYS, ())[0][0])

    def has_mark(self, mark: bytes) -> bool:
        """Whether a key was destroyed whose mark this is."""
        return bool(fetch(self._pool, _SELECT_MARKS, ([mark],)))

    def mark(self, subject_id: UUID) -> bytes:
        """What is kept of a subject that was erased: a keyed hash of its id, 32 bytes, useless without the key file."""
        return hmac.digest(self._file.lookup, self._mark_prefix + subject_id.bytes, "sha256")

    def begin(self, subject_id: UUID, kind: str) -> AESGCM:
        """The data key of a subject that is new to the ledger: made now, unless somebody made it meanwhile."""
        self.begin_many({subject_id: kind})
        return self.key(subject_id)

    def begin_many(self, subjects: Mapping[UUID, str]) -> None:
        """Make the data keys of subjects (by kind) that are new to the ledger, in one round trip."""
        try:
            self._insert(subjects)
        except psycopg.errors.ForeignKeyViolation:  # the key that wraps was taken out of use a moment ago
            self._read_again()
            self._insert(subjects)

    def _insert(self, subjects: Mapping[UUID, str]) -> None:
        file, ids = self._file, list(subjects)
        wrapping = AESGCM(file.keys[file.current])
        wrapped = [self._wraps.wrap(wrapping, i, secrets.token_bytes(KEY_BYTES)) for i in ids]
        with connection(self._pool) as conn:
            conn.execute(_INSERT_KEYS, (file.current, ids, list(subjects.values()), wrapped))

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

    def _unwrap(self, subject_id: UUID, ring_key_id: str, wrapped: bytes) -> AESGCM | KeyRingMismatch:
        mismatch = KeyRingMismatch(f"the key file does not open the key of subject {subject_id}")
        if ring_key_id not in self._file.keys:
            self._read_again()
        wrapping = self._file.keys.get(ring_key_id)
        if wrapping is None:
            return mismatch
        try:
            key = AESGCM(self._wraps.unwrap(AESGCM(wrapping), subject_id, wrapped))
        except NotAuthentic:
            return mismatch
        with self._lock:
            self._cache[subject_id.int] = (monotonic() + self._seconds, key)
            while len(self._cache) > self._limit:
                self._cache.popitem(last=False)
        return key

    def _read_again(self) -> None:
        """Take the file as it is now, if it is still this ledger's. Raises KeyRingError."""
        file = keyfile.read(self._settings.key_file, tenant=self._settings.tenant)
        with connection(self._pool) as conn:
            for key_id, proof in conn.execute(_SELECT_RING, binary=True).fetchall():
                if key_id in file.keys:
                    self._wraps.check(file, key_id, proof)
        self._file = file

    def _open_file(self, may_begin: Callable[[], bool]) -> keyfile.KeyFile:
        fresh = may_begin()  # asked first: who begins at the same moment leaves a proof before the first event
        try:
            return self._opened(is_fresh=fresh)
        except KeyRingMismatch:  # a rotation may have ended between the look at the proofs and the look at the file
            return self._opened(is_fresh=fresh)

    def _opened(self, *, is_fresh: bool) -> keyfile.KeyFile:
        settings = self._settings
        with connection(self._pool) as conn:
            proofs = dict(conn.execute(_SELECT_RING, binary=True).fetchall())
            if proofs or not is_fresh or settings.key_file.exists():
                file = keyfile.read(settings.key_file, tenant=settings.tenant)
            else:
                file = keyfile.create(settings.key_file, tenant=settings.tenant)
            if not proofs and not is_fresh:
                msg = "the keys database is empty but the ledger is not; restore the keys database"
                raise KeyRingMismatch(msg)
            for key_id, proof in proofs.items():
                self._wraps.check(file, key_id, proof)
            if file.current not in proofs:
                conn.execute(_INSERT_RING, (file.current, self._wraps.proof(file)))
                for key_id, kept in dict(conn.execute(_SELECT_RING, binary=True).fetchall()).items():
                    self._wraps.check(file, key_id, kept)
        return file
