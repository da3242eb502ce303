"""The demo's days: which school years there have been, when terms begin and end, when people sit down to write."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from commands.context import STOCKHOLM

_ENDS = (6, 12)
_BEGINS = (8, 17)
_NEW_TERM_IS_ON = (8, 31)


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year by the calendar year in which it begins."""

    begins_in: int

    @property
    def name(self) -> str:
        """As plans write it: 2025/2026."""
        return f"{self.begins_in}/{self.begins_in + 1}"

    @property
    def first_day(self) -> date:
        """The day from which the roster of the year holds."""
        return date(self.begins_in, *_BEGINS)

    @property
    def last_day(self) -> date:
        """The last day of school."""
        return date(self.begins_in + 1, *_ENDS)

    def day(self, month: int, day: int) -> date:
        """A day of the school year: August to December of its first calendar year, else of the second."""
        return date(self.begins_in + (month < _BEGINS[0]), month, day)


def whole_years(today: date, years: int) -> list[SchoolYear]:
    """The last school years that are over today, the earliest first."""
    last = SchoolYear(today.year - 1)
    if today <= last.last_day:
        last = SchoolYear(today.year - 2)
    return [SchoolYear(last.begins_in - back) for back in range(years - 1, -1, -1)]


def term_under_way(today: date) -> SchoolYear | None:
    """The school year after the last whole one, where its first term is under way so that plans are being prepared."""
    this = SchoolYear(whole_years(today, 1)[0].begins_in + 1)
    return this if today >= date(this.begins_in, *_NEW_TERM_IS_ON) else None


class Clock:
    """Moments (UTC) that only go forward, at hours when people write, and never after now."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self._rng, self._now = rng, now
        self._last = datetime.min.replace(tzinfo=UTC)

    def on(self, day: date) -> datetime:
        """A moment on the day, or soon after the last moment given if that is later."""
        minutes = self._rng.randrange(8 * 60, 20 * 60)
        wished = datetime.combine(day, time(), STOCKHOLM) + timedelta(minutes=minutes, seconds=self._rng.randrange(60))
        moment = max(wished.astimezone(UTC), self._last + timedelta(seconds=self._rng.randrange(40, 400)))
        self._last = min(moment, self._now)
        return self._last


def spread(rng: Random, first: date, last: date, times: int) -> Iterator[date]:
    """So many days between two, in order."""
    days = max((last - first).days, 0)
    yield from sorted(first + timedelta(days=rng.randint(0, days)) for _ in range(times))
