"""What the store needs to know to open a ledger."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StoreSettings:
    """Where the ledger is and what it refuses.

    `app_url` and `keys_url` are libpq connection strings for the role that appends; `schema` is the tenant's schema in
    both databases. `key_file` holds the wrapping keys and is made at the first start. `tenant` is bound into every
    ciphertext: a ledger opened under another name opens nothing. `max_event_bytes` counts the event's JSON.
    """

    app_url: str
    keys_url: str
    key_file: Path
    tenant: str = "liggare"
    schema: str = "liggare"
    max_event_bytes: int = 32_768
    max_events: int = 100
    pool_size: int = 16
    key_cache_size: int = 20_000
    key_cache_seconds: float = 60.0
