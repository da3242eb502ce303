"""Read one CSV file of a roster row by row: every row that cannot be read is named, no secret column is ever kept."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MAX_RECORD = 65_536
"""Characters of one row; more than that is a broken file, not a roster."""

MAX_LINES = 50
"""Lines that one row may span by quoted line breaks."""

_SECRET = re.compile(r"pass|pwd|secret|l\u00f6sen|token", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\"\s]+")
_LONGEST_ID = 200
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Why a row, or a whole file (line 0), is not used. Never holds anything of the row itself."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"


@dataclass(slots=True)
class Faults:
    """What is wrong in the files of a roster.

    `mentioned` are the words of rows that could not be read, as far as they cannot be of a secret column: among them
    are the ids of those whom the rows were about.
    """

    found: list[Fault] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands and the columns that were asked for, trimmed; an absent column is empty."""

    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def fault(self, column: str, reason: str) -> Fault:
        """What is wrong with this row."""
        return Fault(self.file, self.line, column, reason)


class FileUnusable(Exception):
    """The whole file cannot be used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def header_of(path: Path) -> list[str]:
    """The names of a file's columns in lower case, secret ones left out. Raises FileUnusable."""
    lines = _lines(path)
    _, names = _header(path.name, _decoded_header(path.name, lines[0]))
    return [name for name in names if not _SECRET.search(name)]


def read_rows(path: Path, required: Sequence[str], optional: Sequence[str], faults: Faults) -> Iterator[Row]:
    """The rows of a CSV file, with only the named columns (matched without regard to case).

    UTF-8 with or without a byte-order mark, LF, CRLF or CR, comma or semicolon. A row that cannot be read is added to
    `faults` and the rows after it are read all the same. Raises FileUnusable for a file without a usable header.
    """
    file, lines = path.name, _lines(path)
    separator, names = _header(file, _decoded_header(file, lines[0]))
    places = _places(file, names, required, optional)
    for line, record, reason in _records(lines):
        fields, why = ([], reason) if reason else _split(record, separator, len(names))
        if why:
            faults.found.append(Fault(file, line, "", why))
            faults.mentioned.update(_words(record, separator, names))
        else:
            yield Row(file, line, {column: fields[at].strip() if at >= 0 else "" for column, at in places.items()})


def _split(record: bytes, separator: str, count: int) -> tuple[list[str], str]:
    """The fields of a record, or why there are none."""
    try:
        fields = _fields(record.decode("utf-8").rstrip("\r"), separator)
    except UnicodeDecodeError:
        return [], "the row is not UTF-8: save the file as UTF-8"
    if fields is None:
        return [], "the quotes in this row do not fit together"
    if len(fields) != count:
        return [], f"the row has {len(fields)} fields, the header has {count}"
    return fields, ""


def _words(record: bytes, separator: str, names: Sequence[str]) -> set[str]:
    """The words of a row that cannot be read, but nothing from where a secret column may stand.

    Cutting at every separator makes at least as many parts as there are fields, so what is secret stands no further to
    the left than its column, but for as many places as the row has too few.
    """
    parts = record[:MAX_RECORD].decode("utf-8", "replace").split(separator)
    secret = [at for at, name in enumerate(names) if _SECRET.search(name)]
    if secret:
        parts = parts[: max(0, secret[0] - max(0, len(names) - len(parts)))]
    words = (word for part in parts for word in _BETWEEN.split(part))
    return {word for word in words if 0 < len(word) <= _LONGEST_ID}


def _lines(path: Path) -> list[bytes]:
    try:
        content = path.read_bytes()
    except OSError:
        raise FileUnusable(Fault(path.name, 0, "", "the file is missing or cannot be opened")) from None
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    return content.split(b"\n")


def _decoded_header(file: str, line: bytes) -> str:
    if line.startswith(_OTHER_ENCODINGS) or b"\x00" in line:
        raise FileUnusable(Fault(file, 0, "", "the file is not UTF-8: save it as UTF-8"))
    try:
        header = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise FileUnusable(Fault(file, 1, "", "the header is not UTF-8: save the file as UTF-8")) from None
    if not header.strip():
        raise FileUnusable(Fault(file, 0, "", "the file is empty: a header is needed"))
    return header


def _header(file: str, header: str) -> tuple[str, list[str]]:
    """The separator and the column names, in lower case."""
    separator = ";" if ";" in header and "," not in header else ","
    names = [name.strip().lower() for name in _fields(header, separator) or ()]
    if not names:
        raise FileUnusable(Fault(file, 1, "", "the header cannot be read"))
    return separator, names


def _places(file: str, names: list[str], required: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    """Where each wanted column stands, -1 where an optional one is not there. A secret column is never wanted."""
    places: dict[str, int] = {}
    for column in (*required, *optional):
        if _SECRET.search(column):
            msg = f"the column {column} is never read"
            raise ValueError(msg)
        count = names.count(column.lower())
        if count > 1:
            raise FileUnusable(Fault(file, 1, column, "the column is there more than once"))
        if count == 0 and column in required:
            raise FileUnusable(Fault(file, 1, column, "the column is missing"))
        places[column] = names.index(column.lower()) if count else -1
    return places


def _records(lines: list[bytes]) -> Iterator[tuple[int, bytes, str]]:
    """Each record after the header: its first line's number, itself, and why it cannot be read, if it cannot.

    Quoted line breaks join lines.
    """
    at = 1
    while at < len(lines):
        first, at = at, at + 1
        record, reason = lines[first], ""
        if not record.strip():
            continue
        if record.count(b'"') % 2:
            end = _closing(lines, first)
            if end is None:
                reason = "a quote is opened here and not closed"
            else:
                record, at = b"\n".join(lines[first:end]), end
        if len(record) > MAX_RECORD:
            reason = f"the row is longer than {MAX_RECORD} bytes"
        yield first + 1, record, reason


def _closing(lines: list[bytes], first: int) -> int | None:
    """The line after the one that closes the quote opened in the first; None where none near does."""
    quotes, size = 0, 0
    for end in range(first, min(first + MAX_LINES, len(lines))):
        quotes += lines[end].count(b'"')
        size += len(lines[end])
        if size > MAX_RECORD:
            return None
        if quotes % 2 == 0:
            return end + 1
    return None


def _fields(record: str, separator: str) -> list[str] | None:
    if '"' not in record:
        return record.split(separator)
    try:
        (fields,) = csv.reader([record], delimiter=separator, strict=True)
    except (csv.Error, ValueError):
        return None
    return fields
