"""Notices (notiser): what happened in a pupil's IUP, for each whom it concerns, unread until opened (S-NOT-4, G-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json, to_json

from events.base import Recorded, Role
from projections import directory_places
from projections.notice_places import TELLING, Happening, happenings
from projections.notice_source import REMEMBERED, NoticeSource
from projections.projection import Memory, Projection, Target, kinds_of, padded
from projections.reading import Batch
from projections.seen_by import Queries, SeenBy
from projections.statements import statements_beside
from store.database import Pool, held
from store.errors import SubjectErased
from store.keys import KeyRing
from store.ledger import Ledger

_SQL = statements_beside(__file__)
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_HIGHEST = UUID(int=2**128 - 1)


def notice_id(keys: KeyRing, recipient_id: UUID, student_id: UUID, place: str) -> UUID:
    """The one notice of a recipient about a place, in every generation of the read model.

    A keyed hash: a place names subjects, and an id that anybody can compute would confirm a guess at one.
    """
    return UUID(bytes=keys.lookup_digest(b"notice\x00" + recipient_id.bytes + student_id.bytes + place.encode())[:16])


def recipients(source: NoticeSource, recorded: Recorded[Any], happening: Happening) -> list[UUID]:
    """Who gets a notice: pupil, guardians, mentor, and teachers of the subjects it is about, never the author (G-18).

    An educator has every subject. Only a relation that holds on the day of the event counts. What is for some persons
    alone goes to those of them.
    """
    on = recorded.at.astimezone(_STOCKHOLM).date()
    about = set(happening.subjects)
    found = dict.fromkeys(
        relation.person_id
        for relation in source.relations.values()
        if (
            relation.role in happening.roles
            or (relation.role is Role.EDUCATOR and about)
            or (relation.role is Role.TEACHER and not about.isdisjoint(relation.subjects))
        )
        and relation.holds(on)
    )
    found.pop(recorded.actor.person_id, None)
    return [one for one in found if happening.persons is None or one in happening.persons]


class NoticesProjection(Projection):
    """Folds what concerns others into one row for each recipient and place, the latest happening there."""

    name: ClassVar[str] = "notices"
    kinds: ClassVar[frozenset[str]] = kinds_of(*REMEMBERED, *TELLING)

    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:
        """Remember, find the recipients, keep the latest of each place, write each once."""
        sources = self._sources(target, memory, batch.streams)
        changed: dict[UUID, UUID] = {}
        latest: dict[tuple[int, str], tuple[UUID, Recorded[Any]]] = {}
        for recorded in batch:
            source = sources[recorded.originator_id.int]
            if isinstance(recorded.event, REMEMBERED):
                source.remember(recorded.event)
                changed[recorded.originator_id] = recorded.subject_id
            for happening in happenings(recorded, source):
                for person_id in recipients(source, recorded, happening):
                    latest[person_id.int, happening.place] = (person_id, recorded)
        target.write(
            _SQL,
            "save_sources",
            [
                (key, subject_id, target.seal(subject_id, sources[key.int].to_json(), _source_place(key)))
                for key, subject_id in changed.items()
            ],
        )
        target.write(_SQL, "save", _rows(target, latest))

    def _sources(self, target: Target, memory: Memory, streams: Sequence[UUID]) -> dict[int, NoticeSource]:
        sources: dict[int, NoticeSource] = memory.states
        missing = [student_id for student_id in streams if student_id.int not in sources]
        if missing:
            for student_id in missing:
                sources[student_id.int] = NoticeSource()
            for student_id, subject_id, sealed in target.fetch(_SQL, "load_sources", missing):
                text = target.open(subject_id, sealed, _source_place(student_id))
                if text is not None:
                    sources[student_id.int] = NoticeSource.from_json(text)
        return sources


def _rows(target: Target, latest: dict[tuple[int, str], tuple[UUID, Recorded[Any]]]) -> list[tuple[object, ...]]:
    """A row for each recipient and place. The place is sealed with who acted: it names subjects."""
    rows: list[tuple[object, ...]] = []
    for (_, place), (person_id, recorded) in latest.items():
        student_id, subject_id, version = recorded.originator_id, recorded.subject_id, recorded.originator_version
        key = notice_id(target.ledger.keys, person_id, student_id, place)
        sealed = target.seal(subject_id, _text(recorded, place), _place(key))
        rows.append((key, person_id, student_id, subject_id, recorded.event.code, version, recorded.at, sealed))
    return rows


def _text(recorded: Recorded[Any], place: str) -> bytes:
    actor = recorded.actor
    by = {"person_id": str(actor.person_id), "role": actor.role.value, "name": actor.name}
    return padded(to_json({"place": place, **by}))


def _place(notice: UUID) -> bytes:
    return b"notice" + notice.bytes


def _source_place(student_id: UUID) -> bytes:
    return b"notice source" + student_id.bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """An unread notice: the address it leads to, the code of the latest event there, and who did that."""

    notice_id: UUID
    student_id: UUID
    student_name: str
    place: str
    kind: str
    version: int
    noticed_at: datetime
    by_name: str
    by_role: Role


class Reach(NamedTuple):
    """How far a sign-in reaches beyond the notices of the own file.

    `protected`: also to pupils with protected identity who name the recipient.
    """

    others: bool
    protected: bool


_ORDINARY = Reach(others=True, protected=False)


class Notices:
    """Reads and opens a person's own notices, those of relations that hold today."""

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._queries = Queries(pool, _SQL)
        self._ledger = ledger

    def unread(
        self,
        recipient_id: UUID,
        *,
        on: date,
        reach: Reach = _ORDINARY,
        before: tuple[datetime, UUID] | None = None,
        limit: int = 100,
    ) -> list[Notice]:
        """The person's unread notices, the latest first; pages by time and id of the last one seen."""
        at, last_id = before or (_LATEST, _HIGHEST)
        eyes = SeenBy(recipient_id, on)
        rows = self._queries.fetch(eyes, "unread", recipient_id, *reach, at, last_id, limit)
        self._ledger.keys.load({row[2] for row in rows})
        return [notice for notice in map(self._notice, rows) if notice is not None]

    def open_notice(self, recipient_id: UUID, notice: UUID, *, on: date, reach: Reach = _ORDINARY) -> str | None:
        """Mark the notice read and answer the place it leads to; None where the person has no such notice.

        It becomes unread again with the next event at that place.
        """
        rows = self.mark_read(recipient_id, [notice], on=on, reach=reach)
        if not rows:
            return None
        subject_id, sealed = rows[0]
        try:
            place: str = from_json(self._ledger.open(subject_id, sealed, _place(notice)))["place"]
        except SubjectErased:
            return None
        return place

    def mark_read(
        self, recipient_id: UUID, notices: Sequence[UUID], *, on: date, reach: Reach = _ORDINARY
    ) -> list[tuple[Any, ...]]:
        """Mark those of the notices read that are the person's; of each its subject and what it says, sealed."""
        with held(recipient_id):
            return self._queries.run(
                _SQL.named("open"), (list(notices), recipient_id, *reach, *SeenBy(recipient_id, on).settings)
            )

    def _notice(self, row: Sequence[Any]) -> Notice | None:
        key, student_id, subject_id, kind, version, noticed_at, sealed, sealed_name = row
        try:
            told = from_json(self._ledger.open(subject_id, sealed, _place(key)))
            name = self._ledger.open(subject_id, sealed_name, directory_places.student_name(student_id)).decode()
        except SubjectErased:
            return None
        return Notice(key, student_id, name, told["place"], kind, version, noticed_at, told["name"], Role(told["role"]))
