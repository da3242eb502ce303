"""`python -m bench.bare_server`: a FastAPI application that does nothing but read one row by its key."""

import os
from uuid import UUID

import uvicorn
from fastapi import FastAPI, HTTPException, Response
from psycopg_pool import ConnectionPool

_QUERY = "select document from bare where id = %s"
_CONNECTIONS = 16


def application(url: str) -> FastAPI:
    """One route, one query, the stored bytes as they are."""
    pool = ConnectionPool(url, kwargs={"autocommit": True}, min_size=1, max_size=_CONNECTIONS, open=True)
    app = FastAPI()

    @app.get("/rows/{row}")
    def show(row: UUID) -> Response:
        with pool.connection() as connection:
            found = connection.execute(_QUERY, (row,)).fetchone()
        if found is None:
            raise HTTPException(404)
        return Response(found[0], media_type="application/json")

    return app


def main() -> None:
    """Serve as ours is served."""
    app = application(os.environ["BENCH_PEER_URL"])
    port = int(os.environ["PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False)


if __name__ == "__main__":
    main()
