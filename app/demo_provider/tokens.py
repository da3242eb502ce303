"""The token endpoint: a code and the verifier that belongs to it for an id token (OpenID Connect Core 3.1.3)."""

import hashlib
import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import unquote_plus
from uuid import uuid5

from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters

from app.demo_provider.asked import Client
from app.demo_provider.codes import Chosen, Codes
from app.demo_provider.issuers import Issuer

ALGORITHM = "ES256"
ID_TOKEN_SECONDS = 300
_SHORTEST_VERIFIER, _LONGEST_VERIFIER = 43, 128


class TokenRefused(Exception):
    """No token is given; `error` is what OAuth 2.0 calls the reason."""

    error: ClassVar[str]
    status: ClassVar[int] = 400


class InvalidRequest(TokenRefused):
    """The client says twice who it is."""

    error = "invalid_request"


class InvalidClient(TokenRefused):
    """The client is not the one we know."""

    error = "invalid_client"
    status = 401


class InvalidGrant(TokenRefused):
    """The code is unknown, used, too old, or somebody else's."""

    error = "invalid_grant"


class UnsupportedGrantType(TokenRefused):
    """Codes are all that there is to redeem."""

    error = "unsupported_grant_type"


def new_key() -> ECKey:
    """A key to sign with, for as long as the process lives."""
    parameters: KeyParameters = {"kid": secrets.token_urlsafe(8), "use": "sig", "alg": ALGORITHM}
    return ECKey.generate_key("P-256", parameters)


def redeem(codes: Codes, client: Client, issuer: Issuer, form: Mapping[str, str], authorization: str | None) -> Chosen:
    """What was chosen, for the client that asked and holds the verifier. Raises TokenRefused.

    The code is used up by any attempt of the right client.
    """
    _authenticate(client, form, authorization)
    if form.get("grant_type") != "authorization_code":
        raise UnsupportedGrantType
    chosen = codes.take(form.get("code", ""))
    is_ours = chosen is not None and chosen.issuer is issuer
    if chosen is None or not is_ours or form.get("redirect_uri") != chosen.asked.of("redirect_uri"):
        raise InvalidGrant
    if not _fits(form.get("code_verifier", ""), chosen.asked.of("code_challenge")):
        raise InvalidGrant
    return chosen


def id_token(key: ECKey, address: str, client: Client, chosen: Chosen, *, now: float) -> str:
    """Who signed in at the issuer of this address, as a signed JWT."""
    person, issuer = chosen.person, chosen.issuer
    claims: dict[str, Any] = {
        "iss": address,
        "sub": str(uuid5(person.id, issuer.key)),
        "aud": client.id,
        "iat": int(now),
        "exp": int(now) + ID_TOKEN_SECONDS,
        "auth_time": int(chosen.at),
        "acr": chosen.way.acr,
        issuer.claim: person.identifiers.of_kind(issuer.identifier),
    }
    if chosen.asked.of("nonce"):
        claims["nonce"] = chosen.asked.of("nonce")
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def _authenticate(client: Client, form: Mapping[str, str], authorization: str | None) -> None:
    """By client_secret_basic or client_secret_post, and not both."""
    posted = (form.get("client_id", ""), form.get("client_secret", ""))
    basic = _basic(authorization) if authorization is not None else None
    if basic is not None and "client_secret" in form:
        raise InvalidRequest
    given = basic or posted
    is_known = [
        hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, (client.id, client.secret), strict=True)
    ]
    if not all(is_known):
        raise InvalidClient


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, credentials = authorization.partition(" ")
    try:
        name, colon, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        raise InvalidClient from None
    if scheme.lower() != "basic" or not colon:
        raise InvalidClient
    return unquote_plus(name), unquote_plus(password)


def _fits(verifier: str, challenge: str) -> bool:
    if not _SHORTEST_VERIFIER <= len(verifier) <= _LONGEST_VERIFIER:
        return False
    made = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())
