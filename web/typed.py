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
    kept_at: str = ""
    """Where drafts are sent, and below it thrown away; empty where none is kept."""


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

    def wrong(self, name: str, key: str, **numbers: int) -> None:
        """Keep what is wrong with a field, by its key in WRONG_TEXT, with the numbers that its words name."""
        self.errors[name] = self._translate(WRONG_TEXT[key]) % numbers

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
            what = error.errors()[0]
            key = _KEYS.get(what["type"], "taken-out")
            most = what.get("ctx", {}).get("max_length", 0)
            self.wrong(name, key, most=most, over=len(what["input"]) - most)
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


def is_written(name: str, value: str) -> bool:
    """Whether a field holds what its author typed, and no tick, choice, button, id or version that goes with it.

    A word of any length in a box to write in is; elsewhere what can be nothing but such a companion is not.
    """
    if _BOX.fullmatch(name):
        return bool(value.strip())
    return _COMPANION.fullmatch(name) is None and _NO_PROSE.fullmatch(value.strip()) is None


_BOX = re.compile(
    r"(svar|omdome|utveckling|stod|avslut|skal|ratta|prognosskal|granska)-.+"
    r"|mal-[^-]+(-[^-]+){0,4}-(text|aktiviteter|ansvar|utvardering|skal-[a-z]+)"
    r"|synpunkt|samtalets-utvardering|anteckning|skal|referens|description"
)
"""The names of the boxes to write in, so that a yes in one of them is not taken for a tick."""
_COMPANION = re.compile(
    r"(version|val)(-.+)?|som|command_key|mal|till|fraga|anda|slag|nyckel|roll|person|granskning|slang|elev|fore|mall"
    r"|termin|prognos|beslut|visa|vad|nasta|kopiera|klass|sokning|svar|vilka|ta_bort|relation|session|sprak|theme"
)
"""What a form of ours carries beside what somebody types, whatever it says."""
_NO_PROSE = re.compile(r"(ja|\d*|[0-9a-f-]{32,36})")
"""Ticks, versions and ids."""


def uuid_or_none(text: str) -> UUID | None:
    """The id in a text; None where there is none."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
