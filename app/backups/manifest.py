"""What says that a folder is a whole backup, and of what: written last, read first, held against every file."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from app.errors import RefusedByRule
from store.keyfile import sync_folder

FORMAT = "liggare-backup/1"
MANIFEST = "manifest.json"
LEDGER, KEYS = "ledger", "keys"
CALLED = {LEDGER: "the ledger's database", KEYS: "the database of keys"}
DUMPS = {LEDGER: "ledger.dump", KEYS: "keys.dump"}
_UNFINISHED = ".unfinished-"
_ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """One part of a backup: the dump of one database, and what it held at the moment of which it is.

    `id` is of both parts. `rows` are counts by name; `ledger` has the tree, the checkpoint and how far the database is
    through the purge register; `ring_keys` are the ids of the keys that wrap, which no backup holds.
    """

    id: str
    part: str
    tenant: str
    taken_at: datetime
    bytes: int
    sha256: str
    versions: dict[str, str]
    migrations: list[str]
    rows: dict[str, int]
    register: dict[str, Any]
    tree: dict[str, Any]
    ring_keys: list[str]

    @property
    def file(self) -> str:
        """The name of the dump."""
        return DUMPS[self.part]

    @property
    def text(self) -> str:
        """The manifest as its file has it."""
        said = {"format": FORMAT, **asdict(self), "taken_at": self.taken_at.isoformat()}
        return json.dumps(said, indent=1) + "\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The manifest of a file. Raises ValueError, KeyError or TypeError."""
        said = json.loads(text)
        if said.pop("format") != FORMAT or said["part"] not in DUMPS or not _ID.fullmatch(said["id"]):
            raise ValueError
        found = cls(**said | {"taken_at": datetime.fromisoformat(said["taken_at"])})
        counts = [found.bytes, *found.rows.values(), found.register.get("lines", 0), found.tree.get("size", 0)]
        if not all(isinstance(one, int) for one in counts) or not isinstance(found.sha256, str):
            raise ValueError
        return found


@dataclass(frozen=True)
class Backup:
    """A folder that holds one part of a backup."""

    path: Path
    manifest: Manifest

    @property
    def dump(self) -> Path:
        """The dump of the database."""
        return self.path / self.manifest.file

    def verify(self) -> None:
        """Hold the dump against the manifest. Raises RefusedByRule."""
        try:
            size, digest = self.dump.stat().st_size, digest_of(self.dump)
        except OSError as problem:
            msg = f"{self.dump} cannot be read ({problem.strerror}): this is no backup any more."
            raise RefusedByRule(msg) from None
        if (size, digest) != (self.manifest.bytes, self.manifest.sha256):
            msg = f"{self.dump} is not what the manifest says: damaged, cut short or exchanged. Take another backup."
            raise RefusedByRule(msg)


def new_id(at: datetime) -> str:
    """What a backup is called: the moment (UTC), so that the latest is the last by name."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}"


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def unfinished(folder: Path, name: str) -> Iterator[Path]:
    """A folder to fill, which gets its name when all is there and on the disk; gone where something failed."""
    draft = folder / f"{_UNFINISHED}{name}"
    draft.mkdir(mode=0o700, parents=True)
    try:
        yield draft
        for path in (*draft.rglob("*"), draft):
            _sync(path)
        draft.rename(folder / name)
        sync_folder(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what a backup left that was killed. Only for who knows that none is being taken."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def find_backup(folder: Path, part: str) -> Backup:
    """The backup that a folder is, else the latest in it. Raises RefusedByRule where there is none."""
    if (folder / MANIFEST).is_file():
        found = _read(folder)
        if found is None or found.manifest.part != part:
            msg = f"{folder} is no backup of {CALLED[part]}: its {MANIFEST} says otherwise, or cannot be read."
            raise RefusedByRule(msg)
        return found
    backups = list(_backups(folder, part))
    if not backups:
        msg = f"There is no whole backup of {CALLED[part]} in {folder}."
        raise RefusedByRule(msg)
    return backups[-1]


def _backups(folder: Path, part: str) -> Iterable[Backup]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        found = _read(path) if _ID.fullmatch(path.name) else None
        if found is not None and found.manifest.part == part:
            yield found


def _read(path: Path) -> Backup | None:
    try:
        return Backup(path, Manifest.parse((path / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
