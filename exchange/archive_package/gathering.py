"""Gathers what a package is made of: the events of a file with their proofs, each plan as printed, the schema."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aggregates.plan import Plan
from aggregates.student_file import StudentFile, fold
from commands.context import STOCKHOLM, Context
from events.base import Recorded
from exchange.archive_package.content import PDF_A, About, Organisation, PackageFile
from exchange.archive_package.errors import PackageNotMade
from exchange.archive_package.events import events_file, schema_file
from exchange.archive_package.packing import Contents
from retention.certificates import Mandate
from store.errors import StreamNotFound
from transparency.errors import TransparencyError
from transparency.notes import VerifierKey
from transparency.proving_streams import prove_stream
from transparency.stored import Ask

Render = Callable[[StudentFile, Plan, date], bytes]
"""Makes the PDF/A of a plan; the day is that of the file's last event."""


@dataclass(frozen=True, slots=True)
class Source:
    """What packages are made of, and by whom.

    `key` is the notary's; `ask` reads the tree; `agreement` says where what is agreed with the archive is found.
    """

    context: Context
    ask: Ask
    key: VerifierKey
    render: Render
    creator: Organisation
    software: str
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Which package is to be made, and why. `decided_at`, `begun_at`: when a run was approved and begun."""

    package_id: UUID
    student_id: UUID
    mandate: Mandate | None = None
    decided_at: datetime | None = None
    begun_at: datetime | None = None


def gather(source: Source, order: Order) -> tuple[About, Contents]:
    """What a package is about, and what it holds.

    Every event is in a signed tree by then, or it is refused. Raises PackageNotMade, SubjectErased, StoreUnavailable,
    and what rendering raises.
    """
    ledger = source.context.ledger
    try:
        events = ledger.load(order.student_id, _collect)
        file = fold(None, events)
        proven = prove_stream(source.ask, ledger.settings.tenant, order.student_id, source.key)
    except (StreamNotFound, TransparencyError) as error:
        msg = f"the file cannot be proven from the ledger: {type(error).__name__}"
        raise PackageNotMade(msg) from None
    payloads = ledger.payloads(order.student_id)
    if file is None or not len(events) == len(payloads) == len(proven.proofs):
        msg = "the file changed while the package was made"
        raise PackageNotMade(msg)
    of_events = events_file(ledger.settings.tenant, order.student_id, events, payloads, proven)
    schema = schema_file(sorted({recorded.event.code for recorded in events}))
    moments = (events[-1].at, proven.signed.signed_at, order.begun_at)
    about = About(
        package_id=order.package_id,
        at=max(moment for moment in moments if moment is not None),
        student_id=order.student_id,
        name=file.name,
        schools=_schools(source.context, events),
        enrolled_on=events[0].event.enrolled_on,
        ended_on=file.schooling_ended.ended_on if file.schooling_ended else None,
        events=len(events),
        plans=len(file.plans),
        is_protected=file.protection is not None,
        software=source.software,
        creator=source.creator,
        agreement=source.agreement,
        mandate=order.mandate,
        decided_at=order.decided_at,
    )
    plans = _plans(source, file, events[-1].at.astimezone(STOCKHOLM).date())
    return about, Contents([of_events, *plans], [schema])


def _collect(earlier: list[Recorded[Any]] | None, events: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    return [*(earlier or ()), *events]


def _plans(source: Source, file: StudentFile, on: date) -> Iterator[PackageFile]:
    """Every plan that was begun, in the order in which they were."""
    for number, plan in enumerate(file.plans.values(), 1):
        path = f"data/plans/{number:02}-{plan.school_year.replace('/', '-')}-{plan.term.lower()}.pdf"
        yield PackageFile(path, source.render(file, plan, on), PDF_A)


def _schools(context: Context, events: Sequence[Recorded[Any]]) -> tuple[str, ...]:
    """The schools that the file was at, by name, in order; those that are still known."""
    said = (getattr(recorded.event, "school_id", None) for recorded in events)
    found = (context.directory.school(school_id) for school_id in dict.fromkeys(said) if school_id is not None)
    return tuple(school.name for school in found if school is not None)
