"""A process that uses the embedded PostgreSQL until its standard input ends or it is interrupted."""

import json
import signal
import sys
from pathlib import Path

from app.logs import configure_logs
from app.postgres import EmbeddedPostgres


def main(home: str, state: str | None = None) -> None:
    """Start, say which server answers, wait."""
    configure_logs("error")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    with EmbeddedPostgres(Path(home), durable=False, state=Path(state) if state else None) as server:
        with server.connect() as connection:
            row = connection.execute("select pg_postmaster_start_time()::text, current_setting('data_directory')")
            started, data = row.fetchone() or (None, None)
        sys.stdout.write(json.dumps({"started": started, "data": data}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
