"""`liggare client`: how a program is let in and shut out, by whoever runs Liggare."""

import json
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest
from joserfc.jwk import Key, OctKey, OKPKey, RSAKey

from access.scopes import Scope
from api.client_assertions import TYPE
from app.cli import main
from app.cli.client import SCOPES
from app.databases import Reached
from app.postgres_roles import Urls
from app.server import application
from app.settings import read_settings
from tests.api.program import signed


@pytest.fixture
def _environment(databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    for name, value in {**databases.environment(), "LIGGARE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)


FEED = "/api/v1/feeds/0/events"
pytestmark = pytest.mark.usefixtures("_environment")


class Terminal:
    """Runs commands with --json and says how they ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.capsys = capsys
        self.folder = folder

    def run(self, *arguments: str) -> tuple[int, Any]:
        """The exit code, and the JSON on standard output or else on standard error."""
        code = main([*arguments, "--json"])
        told = self.capsys.readouterr()
        return code, json.loads(told.out or told.err) if (told.out or told.err).startswith(("{", "[")) else told.err

    def key_file(self, content: object) -> str:
        """A file with this as JSON."""
        path = self.folder / f"{uuid4()}.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def add(self, key: object, *more: str, scopes: tuple[str, ...] = ("feed",)) -> tuple[int, Any]:
        """Let a program in."""
        named = [part for scope in scopes for part in ("--scope", scope)]
        return self.run("client", "add", "Prov", "--key", self.key_file(key), "--purpose", "Prov", *named, *more)


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    """The terminal of whoever runs Liggare."""
    return Terminal(capsys, tmp_path)


def public(key: Key) -> dict[str, Any]:
    """What the program's people hand over."""
    return dict(key.as_dict(private=False))


def test_a_program_that_is_let_in_gets_a_token_until_it_is_shut_out(
    terminal: Terminal, databases: Urls, tmp_path: Path
) -> None:
    """From the operator's command to an answer of the API, and back."""
    key = OKPKey.generate_key("Ed25519")
    code, added = terminal.add(public(key))
    assert code == 0
    assert (added["name"], added["scopes"], added["school"], added["revoked_at"]) == ("Prov", ["feed"], None, None)
    assert terminal.run("client", "list") == (0, [added])
    me = added["client"]
    with application(read_settings(), Reached(databases, tmp_path / "run")) as app:
        answer = _call(app, "POST", "/oauth/token", data=_form(key, me, "http://127.0.0.1:8000/oauth/token"))
        assert answer.status_code == 200, answer.text
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert _call(app, "GET", FEED, headers=bearer).status_code == 200
        assert terminal.run("client", "revoke", me) == (0, {"client": me, "revoked": True})
        assert _call(app, "GET", FEED, headers=bearer).status_code == 401
        assert _call(app, "POST", "/oauth/token", data=_form(key, me, "http://127.0.0.1:8000")).status_code == 401
    assert terminal.run("client", "list")[1][0]["revoked_at"]
    assert terminal.run("client", "revoke", me)[0] == 1
    assert terminal.run("client", "revoke", str(uuid4()))[0] == 1


def _call(app: Any, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - whatever httpx takes
    """One request to the application as it is served."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, path, **more)

    return anyio.run(send)


def _form(key: Key, me: str, audience: str) -> dict[str, str]:
    from time import time

    claims = {"iss": me, "sub": me, "aud": audience, "exp": int(time()) + 60, "jti": str(uuid4())}
    assertion = signed(claims, key)
    return {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": assertion}


def test_the_key_that_signs_tokens_is_a_file_of_its_owners_alone(terminal: Terminal, tmp_path: Path) -> None:
    """Made when it is first needed, and changed without a trace of the old one where that has leaked."""
    path = tmp_path / "keys" / "tokens.json"
    code, made = terminal.run("client", "new-signing-key")
    assert code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ring = json.loads(path.read_text())
    assert (ring["current"], len(ring["keys"])) == (made["key"], 2)
    assert terminal.run("client", "new-signing-key", "--drop-old")[0] == 0
    assert list(json.loads(path.read_text())["keys"]) == [json.loads(path.read_text())["current"]]
    path.chmod(0o640)
    assert terminal.run("client", "new-signing-key")[0] == 3


def test_a_school_is_named_for_the_scopes_of_one_school_and_for_no_others(terminal: Terminal) -> None:
    """And it is there."""
    key = public(OKPKey.generate_key("Ed25519"))
    _, school = terminal.run("admin", "add", "Agda", "Test", "--school", "Björkskolan")
    assert terminal.add(key, scopes=("school_read",))[0] == 2
    assert terminal.add(key, "--school", school["school"])[0] == 2
    assert terminal.add(key, "--school", str(uuid4()), scopes=("school_read",))[0] == 1
    code, added = terminal.add(key, "--school", school["school"], scopes=("school_read", "school_write"))
    assert (code, added["school"], added["scopes"]) == (0, school["school"], ["school_read", "school_write"])


def test_each_program_has_a_key_of_its_own(terminal: Terminal) -> None:
    """Also a key of one that was shut out is taken by nobody."""
    key = public(OKPKey.generate_key("Ed25519"))
    _, first = terminal.add(key)
    assert terminal.add(key | {"kid": "another name"})[0] == 1
    terminal.run("client", "revoke", first["client"])
    assert terminal.add(key)[0] == 1


def test_a_key_that_cannot_be_used_is_refused_without_repeating_it(terminal: Terminal) -> None:
    """No private key, no secret, nothing weak, nothing that is no key."""
    private = OKPKey.generate_key("Ed25519").as_dict(private=True)
    weak = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
    secret = OctKey.generate_key(256).as_dict(private=True)
    two = {"keys": [public(OKPKey.generate_key("Ed25519"))] * 2}
    wrong_ones: tuple[object, ...] = (
        private,
        secret,
        weak,
        two,
        {"keys": []},
        [],
        7,
        "no",
        "[" * 100_000,
        {"kty": "RSA"},
    )
    for wrong in wrong_ones:
        code, told = terminal.add(wrong)
        assert code == 2, wrong
        assert str(private["d"]) not in str(told)
    assert terminal.add({"keys": [public(RSAKey.generate_key(2048))]})[0] == 0


def test_name_and_purpose_are_lines_that_can_be_read(terminal: Terminal) -> None:
    """Every event that the program writes will bear the name."""
    key = terminal.key_file(public(OKPKey.generate_key("Ed25519")))
    for name, purpose in (
        ("", "Prov"),
        ("Prov\u202e", "Prov"),
        ("Prov", " "),
        ("Prov", "rad\nrad"),
        ("x" * 201, "Prov"),
    ):
        assert terminal.run("client", "add", name, "--key", key, "--scope", "feed", "--purpose", purpose)[0] == 2
    assert terminal.run("client", "list") == (0, [])


def test_people_read_a_table(terminal: Terminal) -> None:
    """Without --json."""
    _, added = terminal.add(public(OKPKey.generate_key("Ed25519")))
    assert main(["client", "list"]) == 0
    assert added["client"] in terminal.capsys.readouterr().out


def test_the_command_offers_every_scope() -> None:
    """They are written down twice, so that asking for help need not wait for the rest."""
    assert set(SCOPES) == set(Scope)
