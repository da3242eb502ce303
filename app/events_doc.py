"""Writes docs/events.md from the event classes, so that the page cannot say anything else than the code."""

import inspect
import types
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import HttpUrl

from events import event_classes, text
from events.base import Actor, Event, Grade, Recorded, Value

PAGE = Path(__file__).parents[1] / "docs" / "events.md"

_INTRO = """\
# Events

Made by `make docs` from the classes in `events/`; do not edit. Each event is a fact that became true. The ledger stores
its code, not its class; a released code never gets another shape. `?` marks a field that may be absent.

## Every event carries
"""
_NAMES: dict[Any, str] = {
    text.Name: "name (one line, 1-200 characters)",
    text.Line: "line (1-300 characters)",
    text.Prose: "text (1-4,000 characters)",
    text.Brief: "text (1-500 characters)",
    text.Digest: "digest (64 hexadecimal digits)",
    text.Code: "code",
    Grade: "school year (0 is F-klass, below it preschool)",
    UUID: "id",
    str: "text",
    int: "whole number",
    bool: "yes or no",
    date: "date",
    datetime: "time (UTC)",
    HttpUrl: "address",
}


def events_page() -> str:
    """The whole page in Markdown: the envelope, the events by subject, and the parts that events are made of."""
    parts = [_INTRO, _envelope(), _described(Actor)]
    ordered = sorted(event_classes(), key=lambda event: (event.__module__, event.code))
    for module, events in groupby(ordered, key=inspect.getmodule):
        parts.append(f"## {_first_line(module)}\n")
        parts.extend(_described(event) for event in events)
    parts.append("## Parts of events\n")
    parts.extend(_described(part) for part in sorted(_parts(), key=lambda part: part.__name__))
    return "\n".join(parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(events_page(), encoding="utf-8")


def _envelope() -> str:
    names = [name for name in Recorded.__annotations__ if name != "event"]
    return "".join(f"- `{name}`: {_spoken(Recorded.__annotations__[name])}\n" for name in names)


def _described(kind: type) -> str:
    heading = f"`{kind.code}` {kind.__name__}" if issubclass(kind, Event) else kind.__name__
    lines = [f"### {heading}", "", inspect.cleandoc(kind.__doc__ or ""), ""]
    if issubclass(kind, StrEnum):
        lines.append("One of " + ", ".join(f"`{member.value}`" for member in kind) + ".")
    elif issubclass(kind, Value):
        lines.extend(f"- `{name}`: {_spoken(_annotation(kind, name))}" for name in kind.model_fields)
    return "\n".join(lines).rstrip() + "\n"


def _annotation(kind: type, name: str) -> object:
    """The type as the class writes it: pydantic's own field has the limits of a text taken apart."""
    return next(found[name] for base in kind.__mro__ if name in (found := inspect.get_annotations(base)))


def _spoken(annotation: Any) -> str:  # noqa: ANN401 - any type that a field may have
    if annotation in _NAMES:
        return _NAMES[annotation]
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple:
        return f"list of {_spoken(arguments[0])}"
    if get_origin(annotation) in {Union, types.UnionType}:
        return " or ".join(_spoken(one) for one in arguments if one is not types.NoneType) + " ?"
    return f"[{annotation.__name__}](#{annotation.__name__.lower()})"


def _parts() -> set[type]:
    """Every value and enumeration that is reached from an event."""
    found: set[type] = set()
    waiting: list[type[Value]] = [*event_classes(), Actor]
    while waiting:
        kind = waiting.pop()
        for part in chain.from_iterable(_classes(_annotation(kind, name)) for name in kind.model_fields):
            if issubclass(part, (Value, StrEnum)) and part not in found:
                found.add(part)
                waiting.extend([part] if issubclass(part, Value) else [])
    return found


def _classes(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _classes(argument)


def _first_line(module: object) -> str:
    return (inspect.getdoc(module) or "").splitlines()[0].rstrip(".")


if __name__ == "__main__":
    main()
