"""Reads the file that says how people sign in, and the secrets that it points to."""

import json
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType

import yaml
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from pydantic import ValidationError

from access.configuration import Provider, SignIn
from app.errors import WrongSettings
from app.settings import Settings
from web.oidc import Credential, OpenIdClient

FILE = "sign-in.yaml"
CALLBACK = "/logga-in/svar"
_LARGEST = 256 * 1024


def read_sign_in(settings: Settings) -> SignIn:
    """How people sign in here. Without a file there are no providers. Raises WrongSettings, which quotes no value."""
    path = settings.sign_in_file or settings.home / FILE
    if settings.sign_in_file is None and not path.exists():
        return SignIn()
    try:
        said = yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        msg = f"{path} is no YAML{f' (line {line})' if line else ''}."
        raise WrongSettings(msg) from None
    try:
        return SignIn.model_validate(said or {})
    except ValidationError as error:
        faults = "\n".join(
            f"  {'.'.join(map(str, fault['loc'])) or 'the whole'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        msg = f"{path} cannot be used:\n{faults}"
        raise WrongSettings(msg) from None


@contextmanager
def clients(settings: Settings, sign_in: SignIn) -> Iterator[MappingProxyType[str, OpenIdClient]]:
    """Our client at each provider, for as long as they are used. Raises WrongSettings."""
    folder = (settings.sign_in_file or settings.home / FILE).parent
    with ExitStack() as opened:
        found = {}
        for key, provider in sign_in.providers.items():
            client = OpenIdClient(key, provider, _credential(key, provider, folder), settings.address + CALLBACK)
            opened.callback(client.close)
            found[key] = client
        yield MappingProxyType(found)


def _credential(key: str, provider: Provider, folder: Path) -> Credential:
    """What the client shows: the secret or key in the file that the configuration names, beside itself or absolute."""
    if provider.client_secret_file is not None:
        secret = _secret(folder / provider.client_secret_file).strip()
        if not secret:
            msg = f"The client_secret_file of {key} is empty."
            raise WrongSettings(msg)
        return secret
    assert provider.client_key_file is not None  # noqa: S101 - the configuration has one of the two
    found = _private_key(_secret(folder / provider.client_key_file))
    if found is None:
        msg = f"The client_key_file of {key} holds no private key (PEM or JWK; RSA, EC or Ed25519)."
        raise WrongSettings(msg)
    return found


def _private_key(text: str) -> RSAKey | ECKey | OKPKey | None:
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else text
    except ValueError:
        return None
    for kind in (RSAKey, ECKey, OKPKey):
        try:
            found = kind.import_key(data)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if found.is_private:
            return found
    return None


def _secret(path: Path) -> str:
    """A file that only its owner reads. Raises WrongSettings where others can: somebody may have read it."""
    text = _read(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        msg = f"{path} is open to other users. Let its owner alone read it: chmod 600 {path}"
        raise WrongSettings(msg)
    return text


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LARGEST)
    except (OSError, UnicodeDecodeError) as problem:
        msg = f"{path} cannot be read ({type(problem).__name__})."
        raise WrongSettings(msg) from None
