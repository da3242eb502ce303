"""Appends of several threads share a round trip, and none of them can tell."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest

from store.errors import StoreUnavailable, VersionConflict
from store.ledger import FEEDS, Appended, Ledger
from store.together import Together
from tests.store.making import append, receipt


class Held:
    """A database whose first call waits until it is let go, so that others queue behind it."""

    def __init__(self, do: Callable[[Sequence[int]], Sequence[int]], most: int = 32) -> None:
        self.calls: list[list[int]] = []
        self.entered, self.let_go = Event(), Event()
        self.together = Together(self._call, most=most)
        self._do = do

    def _call(self, asked: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(asked))
        if len(self.calls) == 1:
            self.entered.set()
            assert self.let_go.wait(10)
        return self._do(asked)

    def ask_behind_the_first(self, pool: ThreadPoolExecutor, asked: Sequence[int]) -> list[Future[int]]:
        """The answers to come: of the first, which is under way, and of those that queue behind it, in this order."""
        futures = [pool.submit(self.together.ask, asked[0])]
        assert self.entered.wait(10)
        for number, one in enumerate(asked[1:], 1):
            futures.append(pool.submit(self.together.ask, one))
            deadline = time.monotonic() + 10
            while len(self.together._queue) < number and time.monotonic() < deadline:
                Event().wait(0.001)
        self.let_go.set()
        return futures


def doubled(asked: Sequence[int]) -> list[int]:
    """What the database of these tests answers."""
    return [2 * one for one in asked]


def test_a_thread_on_its_own_waits_for_nobody() -> None:
    """One request is one call with it alone, each time."""
    calls: list[list[int]] = []

    def do(asked: Sequence[int]) -> list[int]:
        calls.append(list(asked))
        return doubled(asked)

    together = Together(do)
    assert [together.ask(1), together.ask(2)] == [2, 4]
    assert calls == [[1], [2]]


def test_those_who_come_meanwhile_go_together_in_their_order() -> None:
    """While one call is under way the others queue; they share the next call and each gets its own answer."""
    held = Held(doubled)
    with ThreadPoolExecutor(8) as pool:
        answers = [future.result(10) for future in held.ask_behind_the_first(pool, range(1, 8))]
    assert answers == doubled(range(1, 8))
    assert held.calls == [[1], [2, 3, 4, 5, 6, 7]]


def test_no_call_is_larger_than_it_may_be() -> None:
    """Who finds no place in the next call goes in the one after it."""
    held = Held(doubled, most=2)
    with ThreadPoolExecutor(8) as pool:
        answers = [future.result(10) for future in held.ask_behind_the_first(pool, range(1, 7))]
    assert answers == doubled(range(1, 7))
    assert held.calls == [[1], [2, 3], [4, 5], [6]]


def test_one_request_that_fails_fails_alone() -> None:
    """The others of its call are answered, and it meets its own error."""

    def do(asked: Sequence[int]) -> list[int]:
        if 3 in asked:
            raise ZeroDivisionError
        return doubled(asked)

    held = Held(do)
    with ThreadPoolExecutor(8) as pool:
        first, second, third, fourth = held.ask_behind_the_first(pool, [1, 2, 3, 4])
    assert [future.result() for future in (first, second, fourth)] == [2, 4, 8]
    assert isinstance(third.exception(), ZeroDivisionError)
    assert held.together.ask(5) == 10


@pytest.mark.parametrize("error", [StoreUnavailable("away"), KeyboardInterrupt()], ids=["away", "interrupted"])
def test_when_nobody_knows_what_happened_nobody_asks_again(error: BaseException) -> None:
    """An answer that was lost on the way is StoreUnavailable for all of the call; nothing is sent a second time."""

    def do(asked: Sequence[int]) -> list[int]:
        if 3 in asked:
            raise error
        return doubled(asked)

    held = Held(do)
    with ThreadPoolExecutor(8) as pool:
        first, leader, *others = held.ask_behind_the_first(pool, [1, 2, 3, 4])
    assert first.result() == 2
    assert type(leader.exception()) is type(error)
    assert [type(future.exception()) for future in others] == [StoreUnavailable, StoreUnavailable]
    assert held.calls == [[1], [2, 3, 4]]
    assert held.together.ask(5) == 10


def test_a_crowd_of_writers_gets_the_answers_of_writers_alone(ledger: Ledger) -> None:
    """Many threads, half of them on one stream: each answer is where its event stands, losers of a race conflict."""
    contested = uuid4()

    def write(number: int) -> list[Appended | VersionConflict]:
        own = uuid4()
        answers: list[Appended | VersionConflict] = [
            ledger.append(append(own, after=version, text=f"{own}", receipt=receipt())) for version in range(3)
        ]
        try:
            answers.append(ledger.append(append(contested, text=f"{number}")))
        except VersionConflict as conflict:
            answers.append(conflict)
        return answers

    with ThreadPoolExecutor(16) as pool:
        answers = [answer for answers in pool.map(write, range(32)) for answer in answers]

    stood = {
        (feed, event.position): (event.recorded.originator_id, event.recorded.originator_version)
        for feed in range(FEEDS)
        for event in ledger.read_feed(feed, 0, 1000)
    }
    appended = [answer for answer in answers if isinstance(answer, Appended)]
    assert len(appended) == len(stood) == 32 * 3 + 1
    assert all(stood[a.feed, a.position] == (a.stream_id, a.version) for a in appended)
    for feed in range(FEEDS):
        positions = sorted(position for at, position in stood if at == feed)
        assert positions == list(range(1, len(positions) + 1))
