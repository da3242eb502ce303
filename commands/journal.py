"""What a run records of itself while it is carried out: each event decided on, and appended where it becomes true."""

from datetime import datetime
from hashlib import sha256 as sha256_of
from typing import Any
from uuid import UUID, uuid4

from aggregates import disposal_run
from aggregates.disposal_run import DisposalRun, RunState
from aggregates.errors.retention import RunNotFound, RunNotStarted
from commands.context import SYSTEM, Command, Context
from commands.run import prepared
from commands.streams import DISPOSAL_RUN, Stream, find
from events.base import Event
from events.retention import SkipReason
from retention.certificates import events_in
from retention.items import Item
from store.ledger import Append


class RunJournal:
    """The journal of one begun run; whoever began it is the one who carries it out, as each event says.

    `run` is as the ledger has it: what is appended in somebody else's transaction is taken in by `settle`, afterwards.
    """

    def __init__(self, context: Context, run_id: UUID) -> None:
        """Raises RunNotFound, and RunNotStarted for a run that is not to be carried out."""
        run = find(context, DISPOSAL_RUN, run_id)
        if run is None:
            raise RunNotFound
        if run.started is None or run.state is not RunState.STARTED:
            raise RunNotStarted
        self._context = context
        self._by = run.started.by
        self._at = run.started.at
        self._pending: Append | None = None
        self.run = run

    def now(self, at: datetime) -> None:
        """Let what is recorded from now on have happened at this moment (UTC)."""
        self._at = at

    def purged(self, conn: Any, item: Item, *, leaves: int, certificate_sha256: str) -> None:  # noqa: ANN401 - a connection
        """The item is destroyed, in the transaction of the connection."""
        event = disposal_run.purge_item(self.run, item=item.item, leaves=leaves, certificate_sha256=certificate_sha256)
        self._append_within(conn, event)

    def skipped(self, conn: Any, item: Item, reason: SkipReason) -> None:  # noqa: ANN401 - a connection
        """The item is left as it is, in the transaction of the connection."""
        self._append_within(conn, disposal_run.skip_item(self.run, item=item.item, reason=reason))

    def transferred(self, item: Item, *, package_id: UUID, sha256: str) -> None:
        """What the item is about was handed over; on record at once."""
        self._record(disposal_run.transfer_item(self.run, item=item.item, package_id=package_id, sha256=sha256))

    def replayed(self, item: Item, note: bytes) -> None:
        """The item was destroyed in a time of which this ledger, put back since, knows nothing; on record now."""
        events, digest = events_in(note), sha256_of(note).hexdigest()
        self._record(disposal_run.purge_item(self.run, item=item.item, leaves=events, certificate_sha256=digest))

    def finished(self) -> None:
        """Every item is settled; on record at once."""
        self._record(disposal_run.finish_run(self.run))

    def settle(self) -> None:
        """The transaction that held the last event is committed."""
        if self._pending is not None:
            self.run = disposal_run.fold(self.run, self._pending.events) or self.run
            self._pending = None

    def _append_within(self, conn: Any, event: Event) -> None:  # noqa: ANN401 - a connection
        self._pending = self._prepared(event)
        self._context.ledger.append_within(conn, self._pending)

    def _record(self, event: Event) -> None:
        self._pending = self._prepared(event)
        appended = self._context.ledger.append(self._pending)
        self.settle()
        self._context.announce(appended.feed)

    def _prepared(self, event: Event) -> Append:
        command = Command(
            caller=SYSTEM, acting_as=None, command_id=uuid4(), body_hash=b"", correlation_id=self.run.id, at=self._at
        )
        stream: Stream[DisposalRun] = Stream(DISPOSAL_RUN, self.run.id, self.run.id)
        return prepared(command, stream, self.run, actor=self._by, events=(event,))
