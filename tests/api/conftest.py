"""The API on a ledger of its own: a school made once through the API, and a copy of its databases for each test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from psycopg import sql

from api.application import make_application
from api.services import Services
from app.first_administrator import add_administrator
from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls, create_database
from app.readiness import what_is_wrong
from commands.context import Context
from projections.checkpoints import wait
from projections.directory import Directory
from projections.notices import Notices
from projections.overview import Overviews
from projections.registry import projections
from projections.runner import Runner
from store.database import open_pool
from store.ledger import Ledger
from store.settings import StoreSettings
from store.syllabus import Syllabus
from store.tokens import Tokens
from tests.api.client import Api
from tests.api.school import Known, School, make_school


class Clock:
    """The time that the API sees: real, unless a test moves it."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class Installation:
    """The parts behind an application in a test. Read models follow each command at once, but while `paused`."""

    urls: Urls
    services: Services
    api: Api
    clock: Clock
    runner: Runner

    @property
    def ledger(self) -> Ledger:
        return self.services.context.ledger

    def issue(self, person_id: UUID | str, level: int = 2, days: int = 1) -> str:
        """A token for a person."""
        expires_at = datetime.now(UTC) + timedelta(days=days)
        return self.services.tokens.issue(UUID(str(person_id)), level=level, expires_at=expires_at)


PROJECTIONS = projections()


@contextmanager
def installed(urls: Urls, key_file: Path, portal: BlockingPortal) -> Iterator[Installation]:
    """The API on these databases."""
    with ExitStack() as opened:
        ledger = Ledger(StoreSettings(urls.app, urls.keys, key_file, pool_size=4))
        opened.callback(ledger.close)
        pool = opened.enter_context(open_pool(urls.app, schema="liggare", size=4, name="reads", by_index=True))
        runner = Runner(pool, ledger)
        clock = Clock()
        context = Context(
            ledger=ledger,
            directory=Directory(pool, ledger),
            syllabus=Syllabus(pool),
            announce=lambda feed: void(runner.catch_up(PROJECTIONS, [feed])),
        )
        services = Services(
            context=context,
            tokens=Tokens(pool),
            overviews=Overviews(pool, ledger),
            notices=Notices(pool, ledger),
            wait=lambda feed, position, seconds: wait(pool, {feed: position}, seconds),
            checks=lambda: what_is_wrong(pool),
            now=clock,
        )
        yield Installation(urls, services, Api(make_application(services), portal), clock, runner)


def void(_: object) -> None:
    """Nothing."""


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """The event loop that applications run in."""
    with start_blocking_portal() as started:
        yield started


@dataclass(frozen=True)
class Furnished:
    """Databases with a school in them, to be copied, and what is known of it."""

    names: tuple[str, str]
    key_file: Path
    known: Known


@pytest.fixture(scope="session")
def furnished(
    cluster: EmbeddedPostgres, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Furnished:
    """A school made once for the run (once for each process of the run)."""
    names = f"school_{worker_id}", f"school_keys_{worker_id}"
    key_file = tmp_path_factory.mktemp("keys") / "ring.json"
    _copy(cluster, ("liggare_template", "liggare_keys_template"), names)
    with installed(cluster.urls(*names), key_file, portal) as installation:
        first = add_administrator(
            installation.services.context, given_name="Agda", family_name="Testadmin", school_name="Björkskolan"
        )
        known = make_school(installation.api, first, installation.issue).known
    return Furnished(names, key_file, known)


def _copy(cluster: EmbeddedPostgres, originals: tuple[str, str], copies: tuple[str, str]) -> None:
    with cluster.connect() as connection:
        for original, copy in zip(originals, copies, strict=True):
            create_database(connection, copy, original)


@pytest.fixture
def installation(
    cluster: EmbeddedPostgres, furnished: Furnished, portal: BlockingPortal, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    """The API on a copy of the furnished databases, for this test alone."""
    names = tuple(f"{name}_{abs(hash(request.node.nodeid)):x}" for name in furnished.names)
    copies = (names[0], names[1])
    _copy(cluster, furnished.names, copies)
    try:
        with installed(cluster.urls(*copies), furnished.key_file, portal) as made:
            yield made
    finally:
        with cluster.connect() as connection:
            for name in copies:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def school(installation: Installation, furnished: Furnished) -> School:
    """The school, its people signed in."""
    return School(installation.api, furnished.known)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Which process of the run this is."""
    workerinput = getattr(request.config, "workerinput", None)
    return str(workerinput["workerid"]) if workerinput else "main"
