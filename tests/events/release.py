"""Writes an example of each event that has none yet: `python -m tests.events.release`. It never overwrites one."""

import json
import types
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin
from uuid import UUID, uuid5

from pydantic import BaseModel, HttpUrl

from events.base import Event, event_classes

RELEASED = Path(__file__).parent / "released"
_SPACE = UUID("0d9f6f0e-0c62-4c4a-9f4c-6a2c1a6b0001")
_PATTERNED = {
    "school_year": "2026/2027",
    "term": "HT",
    "years": "4-6",
    "version": "0f" * 32,
    "account": "0f" * 32,
    "lookup": "0f" * 32,
    "sha256": "0f" * 32,
    "plan_hash": "0f" * 32,
    "certificate_sha256": "0f" * 32,
}
"""Texts that must look in a certain way, by the name of their field."""


def canonical(payload: object) -> str:
    """JSON in one form: keys in order, no spaces."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sample(kind: type[BaseModel]) -> dict[str, Any]:
    """A payload with every field filled, optional ones too, and one item in each list."""
    filled = {name: _value(field.annotation, name) for name, field in kind.model_fields.items()}
    read: dict[str, Any] = json.loads(kind.model_validate_json(json.dumps(filled)).model_dump_json())
    return read


def _value(annotation: Any, name: str) -> object:  # noqa: ANN401, PLR0911 - any type that a field may have
    arguments = [argument for argument in get_args(annotation) if argument is not types.NoneType]
    if get_origin(annotation) is tuple:
        return [_value(arguments[0], name)]
    if get_origin(annotation) in {Union, types.UnionType}:
        return _value(arguments[0], name)
    if get_origin(annotation) is not None:
        return _value(arguments[0], name)
    if issubclass(annotation, BaseModel):
        return sample(annotation)
    if issubclass(annotation, Enum):
        return next(iter(annotation)).value
    if annotation is str:
        return _PATTERNED.get(name, f"Åsö/{name.replace('_', '-')}")
    plain: dict[type, object] = {
        UUID: str(uuid5(_SPACE, name)),
        date: "2026-08-17",
        datetime: "2026-08-17T07:30:00Z",
        bool: True,
        int: 3,
        HttpUrl: "https://example.org/kursplan",
    }
    return plain[annotation]


def release(folder: Path = RELEASED) -> list[Path]:
    """Write the examples that are missing in the folder, and say which."""
    folder.mkdir(exist_ok=True)
    added = []
    for kind in event_classes():
        path = folder / f"{kind.code}.json"
        if not path.exists():
            path.write_text(_page(kind), encoding="utf-8")
            added.append(path)
    return added


def _page(kind: type[Event]) -> str:
    released = {"code": kind.code, "payload": sample(kind)}
    return json.dumps(released, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    release()
