"""What the routes work with; the application is given one and finds it again at each request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from api.programs import Programs
from commands.context import Context
from projections.notices import Notices
from projections.overview import Overviews
from store.sessions import Sessions
from transparency.serving import PublicLog


@dataclass(frozen=True, slots=True)
class Services:
    """The parts behind the API.

    `wait` answers whether the read models hold a position of a feed, at the latest after so many seconds. `checks`
    names each part that must work and what is wrong with it, None where nothing is. `log` is the signed tree.
    `now` is UTC.
    """

    context: Context
    sessions: Sessions
    programs: Programs
    overviews: Overviews
    notices: Notices
    log: PublicLog
    wait: Callable[[int, int, float], bool]
    checks: Callable[[], Mapping[str, str | None]]
    now: Callable[[], datetime]


def services_of(request: Request) -> Services:
    """The services of the application that answers this request."""
    services: Services = request.app.state.services
    return services
