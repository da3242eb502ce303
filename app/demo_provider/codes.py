"""Authorization codes: good once, for a minute, for whoever asked."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.demo.people import DemoPerson
from app.demo_provider.asked import Asked
from app.demo_provider.issuers import Issuer, Way

GOOD_FOR_SECONDS = 60
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was chosen at which issuer, how and when (seconds since 1970), for which request."""

    issuer: Issuer
    person: DemoPerson
    way: Way
    asked: Asked
    at: float


class Codes:
    """The codes that have been given and not used; `now` is in seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._given: dict[str, Chosen] = {}
        self._lock = Lock()

    def give(self, chosen: Chosen) -> str:
        """A new code. When very many are unused, the eldest is dropped."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._given) >= MOST:
                del self._given[next(iter(self._given))]
            self._given[code] = chosen
        return code

    def take(self, code: str) -> Chosen | None:
        """What the code stands for, once; None for one that is unknown, used or too old."""
        with self._lock:
            chosen = self._given.pop(code, None)
        is_good = chosen is not None and 0 <= self._now() - chosen.at <= GOOD_FOR_SECONDS
        return chosen if is_good else None
