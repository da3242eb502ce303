"""What a form sent: read field by field, and kept for the page where it cannot be saved as it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from events.text import Line, Prose, without_hiding
from store.drafts import Draft
from web.forms import Form
from web.texts.fields import WRONG_TEXT

_PROSE: Final[TypeAdapter[str]] = TypeAdapter(Prose)
_LINE: Final[TypeAdapter[str]] = TypeAdapter(Line)
_CHOICE = TypeVar("_CHOICE", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was not saved: the text of each field, what is wrong with it, and what its author is warned of.

    Errors and warnings are in the reader's language, by the name of the field. `drafts` are what the reader typed at an
    earlier time and never saved (G-11).
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    discard: str = ""
    """Where a draft is thrown away."""


NOTHING = Typed()
"""No form was sent: the page shows what is saved."""


class Fields:
    """Reads a form's fields; what is wrong is kept by field, in the reader's language."""

    def __init__(self, form: Form, translate: Callable[[str], str]) -> None:
        self._form = form
        self._translate = translate
        self.errors: dict[str, str] = {}
        self._cleaned: dict[str, str] = {}

    def prose(self, name: str, *, required: bool = True) -> str:
        """Text of several lines; empty where something is wrong, or where nothing was typed and nothing must be."""
        return self._text(name, _PROSE, required=required)

    def line(self, name: str, *, required: bool = True) -> str:
        """One line of text: a break between lines, from a box of several, becomes a space; else as prose."""
        return self._text(name, _LINE, required=required)

    def choice(self, name: str, kind: type[_CHOICE]) -> _CHOICE | None:
        """One of several; None, and an error, where none of them was chosen."""
        try:
            return kind(self._form.text(name))
        except ValueError:
            self.wrong(name, "not-chosen")
            return None

    def day(self, name: str) -> date | None:
        """A day as the browser sends it; None, and an error, where it is none."""
        try:
            return date.fromisoformat(self._form.text(name).strip())
        except ValueError:
            self.wrong(name, "not-a-day")
            return None

    def ids(self, name: str) -> list[UUID]:
        """The ids that were ticked; what is no id is left out, for no page of ours sent it."""
        return [found for text in self._form.all(name) if (found := uuid_or_none(text)) is not None]

    def wrong(self, name: str, key: str) -> None:
        """Keep what is wrong with a field, by its key in WRONG_TEXT."""
        self.errors[name] = self._translate(WRONG_TEXT[key])

    def typed(self, warnings: Mapping[str, tuple[str, ...]] | None = None) -> Typed:
        """The form as it was sent, with what is wrong and what is warned of; without what its author cannot see."""
        return Typed(dict(self._form.texts()) | self._cleaned, dict(self.errors), dict(warnings or {}))

    def _text(self, name: str, kind: TypeAdapter[str], *, required: bool) -> str:
        text = self._form.text(name).strip()
        if kind is _LINE:
            text = " ".join(text.splitlines()).replace("\t", " ")
        if not text:
            if required:
                self.wrong(name, "empty")
            return ""
        try:
            return kind.validate_python(text)
        except ValidationError as error:
            self.wrong(name, key := _KEYS.get(error.errors()[0]["type"], "taken-out"))
            if key == "taken-out":
                self._cleaned[name] = without_hiding(text)
            return ""


_DIGITS = 12
_NAME = 200
_OF_NAMES = re.compile(r"^[A-Za-z0-9ÅÄÖåäö._/:+-]+$")
_KEYS: Mapping[str, Any] = {"string_too_long": "too-long", "string_too_short": "empty"}


def version_in(form: Form, name: str) -> int:
    """The version that stood on the page of what the form changes; 0 where it was not there yet."""
    text = form.text(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0


def is_field_name(name: str) -> bool:
    """Whether a field of a form may be one that is written in: short, and of the signs that our names are made of."""
    return len(name) <= _NAME and _OF_NAMES.match(name) is not None


def uuid_or_none(text: str) -> UUID | None:
    """The id in a text; None where there is none."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
