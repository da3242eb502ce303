"""`liggare keys`: the key that wraps every subject's key, and changing it."""

import json

import click


@click.group(name="keys")
def command() -> None:
    """Change the wrapping key, or see how old it is."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def rotate(*, as_json: bool) -> None:
    """Wrap every subject's key anew. May be interrupted and run again; nobody need be stopped meanwhile."""
    from app.databases import reach
    from app.importing import progress_bar
    from app.settings import read_settings
    from store.database import open_pool
    from store.rotation import count_keys
    from store.rotation import rotate as change

    settings = read_settings()
    with (
        reach(settings) as reached,
        open_pool(reached.urls.keys_purge, schema=settings.tenant, size=2, name="rotation") as pool,
        progress_bar(shown=not as_json) as progress,
    ):
        done, total = 0, count_keys(pool)

        def tell(count: int) -> None:
            nonlocal done
            done += count
            progress("keys", done, max(total, done))

        rotated = change(pool, settings.store(reached.urls).key_file, settings.tenant, tell=tell)
    if as_json:
        click.echo(json.dumps(rotated._asdict()))
        return
    if rotated.was_begun:
        click.echo("A change of key that had been interrupted is done.")
    click.echo(
        f"{rotated.rewrapped:,} keys are wrapped by {rotated.key_id} now; the key before it is in no file of ours.\n"
        f"Copy the key file anew, and destroy older copies within {settings.key_copies_days} days: "
        "until then they open what backups hold of the destroyed."
    )


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def status(*, as_json: bool) -> None:
    """Since when the wrapping key is in use, and when it is to be changed."""
    from datetime import timedelta

    from app.databases import open_ledger, reach
    from app.errors import NotAble
    from app.settings import read_settings

    settings = read_settings()
    with reach(settings) as reached, open_ledger(settings, reached.urls) as ledger:
        since = ledger.keys.wrapping_since()
    if since is None:
        msg = "The key that the file names is not in use yet."
        raise NotAble(msg)
    until = (since + timedelta(days=settings.key_rotation_days)).date()
    if as_json:
        click.echo(json.dumps({"since": since.isoformat(), "change_by": until.isoformat()}))
    else:
        click.echo(
            f"The wrapping key is in use since {since:%Y-%m-%d}; change it by {until} with `./liggare keys rotate`."
        )
