"""What a package is made of: files in their formats, what it is about, and by what right it is handed over."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from retention.certificates import Mandate

REPRESENTATION = "rep1"
"""The one representation that a package has."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format by its MIME type, its name and version, and its key in the registry PRONOM."""

    mime_type: str
    name: str
    version: str | None
    key: str


PDF_A = FileFormat("application/pdf", "Acrobat PDF/A - Portable Document Format", "2a", "fmt/476")
JSON = FileFormat("application/json", "JSON Data Interchange Format", None, "fmt/817")
XML = FileFormat("text/xml", "Extensible Markup Language", "1.0", "fmt/101")
TEXT = FileFormat("text/plain", "Plain Text File", None, "x-fmt/111")


@dataclass(frozen=True)
class PackageFile:
    """A file by its path within the folder whose METS document tells of it."""

    path: str
    content: bytes
    format: FileFormat

    @cached_property
    def sha256(self) -> str:
        """The checksum, in lower-case hexadecimal."""
        return sha256(self.content).hexdigest()

    def below(self, folder: str) -> "PackageFile":
        """The same file, seen from further up."""
        return PackageFile(f"{folder}/{self.path}", self.content, self.format)


@dataclass(frozen=True, slots=True)
class Organisation:
    """The authority whose records they are; its code (organisation number) where it is given."""

    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a package is about, who hands it over, and by what right.

    `at` is the latest moment that the package tells of (UTC): it stands wherever a moment of making is asked for, so
    that the package is the same bytes whenever it is made. `schools` are names, from the first to the last.
    `mandate` is None where it is made to be looked at and nothing is destroyed; `decided_at` is when its officers had
    decided.
    """

    package_id: UUID
    at: datetime
    student_id: UUID
    name: str
    schools: tuple[str, ...]
    enrolled_on: date
    ended_on: date | None
    events: int
    plans: int
    is_protected: bool
    software: str
    creator: Organisation
    agreement: str | None = None
    mandate: Mandate | None = None
    decided_at: datetime | None = None

    @property
    def folder(self) -> str:
        """The id of the package as its folder and its file are named."""
        return f"uuid-{self.package_id}"

    @property
    def moment(self) -> str:
        """`at` as XML spells it."""
        return spelt(self.at)


def spelt(at: datetime) -> str:
    """A moment (UTC) as XML spells it, to the second."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
