"""`liggare migrate`: bring the databases to this version's schema."""

import json

import click


@click.command(name="migrate")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(*, as_json: bool) -> None:
    """Apply the migrations that the databases lack. Safe to run again, and while the old version runs."""
    from app.databases import migrate_all, reach
    from app.settings import read_settings

    settings = read_settings()
    with reach(settings) as reached:
        later = migrate_all(settings, reached.urls)
        applied = [*reached.migrated, *later]
    if as_json:
        click.echo(json.dumps({"applied": applied}))
    elif applied:
        click.echo("\n".join(f"applied {name}" for name in applied))
    else:
        click.echo("Nothing to apply; the databases have this version's schema.")
