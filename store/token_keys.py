"""The keys that sign the tokens of programs: a file beside the wrapping keys, never in a database."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from store.errors import KeyRingMismatch, KeyRingUnreadable
from store.keyfile import read_private, write_once, write_over

SEED_BYTES = 32


@dataclass(frozen=True)
class _Ring:
    tenant: str
    current: str
    seeds: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"_Ring(tenant={self.tenant!r}, current={self.current!r})"

    def to_json(self) -> str:
        """The text of the file."""
        seeds = {key_id: base64.b64encode(seed).decode() for key_id, seed in self.seeds.items()}
        return json.dumps({"tenant": self.tenant, "current": self.current, "keys": seeds})


class TokenKeys:
    """Ed25519 seeds by id: one signs, and those that signed before it are still good for what they signed.

    The file is made at the first start, and read again when it has changed, so that a rotation reaches every process.
    Each server of an installation needs the same file. Every method raises KeyRingError.
    """

    def __init__(self, path: Path, *, tenant: str) -> None:
        self._path = path
        self._tenant = tenant
        if not path.exists():
            key_id, seed = _new()
            write_once(path, _Ring(tenant, key_id, {key_id: seed}).to_json())
        self._ring, self._seen = self._read()

    def current(self) -> tuple[str, bytes]:
        """The key that signs now: its id and its seed."""
        ring = self._fresh()
        return ring.current, ring.seeds[ring.current]

    def seed(self, key_id: str) -> bytes | None:
        """The seed of a key, whether it still signs or not; None where there is no such key, or no more."""
        return self._fresh().seeds.get(key_id)

    def rotate(self, *, drop_old: bool = False) -> str:
        """Let a new key sign from now on; its id. The key before it stays good unless `drop_old`, older ones do not."""
        before = self._fresh()
        key_id, seed = _new()
        kept = {} if drop_old else {before.current: before.seeds[before.current]}
        write_over(self._path, _Ring(self._tenant, key_id, {**kept, key_id: seed}).to_json())
        return key_id

    def _fresh(self) -> _Ring:
        if _mark(self._path) != self._seen:
            self._ring, self._seen = self._read()
        return self._ring

    def _read(self) -> tuple[_Ring, tuple[int, int]]:
        seen = _mark(self._path)
        ring = _parse(read_private(self._path), self._path.name)
        if ring.tenant != self._tenant:
            msg = f"the key file {self._path.name} belongs to another tenant"
            raise KeyRingMismatch(msg)
        return ring, seen


def _mark(path: Path) -> tuple[int, int]:
    """What changes when another file is put in the place of this one; (0, 0) where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at every request
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def _new() -> tuple[str, bytes]:
    return secrets.token_hex(8), secrets.token_bytes(SEED_BYTES)


def _parse(text: str, name: str) -> _Ring:
    try:
        data = json.loads(text)
        seeds = {str(key_id): base64.b64decode(seed, validate=True) for key_id, seed in data["keys"].items()}
        ring = _Ring(str(data["tenant"]), str(data["current"]), seeds)
    except (ValueError, KeyError, TypeError, AttributeError):
        ring = None
    if ring is None or ring.current not in ring.seeds or any(len(s) != SEED_BYTES for s in ring.seeds.values()):
        msg = f"{name} is not a key file"
        raise KeyRingUnreadable(msg)
    return ring
