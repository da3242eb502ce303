"""The server: the API on the ledger and read models of this installation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from api.application import Liggare, make_application
from api.services import Services
from app.databases import Reached
from app.readiness import what_is_wrong
from app.settings import Settings
from app.wiring import Parts, open_parts
from projections.checkpoints import wait
from projections.notices import Notices
from projections.overview import Overviews
from store.sessions import Sessions


@contextmanager
def application(settings: Settings, reached: Reached) -> Iterator[Liggare]:
    """The application, for as long as it is served. Raises what opening the ledger raises."""
    with open_parts(settings, reached.urls, reached.run) as parts:
        yield make_application(_services(parts))


def _services(parts: Parts) -> Services:
    def checks() -> Mapping[str, str | None]:
        return what_is_wrong(parts.pool)

    return Services(
        context=parts.context,
        sessions=Sessions(parts.pool),
        overviews=Overviews(parts.pool, parts.ledger),
        notices=Notices(parts.pool, parts.ledger),
        wait=lambda feed, position, seconds: wait(parts.pool, {feed: position}, seconds),
        checks=checks,
        now=lambda: datetime.now(UTC),
    )
