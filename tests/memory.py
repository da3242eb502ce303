"""Where tests keep what is thrown away with them: in memory where there is room, since a disk is slow to forget."""

import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made by tempfile, under names nobody can guess
_ROOM = 4 << 30
"""Bytes that must be free: a server keeps up to a gigabyte of journal, beside a few small databases at a time."""


def folder_of_folders() -> Path:
    """The folder to make temporary folders in: Linux's own in memory, or the machine's for temporary files.

    A database is a thousand small files. To make and remove them costs a disk's file system four times the processor
    time, whether or not anything is ever brought to the disk.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY
    return Path(tempfile.gettempdir())
