"""Officers at their pages, without a browser, in a municipality of the test's own."""

from collections.abc import Callable
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from tests.api.archive import Archive
from tests.api.conftest import archive, portal
from tests.web.plan.conftest import pages_of
from tests.web.reader import Reader

__all__ = ["archive", "portal"]

OfficerAt = Callable[..., Reader]
"""Makes a reader of one of the people, by name: `officer("operator", level=2, language="en")`."""


@pytest.fixture
def officer(archive: Archive, portal: BlockingPortal) -> OfficerAt:
    """Opens the pages for somebody who has signed in, at the highest level unless the test says else."""
    pages = pages_of(archive.installation)

    def made(name: str, *, level: int = 3, **more: Any) -> Reader:  # noqa: ANN401 - a reader's own
        person = archive.school.known.people[name]["person_id"]
        return Reader(pages, portal, archive.installation.issue(person, level), **more)

    return made
