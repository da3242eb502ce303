"""What can be wrong with a package; no text names a pupil, and paths within a package hold ids alone."""


class PackageError(Exception):
    """Base of what can be wrong with a package; the text says what."""


class PackageNotMade(PackageError):
    """There is nothing to make it of, or what there is does not hold."""


class PackageNotKept(PackageError):
    """The folder is missing, full or not ours to write in."""


class PackageDamaged(PackageError):
    """What is on the disk is not a package by the specification, or not the one that was made."""
