"""Who is there to sign in as in the demo school, by their part, so that nobody must copy ids from a terminal."""

import json
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

PARTS = ("administrator", "principal", "mentor", "teacher", "guardian", "pupil")
_FILE = "demo-people.json"


def keep(home: Path, people: Iterable[tuple[str, str, str]]) -> None:
    """Remember the ids of the demo's people in the data folder: (part, name, person id); the names are not kept."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / _FILE).write_text(json.dumps({part: person_id for part, _, person_id in people}))


def in_part(home: Path, part: str) -> UUID | None:
    """The demo's person in this part; None where no demo was played into this data folder."""
    try:
        people: dict[str, str] = json.loads((home / _FILE).read_text())
    except FileNotFoundError:
        return None
    return UUID(people[part]) if part in people else None
