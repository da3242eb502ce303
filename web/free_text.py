"""The free-text guard on the pages: a gentle word before what is typed is saved; the author may go on (S-FRE-5)."""

from collections.abc import Callable, Mapping

from commands.guard import warnings_in
from web.forms import Form
from web.texts.cautions import CAUTIONS
from web.visit import AS_IT_IS


def cautions(form: Form, translate: Callable[[str], str], texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What to ask the author to look at again, by field, in the reader's language; empty where all may be saved.

    `texts` are the form's free texts by the names of their fields. Empty too where the author has been warned and
    pressed "Save as it is"; the command of the same form then says that a warning was shown (`Visit.command`).
    """
    if form.has(AS_IT_IS):
        return {}
    seen = {field: warnings_in(text) for field, text in texts.items()}
    return {
        field: tuple(translate(words) for kind, words in CAUTIONS.items() if kind in kinds)
        for field, kinds in seen.items()
        if kinds
    }
