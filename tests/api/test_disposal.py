"""Disposal runs over HTTP: planned by one, approved by another, begun, and what may not be done out of turn."""

from uuid import uuid4

import psycopg
import pytest

from tests.api.archive import HOLD, RELEASE, Archive

NOBODY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def due(archive: Archive) -> Archive:
    """A municipality in which one pupil's file has been due for long, and the account with it."""
    archive.adopts()
    archive.adopts(document_class="account", years=1)
    archive.finishes()
    archive.wait(3000)
    return archive


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_plan_is_a_frozen_list_with_a_hash(due: Archive) -> None:
    """The pupil's file and, since the pupil is nothing else, the account; what becomes due later is not in it."""
    run = due.plans()
    shown = due.auditor.get(run).body
    assert (shown["state"], shown["items"], shown["planned"]["name"]) == ("planned", 2, "Operator Testoperator")
    items = due.auditor.items(f"{run}/items")
    pupil = due.school.known.people["pupil"]["person_id"]
    assert [(one["document_class"], one["subject_id"]) for one in items] == [
        ("student_file", due.school.student),
        ("account", pupil),
    ]
    assert {one["state"] for one in items} == {"planned"}
    due.finishes(due.school.other_student)
    due.wait(3000)
    assert due.auditor.get(run).body["plan_hash"] == shown["plan_hash"]
    assert len(due.auditor.items(f"{run}/items")) == 2
    again = due.plans()
    listed = [one["id"] for one in due.auditor.items("disposal-runs")]
    assert [f"disposal-runs/{one}" for one in listed] == [again, run]


@pytest.mark.requirement("S-RET-1", surface="api")
def test_who_planned_does_not_approve_and_only_the_same_list_is_approved(due: Archive) -> None:
    """Two persons stand behind what is destroyed, and both have seen the same list."""
    run = due.plans()
    plan_hash = due.operator.get(run).body["plan_hash"]
    assert due.operator.post(f"{run}/start").problem == "run-not-approved"
    assert due.operator.post(f"{run}/approval", plan_hash=plan_hash).problem == "approver-planned"
    assert due.other_operator.post(f"{run}/approval", plan_hash="0f" * 32).problem == "plan-differs"
    assert due.at_level("other_operator", 2).post(f"{run}/approval", plan_hash=plan_hash).problem == (
        "assurance-too-low"
    )
    assert due.other_operator.post(f"{run}/approval", plan_hash=plan_hash).status == 200
    assert due.other_operator.post(f"{run}/approval", plan_hash=plan_hash).problem == "run-not-open"
    assert due.operator.post(f"{run}/start").status == 200
    assert due.operator.post(f"{run}/start").problem == "run-not-open"
    assert due.operator.post(f"{run}/withdrawal", reason="För sent").problem == "run-not-open"
    assert due.operator.get(f"{run}/items/1/certificate").problem == "item-not-purged"
    shown = due.auditor.get(run).body
    assert (shown["state"], shown["approved"]["name"]) == ("started", "Other_operator Testother_operator")


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_list_that_somebody_changed_is_neither_approved_nor_begun(due: Archive) -> None:
    """Whoever reaches the database and lets an item name another pupil is found out by the hash."""
    planned, approved = due.plans(), due.plans()
    plan_hash = due.other_operator.get(planned).body["plan_hash"]
    due.approves(approved)
    with psycopg.connect(due.installation.urls.owner, autocommit=True) as connection:
        connection.execute(
            "update liggare.disposal_items set subject_id = %s where document_class = 'student_file'",
            (due.school.other_student,),
        )
    assert due.other_operator.post(f"{planned}/approval", plan_hash=plan_hash).problem == "plan-differs"
    assert due.operator.post(f"{approved}/start").problem == "plan-differs"


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_plan_ends_after_thirty_days_and_can_be_taken_back(due: Archive) -> None:
    """What was due a month ago may have been held or moved since."""
    planned, approved = due.plans(), due.plans()
    due.approves(approved)
    plan_hash = due.other_operator.get(planned).body["plan_hash"]
    due.wait(30)
    assert not due.auditor.get(planned).body["has_lapsed"]
    due.wait(1)
    assert due.auditor.get(planned).body["has_lapsed"]
    assert due.other_operator.post(f"{planned}/approval", plan_hash=plan_hash).problem == "plan-has-lapsed"
    assert due.operator.post(f"{approved}/start").problem == "plan-has-lapsed"
    assert due.operator.post(f"{planned}/withdrawal", reason="För gammal").status == 200
    shown = due.auditor.get(planned).body
    assert (shown["state"], shown["withdrawal_reason"]) == ("withdrawn", "För gammal")


def test_a_plan_that_is_sent_twice_is_one_plan(due: Archive) -> None:
    """The same key gives the same run, and its list is frozen once."""
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (due.operator.post("disposal-runs", headers=key) for _ in range(2))
    assert first.id == second.id
    assert second.headers["idempotency-replayed"] == "true"
    assert len(due.operator.items(f"disposal-runs/{first.id}/items")) == 2


def test_of_what_is_held_alone_no_plan_is_made(due: Archive) -> None:
    """A held file stays with its account; a former pupil who is a guardian now keeps the account."""
    school, administrator = due.school, due.at_level("administrator", 2)
    pupil = school.known.people["pupil"]["person_id"]
    administrator.post(f"students/{school.other_student}/relations", person_id=pupil, role="guardian")
    run = due.plans()
    assert [one["document_class"] for one in due.operator.items(f"{run}/items")] == ["student_file"]
    due.registrar.post(f"{school.path}/holds", **HOLD)
    assert due.operator.post("disposal-runs").problem == "nothing-is-due"


def test_a_held_file_is_listed_as_held_beside_what_is_destroyed(due: Archive) -> None:
    """Who approves knows of it; its pupil's account is not on the list, and a released one is listed as any other."""
    due.finishes(due.school.other_student)
    due.wait(3000)
    held = due.registrar.post(f"{due.school.path}/holds", **HOLD).body["id"]
    run = due.plans()
    listed = {(one["document_class"], one["subject_id"]): one["is_held"] for one in due.auditor.items(f"{run}/items")}
    assert listed.pop(("student_file", due.school.student)) is True
    assert listed.pop(("student_file", due.school.other_student)) is False
    assert [(of, is_held) for (of, _), is_held in listed.items()] == [("account", False)]
    due.registrar.post(f"{due.school.path}/holds/{held}/release", **RELEASE)
    assert not any(one["is_held"] for one in due.auditor.items(f"{run}/items"))


def test_a_run_that_is_not_there_is_not_found(archive: Archive) -> None:
    """By the same name on each of its addresses."""
    run = f"disposal-runs/{NOBODY}"
    for path in (run, f"{run}/items", f"{run}/items/1/certificate"):
        assert archive.auditor.get(path).problem == "run-not-found"
    for step, body in (("approval", {"plan_hash": "0f" * 32}), ("start", {}), ("withdrawal", {"reason": "Nej"})):
        assert archive.operator.post(f"{run}/{step}", **body).problem == "run-not-found"
