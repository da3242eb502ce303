"""People of a school at the pages of the plan, without a browser; the read models are folded as in use."""

from collections.abc import Callable
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from starlette.types import ASGIApp

from access.configuration import SignIn
from app.server import framed_pages
from commands.rates import Rates
from store.sign_in_attempts import Attempts
from tests.api.client import Person
from tests.api.conftest import Installation, installation, own_school, portal, school, shared
from tests.web.reader import Reader
from web.services import Services

__all__ = ["installation", "own_school", "portal", "school", "shared"]

ReaderOf = Callable[..., Reader]
"""Makes a reader of one of the school's people: `reader(school.mentor, level=3, language="en")`."""


def pages_of(installation: Installation) -> ASGIApp:
    """The pages of an installation, framed as in use."""
    api = installation.services
    return framed_pages(
        Services(
            context=api.context,
            sessions=api.sessions,
            attempts=Attempts(api.sessions._pool),
            sign_in=SignIn(providers={}),
            clients={},
            rates=Rates(),
            notices=api.notices,
            overviews=api.overviews,
            log=api.log,
            wait=api.wait,
            now=installation.clock,
            contact=("Testkommunen", "090-00 00 00"),
        )
    )


@pytest.fixture
def reader(installation: Installation, portal: BlockingPortal) -> ReaderOf:
    """Opens the pages for a person who has signed in."""
    pages = pages_of(installation)

    def made(person: Person, *, level: int = 2, **more: Any) -> Reader:  # noqa: ANN401 - a reader's own
        return Reader(pages, portal, installation.issue(person.person_id, level), **more)

    return made
