"""Which characters the fonts in a folder have: what an operator adds, for scripts that the compiler's own lack."""

import struct
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import structlog

_KINDS = frozenset({".ttf", ".otf"})
_UNICODE = frozenset({(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)})
"""Platform and encoding of the tables that are by Unicode."""
_log = structlog.get_logger()


@cache
def characters_of(folder: Path) -> frozenset[str]:
    """Every letter, mark and sign that a TrueType or OpenType font in the folder has; read once for each process.

    A file that cannot be read as a font has none.
    """
    found = set[int]()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _KINDS:
            try:
                found.update(_codes(path.read_bytes()))
            except (OSError, struct.error):
                _log.warning("font_not_read", font=path.name)
    return frozenset(character for character in map(chr, found) if unicodedata.category(character)[0] not in "CZ")


def _codes(font: bytes) -> Iterator[int]:
    """The codes that a glyph stands for, as the font's tables say (OpenType, `cmap`)."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {tag: at for tag, _, at, _ in (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(count))}
    if b"cmap" not in tables:
        return
    cmap = font[tables[b"cmap"] :]
    (count,) = struct.unpack_from(">H", cmap, 2)
    for n in range(count):
        platform, encoding, at = struct.unpack_from(">HHL", cmap, 4 + 8 * n)
        (form,) = struct.unpack_from(">H", cmap, at)
        if (platform, encoding) in _UNICODE and form in _FORMS:
            yield from _FORMS[form](cmap[at:])


def _segments(table: bytes) -> Iterator[int]:
    """Format 4: segments of codes; what has the glyph 0 is missing."""
    size = struct.unpack_from(">H", table, 6)[0]
    form = f">{size // 2}H"
    ends, starts = struct.unpack_from(form, table, 14), struct.unpack_from(form, table, 16 + size)
    deltas, offsets = struct.unpack_from(form, table, 16 + 2 * size), struct.unpack_from(form, table, 16 + 3 * size)
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, end + 1):
            glyph = code
            if offsets[n]:
                (glyph,) = struct.unpack_from(">H", table, 16 + 3 * size + 2 * n + offsets[n] + 2 * (code - start))
            if glyph and (glyph + deltas[n]) & 0xFFFF:
                yield code


def _groups(table: bytes) -> Iterator[int]:
    """Format 12: groups of codes."""
    (count,) = struct.unpack_from(">L", table, 12)
    for n in range(count):
        start, end, _ = struct.unpack_from(">LLL", table, 16 + 12 * n)
        yield from range(start, min(end, sys.maxunicode) + 1)


_FORMS = {4: _segments, 12: _groups}
