"""What is promised about changing the wrapping key: nothing is lost, whenever it stops, and the old key is nowhere."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest

from app.postgres_roles import Urls
from store import keyfile, rotation
from store.database import Pool, open_pool
from store.errors import KeyRingBusy
from store.ledger import Ledger
from store.rotation import rotate
from store.settings import StoreSettings
from tests.store.making import append, texts

PUPILS = [UUID(int=number) for number in range(1, 8)]


@pytest.fixture
def used(settings: StoreSettings) -> StoreSettings:
    """The settings of a closed ledger with some pupils."""
    with Ledger(settings) as ledger:
        for pupil in PUPILS:
            ledger.append(append(pupil))
    return settings


@pytest.fixture
def purge(databases: Urls) -> Iterator[Pool]:
    """The purge's role at the database of keys."""
    with open_pool(databases.keys_purge, schema="liggare", size=1, name="rotation") as pool:
        yield pool


def all_are_read(settings: StoreSettings) -> bool:
    """Whether a process that starts now reads every pupil."""
    with Ledger(settings) as ledger:
        return all(ledger.load(uuid5(pupil, "student_file"), texts) == ["Läsa högt"] for pupil in PUPILS)


def ring(path: Path) -> dict[str, Any]:
    """The key file."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_the_old_key_is_nowhere(used: StoreSettings, purge: Pool, keys_owner: psycopg.Connection) -> None:
    """One key is left in the file and in the database, it is another, and it wraps everybody's."""
    before = ring(used.key_file)
    done = rotate(purge, used.key_file, used.tenant)
    after = ring(used.key_file)
    assert (done.key_id, done.rewrapped, done.was_begun) == (after["current"], len(PUPILS), False)
    assert list(after["keys"]) == [after["current"]] != [before["current"]]
    assert after["lookup"] == before["lookup"]
    assert before["keys"][before["current"]] not in used.key_file.read_text("utf-8")
    assert [path.name for path in used.key_file.parent.iterdir()] == [used.key_file.name]
    assert keys_owner.execute("select ring_key_id from ring_keys").fetchall() == [(after["current"],)]
    assert keys_owner.execute("select distinct ring_key_id from wrapped_keys").fetchall() == [(after["current"],)]
    assert all_are_read(used)


class _Stopped(BaseException):
    """The process ends here."""


def _stopping(after: int, what: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but for the process ending after it was done so many times."""
    left = after

    def do(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        nonlocal left
        answer = what(*given, **named)
        left -= 1
        if left == 0:
            raise _Stopped
        return answer

    return do


@pytest.mark.parametrize(
    "step", ["put 1", "put 2", "_rewrap_batch 1", "_rewrap_batch 2", "_rewrap_batch 4", "_rewrap_all 1"]
)
def test_stopped_anywhere_it_goes_on(
    used: StoreSettings, purge: Pool, keys_owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Meanwhile everybody is read and new pupils come; afterwards one key is left, and nobody was lost."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    name, times = step.split()
    with monkeypatch.context() as patched:
        where: Any = keyfile if name == "put" else rotation
        patched.setattr(where, name, _stopping(int(times), getattr(where, name)))
        with pytest.raises(_Stopped):
            rotate(purge, used.key_file, used.tenant)
    assert all_are_read(used)
    newcomer = uuid4()
    with Ledger(used) as ledger:
        ledger.append(append(newcomer))
        rotate(purge, used.key_file, used.tenant)
        ledger.forget()
        assert ledger.load(uuid5(newcomer, "student_file"), texts)
    assert len(ring(used.key_file)["keys"]) == 1
    assert keys_owner.execute("select count(*) from ring_keys").fetchone() == (1,)
    assert all_are_read(used)


def test_a_running_process_follows(used: StoreSettings, purge: Pool) -> None:
    """It opens what the new key wraps, and wraps with it, though it started before."""
    with Ledger(used) as running:
        running.load(uuid5(PUPILS[0], "student_file"), texts)
        rotate(purge, used.key_file, used.tenant)
        running.forget()
        assert running.load(uuid5(PUPILS[0], "student_file"), texts)
    with Ledger(used) as running:
        rotate(purge, used.key_file, used.tenant)
        newcomer = uuid4()
        running.append(append(newcomer))
        assert running.load(uuid5(newcomer, "student_file"), texts)
    assert all_are_read(used)


def test_two_do_not_rotate_at_once(used: StoreSettings, purge: Pool) -> None:
    """The second is refused by name, and changes nothing."""
    before = used.key_file.read_bytes()
    with keyfile.rotating(used.key_file), pytest.raises(KeyRingBusy):
        rotate(purge, used.key_file, used.tenant)
    assert used.key_file.read_bytes() == before


def test_who_wraps_with_the_old_key_meanwhile_is_wrapped_anew(
    used: StoreSettings, purge: Pool, keys_owner: psycopg.Connection
) -> None:
    """A process that started before makes a key in the middle: it is not left behind, and the old key goes."""
    newcomer = uuid4()
    with Ledger(used) as running:
        asked: list[int] = []

        def tell(count: int) -> None:
            asked.append(count)
            if len(asked) == 1:
                running.append(append(newcomer))

        done = rotate(purge, used.key_file, used.tenant, tell=tell)
    assert done.rewrapped == len(PUPILS) + 1
    assert keys_owner.execute("select distinct ring_key_id from wrapped_keys").fetchall() == [(done.key_id,)]
    with Ledger(used) as ledger:
        assert ledger.load(uuid5(newcomer, "student_file"), texts)
