"""The server: the API and the pages, on the ledger and read models of this installation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.application import make_application
from api.frame import Frame
from api.programs import Programs, open_programs
from api.services import Services
from app.databases import Reached
from app.errors import WrongSettings
from app.readiness import what_is_wrong
from app.settings import Settings
from app.sign_in import clients, read_sign_in
from app.wiring import Parts, open_parts
from commands.rates import Rates
from projections.checkpoints import wait
from projections.notices import Notices
from projections.overview import Overviews
from store.sessions import Limits, Sessions
from store.sign_in_attempts import Attempts
from store.token_keys import TokenKeys
from transparency.serving import PublicLog
from web.application import HEADERS, make_pages
from web.problems import failed_page
from web.services import Services as Pages

API_PATHS = ("/api", "/oauth", "/docs", "/openapi.json", "/problems", "/ledger", "/livez", "/readyz")
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


@contextmanager
def application(settings: Settings, reached: Reached) -> Iterator[ASGIApp]:
    """The application, for as long as it is served. Raises WrongSettings, and what opening the ledger raises."""
    if settings.environment == "production" and not settings.address.startswith("https:"):
        msg = "In production LIGGARE_BASE_URL is an https address: browsers keep a session's cookie only over TLS."
        raise WrongSettings(msg)
    sign_in = read_sign_in(settings)
    with (
        open_parts(settings, reached.urls, reached.run, levels=sign_in.in_force()) as parts,
        clients(settings, sign_in) as found,
    ):
        lasting = sign_in.sessions
        services = _services(settings, parts, Limits(lasting.idle, lasting.absolute, lasting.surest))
        pages = Pages(
            context=parts.context,
            sessions=services.sessions,
            attempts=Attempts(parts.pool),
            sign_in=sign_in,
            clients=found,
            rates=services.programs.rates,
            notices=services.notices,
            overviews=services.overviews,
            log=services.log,
            wait=services.wait,
            now=services.now,
            contact=settings.contact_lines,
            print_fonts=settings.print_fonts,
        )
        yield Together(make_application(services), framed_pages(pages), is_tls=settings.address.startswith("https:"))


def framed_pages(services: Pages) -> ASGIApp:
    """The pages with what goes round every request: its id, its log line, its headers and the last answer."""
    return Frame(make_pages(services), HEADERS, failed_page)


class Together:
    """One address for both: the API by its paths, and every other path is a page's."""

    def __init__(self, api: ASGIApp, pages: ASGIApp, *, is_tls: bool) -> None:
        """`is_tls`: browsers are told never to come without it (HSTS)."""
        self._api, self._pages, self._is_tls = api, pages, is_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the one that it is for."""

        async def sent(message: Message) -> None:
            if self._is_tls and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _HSTS]
            await send(message)

        path = scope.get("path", "")
        is_for_api = scope["type"] != "http" or any(path == each or path.startswith(f"{each}/") for each in API_PATHS)
        await (self._api if is_for_api else self._pages)(scope, receive, sent)


def open_token_keys(settings: Settings) -> TokenKeys:
    """The keys that sign programs' tokens, made at the first start, beside the wrapping keys. Raises KeyRingError."""
    return TokenKeys(settings.key_ring.with_name("tokens.json"), tenant=settings.tenant)


def _programs(settings: Settings, parts: Parts) -> Programs:
    keys = open_token_keys(settings)
    return open_programs(parts.pool, keys, issuer=settings.address, tenant=settings.tenant, rates=Rates())


def _services(settings: Settings, parts: Parts, limits: Limits) -> Services:
    def checks() -> Mapping[str, str | None]:
        return what_is_wrong(parts.pool)

    return Services(
        context=parts.context,
        sessions=Sessions(parts.pool, parts.ledger.keys, limits),
        programs=_programs(settings, parts),
        overviews=Overviews(parts.pool, parts.ledger),
        notices=Notices(parts.pool, parts.ledger),
        log=PublicLog(parts.pool, settings.folder),
        wait=lambda feed, position, seconds: wait(parts.pool, {feed: position}, seconds),
        checks=checks,
        now=lambda: datetime.now(UTC),
    )
