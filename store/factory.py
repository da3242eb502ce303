"""The library's infrastructure factory for this ledger: our recorder, our mapper, and nothing that may replace them."""

from collections.abc import Mapping
from typing import Any, NoReturn

from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    NotSupportedError,
    TrackingRecorder,
)
from eventsourcing.utils import Environment

from store.database import open_pool
from store.errors import UnsafeSetting
from store.eventstore import SealedEventStore
from store.keys import KeyRing
from store.mapper import SealingMapper
from store.receipts import Receipts
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


_NOT_KEPT = "the ledger keeps neither snapshots nor tracking"


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes the parts of one ledger and closes its connections."""

    def __init__(self, env: Environment, settings: StoreSettings) -> None:
        super().__init__(env)
        self._settings = settings
        schema, size = settings.schema, settings.pool_size
        self._pool = open_pool(settings.app_url, schema=schema, size=size, name="ledger", by_index=True)
        self._keys_pool = open_pool(settings.keys_url, schema=schema, size=size, name="keys", by_index=True)
        self._recorder = LedgerRecorder(self._pool)
        try:
            self.keys = KeyRing(self._keys_pool, settings, may_begin=self._recorder.is_empty)
        except BaseException:
            self.close()
            raise

    def mapper(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - the library's signature has a free type here
        """The mapper that seals, whatever else is asked for."""
        settings = self._settings
        return SealingMapper(self.keys, tenant=settings.tenant, max_event_bytes=settings.max_event_bytes)

    def event_store(self, mapper: Any = None, *_: object, **__: object) -> Any:  # noqa: ANN401 - as above
        """The event store of the ledger, whatever recorder is asked for."""
        return SealedEventStore(
            mapper or self.mapper(), self._recorder, Receipts(self.keys, tenant=self._settings.tenant)
        )

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """The recorder of events; not supported for snapshots, the ledger keeps none."""
        if purpose != "events":
            raise NotSupportedError(_NOT_KEPT, purpose)
        return self._recorder

    def application_recorder(self) -> LedgerRecorder:
        """The recorder of the ledger."""
        return self._recorder

    def tracking_recorder(self, *_: object) -> NoReturn:
        """Not supported: read models keep their own checkpoints."""
        raise NotSupportedError(_NOT_KEPT)

    def process_recorder(self) -> NoReturn:
        """Not supported: read models keep their own checkpoints."""
        raise NotSupportedError(_NOT_KEPT)

    def is_snapshotting_enabled(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
        self._keys_pool.close()
