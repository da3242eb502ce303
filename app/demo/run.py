"""Fill an empty ledger with the demo, and say who is there to sign in as."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from aggregates.student_file import student_file_id
from app.databases import Reached, open_ledger
from app.demo.accounts import open_accounts
from app.demo.cast import cast_of
from app.demo.former import Past, play_past
from app.demo.identifiers import guardians_have_numbers
from app.demo.ledger import RememberingLedger, RememberingSyllabus
from app.demo.people import parts_of
from app.demo.school_life import SchoolLife
from app.errors import RefusedByRule
from app.local import bring_up_directory
from app.settings import ROOT, Settings
from app.wiring import Parts, hints
from commands.context import STOCKHOLM, Context
from exchange.syllabus import difference, read_syllabus
from projections.directory import Directory
from retention.due import RetentionRows
from retention.items import Items
from store.access_record import AccessRecord
from store.attachments import Attachments
from store.database import open_pool
from store.drafts import Drafts
from store.syllabus import Syllabus

SYLLABUS = ROOT.parent / "shared" / "data" / "lgr22"
"""Where the national syllabus is looked for: beside the checkout. Without it the demo links no syllabus items."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, on which day (ISO 8601), and how long it took; one pupil's file, and who is there to sign in as.

    `people` are (part, name, person id).
    """

    pupils: int
    years: int
    seed: int
    on: str
    events: int
    commands: int
    seconds: float
    student: str
    people: tuple[tuple[str, str, str], ...]


def fill(
    settings: Settings, reached: Reached, *, pupils: int, years: int, seed: int, tell: Callable[[str, int, int], None]
) -> Demo:
    """Play the demo into the ledger.

    Raises RefusedByRule in production, where the ledger is not empty, and for so many pupils that there are too few
    test numbers for their guardians.
    """
    if settings.environment == "production":
        msg = "LIGGARE_ENVIRONMENT is production, where there is no demo school."
        raise RefusedByRule(msg)
    began = time.monotonic()
    cast = cast_of(pupils=pupils, years=years, seed=seed)
    if not guardians_have_numbers(cast):
        msg = "There are too few test personal numbers for the guardians of so many pupils: ask for 25,000 at most."
        raise RefusedByRule(msg)
    with open_ledger(settings, reached.urls) as ledger:
        if any(ledger.feed_positions().values()):
            msg = "The demo needs an empty ledger, and this one is not."
            raise RefusedByRule(msg)
    with _open(settings, reached) as parts:
        now = datetime.now(UTC)
        life = SchoolLife(parts, cast, years=years, seed=seed, now=now)
        life.play(tell)
        past = play_past(Past(parts.context, cast, life, now))
        bring_up_directory(parts)
        accounts = open_accounts(parts.context, cast, life.ids, now, seed=seed)
        bring_up_directory(parts)
        events = sum(parts.ledger.feed_positions().values())
        student = str(student_file_id(life.person_id(cast.schools[0].forms[0].pupils[0].id)))
        seconds = time.monotonic() - began
        people = tuple((part, str(of.name), str(life.person_id(of.id))) for part, of in parts_of(cast).items())
        on = now.astimezone(STOCKHOLM).date().isoformat()
        return Demo(pupils, years, seed, on, events, life.commands + past + accounts, seconds, student, people)


@contextmanager
def _open(settings: Settings, reached: Reached) -> Iterator[Parts]:
    """Everything that commands need, with a memory, and without waiting for the disk at each of many commands."""
    store = settings.store(reached.urls)
    options = f"{conninfo_to_dict(store.app_url).get('options') or ''} -c synchronous_commit=off".strip()
    url = make_conninfo(store.app_url, options=options)
    ledger = RememberingLedger(replace(store, app_url=url))
    try:
        pool = open_pool(reached.urls.app, schema=settings.tenant, size=4, name="demo")
        with pool, hints(reached.run) as announce:
            _import_syllabus(Syllabus(pool), SYLLABUS)
            context = Context(
                ledger,
                Directory(pool, ledger),
                RememberingSyllabus(pool),
                announce,
                Attachments(pool, ledger),
                AccessRecord(pool, ledger),
                Drafts(pool, ledger),
                RetentionRows(pool),
                Items(pool),
            )
            yield Parts(ledger, pool, context)
    finally:
        ledger.close()


def _import_syllabus(syllabus: Syllabus, folder: Path) -> None:
    if folder.is_dir():
        found = difference(syllabus.subjects(), syllabus.items(with_former=True), read_syllabus(folder))
        if not found.is_empty:
            syllabus.save(found.changes)
