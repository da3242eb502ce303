"""`liggare admin`: by what a person signs in where no administration can say so, and ending sessions at once."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from app.cli import main
from app.postgres_roles import Urls
from store.database import open_pool
from store.ledger import Ledger
from store.sessions import Sessions
from store.settings import StoreSettings
from tests.store.making import known

PERSON = UUID("11111111-1111-4111-8111-111111111111")
OTHER = UUID("22222222-2222-4222-8222-222222222222")


@pytest.fixture(autouse=True)
def _environment(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    for name, value in {**databases.environment(), "LIGGARE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_first_administrator_has_something_to_sign_in_by(
    capsys: pytest.CaptureFixture[str], databases: Urls
) -> None:
    """An account name is one person's; another's is refused, and never repeated."""
    add = ("admin", "add", "Agda", "Test", "--school", "Björkskolan", "--json")
    code, out, _ = _run(capsys, *add, "--eppn", "agda@umea.example")
    assert code == 0
    person = json.loads(out)["person"]
    assert _run(capsys, "admin", "sign-in", person, "--eppn", "AGDA@umea.example")[0] == 0
    code, out, err = _run(capsys, *add, "--another", "--eppn", "agda@umea.example")
    assert (code, json.loads(err)["error"]) == (1, "identifier-taken")
    with psycopg.connect(databases.owner) as connection:
        assert connection.execute("select count(*) from liggare.persons").fetchone() == (1,)
    assert "agda@" not in out + err
    code, _, err = _run(capsys, "admin", "sign-in", person, "--personnummer", "20001231-2386", "--json")
    assert (code, json.loads(err)["error"]) == (1, "identifier-not-valid")
    code, _, err = _run(capsys, "admin", "sign-in", str(OTHER), "--eppn", "x@umea.example", "--json")
    assert (code, json.loads(err)["error"]) == (1, "person-not-found")
    assert _run(capsys, "admin", "sign-in", person)[0] == 2


def test_somebodys_sessions_are_ended_at_once(
    capsys: pytest.CaptureFixture[str], databases: Urls, tmp_path: Path
) -> None:
    """Of one person, or of everybody; others go on."""
    now = datetime.now(UTC)
    ledger = Ledger(StoreSettings(databases.app, databases.keys, tmp_path / "keys" / "ring.json"))
    with ledger, open_pool(databases.app, schema="liggare", size=1, name="test", by_index=True) as pool:
        with psycopg.connect(databases.owner, options="-c search_path=liggare") as owner:
            known(ledger, owner, PERSON, OTHER)
        sessions = Sessions(pool, ledger.keys)
        ids = [sessions.begin(who, level=2, provider="staff", terms=None, now=now) for who in (PERSON, PERSON, OTHER)]
        assert json.loads(_run(capsys, "admin", "sign-out", str(PERSON), "--json")[1]) == {"ended": 2}
        assert [sessions.holder(one, now) is None for one in ids] == [True, True, False]
        assert json.loads(_run(capsys, "admin", "sign-out", "--everybody", "--json")[1]) == {"ended": 1}
        assert sessions.holder(ids[2], now) is None
    assert _run(capsys, "admin", "sign-out")[0] == 2
    assert _run(capsys, "admin", "sign-out", str(PERSON), "--everybody")[0] == 2
