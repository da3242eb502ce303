"""What is promised about keys: one a subject, wrapped by a file that is never replaced, gone when destroyed."""

import base64
import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest

from app.postgres_roles import Urls
from store.errors import (
    KeyMissing,
    KeyRingError,
    KeyRingMismatch,
    KeyRingMissing,
    KeyRingUnreadable,
    SubjectErased,
    SubjectFenced,
    UnreadableEvent,
)
from store.ledger import Ledger
from store.settings import StoreSettings
from tests.store.making import append, destroy_keys, receipt, texts

PUPIL = UUID(int=7)
FILE = uuid5(PUPIL, "student_file")


@pytest.fixture
def used(settings: StoreSettings) -> StoreSettings:
    """The settings of a closed ledger that holds an event."""
    with Ledger(settings) as ledger:
        ledger.append(append(PUPIL))
    return settings


def test_the_first_start_makes_a_key_file(settings: StoreSettings) -> None:
    """Readable by its owner alone, with nothing beside it; the second start finds it and changes nothing."""
    with Ledger(settings):
        first = settings.key_file.read_bytes()
        assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
        assert list(settings.key_file.parent.iterdir()) == [settings.key_file]
    with Ledger(settings):
        assert settings.key_file.read_bytes() == first
    assert set(json.loads(first)) == {"tenant", "current", "keys", "lookup"}


def lose(path: Path) -> None:
    """It is gone."""
    path.unlink()


def open_to_others(path: Path) -> None:
    """Its group may read it."""
    path.chmod(0o640)


def damage(path: Path) -> None:
    """Its end is cut off."""
    path.write_text(path.read_text("utf-8")[:-5], "utf-8")


def not_utf8(path: Path) -> None:
    """It is no text."""
    path.write_bytes(b"\xff\xfe")


def shorten_key(path: Path) -> None:
    """Its key is no key."""
    ring = json.loads(path.read_text("utf-8"))
    ring["keys"][ring["current"]] = base64.b64encode(b"short").decode()
    path.write_text(json.dumps(ring), "utf-8")


def other_key(path: Path) -> None:
    """Another key under the same id."""
    ring = json.loads(path.read_text("utf-8"))
    ring["keys"][ring["current"]] = base64.b64encode(bytes(32)).decode()
    path.write_text(json.dumps(ring), "utf-8")


def other_key_id(path: Path) -> None:
    """The same key under another id."""
    ring = json.loads(path.read_text("utf-8"))
    ring["keys"] = {"other": ring["keys"][ring["current"]]}
    ring["current"] = "other"
    path.write_text(json.dumps(ring), "utf-8")


def other_lookup(path: Path) -> None:
    """Another look-up key."""
    ring = json.loads(path.read_text("utf-8"))
    ring["lookup"] = base64.b64encode(bytes(32)).decode()
    path.write_text(json.dumps(ring), "utf-8")


def other_tenant(path: Path) -> None:
    """It is the neighbour's."""
    ring = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(ring | {"tenant": "grannkommunen"}), "utf-8")


def no_object(path: Path) -> None:
    """It is JSON of another shape."""
    path.write_text("[1]", "utf-8")


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (lose, KeyRingMissing),
        (open_to_others, KeyRingUnreadable),
        (damage, KeyRingUnreadable),
        (not_utf8, KeyRingUnreadable),
        (no_object, KeyRingUnreadable),
        (shorten_key, KeyRingUnreadable),
        (other_key, KeyRingMismatch),
        (other_key_id, KeyRingMismatch),
        (other_lookup, KeyRingMismatch),
        (other_tenant, KeyRingMismatch),
    ],
)
def test_a_wrong_key_file_is_refused(
    used: StoreSettings, harm: Callable[[Path], None], named: type[KeyRingError]
) -> None:
    """By name, and nothing is written: never a new key over old data. The right file put back, all is as it was."""
    right = used.key_file.read_bytes()
    harm(used.key_file)
    wrong = used.key_file.read_bytes() if used.key_file.exists() else None
    with pytest.raises(named):
        Ledger(used)
    assert (used.key_file.read_bytes() if used.key_file.exists() else None) == wrong
    used.key_file.write_bytes(right)
    used.key_file.chmod(0o600)
    with Ledger(used) as ledger:
        assert ledger.load(FILE, texts) == ["Läsa högt"]


def test_a_lost_database_of_keys_is_refused(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """An empty keys database under a ledger with events is not a new beginning, key file or none."""
    keys_owner.execute("truncate ring_keys, wrapped_keys")
    with pytest.raises(KeyRingMismatch):
        Ledger(used)
    used.key_file.unlink()
    with pytest.raises(KeyRingMissing):
        Ledger(used)
    assert not used.key_file.exists()


def test_a_key_file_may_wait_for_its_databases(settings: StoreSettings, databases: Urls, tmp_path: Path) -> None:
    """Empty databases take the file that is there, so that a restore into new ones works."""
    with Ledger(settings):
        kept = settings.key_file.read_bytes()
    assert databases.keys
    moved = replace(settings, key_file=tmp_path / "moved.json")
    moved.key_file.write_bytes(kept)
    moved.key_file.chmod(0o600)
    with Ledger(moved) as ledger:
        ledger.append(append(PUPIL))
    assert moved.key_file.read_bytes() == kept


def test_a_new_wrapping_key_leaves_old_data_readable(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """A key added to the file wraps from then on; the old one stays for what it wrapped."""
    ring = json.loads(used.key_file.read_text("utf-8"))
    ring["keys"]["second"] = base64.b64encode(b"2" * 32).decode()
    ring["current"] = "second"
    used.key_file.write_text(json.dumps(ring), "utf-8")
    other = uuid4()
    with Ledger(used) as ledger:
        ledger.append(append(other))
    with Ledger(used) as ledger:
        assert ledger.load(FILE, texts) == ledger.load(uuid5(other, "student_file"), texts)
    rows = keys_owner.execute("select ring_key_id from wrapped_keys where subject_id = %s", (other,)).fetchall()
    assert rows == [("second",)]


def test_a_missing_key_is_not_an_erased_subject(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """A lost row is named as lost, for reading and for writing, and no new key is made over what the old one sealed."""
    keys_owner.execute("delete from wrapped_keys")
    with Ledger(used) as ledger:
        for attempt in (
            lambda: ledger.load(FILE, texts),
            lambda: ledger.append(append(PUPIL, after=1)),
            lambda: ledger.append(append(PUPIL, stream_id=uuid4())),
            lambda: ledger.seal(PUPIL, b"", b""),
        ):
            with pytest.raises(KeyMissing):
                attempt()
    assert keys_owner.execute("select count(*) from wrapped_keys").fetchone() == (0,)


def test_a_destroyed_key_stays_destroyed(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """Loading, appending, reading a feed, sealing and opening all say that the subject is erased."""
    kept = receipt()
    with Ledger(used) as ledger:
        ledger.append(append(PUPIL, after=1, receipt=kept))
        sealed = ledger.seal(PUPIL, b"text", b"")
        destroy_keys(ledger, keys_owner, PUPIL)
        ledger.forget(PUPIL)
        for attempt in (
            lambda: ledger.load(FILE, texts),
            lambda: ledger.append(append(PUPIL, after=2)),
            lambda: ledger.append(append(PUPIL, stream_id=uuid4())),
            lambda: ledger.answered(kept.command_id, kept.body_hash),
            lambda: ledger.seal(PUPIL, b"", b""),
            lambda: ledger.open(PUPIL, sealed, b""),
        ):
            with pytest.raises(SubjectErased):
                attempt()
        feed = next(feed for feed, last in ledger.feed_positions().items() if last)
        with pytest.raises(UnreadableEvent) as stopped:
            ledger.read_feed(feed, 0, 10)
        assert stopped.value.why == "subject_erased"


def test_the_fence_holds_where_a_key_is_still_remembered(used: StoreSettings, owner: psycopg.Connection) -> None:
    """A process that has the key in memory cannot append about a subject that was purged a moment ago."""
    with Ledger(used) as ledger:
        ledger.load(FILE, texts)
        owner.execute(
            "insert into erased_subjects (mark, lapses_on) values (%s, '2099-12-31')", (ledger.keys.mark(PUPIL),)
        )
        owner.execute("delete from events")
        owner.execute("delete from subjects")
        before = ledger.feed_positions()
        with pytest.raises(SubjectErased):
            ledger.append(append(PUPIL, after=1))
        assert ledger.feed_positions() == before


def test_the_fence_holds_until_it_is_lifted(used: StoreSettings, owner: psycopg.Connection) -> None:
    """Nothing is appended about a subject that is about to be destroyed, and its file can still be read."""
    with Ledger(used) as ledger:
        owner.execute("update subjects set state = 'purging'")
        before = ledger.feed_positions()
        with pytest.raises(SubjectFenced):
            ledger.append(append(PUPIL, after=1))
        assert ledger.feed_positions() == before
        assert ledger.load(FILE, texts)
        owner.execute("update subjects set state = 'active'")
        assert ledger.append(append(PUPIL, after=1)).version == 2


def test_keys_are_remembered_for_a_while_only(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """After the time that the settings give, the keys database is asked again; the default is a minute."""
    assert StoreSettings("", "", Path()).key_cache_seconds == 60
    with Ledger(used) as remembering, Ledger(replace(used, key_cache_seconds=-1)) as asking:
        for ledger in (remembering, asking):
            assert ledger.load(FILE, texts)
        destroy_keys(asking, keys_owner)
        assert remembering.load(FILE, texts)
        with pytest.raises(SubjectErased):
            asking.load(FILE, texts)


def test_no_more_keys_are_remembered_than_allowed(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """The oldest goes first."""
    with Ledger(replace(used, key_cache_size=3)) as ledger:
        pupils = [uuid4() for _ in range(4)]
        for pupil in pupils:
            ledger.append(append(pupil))
        destroy_keys(ledger, keys_owner)
        for pupil in pupils[1:]:
            assert ledger.load(uuid5(pupil, "student_file"), texts)
        with pytest.raises(SubjectErased):
            ledger.load(uuid5(pupils[0], "student_file"), texts)


def test_a_wrapped_key_belongs_to_its_subject(used: StoreSettings, keys_owner: psycopg.Connection) -> None:
    """A wrapped key put in another subject's row opens nothing."""
    other = uuid4()
    with Ledger(used) as ledger:
        ledger.append(append(other))
    keys_owner.execute(
        "update wrapped_keys a set wrapped = b.wrapped from wrapped_keys b where b.subject_id <> a.subject_id"
    )
    with Ledger(used) as ledger, pytest.raises(KeyRingMismatch):
        ledger.load(FILE, texts)


def test_a_text_is_found_by_a_keyed_hash(ledger: Ledger) -> None:
    """Equal for equal texts however their letters are put together, different by kind; it tells nothing."""
    keys = ledger.keys
    assert keys.lookup_hash("group", "Å") == keys.lookup_hash("group", "A\u030a")
    assert keys.lookup_hash("group", "7A") != keys.lookup_hash("roster", "7A")
    assert keys.lookup_hash("group", "7A") != keys.lookup_hash("group", "7B")
    assert len(keys.lookup_hash("group", "7A")) == 32
    assert repr(keys.lookup_hash("group", "7A")) not in repr(vars(keys))


def test_no_key_is_printed(ledger: Ledger) -> None:
    """Neither by a log that is given the key file by mistake."""
    ring = json.loads(ledger.settings.key_file.read_text("utf-8"))
    for key in (*ring["keys"].values(), ring["lookup"]):
        assert repr(base64.b64decode(key)) not in repr(ledger.keys._file)
        assert key not in repr(ledger.keys._file)


def test_many_begin_at_once(settings: StoreSettings) -> None:
    """Two ledgers that meet a new pupil at the same moment end with one key."""
    with Ledger(settings) as one, Ledger(settings) as two:
        first = one.keys.begin(PUPIL, "person")
        second = two.keys.begin(PUPIL, "person")
        assert second.decrypt(bytes(12), first.encrypt(bytes(12), b"text", None), None) == b"text"
