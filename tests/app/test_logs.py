"""The logs: JSON lines that quote nobody. Each test logs in a process of its own, as the program does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
TEXT = "Ada läser gärna"


START = f"""
import logging, threading, structlog
from app.logs import configure_logs
configure_logs()
text = {TEXT!r}
"""


def _logged(program: str) -> list[dict[str, Any]]:
    ended = subprocess.run(
        [sys.executable, "-c", START + program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stdout == ""
    assert TEXT not in ended.stderr
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_a_line_has_its_event_level_time_and_what_is_bound() -> None:
    """One JSON object a line, UTC, ids bound once."""
    (line,) = _logged(
        "structlog.contextvars.bind_contextvars(request='1')\nstructlog.get_logger().info('it_happened', n=2)"
    )
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "it_happened", "level": "info", "n": 2, "request": "1"}


def test_of_an_exception_only_its_kind_and_place_are_logged() -> None:
    """Its message may quote what somebody wrote, and so may a line of code."""
    (line,) = _logged("try: int(text)\nexcept ValueError: structlog.get_logger().exception('it_failed')")
    assert line["error"] == "ValueError"
    assert line["at"] == ["<string>:6"]


def test_of_a_library_only_its_own_words_are_logged() -> None:
    """Templates of libraries that keep to their own words; of others the place alone; never an argument."""
    known, unknown = _logged(
        "logging.getLogger('psycopg.pool').warning('error connecting in %r: %s', text, text)\n"
        "logging.getLogger('other').error(f'about {text}')"
    )
    assert known["template"] == "error connecting in %r: %s"
    assert unknown["where"]
    assert "template" not in unknown


def test_an_end_that_nobody_expected_is_logged_without_its_words() -> None:
    """In the main thread and in any other."""
    lines = _logged(
        "thread = threading.Thread(target=lambda: int(text))\nthread.start()\nthread.join()\nraise ValueError(text)"
    )
    assert [(line["event"], line["error"]) for line in lines] == [("process_failed", "ValueError")] * 2
