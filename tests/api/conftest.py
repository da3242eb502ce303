"""The API on a ledger of its own: a school made once through the API, and a copy of its databases for each test."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api.application import make_application
from api.programs import open_programs
from api.services import Services
from app.first_administrator import add_administrator
from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls, create_database
from app.readiness import what_is_wrong
from commands.context import Context
from commands.rates import Rate, RateClass, Rates
from commands.terms import CURRENT_TERMS
from events.base import Role
from projections.checkpoints import wait
from projections.directory import Directory
from projections.notices import Notices
from projections.overview import Overviews
from projections.registry import projections
from projections.runner import Runner
from retention.due import RetentionRows
from retention.items import Items
from store.access_record import AccessRecord
from store.attachments import Attachments
from store.database import open_pool
from store.drafts import Drafts
from store.ledger import Ledger
from store.sessions import Limits, Sessions
from store.settings import StoreSettings
from store.syllabus import Syllabus
from store.token_keys import TokenKeys
from tests.api.client import Api
from tests.api.school import Known, School, add_pupil, found_school
from transparency.publishing import Folder
from transparency.serving import PublicLog

if TYPE_CHECKING:
    from tests.api.archive import Archive


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

    def issue(
        self,
        person_id: UUID | str,
        level: int = 2,
        *,
        began: timedelta = timedelta(),
        terms: str | None = CURRENT_TERMS,
    ) -> str:
        """A session of a person who has accepted the terms, begun now or earlier."""
        now = self.clock() - began
        return self.services.sessions.begin(UUID(str(person_id)), level=level, provider="test", terms=terms, now=now)


PROJECTIONS = projections()
ISSUER = "http://liggare.test"
"""The address that programs in tests know the installation by."""
LONG = Limits(idle=timedelta(days=400), absolute=timedelta(days=400), surest=timedelta(days=400))
"""Longer than any test moves its clock."""


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
            attachments=Attachments(pool, ledger),
            record=AccessRecord(pool, ledger),
            drafts=Drafts(pool, ledger),
            retention=RetentionRows(pool),
            items=Items(pool),
            announce=lambda feed: void(runner.catch_up(PROJECTIONS, [feed])),
        )
        services = Services(
            context=context,
            sessions=Sessions(pool, ledger.keys, LONG),
            programs=open_programs(
                pool,
                TokenKeys(key_file.with_name("tokens.json"), tenant="liggare"),
                issuer=ISSUER,
                tenant="liggare",
                rates=Rates(dict.fromkeys(RateClass, Rate(10_000, 1000))),
            ),
            overviews=Overviews(pool, ledger),
            notices=Notices(pool, ledger),
            log=PublicLog(pool, Folder(key_file.parent / "checkpoints")),
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


@pytest.fixture(scope="session")
def shared(
    cluster: EmbeddedPostgres, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, Known]]:
    """One installation with one school for all tests of this process; each test brings its own pupil."""
    names = f"api_{uuid4().hex}", f"api_keys_{uuid4().hex}"
    with cluster.connect() as connection:
        for name, like in zip(names, ("liggare_template", "liggare_keys_template"), strict=True):
            create_database(connection, name, like)
    key_file = tmp_path_factory.mktemp("keys") / "ring.json"
    with installed(cluster.urls(*names), key_file, portal) as made:
        yield made, _founded(made, given_name="Agda", family_name="Testadmin", school_name="Björkskolan")


@pytest.fixture
def installation(shared: tuple[Installation, Known]) -> Iterator[Installation]:
    """The installation; a test that moves its clock leaves it right for the next."""
    yield shared[0]
    shared[0].clock.offset = timedelta()


@pytest.fixture
def school(installation: Installation, shared: tuple[Installation, Known]) -> School:
    """The school with a pupil of the test's own, everybody signed in."""
    return add_pupil(installation.api, shared[1], installation.issue)


@pytest.fixture
def archive(databases: Urls, portal: BlockingPortal, tmp_path: Path) -> Iterator["Archive"]:
    """A municipality of the test's own, with officers: schedules are everybody's."""
    from tests.api.archive import open_archive

    with installed(databases, tmp_path / "ring.json", portal) as made:
        known = _founded(made, given_name="Agda", family_name="Testadmin", school_name="Björkskolan")
        yield open_archive(made, add_pupil(made.api, known, made.issue))


@pytest.fixture
def address(installation: Installation) -> Iterator[str]:
    """The application on a port of this machine, as it is served."""
    config = uvicorn.Config(
        installation.api.app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def own_school(installation: Installation) -> School:
    """A school of the test's own, for what changes the school itself."""
    known = _founded(installation, given_name="Egen", family_name="Chef", school_name="Lindskolan", another=True)
    return add_pupil(installation.api, known, installation.issue)


def _founded(made: Installation, **first: Any) -> Known:  # noqa: ANN401 - whatever add_administrator takes
    """A school whose administrator and principal the operator named."""
    context = made.services.context
    administrator = add_administrator(context, **first)
    principal = add_administrator(
        context,
        given_name="Principal",
        family_name="Testprincipal",
        school_id=administrator.school_id,
        role=Role.PRINCIPAL,
        another=True,
    )
    return found_school(made.api, administrator, principal, made.issue)
