"""`liggare worker`: the worker process."""

import click


@click.command(name="worker")
@click.option("--with-parent", is_flag=True, hidden=True, help="Leave when the process that started this one is gone.")
def command(*, with_parent: bool) -> None:
    """Keep the read models up with the ledger until told to stop."""
    from app.children import process
    from app.worker import work

    with process(with_parent=with_parent) as (settings, reached):
        work(settings, reached)
