"""What the worker does once a day: it asks how old the wrapping key is, and removes what names the destroyed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import psycopg
import structlog

from store.errors import StoreError
from store.keys import KeyRing

DAY_SECONDS = 86_400.0
AGAIN_SECONDS = 60.0
"""How soon something is tried again that could not be done."""

log = structlog.get_logger()


class Daily:
    """Does each task at the start and then once a day."""

    def __init__(self, *tasks: Callable[[], object]) -> None:
        self._at = dict.fromkeys(tasks, 0.0)

    def look(self) -> None:
        """Do what it is time for; what fails is said, and tried again soon."""
        for task, at in self._at.items():
            if monotonic() < at:
                continue
            try:
                task()
            except (StoreError, psycopg.Error) as error:
                log.warning("daily_task_failed", failure=type(error).__name__)
                self._at[task] = monotonic() + AGAIN_SECONDS
            else:
                self._at[task] = monotonic() + DAY_SECONDS


class KeyAlarm:
    """Says that the wrapping key is older than it may be: certificates promise that it is changed."""

    def __init__(self, keys: KeyRing, oldest: timedelta) -> None:
        self._keys = keys
        self._oldest = oldest

    def look(self) -> None:
        """Ask the database of keys."""
        since = self._keys.wrapping_since()
        if since is not None and datetime.now(UTC) - since > self._oldest:
            log.error("key_rotation_overdue", since=since.date().isoformat())
