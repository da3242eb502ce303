"""Links to the national syllabus: they lead somewhere, or the command is refused."""

from collections.abc import Sequence

from aggregates.errors.assessments import SyllabusItemNotFound
from commands.context import Context
from events.syllabus import SyllabusItem


def require_items(context: Context, items: Sequence[SyllabusItem]) -> None:
    """Refuse a link to an item that the syllabus never had in that wording (S-DEV-2)."""
    if context.syllabus.unknown(items):
        raise SyllabusItemNotFound
