"""The purge register: what was destroyed, in a file outside every database, so that no backup brings it back.

What can go wrong is that a database is restored that does not know of a purge, or that the file is lost, cut short or
written over. So each line holds the hash of the line before it; a line is on the disk before anything is destroyed; the
ledger knows how many lines it has been through; and a register that is missing beside a ledger that has events, or that
is shorter or another than the ledger has seen, is a refusal by name.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from store.database import Pool, fetch
from store.errors import StoreError
from store.keyfile import sync_folder
from store.keys import KeyRing
from store.readers import SYSTEM, as_seen_by

_NOTHING = b""
_STATE = "select lines, last_line from register_state"
_UNDER_WAY = as_seen_by(
    b"select 1 from disposal_items where run_id = %b and item = %b and state in ('purging', 'purged')"
).decode()


MONTH = "access_record"
"""The kind of subject that is none: a month of the access record."""


class RegisterError(StoreError):
    """Base of what can be wrong with the purge register."""


class RegisterMissing(RegisterError):
    """There is no purge register beside a ledger that is in use; put it back, none is ever made over old data."""


class RegisterDamaged(RegisterError):
    """A line of the purge register does not follow from the line before it, or is none."""


class RegisterNotThisLedgers(RegisterError):
    """The ledger has been through more lines than the purge register has, or through others."""


class RegisterNotApplied(RegisterError):
    """The database is older than the purge register: what was destroyed is in it again until that is applied."""


class RegisterBusy(RegisterError):
    """Another process is destroying just now."""


@dataclass(frozen=True, slots=True)
class Line:
    """One purge. `previous` is the SHA-256 of the line before; `mark` a keyed hash of whom it was about.

    After `lapses_on` nothing of it can come back, and the mark is looked at no more. A month of the access record is
    marked by its first day.
    """

    n: int
    previous: str
    mark: str
    run: UUID
    item: int
    kind: str
    at: datetime
    lapses_on: date

    @property
    def text(self) -> bytes:
        """The line as the file has it."""
        said = {name: value if isinstance(value, int) else str(value) for name, value in asdict(self).items()}
        return json.dumps(said, separators=(",", ":")).encode() + b"\n"


class State(NamedTuple):
    """How far a ledger is through the register: how many lines, and the SHA-256 of the last."""

    lines: int
    last_line: bytes


class Register:
    """The lines of one register, added to by one process at a time. Raises RegisterError, OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[Line] = []
        self._digests = [_NOTHING]
        self._end = 0
        self._by_item: dict[tuple[UUID, int], Line] = {}
        self._file: BinaryIO | None = None

    @staticmethod
    def begin(path: Path) -> None:
        """Make an empty register, with the ledger it belongs to; one that is there stays."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.fsync(descriptor)
        os.close(descriptor)
        sync_folder(path.parent)

    def read(self) -> "Register":
        """Read what is new in the file. A line that was not written to its end counts for nothing."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._end)
                for text in file:
                    if text.endswith(b"\n"):
                        self._take(text)
        except FileNotFoundError:
            msg = f"there is no purge register {self.path.name}; put it back from where it is kept"
            raise RegisterMissing(msg) from None
        return self

    def of(self, run: UUID, item: int) -> Line | None:
        """The line of an item, if it was destroyed or is about to be."""
        return self._by_item.get((run, item))

    def digest(self, n: int) -> bytes:
        """The SHA-256 of a line by its number; empty for 0."""
        return self._digests[n]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from adding, and from destroying anything. Raises RegisterBusy.

        The certificates that were put beside it meanwhile are on the disk, by name too, when this ends.
        """
        if self._file is not None:
            yield
            return
        try:
            file = self.path.open("r+b")
        except FileNotFoundError:
            msg = f"there is no purge register {self.path.name}; put it back from where it is kept"
            raise RegisterMissing(msg) from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                msg = "another process is destroying just now"
                raise RegisterBusy(msg) from None
            self.read()
            self._file = file
            try:
                yield
            finally:
                self._file = None
                for folder in (beside for beside in self.path.parent.iterdir() if beside.is_dir()):
                    sync_folder(folder)

    def add(self, *, mark: bytes, run: UUID, item: int, kind: str, at: datetime, lapses_on: date) -> Line:
        """Add a line; it is on the disk when this returns. Only while held."""
        if self._file is None:
            msg = "the register is added to while it is held"
            raise ValueError(msg)
        line = Line(len(self.lines) + 1, self._digests[-1].hex(), mark.hex(), run, item, kind, at, lapses_on)
        self._file.seek(self._end)
        self._file.truncate()
        self._file.write(line.text)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._take(line.text)
        return line

    def _take(self, text: bytes) -> None:
        line = _parsed(text)
        if line is None or line.n != len(self.lines) + 1 or line.previous != self._digests[-1].hex():
            msg = f"line {len(self.lines) + 1} of the purge register is not what was written"
            raise RegisterDamaged(msg)
        self.lines.append(line)
        self._digests.append(sha256(text).digest())
        self._by_item[line.run, line.item] = line
        self._end += len(text)


def state_of(pool: Pool) -> State:
    """How far the ledger of this pool is. Raises StoreUnavailable."""
    return State(*fetch(pool, _STATE, ())[0])


def refuse_unless_applied(pool: Pool, keys: KeyRing, path: Path) -> None:
    """See that both databases have been through the whole register, but for what is being destroyed at this moment.

    Raises RegisterMissing, RegisterDamaged, RegisterNotThisLedgers or RegisterNotApplied.
    """
    register = Register(path).read()
    known, state = len(register.lines), state_of(pool)
    unapplied(register.read(), state)  # read again: another process may destroy just now
    waiting = register.lines[state.lines : known]
    if waiting and not (len(waiting) == 1 and is_under_way(pool, waiting[0])):
        msg = f"{len(waiting)} purges are not applied: run `./liggare retention replay`"
        raise RegisterNotApplied(msg)
    today = datetime.now(UTC).date()
    marked = (line for line in reversed(register.lines[: state.lines]) if line.kind != MONTH)
    last = next((line for line in marked if line.lapses_on >= today), None)
    if last is not None and not keys.has_mark(bytes.fromhex(last.mark)):
        msg = "the database of keys is older than the purge register: run `./liggare retention replay`"
        raise RegisterNotApplied(msg)


def unapplied(register: Register, state: State) -> list[Line]:
    """The lines that the ledger has not been through. Raises RegisterNotThisLedgers."""
    if state.lines > len(register.lines) or register.digest(state.lines) != state.last_line:
        msg = "the purge register is older than the ledger, or another ledger's; put back the newest"
        raise RegisterNotThisLedgers(msg)
    return register.lines[state.lines :]


def is_under_way(pool: Pool, line: Line) -> bool:
    """Whether the item of a line is being destroyed, or was when somebody stopped, or is by now."""
    return bool(fetch(pool, _UNDER_WAY, (line.run, line.item, *SYSTEM.settings)))


def _parsed(text: bytes) -> Line | None:
    try:
        said: dict[str, Any] = json.loads(text)
        line = Line(
            said["n"],
            said["previous"],
            said["mark"],
            UUID(said["run"]),
            said["item"],
            said["kind"],
            datetime.fromisoformat(said["at"]),
            date.fromisoformat(said["lapses_on"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return line if line.text == text else None
