"""The public keys of programs: which are good enough, and the one algorithm list that each may be used with."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, deserialize_compact, extract_compact
from joserfc.registry import JWS_HEADER_REGISTRY, HeaderRegistryDict

SMALLEST_RSA = 2048
LARGEST_RSA = 8192
_KINDS: Mapping[str, type[OKPKey] | type[ECKey] | type[RSAKey]] = {"OKP": OKPKey, "EC": ECKey, "RSA": RSAKey}
_ALGORITHMS: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    ("OKP", "Ed25519"): ("EdDSA", "Ed25519"),
    ("EC", "P-256"): ("ES256",),
    ("RSA", None): ("RS256", "PS256"),
}
_HEADERS: HeaderRegistryDict = {name: JWS_HEADER_REGISTRY[name] for name in ("alg", "typ", "kid", "x5t", "x5t#S256")}
"""What a header may hold: neither a key nor an address to fetch one from, and nothing critical."""
_BROKEN = (JoseError, ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError)
"""What the library raises at what is no token or no key."""


class KeyNotUsable(ValueError):
    """The key cannot be a program's; the text says what to give instead and never holds a part of the key."""


class NotSigned(Exception):
    """What should be a signed token is none, or is not signed by this key with one of its algorithms."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies, and the names of the algorithms that it may verify with."""

    key: Key
    algorithms: tuple[str, ...]
    jwk: Mapping[str, Any]

    @property
    def thumbprint(self) -> str:
        """What the key is recognised by (RFC 7638)."""
        return str(self.key.thumbprint())


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key in a JWK: Ed25519, ECDSA on P-256, or RSA of at least 2048 bits. Raises KeyNotUsable."""
    if any(part in jwk for part in ("d", "p", "q", "k")):
        msg = "This is a private or secret key. Give the public key alone, and keep the private one where it is."
        raise KeyNotUsable(msg)
    kind = str(jwk.get("kty"))
    try:
        key = _KINDS[kind].import_key(_bare(jwk))
    except _BROKEN:
        key = None
    algorithms = () if key is None else _ALGORITHMS.get((kind, _curve(key)), ())
    if key is None or not algorithms or not _is_large_enough(key):
        msg = "This is no key that can be used. Give a JWK with an Ed25519, P-256 or RSA key of 2048 to 8192 bits."
        raise KeyNotUsable(msg)
    return PublicKey(key, algorithms, _bare(jwk))


def verified(token: str, key: Key, algorithms: Collection[str]) -> tuple[dict[str, Any], bytes]:
    """The header and payload of a token (JWS, compact) that this key signed. Raises NotSigned.

    The algorithms are ours, never the token's to choose: none of them takes a secret, and none is `none`.
    """
    try:
        found = deserialize_compact(token, key, registry=_Allowed(algorithms=algorithms))
        return found.headers(), found.payload
    except _BROKEN:
        raise NotSigned from None


def unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a token says of itself, only to know whose key to try. Raises NotSigned where it is no token."""
    try:
        found = extract_compact(token.encode("ascii"), registry=_Allowed())
        said = found.headers(), json.loads(found.payload)
    except _BROKEN:
        raise NotSigned from None
    if not all(isinstance(part, dict) for part in said):
        raise NotSigned
    return said


class _Allowed(JWSRegistry):
    """Knows the algorithms it was given and no other; EdDSA, as most libraries still call Ed25519, without comment."""

    default_header_registry = _HEADERS

    def get_alg(self, name: str) -> JWSAlgModel:
        """The algorithm of this name. Raises UnsupportedAlgorithmError."""
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


def _bare(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the key that are the key; what else it says, such as what it is for, is not taken over."""
    return {part: jwk[part] for part in ("kty", "crv", "x", "y", "n", "e") if part in jwk}


def _curve(key: Key) -> str | None:
    return key.curve_name if isinstance(key, OKPKey | ECKey) else None


def _is_large_enough(key: Key) -> bool:
    return not isinstance(key, RSAKey) or SMALLEST_RSA <= key.public_key.key_size <= LARGEST_RSA
