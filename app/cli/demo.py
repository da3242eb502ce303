"""`liggare demo`: a made-up school, through the same commands as everybody's; its roster as files; its people."""

import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click


class PersonType(click.ParamType[str | UUID]):
    """An id, or a part in the demo school."""

    name = "person"

    def convert(self, value: str | UUID, param: click.Parameter | None, ctx: click.Context | None) -> str | UUID:
        """A part as it is, else an id; wrong usage where it is neither."""
        from app.demo.people import PARTS

        return value if value in PARTS else click.UUID.convert(value, param, ctx)


@click.group(name="demo", invoke_without_command=True)
@click.option("--pupils", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--years", type=click.IntRange(1, 10), default=1, show_default=True, help="Whole school years.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same people and texts.")
@click.option(
    "--as-roster", type=click.Path(path_type=Path), help="Write a OneRoster 1.1 folder; no ledger is touched."
)
@click.option("--dirty", is_flag=True, help="With --as-roster: with the faults that real rosters have.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    ctx: click.Context, *, pupils: int, years: int, seed: int, as_roster: Path | None, dirty: bool, as_json: bool
) -> None:
    """Fill an empty ledger with a made-up municipality of any size."""
    if ctx.invoked_subcommand is not None:
        return
    if as_roster is not None:
        _write_roster(as_roster, pupils=pupils, years=years, seed=seed, dirty=dirty, as_json=as_json)
        return
    if dirty:
        msg = "--dirty goes with --as-roster."
        raise click.UsageError(msg)
    _fill(pupils=pupils, years=years, seed=seed, as_json=as_json)


def _write_roster(folder: Path, *, pupils: int, years: int, seed: int, dirty: bool, as_json: bool) -> None:
    from app.demo.calendar import SchoolYear, whole_years
    from app.demo.cast import cast_of
    from app.demo.dirt import make_dirty
    from app.demo.roster_files import write_roster
    from app.errors import RefusedByRule
    from commands.context import STOCKHOLM

    if folder.exists() and any(folder.iterdir()):
        msg = "The folder is not empty; nothing is written over."
        raise RefusedByRule(msg)
    today = datetime.now(STOCKHOLM).date()
    year = SchoolYear(whole_years(today, 1)[0].begins_in + 1)
    cast = cast_of(pupils=pupils, years=years, seed=seed)
    rows = write_roster(cast, folder, school_year=year, last=year, on=today)
    spoilt = make_dirty(folder, seed=seed) if dirty else 0
    if as_json:
        click.echo(json.dumps({"rows": rows, "spoilt": spoilt}))
    else:
        click.echo(", ".join(f"{file} {count:,}" for file, count in rows.items()))
        click.echo(f"{spoilt:,} rows are spoilt." if dirty else "No row is spoilt.")


def _fill(*, pupils: int, years: int, seed: int, as_json: bool) -> None:
    from dataclasses import asdict

    from app.databases import reach
    from app.demo.cast import OFFICERS
    from app.demo.people import NEW, Played, keep
    from app.demo.run import fill
    from app.importing import progress_bar
    from app.settings import read_settings

    settings = read_settings()
    with reach(settings) as reached, progress_bar(shown=not as_json) as tell:
        demo = fill(settings, reached, pupils=pupils, years=years, seed=seed, tell=tell)
    parts = {part: UUID(person_id) for part, _, person_id in demo.people}
    keep(settings.home, Played(demo.pupils, demo.years, demo.seed, date.fromisoformat(demo.on), parts))
    if as_json:
        click.echo(json.dumps(asdict(demo), ensure_ascii=False))
        return
    login = f"{_elsewhere(settings.home)}./liggare demo login"
    each = f"{demo.events / demo.seconds:,.0f} events/s, {demo.pupils / demo.seconds:,.1f} files/s"
    click.echo(
        f"{demo.pupils:,} pupils, {demo.years} school year(s): {demo.events:,} events in {demo.seconds:.1f} s ({each})."
    )
    click.echo(f"A pupil's file: /api/v1/students/{demo.student}. Those who may read it, when they sign in:")
    for part, name, person_id in demo.people:
        if part not in (*NEW, *OFFICERS):
            click.echo(f"  {login} {part}   # {name}, {person_id}")
    click.echo("Those who dispose of what is due, and who watch over it:")
    for part, name, person_id in demo.people:
        if part in OFFICERS:
            click.echo(f"  {login} {part} --level 3   # {name}, {person_id}")
    new = ", ".join(f"{name} ({part})" for part, name, _ in demo.people if part in NEW)
    click.echo(f"These have not accepted the terms yet: {new or 'nobody'}.")


def _elsewhere(home: Path) -> str:
    """What a command line begins with, so that it finds this data folder; the server's ports stand in there."""
    from shlex import quote

    from app.settings import Settings

    return "" if home == Settings.model_fields["home"].default else f"LIGGARE_HOME={quote(str(home))} "


@command.command(name="login")
@click.argument("person", type=PersonType())
@click.option("--level", type=click.IntRange(1, 3), help="Assurance level; else that of the usual way to sign in.")
@click.option("--accept-terms", is_flag=True, help="Accept the terms of use as well, where that has not been done.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def login(*, person: UUID | str, level: int | None, accept_terms: bool, as_json: bool) -> None:
    """Sign PERSON in, as a browser would at the Liggare that `make run` started, and print the session's id.

    It is shown once: only its hash is kept. PERSON is an id, or a part in the demo school: administrator, principal,
    mentor, teacher, guardian, pupil; operator, second-operator and auditor are officers of the municipality;
    new-guardian, new-pupil and new-teacher have not accepted the terms, and stranger is somebody whom the school does
    not know.
    """
    from dataclasses import asdict

    from app.demo.login import sign_in
    from app.settings import read_settings

    signed_in = sign_in(read_settings(), person, level=level, accept_terms=accept_terms)
    click.echo(json.dumps(asdict(signed_in)) if as_json else signed_in.session)


@command.command(name="provider")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine alone.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Leave when the process that started this one is gone.")
def provider(*, host: str, with_parent: bool) -> None:
    """The demo school's identity provider on DEMO_PORT: anybody may sign in as anybody. `make run` starts it."""
    from app.children import process_without_databases
    from app.demo_provider.serve import serve

    with process_without_databases(with_parent=with_parent) as settings:
        serve(settings, host=host)
