"""An installation that is backed up, and put back, by the operator's own commands."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.postgres_roles import Urls
from app.settings import Settings
from store.keyfile import write_once
from store.settings import StoreSettings
from tests.retention.purging import World, open_world
from transparency.encoding import to_base64


@dataclass
class Installation:
    """Two databases and a data folder."""

    urls: Urls
    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def home(self) -> Path:
        """The data folder, with the key file, the notary's key, the register and what is published."""
        return self.folder / "home"

    @property
    def settings(self) -> Settings:
        """What the commands are given by the environment."""
        return Settings(home=self.home)

    @property
    def dumps(self) -> Path:
        """Where the ledger is dumped to."""
        return self.folder / "backups" / "ledger"

    @property
    def keys(self) -> Path:
        """Where the keys are dumped to."""
        return self.folder / "elsewhere" / "keys"

    def world(self) -> AbstractContextManager[World]:
        """The ledger, to work in. Nothing is restored while it is open."""
        settings = StoreSettings(self.urls.app, self.urls.keys, self.settings.key_ring, pool_size=4)
        return open_world(self.urls, settings, self.home)

    def give(self, *arguments: str | Path) -> tuple[int, str]:
        """Give a command; its exit code, and what it printed and complained of."""
        code, out, complaint = self._given(*arguments)
        return code, out + complaint

    def answer(self, *arguments: str | Path) -> Any:  # noqa: ANN401 - what a command answers
        """What a command answers in JSON; it must go well."""
        code, out, complaint = self._given(*arguments, "--json")
        assert code == 0, out + complaint
        return json.loads(out)

    def _given(self, *arguments: str | Path) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    def back_up(self) -> Any:  # noqa: ANN401 - what the command answers
        """Take a backup."""
        return self.answer("backup", self.dumps, "--keys-to", self.keys)

    def restore(self, *options: str | Path) -> Any:  # noqa: ANN401 - what the command answers
        """Put the latest backup back."""
        return self.answer("restore", self.dumps, "--keys-from", self.keys, *options)


@pytest.fixture
def installation(
    databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Installation:
    """An empty ledger, of which the environment says where it is."""
    made = Installation(databases, tmp_path, capsys)
    for name, value in {**databases.environment(), "LIGGARE_HOME": str(made.home), "LIGGARE_DEMO": "0"}.items():
        monkeypatch.setenv(name, value)
    made.home.mkdir(mode=0o700)
    return made


def signed(world: World, installation: Installation) -> int:
    """Number and sign what there is, as the worker does; how many leaves were signed."""
    path = installation.settings.notary_key
    if not path.exists():
        said = {"tenant": "liggare", "name": world.key.name, "seed": to_base64(world.key.seed)}
        write_once(path, json.dumps(said))
    world.notary.advance()
    world.notary.sign(world.key, datetime.now(UTC), installation.settings.folder)
    row = world.owner.execute("select max(size) from checkpoints").fetchone()
    return int(row[0]) if row else 0
