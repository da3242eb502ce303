"""The key file: the wrapping keys and the look-up key, outside every database, readable by its owner alone."""

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from store.errors import KeyRingBusy, KeyRingMismatch, KeyRingMissing, KeyRingUnreadable
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
    text = read_private(path)
    ring = _parse(text, path.name)
    if ring.tenant != tenant:
        msg = f"the key file {path.name} belongs to another tenant"
        raise KeyRingMismatch(msg)
    return ring


def create(path: Path, *, tenant: str) -> KeyFile:
    """A new key file with fresh random keys, mode 0600; when somebody else made one meanwhile, theirs."""
    write_once(path, _text(with_new_key(KeyFile(tenant, "", {}, secrets.token_bytes(KEY_BYTES)))))
    return read(path, tenant=tenant)


def with_new_key(ring: KeyFile) -> KeyFile:
    """The same with one more wrapping key, which wraps from now on."""
    key_id = secrets.token_hex(8)
    return replace(ring, current=key_id, keys={**ring.keys, key_id: secrets.token_bytes(KEY_BYTES)})


def put(path: Path, ring: KeyFile) -> None:
    """Put this in the place of the key file, whole or not at all."""
    write_over(path, _text(ring))


@contextmanager
def rotating(path: Path) -> Iterator[None]:
    """Keep others of this machine from rotating the keys of this folder. Raises KeyRingBusy."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        msg = "the keys are being rotated by another process"
        raise KeyRingBusy(msg) from None
    finally:
        os.close(descriptor)


def read_private(path: Path) -> str:
    """The text of a key file. Raises KeyRingMissing, or KeyRingUnreadable (also when others may read it)."""
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
    return text


def write_once(path: Path, text: str) -> None:
    """Write a key file, whole and for its owner alone; where somebody else made one meanwhile, theirs stays."""
    with _draft(path, text) as draft, suppress(FileExistsError):
        path.hardlink_to(draft)
    sync_folder(path.parent)


def write_over(path: Path, text: str) -> None:
    """Put another text in the place of a key file, whole or not at all."""
    with _draft(path, text) as draft:
        draft.replace(path)
    sync_folder(path.parent)


@contextmanager
def _draft(path: Path, text: str) -> Iterator[Path]:
    """The text in a file of its own beside the path, safe on the disk; gone afterwards if it is still there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(ring: KeyFile) -> str:
    keys = {key_id: base64.b64encode(key).decode() for key_id, key in ring.keys.items()}
    lookup = base64.b64encode(ring.lookup).decode()
    return json.dumps({"tenant": ring.tenant, "current": ring.current, "keys": keys, "lookup": lookup})


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
