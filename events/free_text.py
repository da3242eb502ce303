"""That an author was warned of a free text; never of what."""

from typing import ClassVar

from events.base import Event


class FreeTextWarningShown(Event):
    """An author was shown a warning of a text and saved it as it is (S-FRE-5).

    Stands before the events of the same command, whose id says what was saved; of words and kind it says nothing.
    """

    code: ClassVar[str] = "free_text_warning_shown.v1"
