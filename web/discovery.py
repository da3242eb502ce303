"""What an OpenID provider says of itself: its addresses and public keys, fetched within limits and kept a while."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey, import_key

from access.configuration import is_safe_address
from web.failures import Because, ProviderDown

TIMEOUT_SECONDS = 5.0
_KEPT_SECONDS = 3600.0
_AGAIN_SECONDS = 30.0
"""Keys are not fetched more often than this, however many unknown ones are named."""
_REST_SECONDS = 5.0
"""A provider that did not answer is not asked again for so long, so that those who wait do not queue up behind it."""
_LARGEST = 512 * 1024
_SHORTEST_MODULUS = 342
"""Of an RSA key: 2048 bits in base64url."""
_WELL_KNOWN = "/.well-known/openid-configuration"

PublicKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a provider does what. All are https, or on this machine."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    names_itself: bool
    """Whether its answers carry `iss` (RFC 9207)."""


class Discovery:
    """The addresses and keys of one issuer, shared by all threads of the server."""

    def __init__(self, issuer: str, http: httpx.Client) -> None:
        self._issuer = issuer
        self._http = http
        self._lock = threading.Lock()
        self._addresses: tuple[float, Addresses] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed_at = -_REST_SECONDS

    def addresses(self) -> Addresses:
        """The provider's addresses. Raises ProviderDown."""
        with self._lock:
            found = self._addresses
            if found is None or time.monotonic() - found[0] > _KEPT_SECONDS:
                found = self._addresses = (time.monotonic(), self._discover())
            return found[1]

    def keys(self, *, anew: bool = False) -> KeySet:
        """The provider's public keys; `anew` where one was named that is not among them. Raises ProviderDown."""
        address = self.addresses().keys
        with self._lock:
            found = self._keys
            age = time.monotonic() - found[0] if found else _KEPT_SECONDS + 1
            if found is None or age > (_AGAIN_SECONDS if anew else _KEPT_SECONDS):
                found = self._keys = (time.monotonic(), _key_set(self._get(address)))
            return found[1]

    def _discover(self) -> Addresses:
        said = self._get(self._issuer.rstrip("/") + _WELL_KNOWN)
        if said.get("issuer") != self._issuer:
            raise ProviderDown(Because.ANOTHER_ISSUER)
        userinfo = "userinfo_endpoint"
        return Addresses(
            authorization=_address(said, "authorization_endpoint"),
            token=_address(said, "token_endpoint"),
            keys=_address(said, "jwks_uri"),
            userinfo=_address(said, userinfo) if userinfo in said else None,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _get(self, address: str) -> Mapping[str, Any]:
        if time.monotonic() - self._failed_at < _REST_SECONDS:
            raise ProviderDown(Because.NO_ANSWER)
        try:
            return json_object(self._http, "GET", address)
        except ProviderDown:
            self._failed_at = time.monotonic()
            raise


def _address(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not is_safe_address(found):
        raise ProviderDown(Because.ADDRESS_MISSING_OR_UNSAFE)
    return found


def json_object(http: httpx.Client, method: str, address: str, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 - httpx's own
    """A JSON object from the provider. Raises ProviderDown, whatever is wrong with the answer."""
    response = ask(http, method, address, **more)
    if response.status_code != httpx.codes.OK:
        raise ProviderDown(Because.STATUS)
    try:
        found = response.json()
    except ValueError:
        raise ProviderDown(Because.NOT_JSON) from None
    if not isinstance(found, dict):
        raise ProviderDown(Because.NOT_AN_OBJECT)
    return found


def ask(http: httpx.Client, method: str, address: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
    """The provider's whole answer, within the time and size that one may take. Raises ProviderDown."""
    until = time.monotonic() + TIMEOUT_SECONDS
    try:
        with http.stream(method, address, **more) as response:
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > _LARGEST or time.monotonic() > until:
                    raise ProviderDown(Because.TOO_MUCH_OR_TOO_SLOW)
    except httpx.HTTPError:
        raise ProviderDown(Because.NO_ANSWER) from None
    headers = [(k, v) for k, v in response.headers.items() if k.lower() == "content-type"]
    return httpx.Response(response.status_code, headers=headers, content=bytes(body), request=response.request)


def _key_set(said: Mapping[str, Any]) -> KeySet:
    """The keys that a signature can be checked with; symmetric, short and unknown ones are left out unread."""
    listed = said.get("keys")
    found: list[PublicKey] = []
    for jwk in listed if isinstance(listed, list) else ():
        if not _is_public_and_strong(jwk):
            continue
        try:
            key = import_key(jwk)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            found.append(key)
    if not found:
        raise ProviderDown(Because.NO_KEYS)
    return KeySet(list(found))


def _is_public_and_strong(jwk: object) -> bool:
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return False
    return jwk.get("kty") in {"EC", "OKP"} or (jwk.get("kty") == "RSA" and len(str(jwk.get("n"))) >= _SHORTEST_MODULUS)
