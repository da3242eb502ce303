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
