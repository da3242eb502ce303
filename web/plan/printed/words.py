"""The words of the printed plan: in Swedish for every reader, since it is one record and the same bytes each time."""

from dataclasses import dataclass
from datetime import date, datetime

from events.base import Actor
from web.rendering import day, moment
from web.texts import SWEDISH, translations
from web.texts.roles import ROLES

translate = translations(SWEDISH).gettext


@dataclass(slots=True)
class Moments:
    """Says when things happened, and remembers the latest of them: the document's own moment."""

    latest: datetime

    def when(self, at: datetime) -> str:
        """The moment in words."""
        self.latest = max(self.latest, at)
        return moment(SWEDISH, at)

    def by(self, who: Actor, at: datetime) -> str:
        """Who, in which role, and when."""
        return f"{who.name}, {translate(ROLES[who.role])} · {self.when(at)}"


def on(a_day: date) -> str:
    """A day in words."""
    return day(SWEDISH, a_day)
