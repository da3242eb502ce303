"""Spoil a written roster in the ways in which real ones are spoilt, so that an import has something to name."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from app.demo.roster_files import HEADERS

Spoil = Callable[[str, bytes], bytes]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LATIN = b"Sj\xf6berg"
_ENORMOUS = b"A" * 70_000


def make_dirty(folder: Path, *, seed: int, share: float = 0.002) -> int:
    """Add faults to a written roster, in about this share of the rows; the number of rows that were spoilt.

    Unknown roles, dangling ids, ids twice, missing names and control characters, dates that are none, school years
    outside compulsory school, fields too many and too few, quotes that do not close, bytes that are not UTF-8, an
    enormous field, rows to be deleted, and a byte-order mark.
    """
    rng, spoilt = Random(f"dirt {seed}"), 0
    for file, ways in _WAYS.items():
        path = folder / file
        lines = path.read_bytes().split(b"\r\n")
        rows = range(1, len(lines) - 1)
        for at in rng.sample(rows, min(len(rows), max(len(ways), round(len(rows) * share)))):
            way = ways[spoilt % len(ways)]
            lines[at] = way(file, lines[at])
            spoilt += 1
        path.write_bytes((_BYTE_ORDER_MARK if file == "users.csv" else b"") + b"\r\n".join(lines))
    return spoilt


def _put(column: str, value: bytes) -> Spoil:
    """Put a value, which stands in the file as these bytes, in the column."""

    def spoil(file: str, line: bytes) -> bytes:
        fields = next(csv.reader([line.decode()]))
        fields[HEADERS[file].split(",").index(column)] = "\x00"
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(fields)
        return out.getvalue().encode().replace(b"\x00", value)

    return spoil


def _twice(_: str, line: bytes) -> bytes:
    return line + b"\r\n" + line


def _more(_: str, line: bytes) -> bytes:
    return line + b",extra"


def _fewer(_: str, line: bytes) -> bytes:
    return line.rsplit(b",", 2)[0]


def _open_quote(_: str, line: bytes) -> bytes:
    return b'"' + line


_WAYS: Mapping[str, tuple[Spoil, ...]] = {
    "users.csv": (
        _put("role", b"elev"),
        _put("grades", b"11"),
        _put("grades", b"PS"),
        _put("grades", b"sjunde"),
        _put("orgSourcedIds", b"nowhere"),
        _put("familyName", b""),
        _put("familyName", b"Tab\tbed"),
        _put("familyName", _LATIN),
        _put("givenName", _ENORMOUS),
        _put("status", b"tobedeleted"),
        _put("agentSourcedIds", b"nobody"),
        _twice,
        _more,
        _open_quote,
    ),
    "classes.csv": (_put("schoolSourcedId", b"nowhere"), _put("title", b""), _twice, _more),
    "enrollments.csv": (
        _put("role", b"elev"),
        _put("userSourcedId", b"nobody"),
        _put("classSourcedId", b"nowhere"),
        _put("beginDate", b"2025-13-40"),
        _put("endDate", b"yesterday"),
        _put("status", b"tobedeleted"),
        _twice,
        _fewer,
        _open_quote,
    ),
}
