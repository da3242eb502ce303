"""Puts a package into the archive's folder, whole or not at all, and reads it again before anybody counts on it."""

import os
from hashlib import sha256
from pathlib import Path

from exchange.archive_package.checking import check_package
from exchange.archive_package.errors import PackageDamaged, PackageNotKept
from store.keyfile import sync_folder


def keep_package(folder: Path, package_id: str, packed: bytes) -> str:
    """Write a package, named by its id, over an earlier one of the same id; its SHA-256, as read from the disk.

    What is written is for this user alone (mode 0600). It is on the disk when this returns, and a draft that was left
    by who was stopped is gone. Raises PackageNotKept, and PackageDamaged where what was read back is not what was
    written; then the folder has what it had before.
    """
    draft = folder / f".{package_id}" / f"{package_id}.tar"
    try:
        draft.parent.mkdir(mode=0o700, exist_ok=True)
        draft.unlink(missing_ok=True)
        _write(draft, packed)
        digest = check_package(draft)
        if digest != sha256(packed).hexdigest():
            msg = "what was read back from the disk is not what was written"
            raise PackageDamaged(msg)
        draft.replace(folder / draft.name)
        sync_folder(folder)
    except OSError as error:
        msg = f"the archive's folder cannot be written: {error.strerror or type(error).__name__}"
        raise PackageNotKept(msg) from None
    finally:
        draft.unlink(missing_ok=True)
        _remove(draft.parent)
    return digest


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path) -> None:
    if folder.exists():
        folder.rmdir()
