"""Tries whether the latest backup is good: puts it back beside, applies the register, verifies, and measures.

Everything is done in a PostgreSQL of its own that is thrown away, on copies: of the installation it reads the key file,
the register and what is published, and changes nothing.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from app.backups.manifest import KEYS, LEDGER, Backup
from app.backups.restore import backups_of, refuse_others, restore
from app.databases import Reached, open_ledger
from app.errors import RefusedByRule
from app.postgres import EmbeddedPostgres
from app.postgres_place import PostgresUnavailable
from app.replaying import apply_register, notary_known
from app.settings import Settings
from retention.certificates import FOLDER
from retention.register import Register
from store.database import open_pool
from store.errors import KeysBehind, UnreadableEvent
from store.ledger import Ledger
from transparency.checkpoints import open_checkpoint
from transparency.errors import TransparencyError
from transparency.evidence import Evidence
from transparency.findings import Report
from transparency.notes import VerifierKey
from transparency.stored import head, through
from transparency.verification import verify

_PREFIX = "liggare-drill-"
_OPENED = 100
"""How many of the last events of each feed are opened."""


@dataclass
class Drilled:
    """How it went. `seconds` and `bytes` are by what was done; `lost` are leaves signed since the backup was taken."""

    ledger: str
    keys: str
    taken_at: str
    age_hours: float
    seconds: dict[str, float] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    replayed: dict[str, Any] = field(default_factory=dict)
    register_lines: int = 0
    events: int = 0
    opened: int = 0
    leaves: int = 0
    lost: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was wrong."""
        return not self.findings

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Measure a step."""
        began = monotonic()
        yield
        self.seconds[what] = round(monotonic() - began, 3)


def drill(settings: Settings, ledger: Path, keys: Path, where: Path) -> Drilled:
    """Put the latest backup back in a folder of its own in `where`, look at it, and remove it.

    Raises RefusedByRule where the backup is none, RegisterError, KeyRingError, NotAble; what is wrong with what came
    back is in `findings`.
    """
    began = monotonic()
    backups = backups_of(ledger, keys)
    checked = round(monotonic() - began, 3)
    refuse_others(settings, backups)
    by_part = {one.manifest.part: one for one in backups}
    _refuse_full(where, backups)
    taken_at = by_part[LEDGER].manifest.taken_at
    age = (datetime.now(UTC) - taken_at).total_seconds() / 3600
    done = Drilled(by_part[LEDGER].manifest.id, by_part[KEYS].manifest.id, taken_at.isoformat(), round(age, 2))
    done.seconds["files"] = checked
    done.bytes = {one.manifest.file: one.manifest.bytes for one in backups}
    register = Register(settings.register).read()
    done.register_lines = len(register.lines)
    with done.timed("total"), _beside(settings, where, done) as (aside, reached):
        _try(aside, reached, backups, done)
    return done


def _try(settings: Settings, reached: Reached, backups: list[Backup], done: Drilled) -> None:
    """Restore, replay, open, verify."""
    done.seconds |= restore(settings, reached, backups, replace=False).seconds
    try:
        with done.timed("replay"):
            done.replayed = asdict(apply_register(settings, reached.urls))
        with done.timed("opening"), open_ledger(settings, reached.urls) as ledger:
            _open_last(ledger, done)
    except KeysBehind as error:
        done.findings.append(str(error))
    with done.timed("verification"):
        report = _verified(settings, reached, backups, done)
    done.events, done.leaves = report.events + report.waiting, report.size
    done.findings += [finding.text for finding in report.findings]
    server = reached.server
    if server is not None:
        for part, name in ((LEDGER, "liggare"), (KEYS, "liggare_keys")):
            with server.connect(name) as conn:
                row = conn.execute("select pg_database_size(current_database())").fetchone()
                done.bytes[f"{part} restored"] = row[0] if row else 0


def _open_last(ledger: Ledger, done: Drilled) -> None:
    """Open the last events of each feed: the key file opens the keys, and these the events."""
    for feed, last in ledger.feed_positions().items():
        after = max(0, last - _OPENED)
        try:
            while found := ledger.read_feed(feed, after, _OPENED):
                done.opened += len(found)
                after = found[-1].position
        except UnreadableEvent as error:
            done.findings.append(str(error))


def _verified(settings: Settings, reached: Reached, backups: list[Backup], done: Drilled) -> Report:
    """The ledger as it came back, held against what was signed up to then."""
    key = notary_known(settings)
    kept = [(f"the checkpoint of {day}", note) for day, note in settings.folder.days()]
    published = settings.folder.note()
    kept += [("the published checkpoint", published)] if published is not None else []
    note = next(one.manifest.tree["checkpoint"] for one in backups if one.manifest.part == LEDGER)
    kept += [("the checkpoint of the manifest", str(note).encode())] if note is not None else []
    with open_pool(reached.urls.read, schema=settings.tenant, size=2, name="drill", by_index=True) as pool:
        size = head(through(pool)).size
        sizes = {about: _size(one, key) for about, one in kept}
        done.lost = max(0, max(sizes.values(), default=0) - size)
        then = [(about, one) for about, one in kept if sizes[about] <= size]
        return verify(pool, settings.tenant, Evidence(key, kept=then))


def _size(note: bytes, key: VerifierKey | None) -> int:
    """How many leaves a checkpoint is of; 0 for one that verification is to judge."""
    with suppress(TransparencyError):
        return open_checkpoint(note, key).checkpoint.size if key is not None else 0
    return 0


@contextmanager
def _beside(settings: Settings, where: Path, done: Drilled) -> Iterator[tuple[Settings, Reached]]:
    """A PostgreSQL to throw away, and settings that lead to it and to copies; removed afterwards, whatever happens."""
    for left in where.glob(f"{_PREFIX}*"):
        with suppress(OSError, PostgresUnavailable):  # of one that was killed; one that is at work is not touched
            EmbeddedPostgres(left).discard()
    home = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=where))
    server = EmbeddedPostgres(home)
    try:
        with done.timed("start"):
            urls = server.start()
        register = _copied(settings.register, home / "register")
        aside = settings.model_copy(
            update={
                "home": home,
                "register_file": register,
                "key_file": settings.key_ring,
                "notary_key_file": settings.notary_key,
                "checkpoints": settings.folder.path,
            }
        )
        yield aside, Reached(urls, server.place.run, server)
    finally:
        server.stop()
        server.discard()


def _copied(register: Path, folder: Path) -> Path:
    """The purge register with its certificates, in another folder."""
    certificates = register.parent / FOLDER
    folder.mkdir(mode=0o700)
    if certificates.is_dir():
        shutil.copytree(certificates, folder / FOLDER)
    return Path(shutil.copyfile(register, folder / register.name))


def _refuse_full(where: Path, backups: list[Backup]) -> None:
    """See that there is room for what comes back, with its indexes. Raises RefusedByRule."""
    wanted = 4 * sum(one.manifest.bytes for one in backups) + (1 << 30)
    if shutil.disk_usage(where).free < wanted:
        msg = f"There is not enough room in {where} for a drill: {wanted:,} bytes. Give another folder with --in."
        raise RefusedByRule(msg)
