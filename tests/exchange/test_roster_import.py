"""Rosters imported into a ledger: dry run, kept good rows, second runs, moves, interruptions, what may end."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from access.errors.roles import OnlyAdministrationManagesRoster
from aggregates.student_file import StudentFile, student_file_id
from app.local import bring_up_directory, system_command
from app.wiring import Parts
from commands import enrolment, persons
from commands.bulk import StreamChange, change_streams
from commands.context import STOCKHOLM, Caller
from commands.streams import PERSON, STUDENT_FILE, find
from events.base import Event, Role
from events.enrolment import SchoolingEndCause
from events.person import PersonRegistered, RosterIdentified
from exchange.roster import RosterImport, TooManyEnds
from exchange.roster_examination import Examination
from exchange.roster_words import RosterIds
from tests.exchange.conftest import Run
from tests.exchange.rosters import Roster, enrolled, user

IDS = RosterIds("liggare", "roster")
ON = date(2026, 11, 2)


def silent(_: str, __: int, ___: int) -> None:
    """Nobody is told how far it is."""


def examine(parts: Parts, folder: Path, *, full: bool = False, on: date = ON) -> tuple[RosterImport, Examination]:
    """What the roster would change."""
    bring_up_directory(parts)
    work = RosterImport(parts.context, source="roster", full=full)
    return work, work.examine(folder, today=on, on=on, mentors=None, progress=silent)


def bring_in(parts: Parts, folder: Path, *, full: bool = False, allow_ends: bool = False, on: date = ON) -> Examination:
    """Carry out what it would change."""
    work, examination = examine(parts, folder, full=full, on=on)
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    carried = work.carry_out(examination, system_command(at), allow_ends=allow_ends, progress=silent)
    assert carried.refused == {}
    return examination


def pupil(parts: Parts, sourced_id: str) -> StudentFile:
    """The pupil's file now."""
    file = find(parts.context, STUDENT_FILE, student_file_id(IDS.person(sourced_id)))
    assert file is not None
    return file


def people(file: StudentFile, on: date = ON) -> set[tuple[Role, UUID]]:
    """Who is what to the pupil."""
    return {(r.role, r.person_id) for r in file.relations.values() if r.holds(on) and r.role is not Role.PUPIL}


def positions(parts: Parts) -> dict[int, int]:
    """How much there is in the ledger."""
    return parts.ledger.feed_positions()


def test_a_dry_run_changes_nothing_and_says_what_would_change(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """Counts by kind; only --yes carries it out, and a second run finds nothing to do."""
    folder = str(Roster().write(tmp_path / "r"))
    code, told = liggare("import", "roster", folder, "--dry-run")
    assert (code, told["carried_out"]) == (0, None)
    assert told["changes"]["student_enrolled.v1"] == 2
    assert not any(positions(parts).values())
    code, told = liggare("import", "roster", folder, "--yes")
    assert (code, told["carried_out"]["events"]) == (0, sum(told["changes"].values()))
    before = positions(parts)
    code, told = liggare("import", "roster", folder, "--yes")
    assert (code, told["changes"], told["carried_out"]) == (0, {}, None)
    assert positions(parts) == before


def test_bad_rows_are_told_and_good_ones_kept(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """File, line, column and reason of every bad row; the exit code is that of a thing done."""
    roster = Roster()
    roster.of("p2")["grades"] = "12"
    roster.users.append(user("x", "wizard", familyName="Hemlig"))
    code, told = liggare("import", "roster", str(roster.write(tmp_path / "r")), "--yes")
    assert code == 0
    assert [(f["file"], f["line"], f["column"]) for f in told["faults"]] == [
        ("users.csv", 3, "grades"),
        ("users.csv", 8, "role"),
    ]
    assert "Hemlig" not in str(told)
    assert pupil(parts, "p1").grade == 5
    assert find(parts.context, STUDENT_FILE, student_file_id(IDS.person("p2"))) is None


def test_a_folder_that_is_no_roster_is_refused(tmp_path: Path, liggare: Run) -> None:
    """With exit code 1, and the file that is missing."""
    (tmp_path / "empty").mkdir()
    code, told = liggare("import", "roster", str(tmp_path / "empty"), "--yes")
    assert (code, told["usable"]) == (1, False)
    assert told["faults"][0]["file"] == "users.csv"


@pytest.mark.requirement("S-GEN-1")
@pytest.mark.requirement("S-GEN-4")
def test_a_changed_roster_moves_school_group_and_teacher(parts: Parts, tmp_path: Path) -> None:
    """The same file goes on; the old teacher's relation ends, the new one's begins."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    before = pupil(parts, "p1")
    roster.of("p1").update(orgSourcedIds="s2", grades="06")
    roster.classes.append({"sourcedId": "k2", "title": "6B", "classType": "homeroom", "schoolSourcedId": "s2"})
    roster.users.append(user("t3", "teacher", orgSourcedIds="s2"))
    roster.leave("k1", "p1")
    roster.leave("m1", "p1")
    roster.enrollments += [enrolled("k2", "p1"), enrolled("k2", "t3", "teacher", primary="true")]
    later = date(2026, 11, 16)
    bring_in(parts, roster.write(tmp_path / "r"), full=True, allow_ends=True, on=later)
    after = pupil(parts, "p1")
    assert after.id == before.id
    assert (after.school_id, after.grade) == (IDS.school("s2"), 6)
    assert set(after.groups) == {IDS.group("k2")}
    assert people(after, later) == {(Role.GUARDIAN, IDS.person("g1")), (Role.MENTOR, IDS.person("t3"))}
    assert people(after, ON) == people(before, ON)
    assert people(pupil(parts, "p2"), later) == people(pupil(parts, "p2"), ON)


def test_an_absent_row_ends_nothing_without_full(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """It is counted, so that the operator sees it (G-20)."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    roster.leave("m1", "p1")
    _, told = liggare("import", "roster", str(roster.write(tmp_path / "r")), "--yes")
    assert (told["changes"], told["absent_relations"], told["ended_relations"]) == ({}, 2, 0)
    assert (Role.TEACHER, IDS.person("t2")) in people(pupil(parts, "p1"))


def test_more_than_five_percent_never_end_without_leave(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """Nothing at all is changed until the operator says that the roster is whole (G-20)."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    roster.leave("m1", "p1")
    roster.users.append(user("p9", "student", grades="04"))
    folder = roster.write(tmp_path / "r")
    before = positions(parts)
    code, told = liggare("import", "roster", str(folder), "--yes", "--full")
    assert (code, told["error"]) == (1, "RefusedByRule")
    assert positions(parts) == before
    work, examination = examine(parts, folder, full=True)
    with pytest.raises(TooManyEnds):
        work.carry_out(examination, system_command(), allow_ends=False, progress=silent)
    code, told = liggare("import", "roster", str(folder), "--yes", "--full", "--allow-ends")
    assert (code, told["ended_relations"]) == (0, 2)
    assert people(pupil(parts, "p1"), datetime.now(STOCKHOLM).date()) == {
        (Role.GUARDIAN, IDS.person("g1")),
        (Role.MENTOR, IDS.person("t1")),
    }


def test_up_to_five_percent_end_with_full(parts: Parts, tmp_path: Path) -> None:
    """An ordinary week's changes need no leave."""
    roster = Roster()
    for number in range(30):
        roster.users.append(user(f"n{number}", "student", grades="05"))
        roster.enrollments += [enrolled("k1", f"n{number}"), enrolled("m1", f"n{number}")]
    bring_in(parts, roster.write(tmp_path / "r"))
    roster.leave("m1", "n7")
    examination = bring_in(parts, roster.write(tmp_path / "r"), full=True)
    assert (examination.ends, examination.ends_too_many) == (2, False)
    assert (Role.TEACHER, IDS.person("t2")) not in people(pupil(parts, "n7"))
    assert (Role.TEACHER, IDS.person("t2")) in people(pupil(parts, "n8"))


def test_relations_made_by_hand_are_not_the_rosters_to_end(parts: Parts, tmp_path: Path) -> None:
    """A guardian whom the school linked itself stays when a whole roster does not have the guardian."""
    folder = Roster().write(tmp_path / "r")
    bring_in(parts, folder)
    answer = persons.register_person(parts.context, system_command(), given_name="Eva", family_name="Lind")
    eva = UUID(answer.resource_id)
    student_id = student_file_id(IDS.person("p1"))
    enrolment.start_relation(
        parts.context, system_command(), student_id=student_id, person_id=eva, role=Role.GUARDIAN, since=ON
    )
    examination = bring_in(parts, folder, full=True)
    assert examination.is_empty
    assert (Role.GUARDIAN, eva) in people(pupil(parts, "p1"))


def test_an_absent_pupil_keeps_guardians_and_loses_staff_only_with_full(parts: Parts, tmp_path: Path) -> None:
    """The file stays open: why a pupil left is for a person to say (G-8)."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    roster.users = [row for row in roster.users if row["sourcedId"] not in {"p1", "g1"}]
    roster.leave("k1", "p1")
    roster.leave("m1", "p1")
    folder = roster.write(tmp_path / "r")
    _, examination = examine(parts, folder)
    assert (examination.is_empty, examination.absent) == (True, 4)
    bring_in(parts, folder, full=True, allow_ends=True)
    file = pupil(parts, "p1")
    assert people(file) == {(Role.GUARDIAN, IDS.person("g1"))}
    assert file.schooling_ended is None
    assert bring_in(parts, folder, full=True).is_empty


ENDED = "schooling has ended; re-enrol by hand or correct the end date"


def end_schooling(parts: Parts, sourced_id: str) -> None:
    """Somebody at the school says that the pupil has left."""
    enrolment.end_schooling(
        parts.context,
        system_command(datetime(ON.year, ON.month, ON.day, 12, tzinfo=UTC)),
        student_id=student_file_id(IDS.person(sourced_id)),
        cause=SchoolingEndCause.MOVED,
        on=ON,
    )


def test_a_pupil_whose_schooling_has_ended_is_named_and_not_taken_up_again(
    parts: Parts, tmp_path: Path, liggare: Run
) -> None:
    """Whatever the roster says of the pupil nothing changes, the rest is kept, and every run says the same (G-8)."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    end_schooling(parts, "p1")
    before = pupil(parts, "p1")
    roster.of("p1").update(familyName="Annan", grades="06", orgSourcedIds="s2", agentSourcedIds="g1,g2")
    roster.of("p2")["grades"] = "06"
    roster.users += [user("g2", "guardian"), user("t3", "teacher")]
    roster.classes.append({"sourcedId": "m2", "title": "Musik", "classType": "scheduled", "schoolSourcedId": "s1"})
    roster.enrollments += [enrolled("m2", "p1"), enrolled("m2", "t3", "teacher")]
    roster.leave("k1", "p1")
    folder = str(roster.write(tmp_path / "r"))
    runs = [liggare("import", "roster", folder, "--full", "--allow-ends", *how) for how in (["--dry-run"], ["--yes"])]
    for code, told in runs:
        assert code == 0
        assert told["changes"] == {
            "school_role_granted.v1": 1,
            "person_registered.v1": 1,
            "roster_identified.v1": 1,
            "group_formed.v1": 1,
            "grade_entered.v1": 1,
        }
        assert told["left_out"] == [{"file": "users.csv", "line": 2, "column": "", "reason": ENDED}]
        assert (told["faults"], told["without_mentor"], told["ended_relations"]) == ([], [], 0)
    assert runs[1][1]["carried_out"]["refused"] == {}
    assert pupil(parts, "p1") == before
    assert pupil(parts, "p2").grade == 6
    person = find(parts.context, PERSON, IDS.person("p1"))
    assert person is not None
    assert person.family_name == "Provsson"
    assert find(parts.context, PERSON, IDS.person("g2")) is None
    stored = positions(parts)
    code, told = liggare("import", "roster", folder, "--full", "--allow-ends", "--yes")
    assert (code, told["changes"], told["left_out"]) == (0, {}, runs[0][1]["left_out"])
    assert positions(parts) == stored


@pytest.mark.requirement("S-GEN-4")
def test_a_pupil_re_enrolled_by_hand_is_the_rosters_again(parts: Parts, tmp_path: Path) -> None:
    """The same file goes on with what the roster says now."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    end_schooling(parts, "p1")
    roster.of("p1").update(grades="06", agentSourcedIds="g1,g2")
    roster.users.append(user("g2", "guardian"))
    student_id = student_file_id(IDS.person("p1"))
    enrolment.reenrol_student(
        parts.context, system_command(), student_id=student_id, school_id=IDS.school("s1"), grade=5
    )
    examination = bring_in(parts, roster.write(tmp_path / "r"))
    assert examination.tables.left_out == []
    assert pupil(parts, "p1").grade == 6
    assert (Role.GUARDIAN, IDS.person("g2")) in people(pupil(parts, "p1"))


def test_schooling_that_ended_after_the_examination_is_told_by_the_run(parts: Parts, tmp_path: Path) -> None:
    """Nothing of the pupil is changed, the refusal is named, and the next run names the row."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    for sourced_id in ("p1", "p2"):
        roster.of(sourced_id)["grades"] = "06"
    folder = roster.write(tmp_path / "r")
    work, examination = examine(parts, folder)
    end_schooling(parts, "p1")
    before = pupil(parts, "p1")
    carried = work.carry_out(examination, system_command(), allow_ends=False, progress=silent)
    assert carried.refused == {before.id: "schooling-has-ended"}
    assert (pupil(parts, "p1"), pupil(parts, "p2").grade) == (before, 6)
    assert [(row.line, row.reason) for row in bring_in(parts, folder).tables.left_out] == [(2, ENDED)]


def test_rows_that_make_somebody_a_part_towards_oneself_are_named_in_every_run(
    parts: Parts, tmp_path: Path, liggare: Run
) -> None:
    """Guardian, teacher and mentor: dry run, run and the run after it name the same rows; the other rows are kept."""
    roster = Roster()
    roster.users += [user("p1-home", "guardian"), user("p1-work", "teacher")]
    for sourced_id in ("p1", "p1-home", "p1-work"):
        roster.of(sourced_id)["userIds"] = "{person:7}"
    roster.of("p1")["agentSourcedIds"] = "g1,p1-home"
    roster.enrollments += [enrolled("m1", "p1-work", "teacher"), enrolled("k1", "p1-work", "mentor")]
    folder = str(roster.write(tmp_path / "r"))
    runs = [liggare("import", "roster", folder, "--full", how) for how in ("--dry-run", "--yes", "--yes")]
    for code, told in runs:
        assert code == 0
        assert [(f["file"], f["line"], f["column"]) for f in told["faults"]] == [
            ("enrollments.csv", 8, "userSourcedId"),
            ("enrollments.csv", 9, "userSourcedId"),
            ("users.csv", 2, "agentSourcedIds"),
        ]
    dry, done, again = (told for _, told in runs)
    assert dry["changes"] == done["changes"]
    assert done["carried_out"]["events"] == sum(done["changes"].values())
    assert (done["carried_out"]["refused"], again["changes"]) == ({}, {})
    p1 = IDS.person("p1")
    assert people(pupil(parts, "p1"), date.max) == {
        (Role.GUARDIAN, IDS.person("g1")),
        (Role.MENTOR, IDS.person("t1")),
        (Role.TEACHER, IDS.person("t2")),
    }
    assert all(person_id != p1 for _, person_id in people(pupil(parts, "p2"), date.max))


def test_a_person_known_by_the_rosters_id_is_not_made_again(parts: Parts, tmp_path: Path) -> None:
    """Whoever registered the person, the id that the roster uses finds the person."""
    person_id = UUID(int=77)
    command = system_command()
    change = StreamChange(person_id, _register_and_identify)
    change_streams(parts.context, command, PERSON, {person_id: change})
    bring_in(parts, Roster().write(tmp_path / "r"))
    assert find(parts.context, PERSON, IDS.person("g1")) is None
    assert (Role.GUARDIAN, person_id) in people(pupil(parts, "p1"))


def _register_and_identify(state: object, _: Any) -> list[Event]:  # noqa: ANN401 - the maker of ids is not used
    if state is not None:
        return []
    names = {"given_name": "G1", "family_name": "Provsson"}
    return [PersonRegistered(**names), RosterIdentified(source="roster", roster_id="g1")]


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.mark.parametrize("after", range(1, 5))
def test_an_import_that_was_interrupted_is_finished_by_running_it_again(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Whichever batch it stopped after, the result is that of one run: no event twice, none missing."""
    monkeypatch.setattr("exchange.roster.APPENDED_AT_ONCE", 3)
    folder = Roster().write(tmp_path / "r")
    work, examination = examine(parts, folder)
    batches = 0

    def stop(_: str, __: int, ___: int) -> None:
        nonlocal batches
        batches += 1
        if batches == after:
            raise Interrupted

    with pytest.raises(Interrupted):
        work.carry_out(examination, system_command(), allow_ends=False, progress=stop)
    stored = sum(positions(parts).values())
    assert 0 < stored < sum(examination.counts.values())
    rest = bring_in(parts, folder)
    assert stored + sum(rest.counts.values()) == sum(examination.counts.values()) == sum(positions(parts).values())
    assert bring_in(parts, folder).is_empty


def test_a_stream_that_went_on_meanwhile_is_decided_anew(parts: Parts, tmp_path: Path) -> None:
    """What was examined is not what is stored: the decision is made on what the ledger holds then."""
    roster = Roster()
    bring_in(parts, roster.write(tmp_path / "r"))
    roster.of("p1")["grades"] = "06"
    work, examination = examine(parts, roster.write(tmp_path / "r"))
    student_id = student_file_id(IDS.person("p1"))
    enrolment.enter_grade(parts.context, system_command(), student_id=student_id, grade=6)
    version = pupil(parts, "p1").version
    work.carry_out(examination, system_command(), allow_ends=False, progress=silent)
    assert (pupil(parts, "p1").grade, pupil(parts, "p1").version) == (6, version)


def test_two_imports_at_once_make_one(parts: Parts, tmp_path: Path) -> None:
    """The second one's appends find the streams there, and it decides again: there is nothing left to do."""
    folder = Roster().write(tmp_path / "r")
    first, examined_first = examine(parts, folder)
    second, examined_second = examine(parts, folder)
    one = first.carry_out(examined_first, system_command(), allow_ends=False, progress=silent)
    two = second.carry_out(examined_second, system_command(), allow_ends=False, progress=silent)
    assert (two.events, two.refused) == (0, {})
    assert sum(positions(parts).values()) == one.events


def test_more_events_than_one_append_takes_are_stored_in_turns(parts: Parts, tmp_path: Path) -> None:
    """A school with hundreds of employees comes in whole."""
    roster = Roster()
    roster.users += [user(f"e{number}", "teacher") for number in range(230)]
    examination = bring_in(parts, roster.write(tmp_path / "r"))
    assert examination.counts["school_role_granted.v1"] == 233
    assert bring_in(parts, roster.write(tmp_path / "r")).is_empty


def test_many_turns_are_what_the_dry_run_said(
    parts: Parts, tmp_path: Path, liggare: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little one append takes: the run stores exactly what was shown, and refuses nothing."""
    roster = Roster()
    roster.users += [user(f"e{number}", "teacher") for number in range(30)]
    folder = str(roster.write(tmp_path / "r"))
    monkeypatch.setenv("LIGGARE_MAX_EVENTS", "2")
    _, dry = liggare("import", "roster", folder, "--dry-run")
    code, done = liggare("import", "roster", folder, "--yes")
    assert (code, done["changes"], done["carried_out"]["refused"]) == (0, dry["changes"], {})
    assert done["carried_out"]["events"] == sum(dry["changes"].values()) == sum(positions(parts).values())
    assert liggare("import", "roster", folder, "--yes")[1]["changes"] == {}


def test_only_the_operator_changes_many_streams(parts: Parts) -> None:
    """A signed-in person has the commands for one thing at a time."""
    command = system_command()
    command = replace(command, caller=Caller(UUID(int=3), "Anna", 3))
    with pytest.raises(OnlyAdministrationManagesRoster):
        change_streams(parts.context, command, PERSON, {})


def test_nothing_of_the_folder_is_changed(parts: Parts, tmp_path: Path) -> None:
    """An import reads."""
    folder = Roster().write(tmp_path / "r")
    copy = shutil.copytree(folder, tmp_path / "copy")
    bring_in(parts, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {p.name: p.read_bytes() for p in copy.iterdir()}
