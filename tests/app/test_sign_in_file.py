"""The file that says how people sign in, and the secrets beside it: read at the start, refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.errors import WrongSettings
from app.settings import Settings
from app.sign_in import clients, read_sign_in
from events.base import Role

SECRET = "a secret that no message repeats"


def _provider(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - the file's own shapes
    return {
        "title": {"sv": "E-legitimation", "en": "e-ID"},
        "for": ["guardian"],
        "issuer": "https://eid.test",
        "client_id": "liggare",
        "client_secret_file": "secret",
        "identifier": {"kind": "personnummer", "claim": "pnr"},
        "levels": {"loa3": 3},
    } | more


def _settings(home: Path, content: object | None = None) -> Settings:
    if content is not None:
        (home / "sign-in.yaml").write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return Settings(home=home)


def _private(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)


def test_without_a_file_nobody_signs_in(tmp_path: Path) -> None:
    """And the limits and levels are the defaults."""
    sign_in = read_sign_in(_settings(tmp_path))
    assert not sign_in.providers
    assert (sign_in.sessions.idle_minutes, sign_in.sessions.absolute_hours) == (60, 12)


def test_the_file_says_all_of_it(tmp_path: Path) -> None:
    """Providers in its order, levels over the defaults, limits; the secret comes from a file beside it."""
    content = {
        "providers": {"eid": _provider(), "staff": _provider(**{"for": ["staff"]})},
        "levels": {"roles": {"pupil": 2}},
        "sessions": {"idle_minutes": 30, "absolute_hours": 8},
    }
    settings = _settings(tmp_path, content)
    _private(tmp_path / "secret", f"{SECRET}\n")
    sign_in = read_sign_in(settings)
    assert sign_in.in_force().roles[Role.PUPIL] == 2
    assert sign_in.in_force().roles[Role.GUARDIAN] == 2
    assert sign_in.sessions.idle.total_seconds() == 1800
    with clients(settings, sign_in) as found:
        assert list(found) == ["eid", "staff"]


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    """A mistyped path is no reason to let nobody in without a word."""
    with pytest.raises(WrongSettings, match="cannot be read"):
        read_sign_in(Settings(home=tmp_path, sign_in_file=tmp_path / "elsewhere.yaml"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("providers: [", "is no YAML"),
        ("- a list", "the whole"),
        ({"provider": {}}, "provider: Extra inputs"),
        ({"providers": {"svar": _provider()}}, "cannot be called svar"),
        ({"providers": {"Ö": _provider()}}, "providers"),
        ({"providers": {"eid": _provider(issuer="http://eid.test")}}, "An issuer is an https address"),
        ({"providers": {"eid": _provider(issuer="https://eid.test?x=1")}}, "An issuer is an https address"),
        ({"providers": {"eid": _provider(levels={"loa9": 9})}}, "less than or equal to 3"),
        ({"providers": {"eid": _provider(client_key_file="key")}}, "Give one of"),
        ({"providers": {"eid": _provider(client_secret=SECRET)}}, "client_secret: Extra inputs"),
        ({"sessions": {"idle_minutes": 0}}, "sessions.idle_minutes"),
        ({"levels": {"roles": {"king": 1}}}, "levels.roles"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_place(tmp_path: Path, content: object, said: str) -> None:
    """The place and the rule, and nothing that stands there."""
    with pytest.raises(WrongSettings) as refused:
        read_sign_in(_settings(tmp_path, content))
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)


def test_python_in_the_file_is_not_run(tmp_path: Path) -> None:
    """YAML that would make objects is no YAML here."""
    with pytest.raises(WrongSettings, match="is no YAML"):
        read_sign_in(_settings(tmp_path, "providers: !!python/object/apply:os.system ['true']"))


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Somebody may have read it; the message says what to do, and not what it is."""
    settings = _settings(tmp_path, {"providers": {"eid": _provider()}})
    _private(tmp_path / "secret", SECRET)
    (tmp_path / "secret").chmod(0o640)
    with (
        pytest.raises(WrongSettings, match="open to other users") as refused,
        clients(settings, read_sign_in(settings)),
    ):
        pass
    assert SECRET not in str(refused.value)
    _private(tmp_path / "secret", "\n")
    with pytest.raises(WrongSettings, match="is empty"), clients(settings, read_sign_in(settings)):
        pass
    (tmp_path / "secret").unlink()
    with pytest.raises(WrongSettings, match="cannot be read"), clients(settings, read_sign_in(settings)):
        pass


KEYS = {
    "RSA as PEM": RSAKey.generate_key(2048).as_pem(private=True).decode(),
    "EC as PEM": ECKey.generate_key("P-256").as_pem(private=True).decode(),
    "Ed25519 as JWK": json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)),
}


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_a_private_key_may_stand_for_the_secret(tmp_path: Path, kind: str) -> None:
    """In the common forms."""
    provider = {k: v for k, v in _provider(client_key_file="key").items() if k != "client_secret_file"}
    settings = _settings(tmp_path, {"providers": {"eid": provider}})
    _private(tmp_path / "key", KEYS[kind])
    with clients(settings, read_sign_in(settings)) as found:
        assert found["eid"].settings.client_key_file == Path("key")


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        "{",
        RSAKey.generate_key(2048).as_pem(private=False).decode(),
        '{"kty": "oct", "k": "AAAA"}',
    ],
    ids=["words", "half JSON", "public", "shared"],
)
def test_what_is_no_private_key_is_refused(tmp_path: Path, text: str) -> None:
    """Words, public keys and shared secrets sign nothing."""
    provider = {k: v for k, v in _provider(client_key_file="key").items() if k != "client_secret_file"}
    settings = _settings(tmp_path, {"providers": {"eid": provider}})
    _private(tmp_path / "key", text)
    with pytest.raises(WrongSettings, match="holds no private key"), clients(settings, read_sign_in(settings)):
        pass
