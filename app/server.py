"""The server: the API on the ledger and read models of this installation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from api.application import Liggare, make_application
from api.programs import Programs, open_programs
from api.services import Services
from app.databases import Reached
from app.readiness import what_is_wrong
from app.settings import Settings
from app.wiring import Parts, open_parts
from projections.checkpoints import wait
from projections.notices import Notices
from projections.overview import Overviews
from store.sessions import Sessions
from store.token_keys import TokenKeys


@contextmanager
def application(settings: Settings, reached: Reached) -> Iterator[Liggare]:
    """The application, for as long as it is served. Raises what opening the ledger raises."""
    with open_parts(settings, reached.urls, reached.run) as parts:
        yield make_application(_services(settings, parts))


def open_token_keys(settings: Settings) -> TokenKeys:
    """The keys that sign programs' tokens, made at the first start, beside the wrapping keys. Raises KeyRingError."""
    path = settings.key_file or settings.home / "keys" / "ring.json"
    return TokenKeys(path.with_name("tokens.json"), tenant=settings.tenant)


def _programs(settings: Settings, parts: Parts) -> Programs:
    issuer = settings.base_url or f"http://127.0.0.1:{settings.port}"
    return open_programs(parts.pool, open_token_keys(settings), issuer=issuer, tenant=settings.tenant)


def _services(settings: Settings, parts: Parts) -> Services:
    def checks() -> Mapping[str, str | None]:
        return what_is_wrong(parts.pool)

    return Services(
        context=parts.context,
        sessions=Sessions(parts.pool),
        programs=_programs(settings, parts),
        overviews=Overviews(parts.pool, parts.ledger),
        notices=Notices(parts.pool, parts.ledger),
        wait=lambda feed, position, seconds: wait(parts.pool, {feed: position}, seconds),
        checks=checks,
        now=lambda: datetime.now(UTC),
    )
