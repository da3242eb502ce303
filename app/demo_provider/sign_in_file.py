"""The sign-in configuration that makes the server use the demo's identity provider, and the secret they share."""

import secrets
from pathlib import Path
from typing import Any

import yaml

from app.demo_provider.asked import Client
from app.demo_provider.issuers import ISSUERS, Issuer
from app.postgres_roles import write_private
from app.settings import Settings
from app.sign_in import CALLBACK

CLIENT_ID = "liggare-demo"
HOST = "127.0.0.1"
READY_PATH = f"/{ISSUERS[0].key}/.well-known/openid-configuration"
"""What answers when the provider is up."""
_SECRET = "demo-provider-secret"  # noqa: S105 - the file's name
_OURS = (
    "# Written at each start for the demo school's identity provider. Remove this line to keep changes of your own.\n"
)


def address(settings: Settings) -> str:
    """Where the provider is, without a slash at the end."""
    return f"http://{HOST}:{settings.provider_port}"


def client(settings: Settings) -> Client:
    """The server of this installation, as the provider knows it."""
    secret = _secret(settings.home).read_text(encoding="ascii")
    return Client(CLIENT_ID, secret, frozenset({settings.address + CALLBACK}))


def write_sign_in_file(settings: Settings, path: Path) -> bool:
    """Write the configuration for the providers; False where somebody has one of their own there, which stays."""
    if path.exists() and not _is_ours(path):
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {"providers": {issuer.key: _provider(settings, issuer) for issuer in ISSUERS}}
    write_private(path, _OURS + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120))
    return True


def remove_sign_in_file(path: Path) -> None:
    """Remove the configuration if the demo wrote it: its provider does not run now."""
    if path.exists() and _is_ours(path):
        path.unlink()


def _is_ours(path: Path) -> bool:
    return path.read_bytes().startswith(_OURS.encode())


def _provider(settings: Settings, issuer: Issuer) -> dict[str, Any]:
    return {
        "title": {"sv": issuer.title_sv, "en": issuer.title_en},
        "for": list(issuer.shown_to),
        "issuer": f"{address(settings)}/{issuer.key}",
        "client_id": CLIENT_ID,
        "client_secret_file": str(_secret(settings.home)),
        "identifier": _identifier(issuer),
        "level_claim": "acr",
        "levels": {way.acr: way.level for way in issuer.ways},
        "speaks_for": dict(issuer.speaks_for),
        "password_help": {"sv": issuer.help_sv, "en": issuer.help_en},
    }


def _identifier(issuer: Issuer) -> dict[str, Any]:
    realms = {"realms": list(issuer.realms)} if issuer.realms else {}
    return {"kind": issuer.identifier, "claim": issuer.claim} | realms


def _secret(home: Path) -> Path:
    """The file with the secret; made when it is first asked for."""
    path = home / _SECRET
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, secrets.token_urlsafe(32))
    return path
