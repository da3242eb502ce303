"""A program in tests: a key of its own, what it says to get a token, and the calls it makes with one."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, serialize_compact

from access.scopes import Scope
from api.client_assertions import TYPE
from store.clients import Client
from tests.api.client import Answer, Person
from tests.api.conftest import ISSUER, Installation

ENDPOINT = ISSUER + "/oauth/token"
FORM = "application/x-www-form-urlencoded"


def new_key(kind: str = "OKP") -> Key:
    """A key pair."""
    if kind == "EC":
        return ECKey.generate_key("P-256")
    return RSAKey.generate_key(2048) if kind == "RSA" else OKPKey.generate_key("Ed25519")


def signed(claims: dict[str, Any], key: Key, alg: str = "Ed25519", **header: Any) -> str:  # noqa: ANN401 - JSON
    """A token as the library signs it, whatever the algorithm."""
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)
    return serialize_compact({"alg": alg, **header}, json.dumps(claims), key, registry=registry)


@dataclass
class Program:
    """A program that was let in, and its own side of the credentials."""

    installation: Installation
    client_id: UUID
    key: Key
    alg: str = "Ed25519"
    more: dict[str, str] = field(default_factory=dict)

    def claims(self, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """What a good assertion says; None takes a claim away."""
        now = int(self.installation.clock().timestamp())
        mine = str(self.client_id)
        claims = {"iss": mine, "sub": mine, "aud": ENDPOINT, "iat": now, "exp": now + 120, "jti": str(uuid4())} | other
        return {name: value for name, value in claims.items() if value is not None}

    def assertion(self, **other: Any) -> str:  # noqa: ANN401 - JSON
        """A good assertion, or one that is good but for these claims."""
        return signed(self.claims(**other), self.key, self.alg)

    def ask(self, assertion: str | None = None, **form: str | None) -> Answer:
        """Ask for a token; None takes a field away."""
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": TYPE,
            "client_assertion": assertion or self.assertion(),
            "purpose": "Prov",
        } | form
        sent = urlencode({name: value for name, value in fields.items() if value is not None})
        return self.send(sent.encode())

    def send(self, body: bytes, **headers: str) -> Answer:
        """Send a body as it is."""
        sent = {"Content-Type": FORM} | headers
        return self.installation.api.request("POST", "/oauth/token", content=body, headers=sent)

    def caller(self, scope: str | None = None, purpose: str = "Prov") -> Person:
        """The program as a caller of the API, with a fresh token."""
        answer = self.ask(scope=scope, purpose=purpose)
        assert answer.status == 200, answer.body
        return Person(self.installation.api, str(self.client_id), answer.body["access_token"])


def let_in(
    installation: Installation,
    *scopes: Scope,
    school: str | None = None,
    key: Key | None = None,
    alg: str = "Ed25519",
    name: str = "Provprogrammet",
) -> Program:
    """Let a program in, as the operator does."""
    pair = key or new_key()
    public = pair.as_dict(private=False)
    client = Client(
        client_id=uuid4(),
        name=name,
        public_key={name: value for name, value in public.items() if name != "kid"},
        scopes=frozenset(map(str, scopes)),
        school_id=UUID(school) if school else None,
        purpose="Prov",
        added_at=datetime.now(UTC),
    )
    installation.services.programs.clients.add(client)
    return Program(installation, client.client_id, pair, alg)


def fully_let_in(installation: Installation, school: str) -> Program:
    """A program that may read and keep a school, and follow the feeds."""
    return let_in(installation, Scope.SCHOOL_READ, Scope.SCHOOL_WRITE, Scope.FEED, school=school)


def refused(answer: Answer) -> tuple[int, str]:
    """The status and error of an answer at the token endpoint; it is not to be kept anywhere."""
    assert set(answer.body) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    return answer.status, answer.body["error"]


def part(value: object) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
