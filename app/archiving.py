"""Handing files over to the archive: a package in the folder of the settings, checked where it lies."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from aggregates.disposal_run import DisposalRun
from aggregates.plan import Plan
from aggregates.student_file import StudentFile
from app.notary import notary_key
from app.settings import ROOT, Settings
from app.wiring import Parts
from commands.disposal import NotTransferred, Transferred
from exchange.archive_package.content import Organisation
from exchange.archive_package.errors import PackageError, PackageNotKept
from exchange.archive_package.gathering import Order, Source, gather
from exchange.archive_package.keeping import keep_package
from exchange.archive_package.packing import packed
from retention.certificates import Mandate
from retention.items import Item
from transparency.alarms import Alarm
from transparency.errors import TransparencyError
from transparency.notary import Notary
from transparency.stored import through
from web.errors import PrintsTooMuch, TooLongToPrint
from web.plan.printed.archived import archived_plan


def transfers(settings: Settings, parts: Parts) -> Callable[[Item, Mandate, DisposalRun], Transferred]:
    """What hands the file of an item over. It raises NotTransferred, KeyRingError, StoreUnavailable."""

    def transfer(item: Item, mandate: Mandate, run: DisposalRun) -> Transferred:
        if item.subject_id is None or run.approved is None or run.started is None:
            msg = "what is handed over is a file of a run that was approved and begun"
            raise ValueError(msg)
        order = Order(
            package_id=uuid5(item.run_id, f"item {item.item}"),
            student_id=item.subject_id,
            mandate=mandate,
            decided_at=run.approved.at,
            begun_at=run.started.at,
        )
        try:
            return hand_over(settings, parts, order, settings.archive_folder)
        except (PackageError, TransparencyError, Alarm, TooLongToPrint, PrintsTooMuch) as error:
            raise NotTransferred(why(error)) from error

    return transfer


def hand_over(settings: Settings, parts: Parts, order: Order, folder: Path | None) -> Transferred:
    """Make a package, put it in a folder, and read it again from there.

    Raises PackageError, TransparencyError, Alarm, TooLongToPrint, PrintsTooMuch, KeyRingError, StoreUnavailable.
    """
    if folder is None:
        msg = "LIGGARE_ARCHIVE_FOLDER does not name the archive's folder"
        raise PackageNotKept(msg)
    if not folder.is_dir():
        msg = "the archive's folder is not there; Liggare does not make it, for then it may not be the archive's"
        raise PackageNotKept(msg)
    about, contents = gather(_source(settings, parts), order)
    digest = keep_package(folder, about.folder, packed(about, contents))
    return Transferred(order.package_id, digest)


def why(error: Exception) -> str:
    """What is wrong, in words that name nobody."""
    return str(error) if isinstance(error, PackageError) else f"the package cannot be made: {type(error).__name__}"


def _source(settings: Settings, parts: Parts) -> Source:
    """Where packages are made of; every event is in a signed tree when this returns."""
    key, notary = notary_key(settings, parts.pool), Notary(parts.pool, settings.tenant)
    notary.advance()
    notary.sign(key, datetime.now(UTC), settings.folder)

    def render(file: StudentFile, plan: Plan, on: date) -> bytes:
        return archived_plan(parts.context, file, plan, on=on, fonts=settings.print_fonts)

    return Source(
        context=parts.context,
        ask=through(parts.pool),
        key=key.verifier,
        render=render,
        creator=_creator(settings),
        software=version(),
        agreement=settings.archive_agreement or None,
    )


def _creator(settings: Settings) -> Organisation:
    """Whose records they are: as the settings say it, else by the first line of the contact, else by the tenant."""
    name, _, code = (part.strip() for part in settings.archive_creator.partition(";"))
    return Organisation(name or next(iter(settings.contact_lines), settings.tenant), code or None)


@cache
def version() -> str:
    """The version of Liggare, as its own project file has it."""
    said: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return said


def package_by_hand(student_id: UUID, of: int) -> UUID:
    """The id of a package that is made outside every run, of so many events."""
    return uuid5(student_id, f"package of {of} events")
