"""What the environment may set, and what it is told when it sets something else."""

from datetime import date
from pathlib import Path

import pytest

from app.errors import WrongSettings
from app.settings import ROOT, URLS, read_settings

SECRET = "hemligt-4711"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*URLS, "home", "demo", "tenant"):
        monkeypatch.delenv(f"LIGGARE_{name.upper()}", raising=False)
    monkeypatch.delenv("PORT", raising=False)


def _set_urls(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    for name in names:
        monkeypatch.setenv(f"LIGGARE_{name.upper()}", f"postgresql://{name}:{SECRET}@/liggare?host=/run/db")


def test_without_any_setting_liggare_runs_on_this_machine_alone() -> None:
    """The embedded PostgreSQL, data below the checkout, port 8000 of this machine only."""
    settings = read_settings()
    assert settings.urls() is None
    assert (settings.home, settings.host, settings.port) == (ROOT / ".liggare", "127.0.0.1", 8000)


def test_five_urls_mean_that_nothing_is_launched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each URL is for its own role; the owner reaches the database of keys as the owner."""
    _set_urls(monkeypatch, *URLS)
    urls = read_settings().urls()
    assert urls is not None
    assert "owner_url" in urls.owner
    assert "keys_url" in urls.keys
    assert "user=owner_url" in urls.keys_owner
    assert SECRET not in repr(read_settings())


@pytest.mark.parametrize("missing", URLS)
def test_some_urls_without_the_others_are_refused(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forgotten URL would otherwise silently start an empty ledger beside the real one."""
    _set_urls(monkeypatch, *(name for name in URLS if name != missing))
    with pytest.raises(WrongSettings, match=f"not LIGGARE_{missing.upper()}") as refused:
        read_settings()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "0"), ("PORT", SECRET), ("LIGGARE_TENANT", "Umeå; drop"), ("LIGGARE_APP_URL", f"what:{SECRET}")],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_value(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value may be a password."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSettings, match=variable) as refused:
        read_settings()
    assert SECRET not in str(refused.value)


def test_a_port_that_a_cluster_names_after_its_service_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubernetes sets LIGGARE_PORT=tcp://… for a service called liggare; only PORT counts."""
    monkeypatch.setenv("LIGGARE_PORT", "tcp://10.0.0.1:80")
    monkeypatch.setenv("PORT", "8123")
    assert read_settings().port == 8123


def test_the_data_folder_is_the_same_from_wherever_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A relative path is taken from where the command is given, once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIGGARE_HOME", "data")
    assert read_settings().home == tmp_path / "data"


def test_in_production_what_is_due_is_due_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another day is for tests and the demo: in earnest it would destroy what is not due."""
    monkeypatch.setenv("LIGGARE_TODAY", "2032-09-01")
    assert read_settings().today == date(2032, 9, 1)
    monkeypatch.setenv("LIGGARE_ENVIRONMENT", "production")
    with pytest.raises(WrongSettings, match="LIGGARE_TODAY"):
        read_settings()
