"""A backup is whole or is none, and is put back whole or not at all."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from app.backups.manifest import digest_of
from app.postgres import EmbeddedPostgres
from store import keyfile
from store.rotation import rotate
from tests.app.running import ROOT, until
from tests.backups.conftest import Installation
from tests.retention.purging import World


@pytest.fixture
def filled(installation: Installation) -> Installation:
    """An installation with a pupil."""
    with installation.world() as world:
        world.pupil("Elsa Åkesson")
    return installation


def test_what_is_put_back_is_what_was_there(filled: Installation) -> None:
    """Every row of both databases but the sessions, into databases that hold nothing; and the ledger starts."""
    with filled.world() as world:
        before = without_sessions(world)
    taken = filled.back_up()
    manifest = taken["manifests"]["ledger"]
    assert manifest["tenant"] == "liggare"
    assert manifest["rows"]["events"] == len(before["ledger.events"])
    assert manifest["register"] == {"lines": 0, "last_line": ""}
    for folder in (Path(taken["ledger"]), Path(taken["keys"])):
        assert folder.stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    with filled.world() as world:
        for owner in (world.owner, world.keys_owner):
            owner.execute("drop schema liggare cascade")
    filled.restore()
    with filled.world() as world:
        assert world.rows() == before
    filled.answer("retention", "replay")
    assert filled.give("projections", "rebuild", "overview")[0] == 0


def test_no_backup_holds_a_key_file_a_register_or_a_text(filled: Installation) -> None:
    """Its two parts lie apart, and are refused together; in the data folder they are warned of."""
    with filled.world() as world:
        assert world.ledger.keys.count() > 0
    taken = filled.back_up()
    for folder in (taken["ledger"], taken["keys"]):
        assert {path.suffix for path in Path(folder).iterdir()} == {".dump", ".json"}
        held = b"".join(path.read_bytes() for path in Path(folder).iterdir())
        assert filled.settings.key_ring.read_bytes() not in held
        assert "Åkesson".encode() not in held
    assert b"wrapped_keys" not in next(Path(taken["ledger"]).glob("*.dump")).read_bytes()
    for together in (filled.dumps, filled.dumps / "keys", filled.dumps.parent):
        code, told = filled.give("backup", filled.dumps, "--keys-to", together)
        assert (code, "apart" in told) == (1, True)
    code, told = filled.give("backup", filled.home / "backups", "--keys-to", filled.keys)
    assert (code, "is lost with it" in told) == (0, True)
    assert str(filled.settings.key_ring) in told
    assert str(filled.settings.register) in told


def test_a_damaged_backup_is_refused_before_anything_is_changed(filled: Installation) -> None:
    """Altered, cut short, without its dump, of another tenant, by another version, with a manifest that is none."""
    taken = filled.back_up()
    ledger = Path(taken["ledger"])
    kept = filled.folder / "kept"
    shutil.copytree(ledger, kept)
    manifest = json.loads((ledger / "manifest.json").read_text())
    with filled.world() as world:
        before = world.rows()
    for damage, said in (
        (lambda: flip(ledger / "ledger.dump"), "is not what the manifest says"),
        (lambda: os.truncate(ledger / "ledger.dump", 1000), "is not what the manifest says"),
        ((ledger / "ledger.dump").unlink, "cannot be read"),
        (lambda: change(ledger, manifest, tenant="grann"), "another tenant"),
        (lambda: change(ledger, manifest, migrations=["9999_later.sql"]), "9999_later.sql"),
        (lambda: change(ledger, manifest, part="keys"), "no backup of the ledger's database"),
        (lambda: change(ledger, manifest, id="../../etc"), "no backup of the ledger's database"),
        (lambda: change(ledger, manifest, rows="many"), "no backup of the ledger's database"),
        (lambda: (ledger / "manifest.json").write_text("{"), "no backup of the ledger's database"),
        ((ledger / "manifest.json").unlink, "There is no whole backup"),
    ):
        damage()
        code, told = filled.give("restore", ledger, "--keys-from", filled.keys, "--replace")
        assert (code, said in told) == (1, True), told
        shutil.rmtree(ledger)
        shutil.copytree(kept, ledger)
    with filled.world() as world:
        assert world.rows() == before


def test_what_is_not_a_dump_changes_nothing(filled: Installation) -> None:
    """A file that PostgreSQL does not take, though it is what the manifest says, leaves the database as it was."""
    taken = filled.back_up()
    ledger = Path(taken["ledger"])
    dump = ledger / "ledger.dump"
    os.truncate(dump, dump.stat().st_size - 2000)
    manifest = json.loads((ledger / "manifest.json").read_text())
    change(ledger, manifest, bytes=dump.stat().st_size, sha256=digest_of(dump))
    with filled.world() as world:
        before = world.rows()["ledger.events"]
    code, told = filled.give("restore", ledger, "--replace")
    assert (code, "failed" in told) == (3, True), told
    with filled.world() as world:
        assert world.rows()["ledger.events"] == before


def test_a_ledger_in_use_is_not_replaced(filled: Installation) -> None:
    """Server and workers are stopped first."""
    filled.back_up()
    with filled.world():
        code, told = filled.give("restore", filled.dumps, "--keys-from", filled.keys, "--replace")
    assert (code, "Somebody works in" in told) == (1, True)


def test_keys_that_the_key_file_does_not_open_are_refused(filled: Installation) -> None:
    """After the wrapping key was changed an old backup of the keys opens nothing; a later goes with an old ledger."""
    older = filled.back_up()
    with filled.world() as world:
        rotate(world.purger.keys, filled.settings.key_ring, "liggare")
    code, told = filled.give("restore", filled.dumps, "--keys-from", filled.keys, "--replace")
    assert (code, "The key file lacks the key" in told) == (1, True)
    filled.back_up()
    assert filled.give("restore", older["ledger"], "--keys-from", filled.keys, "--replace")[0] == 0
    filled.answer("retention", "replay")
    code, told = filled.give("restore", filled.dumps, "--keys-from", older["keys"], "--replace")
    assert (code, "older than the ledger's" in told) == (1, True)
    assert keyfile.read(filled.settings.key_ring, tenant="liggare").keys


def test_a_disk_that_is_full_leaves_no_backup(filled: Installation) -> None:
    """Neither a name nor a file; the backup that was there before is the latest still."""
    before = filled.back_up()
    with files_no_larger_than(20_000):
        code, told = filled.give("backup", filled.dumps, "--keys-to", filled.keys)
    assert (code, "pg_dump failed" in told) == (3, True), told
    for folder, part in ((filled.dumps, "ledger"), (filled.keys, "keys")):
        assert [path for path in folder.iterdir() if path.is_dir()] == [Path(before[part])]


def test_a_backup_that_was_killed_is_never_taken_for_one(filled: Installation) -> None:
    """It has no name yet; the next one removes what it left."""
    with filled.world() as world, world.owner.transaction():
        world.owner.execute("lock table drafts in access exclusive mode")  # where the dump waits
        command = [sys.executable, "-m", "app", "backup", str(filled.dumps), "--keys-to", str(filled.keys)]
        with subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL) as process:
            try:
                until(lambda: waits(world), seconds=30)
                code, told = filled.give("backup", filled.dumps, "--keys-to", filled.keys)
                assert (code, "just now" in told) == (3, True)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
    assert list(filled.dumps.glob(".unfinished-*"))
    code, told = filled.give("restore", filled.dumps, "--keys-from", filled.keys, "--replace")
    assert (code, "There is no whole backup" in told) == (1, True)
    taken = filled.back_up()
    assert [path for path in filled.dumps.iterdir() if path.is_dir()] == [Path(taken["ledger"])]


def test_a_restore_that_was_killed_has_changed_nothing(filled: Installation, cluster: EmbeddedPostgres) -> None:
    """The word that ends the transaction was never said."""
    filled.back_up()
    with filled.world() as world:
        world.pupil("Bo Ek")
        before = world.rows()
    database = str(conninfo_to_dict(filled.urls.app)["dbname"])
    command = [sys.executable, "-m", "app", "restore", str(filled.dumps), "--keys-from", str(filled.keys), "--replace"]
    with cluster.connect(database) as lock, cluster.connect() as look, lock.transaction():
        lock.execute("lock table liggare.events in access share mode")  # where the restore waits
        with subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL) as process:
            try:
                until(lambda: look.execute(WAITING, (database,)).fetchone() == (1,), seconds=30)
            finally:
                process.kill()
    until(lambda: filled.give("migrate")[0] == 0, seconds=30)
    with filled.world() as world:
        after = world.rows()
        assert {name for name in after if after[name] != before[name]} <= {"ledger.sessions"}


def test_which_backup_is_said_or_the_usage_is(filled: Installation) -> None:
    """Nothing is guessed."""
    filled.dumps.mkdir(parents=True)
    for wrong in (
        ("backup", filled.dumps),
        ("backup", filled.dumps, "--base", "--wal"),
        ("restore",),
        ("restore", filled.dumps, "--until", "2026-11-23T04:00:00+01:00"),
        ("restore", filled.dumps, "--base", "--until", "yesterday"),
        ("restore", filled.dumps, "--base", "--wal", filled.dumps, "--until", "2026-11-23"),
        ("drill", filled.dumps),
    ):
        assert filled.give(*wrong)[0] == 2, wrong
    assert filled.give("restore", filled.dumps)[0] == 1
    for ours in (("backup", filled.dumps, "--base"), ("backup", filled.dumps, "--wal")):
        code, told = filled.give(*ours)
        assert (code, "a server of your own" in told.lower()) == (1, True)


WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = %s"


def without_sessions(world: World) -> dict[str, list[str]]:
    """Every row, when nobody is signed in any more."""
    world.owner.execute("delete from sessions")
    return world.rows()


def waits(world: World) -> bool:
    """Whether somebody waits for a lock."""
    row = world.keys_owner.execute(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'pg_dump'"
    ).fetchone()
    return bool(row and row[0])


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


def change(folder: Path, manifest: dict[str, object], **said: object) -> None:
    """Let the manifest say something else."""
    (folder / "manifest.json").write_text(json.dumps({**manifest, **said}))


class files_no_larger_than:  # noqa: N801 - read as words
    """What this process and its children write may have so many bytes a file, as on a disk that is full."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def __enter__(self) -> None:
        """Begin."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._size, self._before[1]))

    def __exit__(self, *_: object) -> None:
        """End."""
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)
