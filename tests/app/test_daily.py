"""What the worker does once a day."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from app.daily import Daily, KeyAlarm
from app.postgres_roles import Urls
from store.errors import StoreUnavailable
from store.ledger import Ledger
from store.settings import StoreSettings


def test_a_wrapping_key_that_is_too_old_is_told_of(databases: Urls, tmp_path: Path) -> None:
    """Not before its time; afterwards with the day since when it is in use."""
    with Ledger(StoreSettings(databases.app, databases.keys, tmp_path / "ring.json")) as ledger:
        alarm = KeyAlarm(ledger.keys, timedelta(days=30))
        with psycopg.connect(databases.keys_owner, autocommit=True) as owner:
            for days, told in ((29, []), (31, ["key_rotation_overdue"])):
                owner.execute("update liggare.ring_keys set created_at = now() - make_interval(days => %s)", (days,))
                with capture_logs() as logs:
                    alarm.look()
                assert [line["event"] for line in logs] == told


def test_a_task_is_done_once_a_day_and_again_soon_where_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails keeps no other from being done."""
    now, done = 1000.0, []
    monkeypatch.setattr("app.daily.monotonic", lambda: now)

    def fails() -> None:
        done.append("fails")
        raise StoreUnavailable

    daily = Daily(fails, lambda: done.append("works"))
    for later, expected in ((0, ["fails", "works"]), (59, []), (2, ["fails"]), (86_400, ["fails", "works"])):
        now += later
        done.clear()
        daily.look()
        assert done == expected
