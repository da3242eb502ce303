"""Applies the purge register to databases that were put back from a backup: who was destroyed is destroyed again.

What can go wrong is that somebody comes back with a backup, and that nobody notices. So a ledger that has not been
through the whole register is opened by nobody but this. A subject is found by its mark, whatever the backup knows of
runs and items; the key goes first; rows, mark, certificate and the count of lines applied go in one transaction a line,
so that it goes on where it was stopped. What is the same the second time is done the second time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow

from events.retention import DocumentClass
from retention.certificates import Destroyed, canonical, certificate_path
from retention.items import SUBJECT_KINDS
from retention.purge import Purger, drop_month, hold_still, month_mark
from retention.register import MONTH, Line, is_under_way, state_of, unapplied
from retention.stores import delete_rows
from store.database import Pool, connection, fetch
from store.keys import KeyRing
from transparency.certificates import Certificate, open_certificate
from transparency.errors import TransparencyError
from transparency.notes import VerifierKey

_SUBJECTS = "select subject_id from subjects where subject_id > %b order by subject_id limit %b"
_KEYS = "select subject_id from wrapped_keys where subject_id > %b order by subject_id limit %b"
_KNOWN_MARKS = "select mark from destroyed_keys where mark = any(%b)"
_MARK_KEYS = """
insert into destroyed_keys (mark, lapses_on)
select m.mark, m.lapses_on from unnest(%b::bytea[], %b::date[]) as m (mark, lapses_on)
on conflict (mark) do nothing
"""
_DELETE_KEYS = "delete from wrapped_keys where subject_id = any(%b)"
_MARK = "insert into erased_subjects (mark, erased_at, lapses_on) values (%b, %b, %b) on conflict (mark) do nothing"
_ITEM = """
insert into disposal_items (
    run_id, item, document_class, subject_kind, commitment, due_on, schedule_id, action, state
)
values (%b, %b, %t, %t, %b, %b, %b, %t, 'purged')
on conflict (run_id, item) do update set state = 'purged', reason = null, subject_id = null, nonce = null
"""
_ITEM_DONE = """
update disposal_items set state = 'purged', reason = null, subject_id = null, nonce = null
where run_id = %b and item = %b
"""
_NOTE = "insert into purge_certificates (run_id, item, note) values (%b, %b, %b) on conflict do nothing"
_APPLIED = "update register_state set lines = %b, last_line = %b where lines = %b"
_FIRST = UUID(int=0)
_PAGE = 10_000
_MONTHS_BACK = 1200


class Kept(NamedTuple):
    """A certificate as it is kept outside, opened."""

    note: bytes
    certificate: Certificate


@dataclass
class Replayed:
    """What was applied: lines, subjects that were there again, keys that were, rows deleted, certificates put back.

    `without_certificate` are lines whose certificate is not beside the register. `left` is a line whose item was being
    destroyed when somebody stopped: that run goes on with it.
    """

    lines: int = 0
    subjects: int = 0
    keys: int = 0
    rows: int = 0
    certificates: int = 0
    without_certificate: list[int] = field(default_factory=list)
    left: int | None = None


def replay(purger: Purger, key: VerifierKey | None, tell: Callable[[int, int], None] = lambda *_: None) -> Replayed:
    """Apply what the databases have not been through. `tell` is told how many of how many lines are.

    `key` is the notary's, by which certificates are believed. Raises RegisterMissing, RegisterDamaged,
    RegisterNotThisLedgers, RegisterBusy, PurgeRuleMissing, StoreUnavailable; after any it may be run again.
    """
    with purger.register.held():
        return _Replay(purger, key).run(tell)


class _Replay:
    """One replay; the register is held."""

    def __init__(self, purger: Purger, key: VerifierKey | None) -> None:
        self._purger = purger
        self._key = key
        self._done = Replayed()

    def run(self, tell: Callable[[int, int], None]) -> Replayed:
        purger, done = self._purger, self._done
        waiting = unapplied(purger.register, state_of(purger.pool))
        if waiting and self._is_left(waiting[-1]):
            done.left = waiting.pop().n
        self._destroy_keys()
        found = self._subjects(purger.pool, _SUBJECTS, waiting)
        if found:
            purger.notary.advance()  # an event that is to go has a leaf first, or its feed would have a gap
        for count, line in enumerate(waiting, 1):
            self._apply(line, found.get(line.mark))
            tell(count, len(waiting))
        return done

    def _is_left(self, line: Line) -> bool:
        """Whether the last line is of an item that was never destroyed to its end, as it has no certificate either."""
        return is_under_way(self._purger.pool, line) and self._certificate(line) is None

    def _destroy_keys(self) -> None:
        """Destroy the keys that are there again, and mark them; also where only the keys were put back."""
        pool = self._purger.keys
        lines = [line for line in self._purger.register.lines if line.kind != MONTH and line.n != self._done.left]
        marks = [bytes.fromhex(line.mark) for line in lines]
        known = {row[0].hex() for row in fetch(pool, _KNOWN_MARKS, (marks,))}
        wanted = [line for line in lines if line.mark not in known]
        if not wanted:
            return
        subjects = list(self._subjects(pool, _KEYS, wanted).values())
        with connection(pool) as conn, conn.transaction():
            conn.execute(_MARK_KEYS, ([bytes.fromhex(one.mark) for one in wanted], [one.lapses_on for one in wanted]))
            self._done.keys = conn.execute(_DELETE_KEYS, (subjects,)).rowcount
        for subject_id in subjects:
            self._purger.ledger.forget(subject_id)

    def _subjects(self, pool: Pool, query: str, lines: Sequence[Line]) -> dict[str, UUID]:
        """Those of the subjects in a table whom the lines are about, by their marks."""
        wanted, keys = {line.mark for line in lines}, self._purger.ledger.keys
        found = ((keys.mark(subject_id).hex(), subject_id) for subject_id in _all(pool, query)) if wanted else ()
        return {mark: subject_id for mark, subject_id in found if mark in wanted}

    def _apply(self, line: Line, subject_id: UUID | None) -> None:
        """One line, in one transaction."""
        purger, done, kept = self._purger, self._done, self._certificate(line)
        if kept is not None:
            kept = self._fitting(kept, purger.events_of(subject_id))
        with connection(purger.pool) as conn, conn.transaction(), conn.cursor(binary=True) as cursor:
            rows: dict[str, int] = {}
            if line.kind == MONTH:
                rows = drop_month(cursor, _month_of(purger.ledger.keys, line))
            else:
                if subject_id is not None:
                    hold_still(cursor, subject_id)
                    rows = delete_rows(cursor, subject_id, line.kind)
                cursor.execute(_MARK, (bytes.fromhex(line.mark), line.at, line.lapses_on), prepare=True)
            _settle(cursor, line, kept)
            cursor.execute(_APPLIED, (line.n, purger.register.digest(line.n), line.n - 1), prepare=True)
        done.lines += 1
        done.subjects += subject_id is not None
        done.rows += sum(rows.values())
        done.certificates += kept is not None
        if kept is None:
            done.without_certificate.append(line.n)

    def _certificate(self, line: Line) -> Kept | None:
        """The certificate of a line, where it is kept and the notary's."""
        try:
            note = certificate_path(self._purger.certificates, line.run, line.item).read_bytes()
            found = open_certificate(note, self._key) if self._key is not None else None
        except (OSError, TransparencyError):
            return None
        is_its = found is not None and (found.said["run"], found.said["item"]) == (str(line.run), line.item)
        return Kept(note, found) if found is not None and is_its else None

    def _fitting(self, kept: Kept, destroyed: Destroyed) -> Kept:
        """A certificate of the leaves that are here: a backup may lack the last of them, which this tree never had.

        The one that was given stays beside the register as it is.
        """
        fits = list(map(tuple, destroyed.leaves)), destroyed.leaves_sha256
        if fits == (list(kept.certificate.leaves), kept.certificate.leaves_sha256):
            return kept
        leaves = {"leaves": destroyed.leaves, "leaves_sha256": destroyed.leaves_sha256, "events": destroyed.events}
        said = {**kept.certificate.said, **leaves, "restates_sha256": sha256(kept.note).hexdigest()}
        note = self._purger.sign(canonical(said))
        return Kept(note, kept.certificate)


def _all(pool: Pool, query: str) -> Iterator[UUID]:
    after = _FIRST
    while rows := fetch(pool, query, (after, _PAGE)):
        yield from (row[0] for row in rows)
        after = rows[-1][0]


def _month_of(keys: KeyRing, line: Line) -> date | None:
    """Which month a line is about: there are not many that it could be."""
    year, month = line.at.year, line.at.month
    for back in range(_MONTHS_BACK):
        years, months = divmod(year * 12 + month - 1 - back, 12)
        first = date(years, months + 1, 1)
        if month_mark(keys, first).hex() == line.mark:
            return first
    return None


def _settle(cursor: Cursor[TupleRow], line: Line, kept: Kept | None) -> None:
    """Let the item be destroyed, with its certificate; an item that the backup does not know is made from that."""
    if kept is None:
        cursor.execute(_ITEM_DONE, (line.run, line.item), prepare=True)
        return
    said: Any = kept.certificate.said
    document_class = DocumentClass(said["class"])
    values = (
        line.run, line.item, document_class.value, SUBJECT_KINDS[document_class], bytes.fromhex(said["pseudonym"]),
        date.fromisoformat(said["due_on"]), UUID(said["schedule"]), "transfer" if said["transferred"] else "purge",
    )  # fmt: skip
    cursor.execute(_ITEM, values, prepare=True)
    cursor.execute(_NOTE, (line.run, line.item, kept.note), prepare=True)
