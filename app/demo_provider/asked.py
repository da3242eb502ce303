"""What a client asks for at the authorization endpoint, and what is wrong with it (OAuth 2.0, PKCE, OpenID Connect)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
"""SHA-256 in base64url without padding."""
NAMES = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
)


@dataclass(frozen=True, slots=True)
class Client:
    """The one program that may send people here, and where it may be answered. `secret` is its password."""

    id: str
    secret: str
    redirect_uris: frozenset[str]

    def __repr__(self) -> str:
        return f"Client({self.id!r}, …)"


class NotAnswerable(Exception):
    """Nobody knows where an answer should go: the page says so, and no browser is sent anywhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for sign-in whose client and address to answer are known."""

    parameters: Mapping[str, str]

    @classmethod
    def by(cls, client: Client, given: Iterable[tuple[str, str]]) -> Self:
        """The request of these parameters. Raises NotAnswerable."""
        parameters: dict[str, str] = {}
        twice = False
        for name, value in given:
            twice |= name in parameters
            parameters[name] = value
        if parameters.get("client_id") != client.id or parameters.get("redirect_uri") not in client.redirect_uris:
            raise NotAnswerable
        return cls({**parameters, "twice": "yes"} if twice else parameters)

    def of(self, name: str) -> str:
        """A parameter; empty where it was not given."""
        return self.parameters.get(name, "")

    def fault(self) -> str | None:
        """The OAuth error that the request is answered with; None when somebody may be chosen."""
        has, of = self.parameters.__contains__, self.of
        checks = (
            (has("twice") or of("response_mode") not in {"", "query"}, "invalid_request"),
            (of("response_type") != "code", "unsupported_response_type"),
            (has("request"), "request_not_supported"),
            (has("request_uri"), "request_uri_not_supported"),
            ("openid" not in of("scope").split(), "invalid_scope"),
            (of("code_challenge_method") != "S256", "invalid_request"),
            (not _CHALLENGE.fullmatch(of("code_challenge")), "invalid_request"),
            ("none" in of("prompt").split(), "login_required"),
        )
        return next((error for is_broken, error in checks if is_broken), None)

    def answered(self, issuer: str, **answer: str) -> str:
        """The address that the browser is sent to with the answer, which names its issuer (RFC 9207)."""
        state = {"state": self.of("state")} if "state" in self.parameters else {}
        return f"{self.of('redirect_uri')}?{urlencode(answer | state | {'iss': issuer})}"

    def kept(self) -> list[tuple[str, str]]:
        """The parameters that the page carries to the choice."""
        return [(name, self.of(name)) for name in NAMES if name in self.parameters]
