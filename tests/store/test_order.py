"""Each consumer sees each committed event exactly once and in feed order, however writers and commits interleave."""

import itertools
from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.postgres_roles import Urls
from store.calling import call_of, outcome
from store.ledger import FEEDS, Append, Ledger
from tests.store.conftest import PATH
from tests.store.making import append, stream_in

PATIENCE = 30.0


class Writer:
    """A transaction of its own that appends when told and then commits or rolls back when told."""

    def __init__(self, url: str, ledger: Ledger, to_append: Append) -> None:
        self.connection = psycopg.connect(url, options=PATH)
        self.pid = self.connection.info.backend_pid
        self.append = to_append
        self.committed = False
        self.has_appended, self.is_done = Event(), Event()
        self._call = call_of([ledger.events._seal(to_append)])  # type: ignore[attr-defined]
        self._orders: Queue[str] = Queue()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def order(self, what: str) -> None:
        """Say what to do next: append, commit, rollback."""
        self._orders.put(what)

    def close(self) -> None:
        """Wait for the end of the work."""
        self._thread.join(PATIENCE)
        self.connection.close()

    def _work(self) -> None:
        assert self._orders.get() == "append"
        self.connection.execute("select 1")  # opens the transaction
        call = self._call
        result = self.connection.pgconn.exec_params(call.statement, call.parameters, None, call.formats, 1)
        assert outcome(result.get_value(0, 0) or b"").outcome == "appended", result.error_message
        self.has_appended.set()
        if self._orders.get() == "commit":
            self.connection.commit()
            self.committed = True
        else:
            self.connection.rollback()
        self.is_done.set()


class Consumer:
    """Follows all feeds from a checkpoint each, as a projection does."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._after = dict.fromkeys(range(FEEDS), 0)
        self.seen: dict[int, list[tuple[int, Any]]] = {feed: [] for feed in range(FEEDS)}

    def read(self) -> None:
        """Read what is new."""
        for feed, after in self._after.items():
            for position, recorded in self._ledger.read_feed(feed, after, 2):
                self.seen[feed].append((position, recorded.command_id))
                self._after[feed] = position


def settle(watch: psycopg.Connection, writer: Writer) -> None:
    """Wait until the writer has appended or waits for another's lock."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if writer.has_appended.wait(0.002):
            return
        row = watch.execute("select cardinality(pg_blocking_pids(%s))", (writer.pid,)).fetchone()
        if row is not None and row[0]:
            return
    pytest.fail("the writer neither appended nor waits")


def schedules() -> Iterator[tuple[tuple[int, int, int], tuple[int, ...], int]]:
    """Feeds of the three writers, the order in which they are told to end, and which of them is aborted."""
    for feeds in ((4, 4, 4), (4, 4, 9), (4, 9, 11)):
        for order in itertools.permutations(range(3)):
            for aborted in range(3):
                yield feeds, order, aborted


def test_three_writers_in_every_order(ledger: Ledger, databases: Urls) -> None:
    """Three writers end in every order, each of them aborted in turn, beside one that idles in its transaction.

    One consumer reads after every step, one only now and then, one at the end. None skips, repeats or swaps an event;
    positions have no gap, not even for the aborted.
    """
    eager, lazy, late = Consumer(ledger), Consumer(ledger), Consumer(ledger)
    committed: dict[int, list[Any]] = {feed: [] for feed in range(FEEDS)}
    with psycopg.connect(databases.owner, autocommit=True) as watch:
        for number, (feeds, order, aborted) in enumerate(schedules()):
            idle = Writer(databases.app, ledger, _append(13, ledger))
            idle.order("append")
            settle(watch, idle)
            writers = [Writer(databases.app, ledger, _append(feed, ledger)) for feed in feeds]
            for writer in writers:
                writer.order("append")
                settle(watch, writer)
                eager.read()
            for which in order:
                writers[which].order("rollback" if which == aborted else "commit")
                for writer in writers:
                    writer.is_done.wait(0.01) if writer.has_appended.is_set() else settle(watch, writer)
                eager.read()
            for writer in writers:
                assert writer.is_done.wait(PATIENCE)
                writer.close()
            if number % 5 == 0:
                lazy.read()
            idle.order("rollback")
            assert idle.is_done.wait(PATIENCE)
            idle.close()
            for writer in writers:
                if writer.committed:
                    (event,) = ledger.events.get(writer.append.stream_id)
                    committed[event_feed(writer)].append(event.command_id)  # type: ignore[attr-defined]
    for consumer in (eager, lazy, late):
        for _ in range(200):
            consumer.read()
        for feed, seen in consumer.seen.items():
            assert [position for position, _ in seen] == list(range(1, len(committed[feed]) + 1))
            assert sorted(str(command) for _, command in seen) == sorted(map(str, committed[feed]))
        assert consumer.seen == eager.seen
    assert sum(len(events) for events in committed.values()) == 54 * 2


def event_feed(writer: Writer) -> int:
    """The feed that the writer appended to."""
    from store.ledger import feed_of

    return feed_of(writer.append.stream_id)


def _append(feed: int, ledger: Ledger) -> Append:
    made = append(uuid4(), stream_id=stream_in(feed))
    ledger.keys.begin(made.subject_id, "person")
    return made


def test_many_writers_at_once(ledger: Ledger) -> None:
    """Eight threads, the same few streams: every append is either refused for its version or seen exactly once."""
    streams = [stream_in(feed) for feed in (1, 1, 2)]
    pupil = uuid4()
    ledger.append(append(pupil, stream_id=uuid4()))
    won: Queue[Any] = Queue()

    def write() -> None:
        for version in range(10):
            for stream in streams:
                made = append(pupil, stream_id=stream, after=version)
                (answer,) = ledger.append_many([made])
                if not isinstance(answer, Exception):
                    won.put(made.events[0].command_id)

    threads = [Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    events = [event for feed in (1, 2) for event in ledger.read_feed(feed, 0, 1000)]
    ours = [event.recorded.command_id for event in events if event.recorded.originator_id in streams]
    assert sorted(map(str, ours)) == sorted(map(str, won.queue))
    assert len(ours) == 30


def test_batches_of_many_feeds_do_not_lock_each_other_out(ledger: Ledger, owner: psycopg.Connection) -> None:
    """Two threads that append to all feeds in opposite orders both succeed, always, without a deadlock to break."""
    answers: Queue[Any] = Queue()
    pupils = [uuid4(), uuid4()]
    streams = [[stream_in(feed) for feed in range(FEEDS)] for _ in pupils]

    def write(which: int) -> None:
        for version in range(10):
            order = streams[which] if (which + version) % 2 else streams[which][::-1]
            for answer in ledger.append_many([append(pupils[which], stream_id=s, after=version) for s in order]):
                answers.put(answer)

    threads = [Thread(target=write, args=(which,)) for which in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert [answer for answer in answers.queue if isinstance(answer, Exception)] == []
    assert answers.qsize() == 2 * 10 * FEEDS
    assert set(ledger.feed_positions().values()) == {20}
    ledger.close()  # the sessions that end leave their counts
    with psycopg.connect(owner.info.dsn, password=owner.info.password) as watch:
        query = "select deadlocks from pg_stat_database where datname = current_database()"
        assert watch.execute(query).fetchone() == (0,)
