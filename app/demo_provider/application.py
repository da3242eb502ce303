"""The provider over HTTP: for each issuer its discovery document, keys, page of people and token endpoint."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from app.demo.people import DemoPerson
from app.demo_provider import pages
from app.demo_provider.asked import Asked, Client, NotAnswerable
from app.demo_provider.codes import Chosen, Codes
from app.demo_provider.issuers import ISSUERS, Issuer
from app.demo_provider.tokens import ALGORITHM, ID_TOKEN_SECONDS, TokenRefused, id_token, new_key, redeem

LOOPBACK_HOSTS = ("127.0.0.1", "localhost")
"""The names in a Host header that are answered to: a page elsewhere that points its own name here gets nothing."""
_STYLE = Path(__file__).parent / "static" / "style.css"
_FORM_BYTES = 16_384

log = structlog.get_logger()


def provider(
    address: str, client: Client, people: Sequence[DemoPerson], *, now: Callable[[], float] = time.time
) -> Starlette:
    """All issuers, each at the address and its key; the people are those who can be chosen. `now`: seconds since 1970.

    Keys are made here and live in memory: a restart has new ones, as any provider has now and then.
    """
    origins = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(uri)) for uri in client.redirect_uris})
    codes = Codes(now)
    routes: list[BaseRoute] = [Route("/style.css", _style)]
    for issuer in ISSUERS:
        known = [p for p in people if p.part in issuer.parts and p.identifiers.of_kind(issuer.identifier)]
        part = _IssuerRoutes(issuer, f"{address}/{issuer.key}", client, known, codes, new_key(), origins, now)
        routes.append(Mount(f"/{issuer.key}", routes=part.routes()))
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK_HOSTS))])


def _style(_: Request) -> Response:
    return FileResponse(_STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


class _IssuerRoutes:
    def __init__(
        self,
        issuer: Issuer,
        address: str,
        client: Client,
        people: Sequence[DemoPerson],
        codes: Codes,
        key: ECKey,
        origins: Sequence[str],
        now: Callable[[], float],
    ) -> None:
        self._issuer, self._address, self._client = issuer, address, client
        self._people, self._codes, self._key, self._now = people, codes, key, now
        self._by_id = {str(person.id): person for person in people}
        self._headers = {
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {' '.join(origins)}",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._jwks),
            Route("/authorize", self._ask),
            Route("/authorize", self._choose, methods=["POST"]),
            Route("/token", self._token, methods=["POST"]),
        ]

    def _discovery(self, _: Request) -> Response:
        issuer = self._issuer
        return JSONResponse(
            {
                "issuer": self._address,
                "authorization_endpoint": f"{self._address}/authorize",
                "token_endpoint": f"{self._address}/token",
                "jwks_uri": f"{self._address}/jwks",
                "scopes_supported": ["openid"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
                "acr_values_supported": [way.acr for way in issuer.ways],
                "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", issuer.claim],
                "request_parameter_supported": False,
                "request_uri_parameter_supported": False,
                "authorization_response_iss_parameter_supported": True,
                "ui_locales_supported": ["sv"],
            }
        )

    def _jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def _ask(self, request: Request) -> Response:
        return self._answer(request.query_params.multi_items())

    async def _choose(self, request: Request) -> Response:
        if not _is_small(request):
            return Response(status_code=413)
        async with request.form(max_files=0, max_fields=40) as form:
            given = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        return self._answer(given, is_choice=True)

    def _answer(self, given: Sequence[tuple[str, str]], *, is_choice: bool = False) -> Response:
        try:
            asked = Asked.by(self._client, given)
        except NotAnswerable:
            log.warning("demo_provider_could_not_answer", issuer=self._issuer.key)
            return HTMLResponse(pages.problem(), status_code=400, headers=self._headers)
        if (fault := asked.fault()) is not None:
            return self._back(asked.answered(self._address, error=fault))
        if not is_choice:
            return HTMLResponse(
                pages.choice(self._issuer, asked, self._people, search=asked.of("search")), headers=self._headers
            )
        return self._back(self._chosen(asked))

    def _chosen(self, asked: Asked) -> str:
        if "decline" in asked.parameters:
            return asked.answered(self._address, error="access_denied")
        person, way = self._by_id.get(asked.of("person")), self._issuer.way(asked.of("acr"))
        if person is None or way is None:
            return asked.answered(self._address, error="invalid_request")
        code = self._codes.give(Chosen(self._issuer, person, way, asked, self._now()))
        return asked.answered(self._address, code=code)

    def _back(self, address: str) -> Response:
        return RedirectResponse(address, status_code=303, headers=self._headers)

    async def _token(self, request: Request) -> Response:
        if not _is_small(request):
            return Response(status_code=413)
        async with request.form(max_files=0, max_fields=20) as posted:
            form = {name: value for name, value in posted.items() if isinstance(value, str)}
        headers = {"Cache-Control": "no-store"}
        try:
            chosen = redeem(self._codes, self._client, self._issuer, form, request.headers.get("Authorization"))
        except TokenRefused as refused:
            log.info("demo_provider_gave_no_token", issuer=self._issuer.key, error=refused.error)
            who = {"WWW-Authenticate": "Basic"} if refused.status == 401 else {}  # noqa: PLR2004 - unauthorized
            return JSONResponse({"error": refused.error}, status_code=refused.status, headers=headers | who)
        token = id_token(self._key, self._address, self._client, chosen, now=self._now())
        # There is nothing to reach with the access token that OAuth wants here: it opens nothing.
        answer = {"access_token": "none", "token_type": "Bearer", "expires_in": ID_TOKEN_SECONDS, "id_token": token}
        return JSONResponse(answer, headers=headers)


def _is_small(request: Request) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and int(length) <= _FORM_BYTES
