"""The library's infrastructure factory for this ledger: our recorder, our mapper, and nothing that may replace them."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    EventStore,
    InfrastructureFactory,
    NotSupportedError,
    TrackingRecorder,
    Transcoder,
)
from eventsourcing.utils import Environment

from events.base import Event, Recorded
from store.database import open_pool
from store.errors import UnsafeSetting
from store.keys import KeyRing
from store.mapper import SealingMapper
from store.recorder import LedgerRecorder
from store.settings import StoreSettings

UNSAFE = (
    "PERSISTENCE_MODULE",
    "INFRASTRUCTURE_FACTORY",
    "FACTORY_TOPIC",
    "MAPPER_TOPIC",
    "TRANSCODER_TOPIC",
    "CIPHER_TOPIC",
    "CIPHER_KEY",
    "COMPRESSOR_TOPIC",
    "APPLICATION_RECORDER_TOPIC",
    "TRACKING_RECORDER_TOPIC",
    "PROCESS_RECORDER_TOPIC",
    "IS_SNAPSHOTTING_ENABLED",
    "AGGREGATE_CACHE_MAXSIZE",
    "AGGREGATE_CACHE_FASTFORWARD",
    "AGGREGATE_CACHE_FASTFORWARD_SKIPPING",
    "DEEPCOPY_FROM_AGGREGATE_CACHE",
    "POSTGRES_ENABLE_DB_FUNCTIONS",
)
"""What the library would read from the environment and with which it would store, seal or remember otherwise."""


def refuse_unsafe(environment: Mapping[str, str]) -> None:
    """Raise UnsafeSetting when the environment holds a setting that would change how the ledger records.

    The library reads each name also with the application's name before it, so a name that ends so is refused as well.
    """
    for name in environment:
        if any(name.upper() == unsafe or name.upper().endswith(f"_{unsafe}") for unsafe in UNSAFE):
            raise UnsafeSetting(name)


class SealedEventStore(EventStore[UUID]):
    """The library's event store, opening a whole stream in one pass."""

    mapper: SealingMapper
    recorder: LedgerRecorder

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
            return self.mapper.open_rows(self.recorder.select_rows(originator_id, lte))
        rows = self.recorder.select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        return map(self.mapper.to_domain_event, rows)


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes the parts of one ledger and closes its connections."""

    def __init__(self, env: Environment, settings: StoreSettings) -> None:
        super().__init__(env)
        self._settings = settings
        self._pool = open_pool(settings.app_url, schema=settings.schema, size=settings.pool_size, name="ledger")
        self._keys_pool = open_pool(settings.keys_url, schema=settings.schema, size=settings.pool_size, name="keys")
        self._recorder = LedgerRecorder(self._pool)
        try:
            self.keys = KeyRing(self._keys_pool, settings, may_begin=self._recorder.is_empty)
        except BaseException:
            self.close()
            raise

    def mapper(self, transcoder: Transcoder | None = None, mapper_class: Any = None) -> SealingMapper:
        """The mapper that seals."""
        settings = self._settings
        return SealingMapper(self.keys, tenant=settings.tenant, max_event_bytes=settings.max_event_bytes)

    def event_store(self, mapper: Any = None, recorder: Any = None) -> SealedEventStore:
        """The event store of the ledger."""
        return SealedEventStore(mapper or self.mapper(), recorder or self._recorder)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Not supported for anything but events: the ledger keeps no snapshots."""
        if purpose != "events":
            raise _not_kept(purpose)
        return self._recorder

    def application_recorder(self) -> LedgerRecorder:
        """The recorder of the ledger."""
        return self._recorder

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> NoReturn:
        """Not supported: read models keep their own checkpoints."""
        raise _not_kept("tracking")

    def process_recorder(self) -> NoReturn:
        """Not supported: read models keep their own checkpoints."""
        raise _not_kept("tracking")

    def is_snapshotting_enabled(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
        self._keys_pool.close()


def surroundings() -> dict[str, str]:
    """The environment of the process."""
    return dict(os.environ)


def _not_kept(what: str) -> NotSupportedError:
    return NotSupportedError(f"the ledger keeps no {what}")
