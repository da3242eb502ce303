"""What the pages work with; the application is given one and finds it again at each request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.requests import Request

from access.configuration import SignIn
from commands.context import Context
from commands.rates import Rates
from projections.notices import Notices
from projections.overview import Overviews
from store.sessions import Sessions
from store.sign_in_attempts import Attempts
from transparency.serving import PublicLog
from web.oidc import OpenIdClient


@dataclass(frozen=True, slots=True)
class Services:
    """The parts behind the pages. `now` is UTC; `clients` has the same keys as the providers of `sign_in`.

    `wait` answers whether the read models hold a position of a feed, at the latest after so many seconds. `log` is the
    signed tree. `contact` says line by line how the municipality is reached. `print_fonts` is a folder with fonts for
    the printed plan, beside those that it has.
    """

    context: Context
    sessions: Sessions
    attempts: Attempts
    sign_in: SignIn
    clients: Mapping[str, OpenIdClient]
    rates: Rates
    notices: Notices
    overviews: Overviews
    log: PublicLog
    wait: Callable[[int, int, float], bool]
    now: Callable[[], datetime]
    contact: tuple[str, ...] = ()
    print_fonts: Path | None = None


def services_of(request: Request) -> Services:
    """The services of the application that answers this request."""
    services: Services = request.app.state.services
    return services
