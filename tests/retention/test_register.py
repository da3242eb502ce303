"""The purge register: a chain of lines outside the databases, refused by name when it is not what it was."""

import json
import multiprocessing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from retention.register import (
    Register,
    RegisterBusy,
    RegisterDamaged,
    RegisterMissing,
    RegisterNotApplied,
    RegisterNotThisLedgers,
    refuse_unless_applied,
    state_of,
)
from tests.retention.purging import World

AT = datetime(2031, 6, 13, 3, 0, tzinfo=UTC)


def add(register: Register, count: int = 1) -> None:
    """Add lines."""
    with register.held():
        for _ in range(count):
            register.add(mark=uuid4().bytes * 2, run=uuid4(), item=1, kind="person", at=AT, lapses_on=date(2031, 8, 12))


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """An empty register."""
    path = tmp_path / "register" / "purged.jsonl"
    Register.begin(path)
    return Register(path).read()


def test_what_was_added_is_read_again(register: Register) -> None:
    """By another process, line for line, each with the hash of the line before it; and only its owner reads it."""
    add(register, 3)
    again = Register(register.path).read()
    assert again.lines == register.lines
    assert [line.n for line in again.lines] == [1, 2, 3]
    assert [line.previous for line in again.lines] == ["", register.digest(1).hex(), register.digest(2).hex()]
    assert register.path.stat().st_mode & 0o077 == 0
    assert register.of(register.lines[1].run, 1) == register.lines[1]


@pytest.mark.parametrize("harm", ["changed", "taken out", "put in another order", "not a line"])
def test_a_register_that_was_altered_is_refused(register: Register, harm: str) -> None:
    """Every line but the last is held by the one after it, and the last by the ledger."""
    add(register, 3)
    lines = register.path.read_text("utf-8").splitlines()
    match harm:
        case "changed":
            lines[1] = json.dumps(json.loads(lines[1]) | {"item": 2}, separators=(",", ":"))
        case "taken out":
            del lines[1]
        case "put in another order":
            lines[0], lines[1] = lines[1], lines[0]
        case _:
            lines[1] = "nothing"
    register.path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(RegisterDamaged):
        Register(register.path).read()


def test_a_line_that_was_cut_off_counts_for_nothing(register: Register) -> None:
    """Whoever wrote it died in the middle: nothing was destroyed yet, and the next line takes its place."""
    add(register, 2)
    with register.path.open("a", encoding="utf-8") as file:
        file.write('{"n":3,"previous":"')
    again = Register(register.path).read()
    assert len(again.lines) == 2
    add(again)
    assert len(Register(register.path).read().lines) == 3


def test_a_register_that_is_lost_is_refused(register: Register) -> None:
    """For reading and for adding, and no new one is made."""
    register.path.unlink()
    with pytest.raises(RegisterMissing):
        Register(register.path).read()
    with pytest.raises(RegisterMissing), register.held():
        pass
    assert not register.path.exists()


def _hold(path: Path, held: "multiprocessing.synchronize.Event", over: "multiprocessing.synchronize.Event") -> None:
    with Register(path).held():
        held.set()
        over.wait(20)


def test_one_process_at_a_time_adds(register: Register) -> None:
    """The other is refused, and destroys nothing."""
    context = multiprocessing.get_context("spawn")
    held, over = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(register.path, held, over))
    other.start()
    assert held.wait(20)
    with pytest.raises(RegisterBusy), register.held():
        pass
    over.set()
    other.join(20)
    add(register)


def test_a_ledger_is_opened_beside_its_own_register_alone(world: World) -> None:
    """Neither beside one that is older or another's, nor with databases that lack what it says."""
    path, keys = world.register.path, world.ledger.keys
    before = path.read_bytes()
    for name in ("Elsa Åkesson", "Noah Berg"):
        world.begin_run(world.pupil(name).stream).purge()
    refuse_unless_applied(world.pool, keys, path)
    whole = path.read_bytes()
    path.write_bytes(before)
    with pytest.raises(RegisterNotThisLedgers):
        refuse_unless_applied(world.pool, keys, path)
    path.write_bytes(whole)
    state = state_of(world.pool)
    for statement, named in (
        ("update register_state set lines = 0, last_line = ''", RegisterNotApplied),
        ("update register_state set last_line = ''", RegisterNotThisLedgers),
    ):
        world.owner.execute(statement.encode())
        with pytest.raises(named):
            refuse_unless_applied(world.pool, keys, path)
        restored = "update register_state set lines = %s, last_line = %s"
        world.owner.execute(restored, (state.lines, state.last_line))
    refuse_unless_applied(world.pool, keys, path)
