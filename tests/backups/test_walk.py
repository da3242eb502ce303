"""An old backup does not bring back who was destroyed."""

from uuid import UUID

import pytest

from tests.backups.conftest import Installation, signed
from tests.retention.purging import World


def rows_about(world: World, subject_id: UUID) -> dict[str, list[str]]:
    """The rows of a pupil in every table."""
    about = {table: [row for row in rows if str(subject_id) in row] for table, rows in world.rows().items()}
    return {table: rows for table, rows in about.items() if rows}


@pytest.mark.requirement("S-RET-1")
def test_who_was_destroyed_stays_so_when_an_old_backup_is_put_back(installation: Installation) -> None:
    """Nothing starts before the register is applied; then she is gone, everybody else is whole, and it is told of."""
    with installation.world() as world:
        elsa, bo = world.pupil("Elsa Åkesson"), world.pupil("Bo Ek")
        assert signed(world, installation) > 0
    yesterday = installation.settings.folder.note()
    backup = installation.back_up()
    with installation.world() as world:
        before = rows_about(world, bo.stream)
        secrets = world.secrets(elsa.stream)
        assert world.begin_run(elsa.stream).purge().note is not None
        signed(world, installation)

    code, told = installation.give("restore", installation.dumps, "--keys-from", installation.keys)
    assert (code, "--replace" in told) == (1, True)
    restored = installation.restore("--replace")
    assert restored["ledger"] == restored["keys"] == backup["manifests"]["ledger"]["id"]
    with installation.world() as world:
        assert world.holding(elsa.stream, *secrets)
    for start in (["serve"], ["worker"], ["run"], ["admin", "officers"], ["projections", "rebuild", "overview"]):
        code, told = installation.give(*start)
        assert (start, code) == (start, 3)
        assert "liggare retention replay" in told

    done = installation.answer("retention", "replay")
    assert (done["lines"], done["subjects"], done["keys"], done["certificates"]) == (1, 1, 1, 1)
    with installation.world() as world:
        assert world.holding(elsa.stream, *secrets) == []
        assert rows_about(world, bo.stream) == before
    code, told = installation.give("projections", "rebuild", "overview")
    assert code == 0, told
    again = installation.answer("retention", "replay")
    assert (again["lines"], again["subjects"], again["keys"]) == (0, 0, 0)

    code, told = installation.give("ledger", "verify")
    assert (code, "shorter than one that was signed" in told) == (1, True)
    assert "missing" not in told
    kept = installation.folder / "yesterday"
    kept.write_bytes(yesterday or b"")
    installation.settings.folder.path.rename(installation.folder / "set aside")
    assert installation.give("ledger", "publish")[0] == 0
    whole = installation.answer("ledger", "verify", "--from", kept)
    assert (whole["whole"], whole["destroyed"]) == (True, len(elsa.past))
