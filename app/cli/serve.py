"""`liggare serve`: the server process."""

from typing import TextIO, cast

import click


@click.command(name="serve")
@click.option("--with-parent", is_flag=True, hidden=True, help="Leave when the process that started this one is gone.")
def command(*, with_parent: bool) -> None:
    """Answer on LIGGARE_HOST (127.0.0.1) and PORT (8000) until told to stop."""
    import uvicorn

    from app.children import process
    from app.log_writer import LogWriter
    from app.logs import configure_logs
    from app.server import application

    with (
        process(with_parent=with_parent) as (settings, reached),
        LogWriter() as writer,
        application(settings, reached) as app,
    ):
        configure_logs(settings.log_level, cast("TextIO", writer))
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=settings.proxies or None,
            timeout_graceful_shutdown=5,
        )
