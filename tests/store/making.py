"""Events and appends for the tests of the store."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5
from zlib import crc32

import psycopg

from events.base import Actor, Recorded, Role
from events.goals import GoalContent, GoalProposed
from store.ledger import FEEDS, Append, CommandReceipt, Ledger

AT = datetime(2026, 9, 1, 8, 30, 15, 123456, tzinfo=UTC)


def goal(text: str = "Läsa högt") -> GoalProposed:
    """A proposed goal."""
    return GoalProposed(plan_id=uuid4(), goal_id=uuid4(), content=GoalContent(text=text))


def recorded(stream_id: UUID, version: int, subject_id: UUID, text: str = "Läsa högt") -> Recorded[Any]:
    """A proposed goal in its envelope."""
    actor = Actor(person_id=subject_id, role=Role.PUPIL, name="Åsa Öberg")
    return Recorded(stream_id, version, subject_id, goal(text), actor, AT, uuid4(), uuid4())


def append(
    subject_id: UUID,
    *,
    stream_id: UUID | None = None,
    after: int = 0,
    count: int = 1,
    text: str = "Läsa högt",
    receipt: CommandReceipt | None = None,
) -> Append:
    """An append of proposed goals to a pupil's file."""
    stream = stream_id or uuid5(subject_id, "student_file")
    events = [recorded(stream, after + n, subject_id, text) for n in range(1, count + 1)]
    return Append("student_file", "person", subject_id, stream, after, events, receipt)


def receipt(body: bytes = b"body", answer: bytes = b"answer") -> CommandReceipt:
    """A receipt of a new command."""
    return CommandReceipt(uuid4(), uuid4(), body, answer)


def known(ledger: Ledger, owner: psycopg.Connection, *subjects: UUID, kind: str = "person") -> None:
    """Let the ledger know of subjects of whom nothing was ever appended."""
    ledger.keys.begin_many(dict.fromkeys(subjects, kind))
    for subject_id in subjects:
        owner.execute(
            "insert into subjects (subject_id, kind) values (%s, %s) on conflict do nothing", (subject_id, kind)
        )


def destroy_keys(ledger: Ledger, keys_owner: psycopg.Connection, *subjects: UUID) -> None:
    """Destroy the keys of subjects, as a purge does first; of all that have one where none is named."""
    rows = keys_owner.execute("select subject_id from wrapped_keys").fetchall()
    for subject_id in subjects or [row[0] for row in rows]:
        keys_owner.execute(
            "insert into destroyed_keys (mark, lapses_on) values (%s, '2099-12-31')", (ledger.keys.mark(subject_id),)
        )
        keys_owner.execute("delete from wrapped_keys where subject_id = %s", (subject_id,))


def stream_in(feed: int) -> UUID:
    """A new stream id of this feed."""
    while True:
        stream_id = uuid4()
        if crc32(stream_id.bytes) % FEEDS == feed:
            return stream_id


def texts(state: list[str] | None, events: Iterable[Recorded[Any]]) -> list[str] | None:
    """The fold of these tests: the texts of the goals, in order; None for no events."""
    for event in events:
        state = [*(state or []), event.event.content.text]
    return state
