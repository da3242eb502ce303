"""The decision on what a file keeps of a warning of free text."""

from events.base import Event
from events.free_text import FreeTextWarningShown


def saved_after_warning(*saved: Event) -> list[Event]:
    """What was saved by an author who was warned and went on; nothing where nothing was saved (S-FRE-5).

    The warning comes first: the last event is what the command is about, and gives it its version.
    """
    return [FreeTextWarningShown(), *saved] if saved else []
