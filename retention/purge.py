"""Destroys one subject at a time: fence, register, key, rows, certificate; whole, or not at all.

What can go wrong, and what stops it:

- *Something is written meanwhile.* A fence is closed first, in the rows that every append locks; tables that requests
  fill refer to `subjects`; a projection has its checkpoint locked while it writes, and the purge locks that too.
- *It is no longer due.* That is asked under the fence, of the file itself. Until then everything can be let go again.
- *It is interrupted.* The line in the purge register is the point of no return: before it the fence is lifted or asked
  again, after it the rest is done again from the beginning, each step being the same the second time. All rows go in
  one transaction, and with them the fact in the run and the certificate.
- *It comes back.* What is left is a mark, a keyed hash, in both databases and in the register; whatever would bring the
  subject in again is refused by it until no copy of the key opens any more.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection, Cursor
from psycopg.rows import TupleRow

from events.retention import DocumentClass, SkipReason
from retention.certificates import FOLDER, Destroyed, Mandate, Sign, certificate, certificate_path, keep_certificate
from retention.items import Item, ListAltered
from retention.register import Line, Register, RegisterNotApplied, state_of, unapplied
from retention.schedules import next_month
from retention.stores import delete_rows, is_forbidden
from store.appends import feed_of
from store.database import Pool, connection
from store.errors import StoreError, VersionConflict
from store.keys import KeyRing
from store.ledger import Ledger
from store.purge_rules import purge_rules
from transparency.alarms import NotNumbered
from transparency.certificates import leaves_sha256

ATTEMPTS = 5
"""How often the transaction that deletes is tried, when it met another."""
_AGAIN = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, VersionConflict)
_FEEDS = "select distinct feed from events where subject_id = %b"
_LOCK_FEEDS = "select feed from feeds where feed = any(%b) order by feed for update"
_FENCE = "update subjects set state = 'purging', changed_at = now() where subject_id = %b"
_LIFT = "update subjects set state = 'active', changed_at = now() where subject_id = %b"
_STATE = "select state, reason, subject_id from disposal_items where run_id = %b and item = %b"
_SET_STATE = "update disposal_items set state = %t, reason = %t where run_id = %b and item = %b"
_MARK_KEY = "insert into destroyed_keys (mark, lapses_on) values (%b, %b) on conflict (mark) do nothing"
_DELETE_KEY = "delete from wrapped_keys where subject_id = %b"
_LOCK_CHECKPOINTS = """
select projection from projection_checkpoints where feed = any(%b) order by projection, feed for update
"""
_MOVE_CHECKPOINTS = "update projection_checkpoints set purged = %b where feed = any(%b)"
_LOCK_SUBJECT = "select kind from subjects where subject_id = %b for update"
_POSITIONS = "select feed, position from events where subject_id = %b order by feed, position"
_MARK = "insert into erased_subjects (mark, lapses_on) values (%b, %b) on conflict (mark) do nothing"
_LAPSE = """
with lapsed as (delete from erased_subjects where lapses_on < %b returning mark)
insert into former_subjects (mark) select l.mark from lapsed as l on conflict (mark) do nothing
"""
_APPLIED = "update register_state set lines = %b, last_line = %b where lines = %b"
_KEEP_NOTE = "insert into purge_certificates (run_id, item, note) values (%b, %b, %b)"
_NOTE = "select note from purge_certificates where run_id = %b and item = %b"
_COUNT_MONTH = "select count(*) from access_record where recorded_at >= %b and recorded_at < %b"
_DROP_MONTHS = "select drop_access_record(%b)"


class Numbering(Protocol):
    """What the purge asks of the notary."""

    def advance(self) -> int:
        """Give every committed event a leaf."""
        ...

    def leaf_ranges(self, cursor: Cursor[TupleRow], positions: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
        """The leaves of positions of feeds, as ranges in order."""
        ...

    def leaf_hashes(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """The hashes of the leaves of ranges, first and last included."""
        ...


class Journal(Protocol):
    """Records in the run what became of its items, in the transaction in which it becomes so."""

    def purged(self, conn: Connection[TupleRow], item: Item, *, leaves: int, certificate_sha256: str) -> None:
        """The item is destroyed."""
        ...

    def skipped(self, conn: Connection[TupleRow], item: Item, reason: SkipReason) -> None:
        """The item is left as it is."""
        ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how long what was destroyed might come back: how often the wrapping key is changed, how long copies live."""

    rotation_days: int = 30
    copies_days: int = 30

    def final_by(self, at: date) -> date:
        """The last day on which a copy of a key that opens what was destroyed that day can exist."""
        return at + timedelta(days=self.rotation_days + self.copies_days)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: destroyed, with its certificate, or left for a reason."""

    note: bytes | None = None
    reason: SkipReason | None = None


@dataclass(frozen=True)
class Purger:
    """Destroys what the items of approved runs name, in the databases of one ledger.

    `pool` and `keys` are of the purge's role at the two databases. The register is held by whoever calls (`held`).
    """

    ledger: Ledger
    pool: Pool
    keys: Pool
    notary: Numbering
    register: Register
    sign: Sign
    keeping: Keeping = Keeping()

    def purge(
        self,
        item: Item,
        mandate: Mandate,
        *,
        still_due: Callable[[], SkipReason | None],
        journal: Journal,
        at: datetime,
    ) -> Outcome:
        """Destroy one item, or finish what was begun of it; an item that is settled is only answered.

        `still_due` says why not; it is asked under the fence. Raises RegisterNotApplied where something else is to be
        finished first, ListAltered, PurgeRuleMissing before anything is destroyed, StoreUnavailable; may be called
        again after anything.
        """
        settled, subject_id = self._settled(item)
        if settled is not None:
            return settled
        line = self.register.of(item.run_id, item.item)
        self._refuse_another_unfinished(line)
        if line is None:
            try:
                reason = self._closed(item, subject_id, still_due)
                if reason is not None:
                    return self._left(item, subject_id, reason, journal)
                destroyed = self._numbered(subject_id)
                line = self._registered(item, subject_id, at)
            except Exception:
                self._reopen(item, subject_id)
                raise
        else:
            destroyed = self.events_of(subject_id)
        self._destroy_key(subject_id, line)
        note = self._deleted(item, subject_id, mandate, line, destroyed, journal)
        self._file(item, note)
        return Outcome(note)

    @property
    def certificates(self) -> Path:
        """Where the certificates are kept outside the databases: beside the register."""
        return self.register.path.parent / FOLDER

    def sweep_marks(self, on: date) -> int:
        """Refuse those no more of whom nothing can come back any more on this day; how many."""
        with connection(self.keys) as conn:
            conn.execute("delete from destroyed_keys where lapses_on < %b", (on,))
        with connection(self.pool) as conn:
            return conn.execute(_LAPSE, (on,)).rowcount

    def retake_statistics(self) -> None:
        """Let the planner of neither database know ids of rows that are gone: to be done when items are destroyed.

        Of a table that has no row at all it keeps what it knew until there is one.
        """
        with connection(self.keys) as conn:
            conn.execute("select retake_statistics()")
        with connection(self.pool) as conn, conn.cursor(binary=True) as cursor:
            for rule in purge_rules(cursor):
                if rule.columns:
                    conn.execute("select retake_statistics(%t)", (rule.table,))

    def _settled(self, item: Item) -> tuple[Outcome | None, UUID | None]:
        """What became of the item, if that is known; and whom it is about."""
        with connection(self.pool) as conn, conn.cursor(binary=True) as cursor:
            row = cursor.execute(_STATE, (item.run_id, item.item)).fetchone()
            if row is None:
                msg = "there is no such item"
                raise LookupError(msg)
            state, reason, subject_id = row
            is_registered = self.register.of(item.run_id, item.item) is not None
            if subject_id not in {item.subject_id, None} or (state == "purged" and not is_registered):
                msg = f"item {item.item} of run {item.run_id} is not what was approved"
                raise ListAltered(msg)
            if state == "skipped":
                return Outcome(reason=SkipReason(reason)), subject_id
            if state == "purged":
                kept = cursor.execute(_NOTE, (item.run_id, item.item)).fetchone()
                note = bytes(kept[0]) if kept else b""
                self._file(item, note)
                return Outcome(note), None
            return None, subject_id

    def _refuse_another_unfinished(self, line: Line | None) -> None:
        """See that the ledger has been through every line of the register but this item's own."""
        waiting = unapplied(self.register, state_of(self.pool))
        if waiting not in ([], [line]):
            msg = f"item {waiting[0].item} of run {waiting[0].run} is to be finished first"
            raise RegisterNotApplied(msg)

    def _closed(
        self, item: Item, subject_id: UUID | None, still_due: Callable[[], SkipReason | None]
    ) -> SkipReason | None:
        """Close the fence and ask whether the item is still due; why not, if it is not."""
        if item.document_class is DocumentClass.ACCESS_RECORD:
            with connection(self.pool) as conn, conn.cursor(binary=True) as cursor:
                _set_state(cursor, item, "purging")
            return still_due()
        if subject_id is None or not self._fenced(item, subject_id):
            return SkipReason.GONE
        reason = still_due()
        if reason is None:
            with connection(self.pool) as conn, conn.cursor(binary=True) as cursor:
                return SkipReason.IN_USE if is_forbidden(cursor, subject_id) else None
        return reason

    def _fenced(self, item: Item, subject_id: UUID) -> bool:
        """Let nothing more be appended about the subject; whether there is such a subject."""
        with connection(self.pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            cursor.execute(_LOCK_FEEDS, (_feeds(cursor, subject_id),), prepare=True)
            if not cursor.execute(_FENCE, (subject_id,), prepare=True).rowcount:
                return False
            _set_state(cursor, item, "purging")
        return True

    def _left(self, item: Item, subject_id: UUID | None, reason: SkipReason, journal: Journal) -> Outcome:
        """Lift the fence and leave the item."""
        with connection(self.pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            if subject_id is not None:
                cursor.execute(_LIFT, (subject_id,), prepare=True)
            _set_state(cursor, item, "skipped", reason)
            journal.skipped(conn, item, reason)
        return Outcome(reason=reason)

    def _reopen(self, item: Item, subject_id: UUID | None) -> None:
        """Lift the fence again where nothing is destroyed; where that fails too, the next run does it."""
        if subject_id is None or self.register.of(item.run_id, item.item) is not None:
            return
        with suppress(StoreError, psycopg.Error), connection(self.pool) as conn, conn.transaction():
            conn.execute(_LIFT, (subject_id,))
            _set_state(conn.cursor(binary=True), item, "planned")

    def _registered(self, item: Item, subject_id: UUID | None, at: datetime) -> Line:
        """The point of no return."""
        return self.register.add(
            mark=self._mark(item, subject_id),
            run=item.run_id,
            item=item.item,
            kind=item.subject_kind,
            at=at,
            lapses_on=self.keeping.final_by(at.date()),
        )

    def _mark(self, item: Item, subject_id: UUID | None) -> bytes:
        if subject_id is None:
            return month_mark(self.ledger.keys, item.month)
        return self.ledger.keys.mark(subject_id)

    def _destroy_key(self, subject_id: UUID | None, line: Line) -> None:
        """The first half: after this nothing that is sealed for the subject opens, wherever it is."""
        if subject_id is None:
            return
        with connection(self.keys) as conn, conn.transaction():
            conn.execute(_MARK_KEY, (bytes.fromhex(line.mark), line.lapses_on))
            conn.execute(_DELETE_KEY, (subject_id,))
        self.ledger.forget(subject_id)

    def _deleted(
        self,
        item: Item,
        subject_id: UUID | None,
        mandate: Mandate,
        line: Line,
        destroyed: Destroyed,
        journal: Journal,
    ) -> bytes:
        """The second half, tried again where it met others; the certificate."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with connection(self.pool) as conn, conn.transaction():
                    return self._delete(conn, item, subject_id, mandate, line, destroyed, journal)
            except _AGAIN:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError  # the last attempt returns or raises

    def _numbered(self, subject_id: UUID | None) -> Destroyed:
        """The events that are to go, each with its leaf: one that has none yet is given it now."""
        try:
            return self.events_of(subject_id)
        except NotNumbered:
            self.notary.advance()
            return self.events_of(subject_id)

    def events_of(self, subject_id: UUID | None) -> Destroyed:
        """The events that are to go, by their leaves: behind the fence they are what they are."""
        if subject_id is None:
            return Destroyed((), leaves_sha256(()), 0, {})
        with connection(self.pool) as conn, conn.cursor(binary=True) as cursor:
            positions: dict[int, list[int]] = {}
            for feed, position in cursor.execute(_POSITIONS, (subject_id,), prepare=True).fetchall():
                positions.setdefault(feed, []).append(position)
            ranges = self.notary.leaf_ranges(cursor, positions)
        hashes = self.notary.leaf_hashes(ranges)
        return Destroyed(ranges, leaves_sha256(hashes), len(hashes), {})

    def _delete(
        self,
        conn: Connection[TupleRow],
        item: Item,
        subject_id: UUID | None,
        mandate: Mandate,
        line: Line,
        destroyed: Destroyed,
        journal: Journal,
    ) -> bytes:
        """One transaction: every row, the mark, the certificate, and last, as it locks a feed, the fact in the run."""
        with conn.cursor(binary=True) as cursor:
            if subject_id is None:
                rows = drop_month(cursor, item.month)
            else:
                hold_still(cursor, subject_id)
                rows = delete_rows(cursor, subject_id, item.subject_kind)
                cursor.execute(_MARK, (bytes.fromhex(line.mark), line.lapses_on), prepare=True)
            text = certificate(item, mandate, replace(destroyed, rows=rows), at=line.at, final_by=line.lapses_on)
            note = self.sign(text)
            _set_state(cursor, item, "purged")
            cursor.execute(_KEEP_NOTE, (item.run_id, item.item, note), prepare=True)
            cursor.execute(_APPLIED, (line.n, self.register.digest(line.n), line.n - 1), prepare=True)
        journal.purged(conn, item, leaves=destroyed.events, certificate_sha256=sha256(note).hexdigest())
        return note

    def _file(self, item: Item, note: bytes) -> None:
        """Keep a certificate outside; what is kept there stays as it was given."""
        if note and not certificate_path(self.certificates, item.run_id, item.item).exists():
            keep_certificate(self.certificates, item, note)


def _feeds(cursor: Cursor[TupleRow], subject_id: UUID) -> list[int]:
    """The feeds of the subject's streams. A file's and a person's one stream has the id of its subject."""
    rows = cursor.execute(_FEEDS, (subject_id,), prepare=True).fetchall()
    return sorted({feed_of(subject_id), *(feed for (feed,) in rows)})


def month_mark(keys: KeyRing, month: date | None) -> bytes:
    """What the register says of a month of the access record."""
    return keys.lookup_digest(b"month\x00" + str(month).encode())


def hold_still(cursor: Cursor[TupleRow], subject_id: UUID) -> None:
    """Wait for projections and requests that are writing rows of the subject, and keep others out until the end.

    Checkpoints are locked twice: while the live ones are held no rebuild begins or ends, so then all are there.
    """
    feeds = _feeds(cursor, subject_id)
    for _ in range(2):
        cursor.execute(_LOCK_CHECKPOINTS, (feeds,), prepare=True).fetchall()
    cursor.execute(_MOVE_CHECKPOINTS, (uuid4(), feeds), prepare=True)
    cursor.execute(_LOCK_SUBJECT, (subject_id,), prepare=True)


def _set_state(cursor: Cursor[TupleRow], item: Item, state: str, reason: str | None = None) -> None:
    cursor.execute(_SET_STATE, (state, reason, item.run_id, item.item), prepare=True)


def drop_month(cursor: Cursor[TupleRow], month: date | None) -> dict[str, int]:
    """Drop a month of the access record, with what is older; how many looks that month had."""
    if month is None:
        msg = "an item without a subject is a month"
        raise ValueError(msg)
    following = next_month(month)
    row = cursor.execute(_COUNT_MONTH, (month, following)).fetchone()
    cursor.execute(_DROP_MONTHS, (following,))
    return {"access_record": row[0] if row else 0}
