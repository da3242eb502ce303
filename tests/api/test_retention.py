"""Schedules, what is due by them, holds and reviews, as officers have them over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from access.scopes import Scope
from retention.schedules import due_on
from tests.api.archive import DECISION, HOLD, RELEASE, Archive
from tests.api.program import let_in
from tests.api.school import register, relate


def _one(archive: Archive) -> dict[str, Any]:
    (due,) = archive.due()
    return due


def _days_to(archive: Archive, years: int) -> int:
    return (due_on(archive.today, years=years) - archive.today).days


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_file_is_due_five_years_after_finished_school_and_not_a_day_before(archive: Archive) -> None:
    """By id alone, with the schedule that says so; everything is kept during all schooling."""
    schedule = archive.adopts().id
    archive.wait(3000)
    assert archive.due() == []
    ended_on = archive.today
    assert archive.finishes().status == 200
    archive.wait(_days_to(archive, 5) - 1)
    assert archive.due() == []
    archive.wait(1)
    assert _one(archive) == {
        "document_class": "student_file",
        "subject_id": archive.school.student,
        "month": None,
        "counted_from": str(ended_on),
        "due_on": str(archive.today),
        "schedule_id": schedule,
        "action": "purge",
        "is_held": False,
    }


@pytest.mark.requirement("S-RET-1", surface="api")
def test_nothing_is_due_without_a_schedule_and_its_decision(archive: Archive) -> None:
    """The default profile is a proposal until somebody adopts it with a reference to the decision (G-8)."""
    archive.finishes()
    archive.wait(5000)
    listed = archive.operator.get("disposal-schedules").body
    assert listed["items"] == []
    assert [(one["document_class"], one["years"]) for one in listed["default_profile"]] == [
        ("student_file", 5), ("account", 1), ("access_record", 5),
    ]  # fmt: skip
    assert archive.due() == []
    assert archive.operator.post("disposal-runs").problem == "nothing-is-due"
    assert archive.adopts(decision_reference="").problem == "not-valid"
    profile = {"decision_reference": DECISION, "valid_from": str(archive.today)}
    assert archive.operator.post("disposal-schedules/default-profile", **profile).status == 200
    assert _one(archive)["subject_id"] == archive.school.student
    assert archive.operator.post("disposal-schedules/default-profile", **profile).problem == "schedule-not-newer"
    assert all(one["holds"] for one in archive.operator.get("disposal-schedules").body["items"])


def test_the_schedule_is_chosen_by_the_cause_and_the_latest_one_counts(archive: Archive) -> None:
    """One for the cause before one for every cause; where the latest is withdrawn no earlier one comes back."""
    general = archive.adopts().id
    deceased = archive.adopts(cause="deceased", years=2).id
    archive.finishes(cause="deceased")
    archive.finishes(archive.school.other_student)
    archive.wait(_days_to(archive, 2))
    assert _one(archive)["schedule_id"] == deceased
    later = archive.adopts(years=10, valid_from=str(archive.today + timedelta(days=30))).id
    archive.wait(_days_to(archive, 4))
    assert [one["schedule_id"] for one in archive.due()] == [deceased]
    withdrawal = {"decision_reference": DECISION, "reason": "Ny plan"}
    assert archive.operator.post(f"disposal-schedules/{later}/withdrawal", **withdrawal).status == 200
    assert archive.operator.post(f"disposal-schedules/{later}/withdrawal", **withdrawal).problem == "schedule-not-found"
    archive.wait(_days_to(archive, 20))
    assert [one["schedule_id"] for one in archive.due()] == [deceased]
    holds = {one["id"]: one["holds"] for one in archive.operator.get("disposal-schedules").body["items"]}
    assert holds == {general: False, deceased: True, later: False}
    assert archive.adopts(cause="deceased").problem == "schedule-not-newer"
    assert archive.adopts(document_class="account", cause="deceased").problem == "schedule-not-sound"


def test_a_corrected_end_moves_the_day_and_a_withdrawn_one_cancels_it(archive: Archive) -> None:
    """So does re-enrolment: the file of a pupil who goes to school is never due."""
    archive.adopts()
    school, path = archive.school, f"{archive.school.path}/schooling-end"
    administrator = archive.at_level("administrator", 2)
    correction = {"cause": "completed", "ended_on": str(archive.today), "reason": "Fel dag i registret"}
    assert administrator.put(path, **correction).problem == "schooling-has-not-ended"
    assert administrator.post(f"{path}/withdrawal", reason="Nej").problem == "schooling-has-not-ended"
    archive.finishes()
    archive.wait(400)
    administrator = archive.at_level("administrator", 2)
    moved = archive.today - timedelta(days=100)
    assert administrator.put(path, **correction | {"ended_on": str(moved)}).status == 200
    archive.wait(_days_to(archive, 5) - 101)
    assert archive.due() == []
    archive.wait(1)
    assert _one(archive)["counted_from"] == str(moved)
    administrator = archive.at_level("administrator", 2)
    assert administrator.post(f"{path}/withdrawal", reason="Eleven går kvar").status == 200
    assert archive.due() == []
    archive.finishes(cause="moved")
    archive.wait(4000)
    assert len(archive.due()) == 1
    administrator = archive.at_level("administrator", 2)
    back = {"school_id": school.id, "grade": 9}
    assert administrator.post(f"{school.path}/re-enrolment", **back).status == 200
    assert archive.due() == []
    events = archive.at_level("mentor", 2).items(f"{school.path}/events")
    codes = [event["code"] for event in events]
    assert "schooling_end_corrected.v1" in codes
    assert "schooling_end_withdrawn.v1" in codes


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_held_file_is_listed_as_held_and_due_again_when_released(archive: Archive) -> None:
    """By a registrar or operator, with authority and reference; several holds are released one by one."""
    archive.adopts()
    archive.finishes()
    path = f"{archive.school.path}/holds"
    first = archive.registrar.post(path, **HOLD)
    second = archive.operator.post(path, **HOLD | {"ground": "research"})
    assert (first.status, second.status) == (201, 201)
    archive.wait(5000)
    assert _one(archive)["is_held"]
    assert archive.operator.post("disposal-runs").problem == "nothing-is-due"
    assert archive.registrar.get("held-files").body["items"] == [archive.school.student]
    assert [one["id"] for one in archive.operator.get(path).body["items"]] == [first.id, second.id]
    assert archive.operator.post(f"{path}/{first.id}/release", **RELEASE).status == 200
    assert archive.operator.post(f"{path}/{first.id}/release", **RELEASE).problem == "hold-not-found"
    assert _one(archive)["is_held"]
    assert archive.registrar.post(f"{path}/{second.id}/release", **RELEASE).status == 200
    assert not _one(archive)["is_held"]
    assert archive.registrar.get("held-files").body["items"] == []
    shown = archive.at_level("guardian", 2).items(f"{archive.school.path}/events")
    assert not [event for event in shown if event["code"].startswith("retention_")], "a case may be secret"
    assert archive.registrar.get("students/11111111-1111-4111-8111-111111111111/holds").problem == "student-not-found"


@pytest.mark.requirement("S-RET-1", surface="api")
def test_what_is_for_review_waits_until_somebody_has_decided(archive: Archive) -> None:
    """Listed and in no plan; kept until a day it is due anew then, and is reviewed again."""
    archive.adopts(action="review")
    path = f"{archive.school.path}/disposal-review"
    decision = {"decision_reference": DECISION, "reason": "Av intresse för forskningen"}
    assert archive.operator.post(path, outcome="purge", **decision).problem == "review-not-wanted"
    archive.finishes()
    archive.wait(5000)
    assert _one(archive)["action"] == "review"
    assert archive.operator.post("disposal-runs").problem == "nothing-is-due"
    assert archive.operator.post(path, outcome="keep", **decision).problem == "review-not-sound"
    keep_until = str(archive.today + timedelta(days=100))
    assert archive.operator.post(path, outcome="keep", keep_until=keep_until, **decision).status == 200
    assert archive.due() == []
    archive.wait(100)
    assert (_one(archive)["action"], _one(archive)["due_on"]) == ("review", keep_until)
    assert archive.operator.post(path, outcome="purge", **decision).status == 200
    assert _one(archive)["action"] == "purge"


def test_accounts_of_people_without_any_relation_are_due_and_others_are_not(archive: Archive) -> None:
    """Counted from the last day that gave the person something; officers, and pupils with a file, keep theirs."""
    archive.adopts(document_class="account", years=1)
    school = archive.school
    register(school, "gone", archive.installation.issue)
    relate(school, "gone", school.student, "guardian")
    relation = school.known.people["gone"]["acting_as"]
    register(school, "never", archive.installation.issue)
    archive.at_level("administrator", 2).delete(f"{school.path}/relations/{relation}")
    people = {name: known["person_id"] for name, known in school.known.people.items()}
    archive.wait(_days_to(archive, 1) - 1)
    assert archive.due("account") == []
    archive.wait(1)
    assert {one["subject_id"] for one in archive.due("account")} == {people["gone"], people["never"]}
    archive.finishes()
    archive.wait(5000)
    assert people["pupil"] not in {one["subject_id"] for one in archive.due("account")}


def test_months_of_the_access_record_are_due_by_their_own_schedule(archive: Archive) -> None:
    """Counted from the end of the month, the oldest first."""
    archive.adopts(document_class="access_record", years=0, months=1)
    record = archive.installation.services.context.record
    record.place(archive.today.replace(day=1), months=0)
    first = archive.today.replace(day=1)
    assert archive.due("access_record") == []
    archive.wait(31 + 28)
    archive.wait(4)
    due = archive.due("access_record")
    assert {one["month"] for one in due} >= {str(first)}
    assert all(one["subject_id"] is None for one in due)


def test_a_program_with_the_scope_lists_what_is_due_and_nothing_else(archive: Archive) -> None:
    """Ids only; no program holds, plans, approves or runs."""
    archive.adopts()
    archive.finishes()
    archive.wait(2000)
    program = let_in(archive.installation, Scope.RETENTION).caller()
    assert [one["subject_id"] for one in program.items("due")] == [archive.school.student]
    assert program.get("disposal-runs").problem == "scope-not-granted"
    assert program.post("disposal-runs", without_as=True).problem == "scope-not-granted"
    other = let_in(archive.installation, Scope.AUDIT).caller()
    assert other.get("due").problem == "scope-not-granted"


def test_an_officer_is_nobody_whose_sign_in_a_school_decides_on(archive: Archive) -> None:
    """Or an administrator could become two retention operators and have everything destroyed."""
    operator = archive.school.known.people["operator"]["person_id"]
    answer = archive.at_level("administrator", 2).post(
        f"persons/{operator}/sign-in-identifiers", kind="eppn", value="min.egen@skola.example"
    )
    assert answer.problem == "sign-in-not-yours-to-give"


def test_officers_are_listed_for_officers_and_know_their_own_office(archive: Archive) -> None:
    """With the name of today; `/me` says what to name in `as`."""
    listed = archive.auditor.get("officers").body["items"]
    assert [(one["role"], one["name"], one["holds"]) for one in listed] == [
        ("retention_operator", "Operator Testoperator", True),
        ("retention_operator", "Other_operator Testother_operator", True),
        ("auditor", "Auditor Testauditor", True),
        ("registrar", "Registrar Testregistrar", True),
    ]
    (own,) = archive.auditor.get("me").body["offices"]
    assert own["id"] == archive.auditor.acting_as
    assert archive.at_level("mentor", 2).get("officers").problem == "only-officers-read-officers"
