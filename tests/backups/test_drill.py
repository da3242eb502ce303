"""A drill says whether a backup is good, before it is needed."""

from tests.app.running import short_folder
from tests.backups.conftest import Installation, signed


def test_a_drill_restores_replays_verifies_and_leaves_nothing(installation: Installation) -> None:
    """Beside, with times and sizes; of who was destroyed since it says nothing but the line that was applied."""
    with installation.world() as world:
        elsa, bo = world.pupil("Elsa Åkesson"), world.pupil("Bo Ek")
        signed(world, installation)
    installation.back_up()
    with installation.world() as world:
        world.begin_run(elsa.stream).purge()
        leaves, before = signed(world, installation), world.rows()
    with short_folder() as where:
        done = installation.answer("drill", installation.dumps, "--keys-from", installation.keys, "--in", where)
        assert list(where.iterdir()) == []
    assert (done["good"], done["replayed"]["lines"], done["register_lines"]) == (True, 1, 1)
    assert done["opened"] == done["events"] >= len(bo.past)
    assert done["lost"] == leaves - done["leaves"] > 0
    assert done["seconds"].keys() >= {"files", "start", "ledger", "keys", "replay", "verification", "total"}
    assert done["bytes"]["ledger restored"] > done["bytes"]["ledger.dump"] > 0
    with installation.world() as world:
        assert world.rows() == before


def test_a_drill_says_what_is_wrong_with_a_backup(installation: Installation) -> None:
    """An event that was altered before it was taken, and a key that was lost; a register that is lost is a refusal."""
    with installation.world() as world:
        world.pupil("Elsa Åkesson", everywhere=False)
        signed(world, installation)
        world.owner.execute("update events set recorded_at = recorded_at + interval '1 day' where position = 1")
        world.keys_owner.execute("delete from wrapped_keys where kind = 'student_file'")
    installation.back_up()
    with short_folder() as where:
        drill = ("drill", installation.dumps, "--keys-from", installation.keys, "--in", where)
        code, told = installation.give(*drill)
        assert code == 1
        assert "WRONG: the database of keys lacks the keys of 1 subjects" in told
        assert "the event is not the one that was given this leaf" in told
        installation.settings.register.unlink()
        code, told = installation.give(*drill)
        assert (code, "there is no purge register" in told) == (3, True)
        assert list(where.iterdir()) == []
