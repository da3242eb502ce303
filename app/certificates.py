"""Whether the certificates of a run hold: by their signature, by the run's own events, by the tree and the register."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from aggregates.disposal_run import DisposalRun
from app.settings import Settings
from app.wiring import Parts
from events.retention import SubjectPurged
from retention.certificates import FOLDER, certificate_path
from retention.register import Register
from transparency.certificates import open_certificate
from transparency.errors import TransparencyError
from transparency.notary import leaf_hashes
from transparency.notes import VerifierKey
from transparency.stored import through


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate that was looked at, and what is wrong with it; None where it holds."""

    run_id: UUID
    item: int
    fault: str | None = None


def check_run(settings: Settings, parts: Parts, run: DisposalRun, key: VerifierKey) -> Iterator[Checked]:
    """Look at the certificate of each item that the run says is destroyed. Raises RegisterError, StoreUnavailable."""
    register = Register(settings.register).read()
    for item, purged in sorted(run.purged.items()):
        if register.of(run.id, item) is None:
            yield Checked(run.id, item, "the purge register has no line of it")
            continue
        yield Checked(run.id, item, next(_faults(settings, parts, run.id, purged, key), None))


def _faults(settings: Settings, parts: Parts, run_id: UUID, purged: SubjectPurged, key: VerifierKey) -> Iterator[str]:
    """What is wrong with a certificate, in the order in which it is looked for; what comes after the first may fail."""
    note = parts.context.items.certificate(run_id, purged.item)
    if note is None:
        yield "there is no certificate"
        return
    if sha256(note).hexdigest() != purged.certificate_sha256:
        yield "it is another than the run's own events say"
    try:
        opened = open_certificate(note, key)
    except TransparencyError as error:
        yield str(error)
        return
    if (opened.said["run"], opened.said["item"]) != (str(run_id), purged.item):
        yield "it is of another item"
    ask = through(parts.pool)
    hashes = [one for first, last in opened.leaves for one in leaf_hashes(ask, first, last)]
    if len(hashes) != purged.leaves or not opened.fits(hashes):
        yield "the tree has other leaves than it names"
    path = certificate_path(settings.register.parent / FOLDER, run_id, purged.item)
    if not path.is_file() or path.read_bytes() != note:
        yield "the copy beside the purge register is missing or another"
