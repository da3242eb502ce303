"""The mapping file: who is whose mentor, where the roster does not say it."""

from pathlib import Path

from exchange.roster_rows import FileUnusable, read_rows
from exchange.roster_tables import RosterUnusable, Tables
from exchange.roster_wanted import MentorRow


def mentor_rows(path: Path | None, tables: Tables) -> list[MentorRow]:
    """The mapping file: `mentorSourcedId`, and whose mentor: `userSourcedId` (a pupil) or `classSourcedId`.

    Raises RosterUnusable.
    """
    if path is None:
        return []
    found = []
    try:
        for row in read_rows(path, ("mentorSourcedId",), ("userSourcedId", "classSourcedId"), tables.faults):
            if bool(row["userSourcedId"]) == bool(row["classSourcedId"]):
                tables.faults.found.append(row.fault("", "give either userSourcedId (a pupil) or classSourcedId"))
            else:
                found.append(MentorRow(row["userSourcedId"], row["classSourcedId"], row["mentorSourcedId"], row))
    except FileUnusable as error:
        raise RosterUnusable([error.fault]) from None
    return found
