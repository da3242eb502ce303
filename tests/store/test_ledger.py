"""What the ledger promises to whoever appends to it and reads from it."""

from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
from eventsourcing.persistence import NotSupportedError

from events.base import Actor, Event, Recorded, Role
from store.errors import (
    CommandReused,
    EventTooLarge,
    StoreUnavailable,
    StreamNotFound,
    TooManyEvents,
    UnreadableEvent,
    UnsafeSetting,
    VersionConflict,
)
from store.factory import UNSAFE
from store.ledger import FEEDS, Append, Appended, CommandReceipt, Ledger, feed_of
from store.settings import StoreSettings
from tests.store.making import AT, append, receipt, recorded, stream_in, texts

PUPIL = UUID(int=7)
FILE = uuid5(PUPIL, "student_file")


def test_what_was_appended_is_loaded_in_order(ledger: Ledger) -> None:
    """A stream folds to what its events say, whole or as it was at a version."""
    ledger.append(append(PUPIL, text="ett"))
    ledger.append(append(PUPIL, after=1, count=2, text="två"))
    assert ledger.load(FILE, texts) == ["ett", "två", "två"]
    assert ledger.load(FILE, texts, version=2) == ["ett", "två"]


def test_an_event_comes_back_as_it_went_in(ledger: Ledger) -> None:
    """Every part of the envelope, to the microsecond, from a stream and from its feed."""
    event = recorded(FILE, 1, PUPIL)
    answer = ledger.append(Append("student_file", "person", PUPIL, FILE, 0, [event]))
    assert answer == Appended(FILE, version=1, feed=feed_of(FILE), position=1)
    (read,) = ledger.read_feed(answer.feed, 0, 10)
    assert read == (1, event)
    assert list(ledger.events.get(FILE)) == [event]
    assert list(ledger.events.get(FILE, desc=True, limit=1)) == [event]
    assert list(ledger.events.get(FILE, gt=1)) == []
    assert read.recorded.at.utcoffset() == AT.utcoffset()


def test_an_unknown_stream_is_not_found(ledger: Ledger) -> None:
    """Nothing is not an empty file."""
    with pytest.raises(StreamNotFound):
        ledger.load(FILE, texts)


@pytest.mark.parametrize("expected", [0, 2, 9])
def test_a_decision_on_another_version_is_refused(ledger: Ledger, expected: int) -> None:
    """Too low, and also too high: a stream has no gaps. Nothing is stored and the feed stays where it was."""
    ledger.append(append(PUPIL))
    before = ledger.feed_positions()
    with pytest.raises(VersionConflict) as refused:
        ledger.append(append(PUPIL, after=expected))
    assert (refused.value.expected, refused.value.actual) == (expected, 1)
    assert ledger.feed_positions() == before


def test_the_same_command_is_answered_alike(ledger: Ledger) -> None:
    """A retry gives the first answer and no new event, also when the stream went on meanwhile."""
    first = append(PUPIL, receipt=receipt(answer="första svaret".encode()))
    answer = ledger.append(first)
    ledger.append(append(PUPIL, after=1))
    again = ledger.append(append(PUPIL, after=2, receipt=first.receipt))
    assert not answer.replayed
    assert again == Appended(FILE, 1, feed_of(FILE), 1, "första svaret".encode(), replayed=True)
    assert len(ledger.load(FILE, texts)) == 2


def test_an_answer_is_found_before_anything_is_decided(ledger: Ledger) -> None:
    """A retried command need not load, nor pass rules that the first time changed."""
    kept = receipt()
    assert ledger.answered(kept.command_id, kept.body_hash) is None
    ledger.append(append(PUPIL, receipt=kept))
    assert ledger.answered(kept.command_id, kept.body_hash) == Appended(
        FILE, 1, feed_of(FILE), 1, b"answer", replayed=True
    )
    with pytest.raises(CommandReused):
        ledger.answered(kept.command_id, b"another body")


@pytest.mark.parametrize("changed", ["body", "caller"])
def test_a_command_id_is_good_for_one_command(ledger: Ledger, changed: str) -> None:
    """The same id from another caller or with another body is refused, and stores nothing."""
    kept = receipt()
    ledger.append(append(PUPIL, receipt=kept))
    other = CommandReceipt(
        kept.command_id,
        uuid4() if changed == "caller" else kept.caller_id,
        b"another body" if changed == "body" else kept.body_hash,
        b"",
    )
    with pytest.raises(CommandReused):
        ledger.append(append(PUPIL, after=1, receipt=other))
    assert len(ledger.load(FILE, texts)) == 1


def test_a_command_without_events_is_remembered(ledger: Ledger) -> None:
    """Saying again what is already so is answered, and answered alike the next time."""
    ledger.append(append(PUPIL))
    nothing = append(PUPIL, after=1, count=0, receipt=receipt())
    assert ledger.append(nothing).version == 1
    assert ledger.append(nothing).replayed
    assert ledger.feed_positions()[feed_of(FILE)] == 1


def test_each_append_of_a_batch_has_its_own_answer(ledger: Ledger) -> None:
    """A refused one stops no other, whatever it is refused for, and answers come in the order of the appends."""
    ledger.append(append(PUPIL))
    others = [uuid4() for _ in range(FEEDS)]
    appends = [append(other, text=f"{n}") for n, other in enumerate(others)]
    conflict = append(PUPIL)
    too_large = append(uuid4(), stream_id=stream_in(3), text="å" * 4000)
    too_many = append(uuid4(), count=101)
    small = Ledger(StoreSettings(**(vars(ledger.settings) | {"max_event_bytes": 4000})))
    with small:
        answers = small.append_many([*appends[:8], too_large, conflict, *appends[8:], too_many])
    kinds = [type(answer) for answer in answers]
    assert kinds == [Appended] * 8 + [EventTooLarge, VersionConflict] + [Appended] * 8 + [TooManyEvents]
    for n, other in enumerate(others):
        assert ledger.load(uuid5(other, "student_file"), texts) == [f"{n}"]


def test_a_batch_may_hold_a_stream_twice(ledger: Ledger) -> None:
    """The second append of a stream sees the first."""
    first, second = ledger.append_many([append(PUPIL), append(PUPIL, after=1)])
    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert (first.version, second.version) == (1, 2)
    assert (first.position, second.position) == (1, 2)


def test_a_batch_of_nothing_does_nothing(ledger: Ledger) -> None:
    """No append, no answer."""
    assert ledger.append_many([]) == []


def test_an_event_has_a_largest_size(ledger: Ledger) -> None:
    """32 kB, counted as the JSON that is sealed; refused by name, nothing stored."""
    with Ledger(StoreSettings(**(vars(ledger.settings) | {"max_event_bytes": 400}))) as small:
        with pytest.raises(EventTooLarge) as refused:
            small.append(append(PUPIL, text="å" * 200))
        assert refused.value.limit == 400
    assert ledger.settings.max_event_bytes == 32_768
    assert set(ledger.feed_positions().values()) == {0}


def test_a_command_has_a_largest_number_of_events(ledger: Ledger) -> None:
    """100 events pass, 101 are refused by name."""
    with pytest.raises(TooManyEvents):
        ledger.append(append(PUPIL, count=101))
    assert ledger.append(append(PUPIL, count=100)).position == 100


def test_events_belong_to_their_append(ledger: Ledger) -> None:
    """An event of another stream, version or subject is a mistake of the caller, not a refusal."""
    for wrong in (
        Append("student_file", "person", PUPIL, FILE, 0, [recorded(FILE, 2, PUPIL)]),
        Append("student_file", "person", PUPIL, FILE, 0, [recorded(uuid4(), 1, PUPIL)]),
        Append("student_file", "person", PUPIL, FILE, 0, [recorded(FILE, 1, uuid4())]),
    ):
        with pytest.raises(ValueError, match="goal_proposed"):
            ledger.append(wrong)


def test_a_feed_is_read_in_pages(ledger: Ledger) -> None:
    """After a position, at most so many, in order; positions start at 1 and have no gaps."""
    streams = [stream_in(5) for _ in range(7)]
    for stream in streams:
        ledger.append(append(uuid4(), stream_id=stream, count=3))
    pages: list[int] = []
    while page := ledger.read_feed(5, pages[-1] if pages else 0, 4):
        assert len(page) <= 4
        pages += [event.position for event in page]
    assert pages == list(range(1, 22))
    assert ledger.feed_positions() == {feed: 21 if feed == 5 else 0 for feed in range(FEEDS)}
    assert ledger.tracking(5, 21).application_name == "liggare/05"


class NoteOfTheFuture(Event):
    """An event that a later version of Liggare knows."""

    code: ClassVar[str] = "note_of_the_future.v1"


Event._by_code.pop(NoteOfTheFuture.code)  # this version does not know it


def test_a_feed_stops_at_what_cannot_be_read(ledger: Ledger) -> None:
    """What comes before is given; the unreadable one is named with feed, position, code and why; nothing is skipped."""
    stream = stream_in(2)
    ledger.append(append(PUPIL, stream_id=stream, count=2))
    actor = Actor(person_id=PUPIL, role=Role.SYSTEM, name="System")
    future = Recorded(stream, 3, PUPIL, NoteOfTheFuture(), actor, AT, uuid4(), uuid4())
    ledger.append(Append("student_file", "person", PUPIL, stream, 2, [future]))
    ledger.append(append(PUPIL, stream_id=stream, after=3))
    assert [event.position for event in ledger.read_feed(2, 0, 100)] == [1, 2]
    with pytest.raises(UnreadableEvent) as stopped:
        ledger.read_feed(2, 2, 100)
    found = stopped.value
    assert (found.feed, found.position, found.code, found.why) == (2, 3, "note_of_the_future.v1", "unknown_kind")


def test_a_damaged_event_is_named_as_such(ledger: Ledger, owner: psycopg.Connection) -> None:
    """One flipped bit is not an unknown kind, nor an erased subject."""
    answer = ledger.append(append(PUPIL))
    owner.execute("update events set sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200))")
    with pytest.raises(UnreadableEvent) as stopped:
        ledger.read_feed(answer.feed, 0, 10)
    assert stopped.value.why == "not_authentic"


@pytest.mark.parametrize("name", [*UNSAFE, "LIGGARE_MAPPER_TOPIC", "liggare_persistence_module"])
def test_a_setting_that_would_replace_a_part_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """POSTGRES_ENABLE_DB_FUNCTIONS loses events for followers, others seal or store otherwise: no start with them."""
    monkeypatch.setenv(name, "y")
    with pytest.raises(UnsafeSetting) as refused:
        Ledger(StoreSettings("dbname=nowhere", "dbname=nowhere", tmp_path / "ring.json"))
    assert refused.value.name == name


def test_the_library_has_no_way_around(ledger: Ledger) -> None:
    """Saving without an expected version, one sequence over all feeds, snapshots: not in this ledger."""
    event = recorded(FILE, 1, PUPIL)
    for attempt in (
        lambda: ledger.save(event),
        lambda: ledger.recorder.insert_events([]),
        lambda: ledger.recorder.select_notifications(1, 10),
        ledger.recorder.max_notification_id,
        ledger.recorder.subscribe,
        lambda: ledger.factory.aggregate_recorder("snapshots"),
        ledger.factory.tracking_recorder,
        ledger.factory.process_recorder,
    ):
        with pytest.raises(NotSupportedError):
            attempt()
    assert ledger.snapshots is None
    assert ledger.repository.cache is None


def test_a_text_of_a_read_model_opens_in_its_place_alone(ledger: Ledger) -> None:
    """Sealed for one subject and one place; nowhere else, and for nobody else."""
    other = uuid4()
    for subject in (PUPIL, other):
        ledger.append(append(subject))
    sealed = ledger.seal(PUPIL, "Åsa".encode(), b"overview/name")
    assert ledger.open(PUPIL, sealed, b"overview/name") == "Åsa".encode()
    assert "Åsa".encode() not in sealed
    assert ledger.seal(PUPIL, "Åsa".encode(), b"overview/name") != sealed


def test_a_database_that_is_away_has_one_name(ledger: Ledger) -> None:
    """Whoever calls the ledger needs to know no driver."""
    ledger.append(append(PUPIL))
    ledger.close()
    with pytest.raises(StoreUnavailable):
        ledger.append(append(PUPIL, after=1))
    with pytest.raises(StoreUnavailable):
        ledger.load(FILE, texts)
