"""What was released once must load for ever: an example of each event, as it was written when released."""

import json
from pathlib import Path

import pytest

from events.base import Event, UnknownEventCode, event_class, event_classes
from tests.events.release import RELEASED, canonical, release, sample

FILES = sorted(RELEASED.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_released_event_loads_and_says_the_same(file: Path) -> None:
    """The class under the code reads the old payload, loses nothing of it, and adds nothing."""
    released = json.loads(file.read_text(encoding="utf-8"))
    assert file.stem == released["code"]
    event = event_class(released["code"]).model_validate_json(json.dumps(released["payload"]))
    assert canonical(json.loads(event.model_dump_json())) == canonical(released["payload"])


def test_every_event_has_a_released_example() -> None:
    """A new event gets its file with `python -m tests.events.release`; a released code never goes."""
    known = {kind.code for kind in event_classes() if kind.__module__.startswith("events.")}
    assert {file.stem for file in FILES} == known


def test_a_released_example_is_never_written_anew(tmp_path: Path) -> None:
    """The generator adds what is missing and leaves what is there, whatever it says."""
    kept = tmp_path / "goal_started.v1.json"
    kept.write_text("as released", encoding="utf-8")
    added = release(tmp_path)
    assert kept.read_text(encoding="utf-8") == "as released"
    assert {path.name for path in added} == {file.name for file in FILES} - {kept.name}
    assert release(tmp_path) == []


@pytest.mark.parametrize("kind", list(event_classes()), ids=lambda kind: kind.__name__)
def test_an_example_fills_every_field(kind: type[Event]) -> None:
    """An example that leaves a field out would not notice when the field is lost."""
    for name, value in sample(kind).items():
        assert value not in (None, [], {}, ""), name
    assert set(sample(kind)) == set(kind.model_fields)


def test_an_example_of_a_code_that_is_gone_fails() -> None:
    """A released file whose class was removed is an error, not a file to skip."""
    with pytest.raises(UnknownEventCode):
        event_class("goal_forgotten.v1")
