"""`liggare retention`: the same commands as the API's, for officers at a terminal, each known by a session."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.cli import main
from app.postgres_roles import Urls
from retention.register import Register
from retention.schedules import due_on
from tests.api.archive import DECISION, HOLD, RELEASE, Archive

CASE = [word for key, value in RELEASE.items() for word in (f"--{key}", value)]


class Terminal:
    """A terminal at which officers sit down, one after the other."""

    def __init__(self, archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.archive = archive
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def after(self, years: int) -> None:
        """Let what is due be looked at on the first day that is so many years from now, and a day."""
        day = due_on(self.archive.today, years=years) + timedelta(days=1)
        self._monkeypatch.setenv("LIGGARE_TODAY", str(day))

    def sit_down(self, name: str, level: int = 3) -> None:
        """Let somebody give the commands from now on."""
        session = self.archive.installation.issue(self.archive.school.known.people[name]["person_id"], level)
        self._monkeypatch.setenv("LIGGARE_SESSION", session)

    def says(self, *arguments: str) -> str:
        """What a command that is carried out prints."""
        self._capsys.readouterr()
        code = main(["retention", *arguments])
        told = self._capsys.readouterr()
        assert (code, told.err) == (0, "")
        return told.out

    def asks(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON
        """What a command that is carried out answers a program."""
        return json.loads(self.says(*arguments, "--json"))

    def is_refused(self, *arguments: str) -> tuple[int, str]:
        """How a command ends that is not carried out: exit code and name of the rule."""
        self._capsys.readouterr()
        code = main(["retention", *arguments, "--json"])
        told = self._capsys.readouterr()
        assert told.out == ""
        return code, json.loads(told.err)["error"]


@pytest.fixture
def terminal(
    archive: Archive,
    databases: Urls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """A terminal on the machine of the municipality."""
    ours = {"LIGGARE_HOME": str(tmp_path), "LIGGARE_KEY_FILE": str(tmp_path / "ring.json")}
    for name, value in (databases.environment() | ours).items():
        monkeypatch.setenv(name, value)
    Register.begin(tmp_path / "register" / "purged.jsonl")
    return Terminal(archive, monkeypatch, capsys)


@pytest.mark.requirement("S-RET-1", surface="cli")
def test_what_is_due_is_listed_held_planned_and_approved_by_another(terminal: Terminal) -> None:
    """By the officers' own sessions: who planned does not approve, whoever runs the machine."""
    student = terminal.archive.school.student
    terminal.archive.finishes()
    terminal.sit_down("operator")
    assert terminal.asks("schedules") == []
    assert terminal.asks("schedules", "adopt-default", "--decision", DECISION)["version"] == 3
    assert [one["years"] for one in terminal.asks("schedules")] == [5, 1, 5]
    assert terminal.asks("due")["items"] == []
    assert terminal.is_refused("plan") == (1, "nothing-is-due")
    terminal.after(years=5)
    hold = terminal.asks("hold", student, "--ground", HOLD["ground"], *CASE)["id"]
    assert [(one["subject_id"], one["is_held"]) for one in terminal.asks("due")["items"]] == [(student, True)]
    assert terminal.asks("held") == {"items": [student], "next": None}
    assert [one["id"] for one in terminal.asks("held", student)] == [hold]
    assert terminal.is_refused("plan") == (1, "nothing-is-due")
    terminal.asks("release", student, hold, *CASE)
    run = terminal.asks("plan")
    assert (run["state"], run["items"]) == ("planned", 2)
    assert {one["subject_id"] for one in terminal.asks("runs", run["id"])} >= {student}
    approval = ("approve", run["id"], "--hash", run["plan_hash"])
    assert terminal.is_refused(*approval) == (1, "approver-planned")
    terminal.sit_down("other_operator")
    assert terminal.is_refused("approve", run["id"], "--hash", "0" * 64) == (1, "plan-differs")
    assert terminal.asks(*approval)["state"] == "approved"
    assert terminal.asks("withdraw", run["id"], "--reason", "Fel dag")["state"] == "withdrawn"
    assert [one["state"] for one in terminal.asks("runs")] == ["withdrawn"]


@pytest.mark.requirement("S-RET-1", surface="cli")
def test_an_approved_run_is_carried_out_certified_and_verified(terminal: Terminal, tmp_path: Path) -> None:
    """To its end, and again without doing anything; a certificate that is missing or altered is named."""
    terminal.archive.adopts()
    terminal.archive.finishes()
    terminal.after(years=5)
    terminal.sit_down("operator")
    run = terminal.asks("plan")
    assert terminal.is_refused("run", run["id"]) == (1, "run-not-approved")
    terminal.sit_down("other_operator")
    terminal.asks("approve", run["id"], "--hash", run["plan_hash"])
    terminal.sit_down("auditor")
    assert terminal.is_refused("run", run["id"]) == (1, "only-retention-operator-disposes")
    terminal.sit_down("operator")
    done = terminal.asks("run", run["id"], "--rate", "50")
    assert (done["state"], done["purged"], done["skipped"]) == ("finished", 1, 0)
    assert terminal.asks("run", run["id"])["version"] == done["version"]
    assert terminal.asks("due")["items"] == []
    assert [one["subject_id"] for one in terminal.asks("runs", run["id"])] == [None]
    terminal.sit_down("auditor")
    kept = tmp_path / "certificate.txt"
    note = terminal.asks("certificate", run["id"], "1", "--output", str(kept))["note"]
    assert kept.read_text() == note == terminal.says("certificate", run["id"], "1")
    assert terminal.is_refused("certificate", run["id"], "2") == (1, "item-not-purged")
    assert terminal.asks("verify") == {"whole": True, "certificates": 1, "faults": []}
    (copy,) = (tmp_path / "register" / "certificates").iterdir()
    copy.unlink()
    assert main(["retention", "verify", run["id"]]) == 1


def test_whoever_is_no_officer_is_refused_by_name(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is signed in by sitting at the machine; an office gives what it gives, at the level that it asks for."""
    assert terminal.is_refused("due") == (1, "RefusedByRule")
    monkeypatch.setenv("LIGGARE_SESSION", "liggare_made-up")
    assert terminal.is_refused("due") == (1, "RefusedByRule")
    for name in ("mentor", "administrator", "principal"):
        terminal.sit_down(name)
        assert terminal.is_refused("due") == (1, "only-retention-operator-reads-due")
        assert terminal.is_refused("plan") == (1, "only-retention-operator-disposes")
    terminal.sit_down("auditor")
    assert terminal.asks("runs") == []
    assert terminal.is_refused("due") == (1, "only-retention-operator-reads-due")
    assert terminal.is_refused("plan") == (1, "only-retention-operator-disposes")
    terminal.sit_down("operator", level=2)
    for command in ("due", "plan", "runs"):
        assert terminal.is_refused(command) == (1, "assurance-too-low")
    terminal.sit_down("operator")
    assert terminal.is_refused("runs", str(uuid4())) == (1, "run-not-found")
    assert main(["retention", "approve", "not-an-id"]) == 2


def test_a_person_at_the_terminal_is_told_in_words(terminal: Terminal) -> None:
    """Ids, days and grounds in tables, and no name of a pupil."""
    student = terminal.archive.school.student
    terminal.archive.finishes()
    terminal.sit_down("operator")
    assert "nothing is due" in terminal.says("schedules")
    told = terminal.says(
        "schedules",
        "adopt",
        "student_file",
        "--years",
        "5",
        "--legal-ground",
        "Arkivlagen 10 §",
        "--decision",
        DECISION,
    )
    assert told.startswith("Schedule: ")
    terminal.after(years=5)
    due = terminal.says("due")
    plan = terminal.says("plan")
    assert "Planned by Operator Testoperator" in plan
    listed = terminal.says("runs") + terminal.says("schedules") + terminal.says("held") + terminal.says("held", student)
    assert "Testpupil" not in due + plan + listed


def test_officers_are_appointed_on_the_machine_itself(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    """By who runs Liggare and nobody else; an office that is ended gives nothing."""
    person = terminal.archive.school.known.people["staff"]["person_id"]
    assert main(["admin", "appoint", person, "--role", "auditor", "--json"]) == 0
    office = json.loads(capsys.readouterr().out.splitlines()[-1])["office"]
    terminal.sit_down("staff")
    assert terminal.asks("runs") == []
    assert main(["admin", "officers", "--json"]) == 0
    assert {"office": office, "role": "auditor", "holds": True}.items() <= json.loads(capsys.readouterr().out)[
        -1
    ].items()
    assert main(["admin", "relieve", office]) == 0
    assert main(["admin", "officers"]) == 0
    assert "Teststaff" in capsys.readouterr().out
    assert terminal.is_refused("runs") == (1, "only-officers-read-retention")
    assert main(["admin", "appoint", person, "--role", "mentor"]) == 2
