"""From when until when a part is held: `since` and `until` are included, `ended_on` is the first day without it."""

from datetime import date
from typing import Protocol


class Held(Protocol):
    """A relation to a pupil or a part at a school."""

    @property
    def since(self) -> date:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The last day, where one was set from the start."""

    @property
    def ended_on(self) -> date | None:
        """The day from which it gives nothing, where it was ended."""


def holds(part: Held, on: date) -> bool:
    """Whether it gives anything on this day (Europe/Stockholm); one that ended yesterday gives nothing."""
    return part.since <= on and _reaches(part, on)


def overlaps(part: Held, since: date, until: date | None) -> bool:
    """Whether there is a day on which both it and another, from `since` to `until`, would hold."""
    starts_in_time = until is None or part.since <= until
    was_ever_held = part.ended_on is None or part.ended_on > part.since
    return starts_in_time and was_ever_held and _reaches(part, since)


def _reaches(part: Held, day: date) -> bool:
    return (part.until is None or day <= part.until) and (part.ended_on is None or day < part.ended_on)
