"""Group commit: what several threads append at the same moment goes in one statement and waits for one disk write."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from store.errors import StoreUnavailable

Asked = TypeVar("Asked")
Told = TypeVar("Told")


class _Place(Generic[Asked, Told]):
    """A place in the queue of one thread; `turn` opens when it is answered, must lead, or must go alone."""

    __slots__ = ("answer", "asked", "failed", "lost", "turn")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: tuple[Told] | None = None
        self.failed = False
        self.lost: StoreUnavailable | None = None
        self.turn = Lock()
        self.turn.acquire()


class Together(Generic[Asked, Told]):
    """Lets the threads of a process share calls of `do`, which answers several requests in the order given.

    A thread that finds nobody at work leads: it calls at once, so a single thread waits for nothing. Those that come
    meanwhile queue; when the call returns the first of them leads the next, with all who queued (at most `most`).
    Where a call for several fails and nothing of it happened, each asks again alone and meets its own end; where the
    database went away nobody knows what happened, and each is told StoreUnavailable.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Told]], *, most: int = 32) -> None:
        self._do = do
        self._most = most
        self._lock = Lock()
        self._led = False
        self._queue: list[_Place[Asked, Told]] = []

    def ask(self, asked: Asked) -> Told:
        """The answer to one request. Raises what `do` raises for it."""
        place: _Place[Asked, Told] = _Place(asked)
        with self._lock:
            self._queue.append(place)
            leads, self._led = not self._led, True
        if not leads:
            place.turn.acquire()
            if place.lost is not None:
                raise StoreUnavailable(*place.lost.args) from place.lost
            leads = place.answer is None and not place.failed
        if leads:
            self._lead()
        if place.answer is None:
            (answer,) = self._do((asked,))
            return answer
        return place.answer[0]

    def _lead(self) -> None:
        """Call for everybody who waits; the leader is the first of them."""
        with self._lock:
            places, self._queue = self._queue[: self._most], self._queue[self._most :]
        try:
            answers = self._do([place.asked for place in places])
            for place, answer in zip(places, answers, strict=True):
                place.answer = (answer,)
        except StoreUnavailable as error:
            self._leave_lost(places, error)
            raise
        except Exception:
            if len(places) == 1:
                raise
            for place in places:
                place.failed = True
        except BaseException:
            self._leave_lost(places, StoreUnavailable("the append was interrupted"))
            raise
        finally:
            self._pass_on()
            for place in places[1:]:
                place.turn.release()

    @staticmethod
    def _leave_lost(places: Sequence[_Place[Asked, Told]], error: StoreUnavailable) -> None:
        for place in places[1:]:
            place.lost = error

    def _pass_on(self) -> None:
        """Let the first who queued meanwhile lead, before anybody is answered: the database need not wait."""
        with self._lock:
            self._led = bool(self._queue)
            following = self._queue[0] if self._queue else None
        if following is not None:
            following.turn.release()
