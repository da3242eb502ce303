"""`liggare serve`: the server process."""

import click


@click.command(name="serve")
@click.option("--with-parent", is_flag=True, hidden=True, help="Leave when the process that started this one is gone.")
def command(*, with_parent: bool) -> None:
    """Answer on LIGGARE_HOST (127.0.0.1) and PORT (8000) until told to stop."""
    import uvicorn

    from app.children import process
    from app.server import application

    with process(with_parent=with_parent) as (settings, reached), application(settings, reached) as app:
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
