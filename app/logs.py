"""Logs: one JSON object a line on standard error, with ids and never a name, a text or an exception's message."""

import json
import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

_FRAMES = 4
_SPOKEN_FOR = ("uvicorn", "psycopg")
"""Libraries whose message templates hold nothing but their own words; of others only the place is logged."""


def configure_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log line of this process, ours and the libraries', to the stream (standard error)."""
    stream = stream or cast("TextIO", _StandardError())
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _error_without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_LibraryLine())
    logging.basicConfig(handlers=[handler], level=max(least, logging.WARNING), force=True)
    sys.excepthook = _log_end
    threading.excepthook = lambda args: _log_end(args.exc_type, args.exc_value, args.exc_traceback)


def places(trace: TracebackType | None) -> list[str]:
    """The last places of a traceback, as file:line; never a line of code, since it may hold a text."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]


def _error_without_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own type
    """Of an exception, its type and where it was raised: its message may quote what somebody wrote."""
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else sys.exc_info()[1] if told else None
    if error is not None:
        event["error"] = type(error).__name__
        event["at"] = places(error.__traceback__)
    return event


class _StandardError:
    """Whatever standard error is when a line is written: a logger keeps its stream, and a stream may be replaced."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


class _LibraryLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"event": "library_log", "logger": record.name, "level": record.levelname.lower()}
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        line["where"] = f"{record.module}:{record.lineno}"
        if record.name.partition(".")[0] in _SPOKEN_FOR and isinstance(record.msg, str):
            line["template"] = record.msg
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _log_end(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, KeyboardInterrupt):
        structlog.get_logger().error("process_failed", error=kind.__name__, at=places(trace))
