"""What the server asks of its surroundings where real people sign in."""

from pathlib import Path

import pytest

from app.databases import Reached
from app.errors import WrongSettings
from app.postgres_roles import Urls
from app.server import application
from app.settings import Settings


@pytest.mark.parametrize(
    ("address", "starts"), [(None, False), ("http://iup.example.se", False), ("https://iup.example.se", True)]
)
def test_in_production_people_come_over_tls_or_the_server_does_not_start(
    address: str | None,
    starts: bool,  # noqa: FBT001 - a table's column
    databases: Urls,
    tmp_path: Path,
) -> None:
    """Browsers would not keep the cookie, and nobody would know why nobody can sign in."""
    settings = Settings().model_copy(update={"home": tmp_path, "environment": "production", "base_url": address})
    reached = Reached(databases, tmp_path)
    if starts:
        with application(settings, reached) as app:
            assert callable(app)
    else:
        with pytest.raises(WrongSettings, match="LIGGARE_BASE_URL"), application(settings, reached):
            pass
