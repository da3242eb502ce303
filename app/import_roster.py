"""`liggare import roster` at the terminal: what the roster would change, every bad row, and then the change."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from app.databases import reach
from app.errors import RefusedByRule
from app.importing import DONE, REFUSED, may_go_on, print_counts, print_json, print_lines, progress_bar
from app.local import open_current, system_command
from app.settings import read_settings
from commands.bulk import Carried
from exchange.roster import RosterImport, TooManyEnds
from exchange.roster_examination import Examination
from exchange.roster_rows import Fault
from exchange.roster_tables import RosterUnusable

_LABELS = {
    "school_founded.v1": "schools founded",
    "school_renamed.v1": "schools renamed",
    "school_role_granted.v1": "parts at schools given",
    "school_role_revoked.v1": "parts at schools ended",
    "person_registered.v1": "persons registered",
    "person_renamed.v1": "persons renamed",
    "roster_identified.v1": "roster ids noted",
    "sign_in_identifier_given.v1": "sign-in identifiers given",
    "roster_email_given.v1": "pupils' mail addresses",
    "group_formed.v1": "groups formed",
    "group_renamed.v1": "groups renamed",
    "student_enrolled.v1": "pupils enrolled",
    "student_renamed.v1": "pupils renamed",
    "student_transferred.v1": "pupils moved to another school",
    "grade_entered.v1": "pupils in a new school year",
    "group_joined.v1": "groups joined",
    "group_left.v1": "groups left",
    "guardian_linked.v1": "guardians linked",
    "guardian_unlinked.v1": "guardians unlinked",
    "teacher_assigned.v1": "teachers assigned",
    "teacher_unassigned.v1": "teachers unassigned",
    "mentor_assigned.v1": "mentors assigned",
    "mentor_unassigned.v1": "mentors unassigned",
    "educator_assigned.v1": "educators assigned",
    "educator_unassigned.v1": "educators unassigned",
}


@dataclass(frozen=True, slots=True)
class RosterOptions:
    """How the import was asked for; `on` is the day to read the roster as of, if given."""

    today: date
    source: str
    mentors: Path | None = None
    on: date | None = None
    full: bool = False
    allow_ends: bool = False
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False


def import_roster(folder: Path, options: RosterOptions) -> int:
    """Examine the roster, show what it would change, and carry it out if told to. The exit code."""
    settings = read_settings()
    with reach(settings) as reached, open_current(settings, reached) as parts:
        work = RosterImport(parts.context, source=options.source, full=options.full)
        began = time.monotonic()
        with progress_bar(shown=not options.as_json) as progress:
            try:
                examination = work.examine(
                    folder, today=options.today, on=options.on, mentors=options.mentors, progress=progress
                )
            except RosterUnusable as unusable:
                return _tell_unusable(unusable, options)
        examined = time.monotonic() - began
        if not options.as_json:
            _show(examination, options)
        carried, seconds = None, 0.0
        if not examination.is_empty and _may_go_on(examination, options):
            began = time.monotonic()
            with progress_bar(shown=not options.as_json) as progress:
                try:
                    carried = work.carry_out(
                        examination, system_command(), allow_ends=options.allow_ends, progress=progress
                    )
                except TooManyEnds:
                    raise RefusedByRule(_too_many(examination)) from None
            seconds = time.monotonic() - began
    _tell(examination, carried, options, {"examined": round(examined, 2), "carried_out": round(seconds, 2)})
    return REFUSED if carried and carried.refused else DONE


def _may_go_on(examination: Examination, options: RosterOptions) -> bool:
    if examination.ends_too_many and not options.allow_ends and not options.dry_run:
        raise RefusedByRule(_too_many(examination))
    return may_go_on(dry_run=options.dry_run, yes=options.yes, as_json=options.as_json)


def _too_many(examination: Examination) -> str:
    return (
        f"The roster would end {examination.ends:,} of {examination.held:,} relations, more than 5 %. Nothing is "
        "changed. See that the roster is whole; if it is, add --allow-ends."
    )


def _tell_unusable(unusable: RosterUnusable, options: RosterOptions) -> int:
    if options.as_json:
        print_json({"usable": False, "faults": [_fault(fault) for fault in unusable.faults]})
    else:
        print_lines("The roster cannot be read", unusable.faults)
    return REFUSED


def _show(examination: Examination, options: RosterOptions) -> None:
    tables, wanted = examination.tables, examination.wanted
    click.echo(f"{tables.format}, read as of {wanted.on}: {_rows(tables.rows)}")
    if wanted.on != options.today and options.on is None:
        click.echo("  All its sessions are over, so it is read as of the last day; --on says otherwise.")
    print_lines("Rows left out", _ordered(tables.left_out))
    print_lines("Bad rows, not used", _ordered(tables.faults.found))
    print_lines("Pupils without a mentor in the roster or in --mentors", _ordered(wanted.without_mentor))
    print_counts("What would change", labelled(examination.counts))
    if examination.absent and not options.full:
        click.echo(f"{examination.absent:,} relations are not in the roster; they stay. --full ends them.")


def _rows(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in rows.items())


def labelled(counts: Counter[str]) -> dict[str, int]:
    """Counts by what they mean, in the order in which an import does them."""
    known = {label: counts[code] for code, label in _LABELS.items() if counts[code]}
    return known | {code: count for code, count in counts.items() if code not in _LABELS}


def _ordered(faults: list[Fault]) -> list[Fault]:
    return sorted(faults)


def _fault(fault: Fault) -> dict[str, object]:
    return {"file": fault.file, "line": fault.line, "column": fault.column, "reason": fault.reason}


def _tell(
    examination: Examination, carried: Carried | None, options: RosterOptions, seconds: Mapping[str, float]
) -> None:
    tables = examination.tables
    if options.as_json:
        print_json(
            {
                "usable": True,
                "format": tables.format,
                "read_as_of": examination.wanted.on.isoformat(),
                "rows": tables.rows,
                "changes": dict(examination.counts),
                "absent_relations": examination.absent,
                "ended_relations": examination.ends,
                "faults": [_fault(fault) for fault in _ordered(tables.faults.found)],
                "left_out": [_fault(fault) for fault in _ordered(tables.left_out)],
                "without_mentor": [_fault(fault) for fault in _ordered(examination.wanted.without_mentor)],
                "carried_out": _carried(carried),
                "seconds": dict(seconds),
            }
        )
    elif carried is not None:
        click.echo(
            f"Done: {carried.events:,} events in {carried.streams:,} streams in {seconds['carried_out']:.1f} s "
            f"(read and compared in {seconds['examined']:.1f} s)."
        )
        print_lines("Refused", (f"{stream_id}: {reason}" for stream_id, reason in carried.refused.items()))


def _carried(carried: Carried | None) -> dict[str, Any] | None:
    if carried is None:
        return None
    refused = {str(stream_id): reason for stream_id, reason in carried.refused.items()}
    return {"events": carried.events, "streams": carried.streams, "refused": refused}
