"""Changes the key that wraps every subject's key, so that old copies of wrapped keys open no more.

What can go wrong is that a key is lost that something is still wrapped with, or that one stays that should be gone. So
the new key is in the file before anything is wrapped with it, the old one leaves the database only when no row refers
to it (which the database sees to), and the file last of all. Stopped anywhere it is run again and goes on.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection

from store import keyfile
from store.database import Pool, connection, fetch
from store.errors import KeyRingMismatch
from store.wrapping import Wrapping

BATCH = 500
"""How many keys one transaction wraps anew."""
_RING = "select ring_key_id, proof from ring_keys order by ring_key_id"
_KEEP_PROOF = "insert into ring_keys (ring_key_id, proof) values (%s, %b) on conflict (ring_key_id) do nothing"
_OLD = """
select subject_id, ring_key_id, wrapped from wrapped_keys where ring_key_id <> %s
order by subject_id limit %b for update
"""
_REWRAP = """
update wrapped_keys as k set ring_key_id = %s, wrapped = w.wrapped
from unnest(%b::uuid[], %b::bytea[]) as w (subject_id, wrapped) where k.subject_id = w.subject_id
"""
_DROP_OLD = "delete from ring_keys where ring_key_id <> %s"
_COUNT = "select count(*) from wrapped_keys"


class Rotated(NamedTuple):
    """The key that wraps now, how many keys were wrapped anew, and whether an interrupted rotation was finished."""

    key_id: str
    rewrapped: int
    was_begun: bool


def rotate(pool: Pool, path: Path, tenant: str, *, tell: Callable[[int], None] = lambda _: None) -> Rotated:
    """Let a new key wrap every subject's key, and forget the old ones; or finish a rotation that was interrupted.

    `pool` is of the purge's role at the database of keys. Processes that run read the file again when they meet the new
    key. Raises KeyRingError, StoreUnavailable.
    """
    wraps = Wrapping(tenant)
    with keyfile.rotating(path):
        file = keyfile.read(path, tenant=tenant)
        with connection(pool) as conn:
            proofs = dict(conn.execute(_RING, binary=True).fetchall())
            for key_id, proof in proofs.items():
                wraps.check(file, key_id, proof)
            was_begun = len(file.keys) > 1
            if not was_begun:
                file = keyfile.with_new_key(file)
                keyfile.put(path, file)
            conn.execute(_KEEP_PROOF, (file.current, wraps.proof(file)))
            rewrapped = _rewrap_all(conn, wraps, file, tell)
        keyfile.put(path, replace(file, keys={file.current: file.keys[file.current]}))
    return Rotated(file.current, rewrapped, was_begun)


def count_keys(pool: Pool) -> int:
    """How many subjects have a key."""
    return int(fetch(pool, _COUNT, ())[0][0])


def _rewrap_all(conn: Connection[Any], wraps: Wrapping, file: keyfile.KeyFile, tell: Callable[[int], None]) -> int:
    """Wrap what is wrapped by older keys, until the database lets go of these."""
    rewrapped = 0
    while True:
        while count := _rewrap_batch(conn, wraps, file):
            rewrapped += count
            tell(count)
        try:
            conn.execute(_DROP_OLD, (file.current,))
        except psycopg.errors.ForeignKeyViolation:  # somebody wrapped with an old one meanwhile
            continue
        return rewrapped


def _rewrap_batch(conn: Connection[Any], wraps: Wrapping, file: keyfile.KeyFile) -> int:
    current = AESGCM(file.keys[file.current])
    with conn.transaction(), conn.cursor(binary=True) as cursor:
        rows = cursor.execute(_OLD, (file.current, BATCH)).fetchall()
        anew = []
        for subject_id, key_id, wrapped in rows:
            old = file.keys.get(key_id)
            if old is None:
                msg = f"the key file lacks the key {key_id} that a subject's key is wrapped with"
                raise KeyRingMismatch(msg)
            anew.append(wraps.wrap(current, subject_id, wraps.unwrap(AESGCM(old), subject_id, wrapped)))
        if rows:
            cursor.execute(_REWRAP, (file.current, [row[0] for row in rows], anew))
    return len(rows)
