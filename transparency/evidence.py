"""What the ledger is held against: everything that its key ever signed, in the database and kept outside it."""

import contextlib
from collections.abc import Iterable, Iterator
from heapq import merge
from typing import NamedTuple

from transparency.checkpoints import open_checkpoint
from transparency.errors import TransparencyError
from transparency.findings import Finding, Kind, Report
from transparency.notes import VerifierKey
from transparency.opening import Opener
from transparency.publishing import Folder
from transparency.stored import Ask

_SIGNED = "select size, note from checkpoints where size > %b::bigint order by size limit 1000"


class Evidence(NamedTuple):
    """The key that signs, checkpoints kept outside by a name for each, and the folder where the tiles are published.

    `holder` is the key that would sign now, where it can be seen. `opener` opens each event, where that is asked for.
    `certificates` are those that are kept outside the database: what they say is destroyed is not to be there again.
    """

    key: VerifierKey | None
    kept: Iterable[tuple[str, bytes]] = ()
    folder: Folder | None = None
    holder: VerifierKey | None = None
    opener: Opener | None = None
    certificates: Iterable[bytes] = ()


class Signed(NamedTuple):
    """A checkpoint that was signed, and where it was found."""

    size: int
    root: bytes
    about: str


def signed_in_order(ask: Ask, evidence: Evidence, report: Report) -> Iterator[Signed]:
    """Every checkpoint that the key signed, by size; what it did not sign is a finding."""
    if evidence.holder not in {None, evidence.key}:
        report.add(Finding(Kind.ANOTHER_KEY, about="the notary's key file"))
    kept = sorted(filter(None, (_opened(about, note, evidence.key, report) for about, note in evidence.kept)))
    report.outside = max((one.size for one in kept), default=0)
    for one in merge(kept, _in_database(ask, evidence.key, report)):
        if one.size:
            report.checkpoints += 1
            yield one


def _in_database(ask: Ask, key: VerifierKey | None, report: Report) -> Iterator[Signed]:
    after = -1
    while rows := ask(_SIGNED, (after,)):
        for size, note in rows:
            signed = _opened(f"the checkpoint of {size} leaves in the database", note, key, report)
            if signed is not None and signed.size != size:
                report.add(Finding(Kind.ANOTHER_KEY, about=signed.about))
            elif signed is not None:
                yield signed
        after = rows[-1][0]


def _opened(about: str, note: bytes, key: VerifierKey | None, report: Report) -> Signed | None:
    if key is not None:
        with contextlib.suppress(TransparencyError):
            checkpoint = open_checkpoint(note, key).checkpoint
            return Signed(checkpoint.size, checkpoint.root, about)
    report.add(Finding(Kind.ANOTHER_KEY, about=about))
    return None
