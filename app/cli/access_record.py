"""`liggare access-record`: the record of who has looked at whose file."""

import json

import click


@click.group(name="access-record")
def command() -> None:
    """Keep the access record within its time."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def drop(*, as_json: bool) -> None:
    """Drop the months of the record that ended more than LIGGARE_ACCESS_RECORD_MONTHS ago."""
    from datetime import UTC, datetime

    from app.databases import reach
    from app.settings import read_settings
    from store.access_record import drop_months
    from store.database import open_pool

    settings, today = read_settings(), datetime.now(UTC).date()
    with (
        reach(settings) as reached,
        open_pool(reached.urls.purge, schema=settings.tenant, size=1, name="purge") as pool,
    ):
        dropped = drop_months(pool, today, keep=settings.access_record_months)
    click.echo(json.dumps({"dropped": dropped}) if as_json else f"Months dropped: {dropped}")
