"""The client's side of OpenID Connect's code flow, for each provider of the configuration: PKCE, state, nonce."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]
from authlib.oauth2.base import OAuth2Error  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2.rfc7523 import PrivateKeyJWT  # type: ignore[import-untyped]
from joserfc.jwk import ECKey, OKPKey, RSAKey

from access.configuration import Provider
from web.discovery import TIMEOUT_SECONDS, Discovery, ask, json_object
from web.failures import Because, Declined, ProviderDown, ProviderRefused, TokenRefused
from web.id_token import check_id_token

Credential = str | RSAKey | ECKey | OKPKey
"""What our client shows the provider: a secret, or a private key."""
_SEATS = 12
_SEAT_SECONDS = 1.0
_CODE = re.compile(r"[\x20-\x7e]{1,2000}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a provider, as it is kept until the answer comes."""

    nonce: str
    verifier: str
    asked_at: datetime


class OpenIdClient:
    """Our client at one provider; shared by all threads."""

    def __init__(self, key: str, settings: Provider, credential: Credential, redirect_uri: str) -> None:
        self.key = key
        self.settings = settings
        self._credential = credential
        self._redirect_uri = redirect_uri
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)
        self._discovery = Discovery(settings.issuer, self._http)
        self._seats = threading.BoundedSemaphore(_SEATS)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def authorization_address(self) -> str:
        """Where people are asked who they are. Raises ProviderDown."""
        with self._seat():
            return self._discovery.addresses().authorization

    def authorization_url(self, address: str, state: str, asked: Asked, *, acr_values: Sequence[str] = ()) -> str:
        """Where to send the browser; with `acr_values` the person is to sign in anew, in one of these ways."""
        more = {"acr_values": " ".join(acr_values), "prompt": "login"} if acr_values else {}
        url, _ = self._client().create_authorization_url(
            address, state=state, code_verifier=asked.verifier, nonce=asked.nonce, **more
        )
        return str(url)

    def claims(self, answer: Mapping[str, str], asked: Asked, now: datetime) -> Mapping[str, Any]:
        """What the provider says of the person who came back with this answer. Raises what SignInFailed names."""
        with self._seat():
            return self._claims(answer, asked, now)

    def _claims(self, answer: Mapping[str, str], asked: Asked, now: datetime) -> Mapping[str, Any]:
        addresses = self._discovery.addresses()
        if ("iss" in answer or addresses.names_itself) and answer.get("iss") != self.settings.issuer:
            raise TokenRefused(Because.ANSWER_OF_ANOTHER_ISSUER)
        if "error" in answer:
            raise Declined if answer["error"] == "access_denied" else ProviderRefused(Because.ERROR_IN_ANSWER)
        code = answer.get("code", "")
        if not _CODE.fullmatch(code):
            raise ProviderRefused(Because.NO_CODE)
        token = self._exchange(code, asked.verifier, addresses.token)
        claims = check_id_token(
            token.get("id_token"),
            issuer=self.settings.issuer,
            client_id=self.settings.client_id,
            nonce=asked.nonce,
            access_token=token.get("access_token"),
            asked_at=asked.asked_at,
            now=now,
            provider=self._discovery,
        )
        return self._with_identifier(claims, token, addresses.userinfo)

    @contextmanager
    def _seat(self) -> Iterator[None]:
        """A provider that hangs keeps so many of the server's threads and no more. Raises ProviderDown."""
        if not self._seats.acquire(timeout=_SEAT_SECONDS):
            raise ProviderDown(Because.TOO_MANY_WAIT)
        try:
            yield
        finally:
            self._seats.release()

    def _exchange(self, code: str, verifier: str, address: str) -> Mapping[str, Any]:
        try:
            token = self._client().fetch_token(
                address, grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except OAuth2Error:
            raise ProviderRefused(Because.CODE_NOT_TAKEN) from None
        except (httpx.HTTPError, ValueError):
            raise ProviderDown(Because.NO_TOKEN) from None
        return dict(token)

    def _with_identifier(
        self, claims: Mapping[str, Any], token: Mapping[str, Any], userinfo: str | None
    ) -> Mapping[str, Any]:
        """With what the provider says only when asked for the person (userinfo), where who it is stands there."""
        access_token = token.get("access_token")
        if self.settings.identifier.claim in claims or userinfo is None or not isinstance(access_token, str):
            return claims
        said = json_object(self._http, "GET", userinfo, headers={"Authorization": f"Bearer {access_token}"})
        if said.get("sub") != claims["sub"]:
            raise TokenRefused(Because.USERINFO_OF_ANOTHER)
        return {**said, **claims}

    def _client(self) -> Any:  # noqa: ANN401 - Authlib has no types
        """Authlib's client for one use; it keeps what it is told, so it is not shared."""
        is_secret = isinstance(self._credential, str)
        client = OAuth2Client(
            _Session(self._http),
            client_id=self.settings.client_id,
            client_secret=self._credential,
            token_endpoint_auth_method="client_secret_basic" if is_secret else PrivateKeyJWT.name,
            scope=" ".join(self.settings.scopes),
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )
        if not isinstance(self._credential, str):
            client.register_client_auth_method(PrivateKeyJWT(alg=_algorithm(self._credential)))
        return client


class _Session:
    """What Authlib sends the token request with: httpx, within our limits of time and size."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuth
    ) -> httpx.Response:
        """Send the form, signed as the client."""
        url, signed, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return ask(self._http, "POST", url, headers=signed, content=body)


def _algorithm(key: RSAKey | ECKey | OKPKey) -> str:
    match key:
        case RSAKey():
            return "RS256"
        case ECKey():
            return {"P-384": "ES384", "P-521": "ES512"}.get(key.curve_name, "ES256")
        case _:
            return "EdDSA"
