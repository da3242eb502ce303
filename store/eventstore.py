"""The library's event store with our two passes: a batch of appends sealed together, a whole stream opened at once."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import EventStore, NotSupportedError, Recording
from psycopg import Connection
from psycopg.rows import TupleRow

from events.base import Event, Recorded
from store.appends import Append, Appended, Batch, feed_of
from store.calling import Outcome, Request
from store.errors import CommandReused, StoreError, SubjectErased, SubjectFenced, VersionConflict
from store.mapper import SealingMapper
from store.receipts import Receipts
from store.recorder import ONLY_APPEND, LedgerRecorder
from store.together import Together


class SealedEventStore(EventStore[UUID]):
    """Stores and retrieves events, sealed."""

    def __init__(self, mapper: SealingMapper, recorder: LedgerRecorder, receipts: Receipts) -> None:
        super().__init__(mapper, recorder)
        self.sealing = mapper
        self.records = recorder
        self.receipts = receipts
        self._together = Together(self._insert_sorted)

    def put(self, domain_events: Sequence[DomainEventProtocol[UUID]], **kwargs: object) -> list[Recording[UUID]]:
        """Record the appends of the batch given as `batch` and leave the answer to each there.

        What cannot be sealed is refused on its own; the rest goes on. Raises StoreUnavailable.
        """
        batch = kwargs.get("batch")
        if not isinstance(batch, Batch):
            raise NotSupportedError(ONLY_APPEND, domain_events)
        sealed = [self._sealed(append) for append in batch.appends]
        requests = [request for request in sealed if isinstance(request, Request)]
        outcomes = iter(self._insert(requests) if requests else ())
        batch.answers = [
            self._answer(append, next(outcomes)) if isinstance(request, Request) else request
            for append, request in zip(batch.appends, sealed, strict=True)
        ]
        return []

    def put_within(self, conn: Connection[TupleRow], append: Append) -> Appended:
        """Record one append in somebody's transaction. Raises what refuses it."""
        answer = self._answer(append, self.records.insert_within(conn, self._seal(append)))
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def get(
        self,
        originator_id: UUID,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Iterator[Recorded[Event]]:
        """The events of a stream, in the order asked for."""
        if gt is None and limit is None and not desc:
            return self.sealing.open_rows(self.records.select_rows(originator_id, lte))
        rows = self.records.select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        return map(self.sealing.to_domain_event, rows)

    def _insert(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        return [self._together.ask(requests[0])] if len(requests) == 1 else self.records.insert_requests(requests)

    def _insert_sorted(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        """What several threads asked, sorted by feed for the recorder and answered in the order asked."""
        if len(requests) == 1:
            return self.records.insert_requests(requests)
        order = sorted(range(len(requests)), key=lambda at: feed_of(requests[at].stream_id))
        outcomes = self.records.insert_requests([requests[at] for at in order])
        found = dict(zip(order, outcomes, strict=True))
        return [found[at] for at in range(len(requests))]

    def _sealed(self, append: Append) -> Request | StoreError:
        try:
            return self._seal(append)
        except StoreError as refusal:
            return refusal

    def _seal(self, append: Append) -> Request:
        receipt: Any = append.receipt
        return Request(
            append.stream_id,
            append.expected_version,
            append.category,
            append.subject_id,
            append.subject_kind,
            self.sealing.keys.mark(append.subject_id),
            self.sealing.seal_all(append.events),
            receipt and self.receipts.seal(append.subject_id, receipt),
        )

    def _answer(self, append: Append, outcome: Outcome) -> Appended | StoreError:
        receipt = append.receipt
        if outcome.outcome == "conflict":
            return VersionConflict(append.stream_id, append.expected_version, outcome.version)
        if outcome.outcome == "subject_erased":
            return SubjectErased(append.subject_id)
        if outcome.outcome == "subject_fenced":
            return SubjectFenced(append.subject_id)
        if receipt is None:
            return Appended(append.stream_id, outcome.version, outcome.feed, outcome.position)
        if outcome.outcome == "command_reused":
            return CommandReused(receipt.command_id)
        replayed = outcome.outcome == "replayed"
        answer = receipt.answer
        if outcome.answer is not None:
            answer = self.receipts.open(append.subject_id, receipt.command_id, outcome.answer)
        return Appended(append.stream_id, outcome.version, outcome.feed, outcome.position, answer, replayed)
