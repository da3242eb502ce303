"""How often one caller may do what is costly or tempting: a token bucket for each kind of request and caller."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RateClass(StrEnum):
    """What is counted together."""

    SIGN_IN = "sign_in"
    """Starting and finishing a sign-in, and a program's fetching of a token."""
    SEARCH = "search"
    """Lists that run over a whole school or class."""
    EXPORT = "export"
    """What hands out a great deal, page after page."""
    LEDGER = "ledger"
    """The signed tree: its tiles and proofs, for anybody."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second after that."""

    at_once: int
    a_second: float


RATES: Mapping[RateClass, Rate] = {
    RateClass.SIGN_IN: Rate(2000, 50),
    RateClass.SEARCH: Rate(60, 2),
    RateClass.EXPORT: Rate(300, 10),
    RateClass.LEDGER: Rate(600, 50),
}
"""Sign-in is counted by address, in two steps a person, and all schools of a municipality may share one address at
eight o'clock: a thousand people at once, then twenty-five a second. It bounds what one address makes the database do;
the guessing of passwords is the providers' to stop. The signed tree is counted by address too: a million
leaves are four thousand tiles. The others are counted by session, or by program."""
_MOST = 50_000


class Rates:
    """The buckets of this process, in its memory: one server process answers all of a municipality's requests.

    A database would count across processes at the price of a write for each request, of which an attacker could then
    make as many as he likes; in memory a refusal costs next to nothing. With several processes behind one address each
    counts for itself. The bucket that was left alone the longest is forgotten first.
    """

    def __init__(self, rates: Mapping[RateClass, Rate] = RATES) -> None:
        self._rates = {**RATES, **rates}
        self._buckets: OrderedDict[tuple[RateClass, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, kind: RateClass, who: str, now: float) -> float:
        """Count one request at a moment (seconds; the clock may be set back); seconds to wait, 0 where it may go on."""
        rate = self._rates[kind]
        with self._lock:
            left, at = self._buckets.pop((kind, who), (float(rate.at_once), now))
            left = min(float(rate.at_once), left + max(0.0, now - at) * rate.a_second)
            wait = 0.0 if left >= 1 else (1 - left) / rate.a_second
            self._buckets[kind, who] = (left - 1 if wait == 0 else left, now)
            while len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
        return wait
