"""Whether this process can do its work."""

from collections.abc import Mapping
from pathlib import Path

import store
from store.database import Pool, connection
from store.errors import StoreUnavailable
from store.migrate import migrations

_MIGRATIONS = Path(store.__file__).parent / "migrations"
_STOPPED = "select distinct projection from projection_checkpoints where stopped_at is not null order by projection"


def what_is_wrong(pool: Pool) -> Mapping[str, str | None]:
    """Each part that must work and what is wrong with it, None where nothing is.

    The database answers; its schema is this version's; no read model has stopped.
    """
    try:
        with connection(pool) as session:
            applied = {str(name) for (name,) in session.execute("select name from schema_migrations").fetchall()}
            stopped = [str(name) for (name,) in session.execute(_STOPPED).fetchall()]
    except StoreUnavailable:
        return {"database": "does not answer"}
    missing = [migration.name for migration in migrations(_MIGRATIONS) if migration.name not in applied]
    return {
        "database": None,
        "migrations": f"missing: {', '.join(missing)}" if missing else None,
        "read_models": f"stopped: {', '.join(stopped)}" if stopped else None,
    }
