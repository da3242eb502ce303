"""The key file: the wrapping keys and the look-up key, outside every database, readable by its owner alone."""

import base64
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from store.errors import KeyRingMismatch, KeyRingMissing, KeyRingUnreadable
from store.sealing import KEY_BYTES

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class KeyFile:
    """What the file holds: the tenant it belongs to, the wrapping keys by id, which one wraps now, the look-up key."""

    tenant: str
    current: str
    keys: dict[str, bytes]
    lookup: bytes

    def __repr__(self) -> str:
        """Ids only: a key never reaches a log."""
        return f"KeyFile(tenant={self.tenant!r}, current={self.current!r})"


def read(path: Path, *, tenant: str) -> KeyFile:
    """The key file. Raises KeyRingMissing, KeyRingUnreadable (also when others may read it) or KeyRingMismatch."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except FileNotFoundError:
        msg = f"there is no key file {path.name}; put back the one this ledger was made with"
        raise KeyRingMissing(msg) from None
    except (OSError, UnicodeDecodeError) as error:
        msg = f"the key file {path.name} cannot be read"
        raise KeyRingUnreadable(msg) from error
    if mode & _OTHERS:
        msg = f"the key file {path.name} may be read by others; chmod 600 it"
        raise KeyRingUnreadable(msg)
    ring = _parse(text, path.name)
    if ring.tenant != tenant:
        msg = f"the key file {path.name} belongs to another tenant"
        raise KeyRingMismatch(msg)
    return ring


def create(path: Path, *, tenant: str) -> KeyFile:
    """A new key file with fresh random keys, mode 0600; when somebody else made one meanwhile, theirs."""
    key_id = secrets.token_hex(8)
    ring = {
        "tenant": tenant,
        "current": key_id,
        "keys": {key_id: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()},
        "lookup": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return read(path, tenant=tenant)
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return read(path, tenant=tenant)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse(text: str, name: str) -> KeyFile:
    try:
        data = json.loads(text)
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in data["keys"].items()}
        lookup = base64.b64decode(data["lookup"], validate=True)
        ring = KeyFile(str(data["tenant"]), str(data["current"]), keys, lookup)
    except (ValueError, KeyError, TypeError, AttributeError):
        ring = None
    if (
        ring is None
        or ring.current not in ring.keys
        or any(len(k) != KEY_BYTES for k in (*ring.keys.values(), ring.lookup))
    ):
        msg = f"{name} is not a key file"
        raise KeyRingUnreadable(msg)
    return ring
