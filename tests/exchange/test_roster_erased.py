"""A roster that names somebody who was destroyed: the row is named, nobody comes back, and the others are taken in."""

from pathlib import Path

import psycopg

from aggregates.student_file import student_file_id
from app.postgres_roles import Urls
from app.wiring import Parts
from commands.streams import STUDENT_FILE, find
from exchange.roster_erased import REASON
from tests.exchange.rosters import Roster
from tests.exchange.test_roster_import import IDS, bring_in, examine, positions
from tests.store.conftest import PATH

MARK = "insert into destroyed_keys (mark, lapses_on) values (%s, '2099-12-31')"


def test_whoever_was_destroyed_is_a_bad_row(parts: Parts, databases: Urls, tmp_path: Path) -> None:
    """A pupil's file, a teacher's account: neither is made again, and a second run finds nothing more to do."""
    teacher = IDS.person("t1")
    with psycopg.connect(databases.keys_owner, autocommit=True, options=PATH) as keys:
        for subject_id in (student_file_id(IDS.person("p1")), teacher):
            keys.execute(MARK, (parts.ledger.keys.mark(subject_id),))
    folder = Roster().write(tmp_path / "r")
    examination = bring_in(parts, folder)
    named = {(fault.file, fault.line) for fault in examination.tables.faults.found if fault.reason == REASON}
    users = [row["sourcedId"] for row in Roster().users]
    assert named == {("users.csv", users.index(who) + 2) for who in ("p1", "t1")}
    assert find(parts.context, STUDENT_FILE, student_file_id(IDS.person("p1"))) is None
    other = find(parts.context, STUDENT_FILE, student_file_id(IDS.person("p2")))
    assert other is not None
    assert teacher not in {relation.person_id for relation in other.relations.values()}
    before = positions(parts)
    assert examine(parts, folder)[1].is_empty
    assert positions(parts) == before
