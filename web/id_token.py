"""The one check of what a provider says about a person: signed by it, for us, now, and in answer to our question."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import errors, jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from web.failures import Because, TokenRefused

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a private key that the provider alone has: never `none`, never one made with a shared secret."""
SKEW_SECONDS = 60
"""How far the provider's clock and ours may differ."""

_CLAIM = {
    "iss": Because.WRONG_ISSUER,
    "aud": Because.WRONG_AUDIENCE,
    "azp": Because.WRONG_PARTY,
    "nonce": Because.WRONG_NONCE,
    "iat": Because.CLOCK_SKEW,
    "nbf": Because.CLOCK_SKEW,
    "at_hash": Because.WRONG_ACCESS_TOKEN,
}


class HasKeys(Protocol):
    """Whoever knows a provider's public keys."""

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys; `anew` where one was named that is not among them."""


def check_id_token(
    token: object,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: object,
    asked_at: datetime,
    now: datetime,
    provider: HasKeys,
) -> Mapping[str, Any]:
    """The claims of an id_token that passes every check. Raises TokenRefused, which says which one failed.

    `asked_at` is when the sign-in began: what was issued before then answers another.
    """
    if not isinstance(token, str):
        raise TokenRefused(Because.NO_ID_TOKEN)
    decoded = _verified(token, provider)
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
        },
        {
            "nonce": nonce,
            "client_id": client_id,
            "access_token": access_token if isinstance(access_token, str) else None,
        },
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=SKEW_SECONDS)
    except errors.ExpiredTokenError:
        raise TokenRefused(Because.EXPIRED) from None
    except errors.InvalidClaimError as wrong:
        raise TokenRefused(_CLAIM.get(wrong.claim, Because.WRONG_CLAIM)) from None
    except errors.JoseError:
        raise TokenRefused(Because.CLAIM_MISSING) from None
    if claims["iat"] < asked_at.timestamp() - SKEW_SECONDS:
        raise TokenRefused(Because.ISSUED_BEFORE_IT_WAS_ASKED_FOR)
    return dict(claims)


def was_asked_again(claims: Mapping[str, Any], asked_at: datetime) -> bool:
    """Whether the person identified oneself after we asked, by `auth_time`; where the provider does not say, it did."""
    when = claims.get("auth_time")
    if when is None:
        return True
    return isinstance(when, int | float) and when >= asked_at.timestamp() - SKEW_SECONDS


def _verified(token: str, provider: HasKeys) -> jwt.Token:
    try:
        try:
            return _decode(token, provider.keys())
        except errors.InvalidKeyIdError:
            return _decode(token, provider.keys(anew=True))
    except errors.UnsupportedAlgorithmError:
        raise TokenRefused(Because.ALGORITHM) from None
    except errors.BadSignatureError:
        raise TokenRefused(Because.BAD_SIGNATURE) from None
    except errors.InvalidKeyIdError:
        raise TokenRefused(Because.UNKNOWN_KEY) from None
    except (errors.JoseError, ValueError, TypeError):
        raise TokenRefused(Because.MALFORMED) from None


def _decode(token: str, keys: KeySet) -> jwt.Token:
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    return jwt.decode(token, keys, registry=registry)
