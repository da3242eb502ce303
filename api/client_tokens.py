"""The tokens of programs: short, signed with Ed25519, good for this installation's API and nothing else (RFC 9068)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from joserfc.jws import serialize_compact
from pydantic import BaseModel, ConfigDict, ValidationError

from access.scopes import ClientGrant, Scope
from api.client_keys import NotSigned, unverified, verified
from store.clients import Client, Clients
from store.token_keys import TokenKeys

AUDIENCE = "liggare-api"
LIFETIME = timedelta(minutes=10)
LONGEST = 4096
_SIGNS = ("Ed25519",)
_TYPE = "at+jwt"


class _Claims(BaseModel):
    """What our own tokens say; whatever says anything else is not ours."""

    model_config = ConfigDict(extra="forbid", strict=True)

    iss: str
    aud: str
    tenant: str
    sub: UUID
    client_id: UUID
    jti: str
    iat: int
    exp: int
    scope: str
    purpose: str = ""


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    alg: str
    typ: str
    kid: str


class Fault(StrEnum):
    """What is wrong with a token: a word for the log."""

    SIZE = "size"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    REVOKED = "revoked"


class TokenRefused(Exception):
    """A program's token is no good; the caller is told what everybody is who is not signed in."""

    def __init__(self, fault: Fault, client_id: UUID | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.client_id = client_id


@dataclass(frozen=True, slots=True)
class ClientTokens:
    """Makes and reads the tokens of programs. `issuer` is the address of this installation."""

    keys: TokenKeys
    clients: Clients
    issuer: str
    tenant: str

    def issue(self, client: Client, scopes: frozenset[Scope], purpose: str, *, now: datetime) -> str:
        """A token for a program, good for ten minutes."""
        key_id, seed = self.keys.current()
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "tenant": self.tenant,
            "sub": str(client.client_id),
            "client_id": str(client.client_id),
            "jti": str(uuid4()),
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "scope": " ".join(sorted(scopes)),
        } | ({"purpose": purpose} if purpose else {})
        header = {"alg": _SIGNS[0], "typ": _TYPE, "kid": key_id}
        return serialize_compact(header, json.dumps(claims, ensure_ascii=False), _key(seed), algorithms=_SIGNS)

    def grant(self, token: str, *, now: datetime) -> ClientGrant:
        """What the bearer of a token may do now. Raises TokenRefused, StoreUnavailable.

        The program's row is read each time: one that was shut out has no rights from that moment, and no token gives
        more than the row does.
        """
        claims = self._claims(token)
        if claims.iss != self.issuer or claims.tenant != self.tenant:
            raise TokenRefused(Fault.ISSUER)
        if claims.aud != AUDIENCE:
            raise TokenRefused(Fault.AUDIENCE)
        if now.timestamp() >= claims.exp:
            raise TokenRefused(Fault.EXPIRED, claims.sub)
        client = self.clients.client(claims.sub)
        if client is None or client.revoked_at is not None:
            raise TokenRefused(Fault.REVOKED, claims.sub)
        scopes = frozenset(Scope(scope) for scope in claims.scope.split() if scope in client.scopes)
        return ClientGrant(client.client_id, client.name, scopes, client.school_id, claims.purpose)

    def _claims(self, token: str) -> _Claims:
        """What a token says that one of our own keys signed."""
        if len(token) > LONGEST:
            raise TokenRefused(Fault.SIZE)
        key_id = _key_id(token)
        seed = None if key_id is None else self.keys.seed(key_id)
        if seed is None:
            raise TokenRefused(Fault.KEY)
        try:
            header, payload = verified(token, _key(seed), _SIGNS)
            if _Header.model_validate(header).typ != _TYPE:
                raise TokenRefused(Fault.CLAIMS)
            return _Claims.model_validate_json(payload)
        except NotSigned:
            raise TokenRefused(Fault.SIGNATURE) from None
        except ValidationError:
            raise TokenRefused(Fault.CLAIMS) from None


@lru_cache(maxsize=8)
def _key(seed: bytes) -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))


def _key_id(token: str) -> str | None:
    """Which of our keys a token says it was signed with."""
    try:
        header, _ = unverified(token)
    except NotSigned:
        return None
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None
