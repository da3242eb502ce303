"""How a program proves who it is: a short statement, signed with its own key, good once (RFC 7523, private_key_jwt)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from api.client_keys import NotSigned, public_key, unverified, verified
from store.clients import Client, Clients

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST = 8192
LONGEST_LIFE = timedelta(minutes=5)
SKEW = timedelta(seconds=60)
"""How far the program's clock may be from ours."""


class Fault(StrEnum):
    """What is wrong with an assertion: a word for the log."""

    SIZE = "size"
    FORM = "form"
    UNKNOWN = "unknown"
    SIGNATURE = "signature"
    REVOKED = "revoked"
    CLAIMS = "claims"
    SUBJECT = "subject"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    LIFE = "life"
    EARLY = "early"
    REPLAYED = "replayed"


_NOT_PROVEN = "The client is unknown or shut out, or did not sign this assertion."
SAYS: Mapping[Fault, str] = {
    Fault.SIZE: f"An assertion is at most {LONGEST} characters.",
    Fault.FORM: "The assertion is no signed JWT with the client's id as its subject.",
    Fault.UNKNOWN: _NOT_PROVEN,
    Fault.SIGNATURE: _NOT_PROVEN,
    Fault.REVOKED: _NOT_PROVEN,
    Fault.CLAIMS: "The claims are iss, sub, aud, exp and jti, and where wanted iat and nbf.",
    Fault.SUBJECT: "Issuer, subject and client_id are all the client's id.",
    Fault.AUDIENCE: "The one audience is the address of this token endpoint, or the issuer.",
    Fault.EXPIRED: "The assertion has expired.",
    Fault.LIFE: "An assertion lasts at most five minutes.",
    Fault.EARLY: "The assertion is from the future; see to the clock.",
    Fault.REPLAYED: "An assertion with this jti was used before.",
}
"""What the program is told. Who has not shown a key of a client learns nothing about which clients there are."""


class AssertionRefused(Exception):
    """The program did not prove who it is. `client_id` is whom it said to be, where that is one we know."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
        self.says = SAYS[fault]
        self.client_id: UUID | None = None


class _Claims(BaseModel):
    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float = Field(allow_inf_nan=False)
    iat: int | float | None = Field(default=None, allow_inf_nan=False)
    nbf: int | float | None = Field(default=None, allow_inf_nan=False)
    jti: str = Field(min_length=1, max_length=256)


@dataclass(frozen=True, slots=True)
class Assertions:
    """Checks what programs say of themselves. `audiences` are the names this installation answers to."""

    clients: Clients
    audiences: Collection[str]

    def client(self, assertion: str, *, claimed_id: str | None, now: datetime) -> Client:
        """The program that signed the assertion. Raises AssertionRefused, StoreUnavailable."""
        if len(assertion) > LONGEST:
            raise AssertionRefused(Fault.SIZE)
        client = self._named(assertion)
        try:
            self._prove(client, assertion, claimed_id, now)
        except AssertionRefused as refused:
            refused.client_id = client.client_id
            raise
        return client

    def _prove(self, client: Client, assertion: str, claimed_id: str | None, now: datetime) -> None:
        """See that this client signed it, for us, lately, and has not used it before."""
        claims = _signed_by(client, assertion)
        if claims.iss != claims.sub or (claimed_id is not None and claimed_id != claims.sub):
            raise AssertionRefused(Fault.SUBJECT)
        self._refuse_other_audience(claims)
        good_until = _good_until(claims, now)
        if not self.clients.use_once(client.client_id, claims.jti, good_until=good_until, now=now):
            raise AssertionRefused(Fault.REPLAYED)

    def _named(self, assertion: str) -> Client:
        """The program that the assertion says it is from."""
        try:
            _, claims = unverified(assertion)
            client_id = UUID(claims["sub"])
        except (NotSigned, KeyError, ValueError, TypeError, AttributeError):
            raise AssertionRefused(Fault.FORM) from None
        client = self.clients.client(client_id)
        if client is None:
            raise AssertionRefused(Fault.UNKNOWN)
        return client

    def _refuse_other_audience(self, claims: _Claims) -> None:
        """One audience, and it is ours: what was made for several could be used by another of them."""
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if len(audiences) != 1 or audiences[0] not in self.audiences:
            raise AssertionRefused(Fault.AUDIENCE)


def _signed_by(client: Client, assertion: str) -> _Claims:
    key = public_key(client.public_key)
    try:
        _, payload = verified(assertion, key.key, key.algorithms)
    except NotSigned:
        raise AssertionRefused(Fault.SIGNATURE) from None
    if client.revoked_at is not None:
        raise AssertionRefused(Fault.REVOKED)
    try:
        return _Claims.model_validate_json(payload)
    except ValidationError:
        raise AssertionRefused(Fault.CLAIMS) from None


def _good_until(claims: _Claims, now: datetime) -> datetime:
    """Until when the assertion could be used. Raises AssertionRefused where that is past, or too far away."""
    moment, skew = now.timestamp(), SKEW.total_seconds()
    if claims.exp <= moment - skew:
        raise AssertionRefused(Fault.EXPIRED)
    if claims.exp > moment + LONGEST_LIFE.total_seconds() + skew:
        raise AssertionRefused(Fault.LIFE)
    if any(said is not None and said > moment + skew for said in (claims.iat, claims.nbf)):
        raise AssertionRefused(Fault.EARLY)
    return datetime.fromtimestamp(claims.exp, UTC) + SKEW
