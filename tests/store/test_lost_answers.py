"""What becomes of an append whose answer is lost on the way."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from urllib.parse import quote
from uuid import UUID, uuid4, uuid5

import pytest
from psycopg.conninfo import conninfo_to_dict

from app.postgres import EmbeddedPostgres
from app.postgres_roles import Urls
from store.errors import CommandReused, StoreUnavailable, VersionConflict
from store.ledger import Appended, CommandReceipt, Ledger, feed_of
from store.settings import StoreSettings
from tests.store.making import append, receipt, texts
from tests.store.proxy import CuttableWire

PUPIL = UUID(int=7)
FILE = uuid5(PUPIL, "student_file")


@pytest.fixture
def wire(databases: Urls) -> Iterator[CuttableWire]:
    """The wire to the test's database."""
    folder = conninfo_to_dict(databases.app)["host"]
    with tempfile.TemporaryDirectory(prefix="wire-") as place:
        made = CuttableWire(Path(place), Path(str(folder)) / ".s.PGSQL.5432")
        made.folder = place  # type: ignore[attr-defined]
        yield made
        made.close()


@pytest.fixture
def wired(settings: StoreSettings, wire: CuttableWire) -> Iterator[Ledger]:
    """A ledger that reaches its database over the wire, with one event in it."""
    given = conninfo_to_dict(settings.app_url)
    url = settings.app_url.replace(quote(str(given["host"]), safe=""), quote(wire.folder, safe=""))  # type: ignore[attr-defined]
    with Ledger(replace(settings, app_url=url)) as ledger:
        ledger.append(append(PUPIL))
        yield ledger


@pytest.mark.parametrize("plan", [("after",), ("after", "after"), ("before",), ("before", "after")])
def test_a_lost_answer_is_given_again(wired: Ledger, wire: CuttableWire, plan: tuple[str, ...]) -> None:
    """The append was committed, its answer never came: the retry stores no second event and answers as the first."""
    kept = receipt(answer=b"svar")
    wire.cut(*plan)
    answer = wired.append(append(PUPIL, after=1, receipt=kept))
    assert wire.cuts == len(plan)
    assert answer == Appended(FILE, 2, feed_of(FILE), 2, b"svar", replayed="after" in plan)
    assert len(wired.load(FILE, texts)) == 2
    assert wired.feed_positions()[feed_of(FILE)] == 2


@pytest.mark.parametrize("plan", [("after",), ("after", "after"), ("before", "after")])
def test_a_lost_answer_without_receipt_is_found_too(wired: Ledger, wire: CuttableWire, plan: tuple[str, ...]) -> None:
    """Our own event at that version is recognised by its commitment, so it is no conflict."""
    wire.cut(*plan)
    answer = wired.append(append(PUPIL, after=1, count=3))
    assert wire.cuts == len(plan)
    assert answer == Appended(FILE, 4, feed_of(FILE), 4)
    assert len(wired.load(FILE, texts)) == 4


def test_somebody_elses_event_is_a_conflict_after_all(wired: Ledger, wire: CuttableWire) -> None:
    """A lost request is not mistaken for a lost answer."""
    wire.cut("before")
    with pytest.raises(VersionConflict):
        wired.append(append(PUPIL, after=0))
    assert wire.cuts == 1


def test_a_client_that_gave_up_asks_again(wired: Ledger, wire: CuttableWire) -> None:
    """When the database stays away the caller is told; the same command later gets the answer of the first time."""
    kept = CommandReceipt(UUID(int=1), UUID(int=2), b"body", b"svar")
    wire.cut("after", "before", "before", "before", "before")
    with pytest.raises(StoreUnavailable):
        wired.append(append(PUPIL, after=1, receipt=kept))
    wire.cut()
    again = wired.append(append(PUPIL, after=1, receipt=kept))
    assert again == Appended(FILE, 2, feed_of(FILE), 2, b"svar", replayed=True)
    assert wired.answered(kept.command_id, kept.body_hash) == again
    with pytest.raises(CommandReused):
        wired.answered(kept.command_id, b"another body")
    assert len(wired.load(FILE, texts)) == 2


def test_a_server_that_came_back_is_found_at_once(ledger: Ledger, cluster: EmbeddedPostgres) -> None:
    """All connections of the pools die: the next append, load and read of a feed succeed, on new ones."""
    threads = [Thread(target=ledger.append, args=(append(uuid4()),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [conninfo_to_dict(url)["dbname"] for url in (ledger.settings.app_url, ledger.settings.keys_url)]

    def all_connections_die() -> None:
        query = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = any(%s)"
        with cluster.connect() as superuser:
            assert len(superuser.execute(query, (names,)).fetchall()) > 1

    for version in range(3):
        all_connections_die()
        ledger.append(append(PUPIL, after=version))
    all_connections_die()
    ledger.forget()
    assert len(ledger.load(FILE, texts)) == 3
    all_connections_die()
    assert ledger.read_feed(feed_of(FILE), 0, 100)
