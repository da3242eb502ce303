"""What holds for every route, and for every refusal, whatever it is about."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from access.actions import Action
from aggregates.errors import refusals
from api.declare import ANYBODY, ANYBODY_SIGNED_IN, ONESELF, PROGRAM
from api.programs import TOKEN_ADDRESS
from events import event_classes
from tests.api.client import PROBLEM, Api
from tests.api.conftest import LONG, Installation
from tests.api.school import School

ID = "11111111-1111-4111-8111-111111111111"
HERE = Path(__file__).parent
RULES = ("aggregates.errors", "access.errors", "api.errors")


def _operations(api: Api) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in api.description["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _filled(path: str) -> str:
    return re.sub(r"\{\w+\}", ID, path)


def test_every_route_declares_who_may_call_it(installation: Installation) -> None:
    """By actions of the table of who may do what, or as open to anybody, anybody signed in, or oneself."""
    known = {str(action) for action in Action} | {ANYBODY, ANYBODY_SIGNED_IN, ONESELF, PROGRAM}
    declared = set()
    for method, path, operation in _operations(installation.api):
        assert operation["x-actions"], (method, path)
        assert known.issuperset(operation["x-actions"]), (method, path)
        assert ("security" in operation) == (ANYBODY not in operation["x-actions"]), (method, path)
        declared.update(operation["x-actions"])
    assert declared >= {str(action) for action in Action} - {"appoint_officer"}, "an action of the table has no route"


def test_every_route_that_needs_a_session_refuses_a_call_without_a_good_one(
    installation: Installation, school: School
) -> None:
    """Missing, unknown, run out, ended or malformed: the answer is the same, and says how to sign in."""
    expired = installation.issue(school.pupil.person_id, began=LONG.absolute)
    ended = installation.issue(school.classmate.person_id)
    assert installation.services.sessions.end_all(UUID(school.classmate.person_id)) == 2
    bad = (None, "Bearer ", "Bearer nonsense", "Basic cDpx", f"Bearer {expired}", f"Bearer {ended}", "Bearer å")
    answers = set()
    for method, path, operation in _operations(installation.api):
        if "security" not in operation:
            continue
        for value in bad if path.endswith("/me") else bad[:3]:
            headers = {} if value is None else {"Authorization": value.encode()}
            answer = installation.api.request(method, _filled(path), headers=headers)
            assert (answer.status, answer.problem) == (401, "not-signed-in"), (method, path, value)
            assert answer.headers["www-authenticate"] == 'Bearer realm="liggare"'
            answers.add(answer.response.text)
    assert len(answers) == 1


def test_every_write_to_a_pupil_whom_the_caller_has_nothing_to_do_with_says_not_found(
    school: School, installation: Installation
) -> None:
    """The same answer as for a pupil who does not exist; nothing can be learnt by asking."""
    bodies = _bodies(school)
    checked = 0
    for method, path, operation in _operations(installation.api):
        if "{student}" not in path or method == "GET":
            continue
        for student in (school.student, ID):
            name = operation["operationId"].split("_api_v1")[0]
            filled = _filled(path.replace("{student}", student))
            answer = school.outsider._send(method, filled, **bodies[name])
            said = (403, OFFICERS_ALONE[name]) if name in OFFICERS_ALONE else (404, "student-not-found")
            assert (answer.status, answer.problem) == said, (method, path, answer.body)
        checked += 1
    assert checked > 20


OFFICERS_ALONE = {
    "hold_file": "only-officers-hold-files",
    "release_file": "only-officers-hold-files",
    "review_file": "only-retention-operator-reviews",
}
"""Who holds no office is told so, whatever pupil it is, there or not."""


def _bodies(school: School) -> dict[str, dict[str, Any]]:
    """A sound body for each operation on a pupil."""
    text = {"text": "Hej", "reason": "Därför"}
    target = {"kind": "goal", "key": ID}
    parts: dict[str, dict[str, Any]] = {
        "start_relation": {"person_id": ID, "role": "mentor"},
        "join_group": {"group_id": ID},
        "transfer_student": {"school_id": ID},
        "enter_grade": {"grade": 5},
        "rename_student": {},
        "end_schooling": {"cause": "moved", "ended_on": "2026-06-01"},
        "correct_schooling_end": {"cause": "moved", "ended_on": "2026-06-01", "reason": "Hej"},
        "withdraw_schooling_end": {"reason": "Hej"},
        "hold_file": {"ground": "appeal", "authority": "Hej", "reference": "1", "reason": "Hej"},
        "release_file": {"authority": "Hej", "reference": "1", "reason": "Hej"},
        "review_file": {"outcome": "purge", "decision_reference": "1", "reason": "Hej"},
        "reenrol_student": {"school_id": ID, "grade": 5},
        "start_plan": {"template_id": ID, "template_version": 1, "school_year": "2026/2027", "term": "HT"},
        "save_answer": {"text": "Hej"},
        "remind": {},
        "propose_goal": {"text": "Hej"},
        "revise_goal": {"text": "Hej"},
        "decide_proposal": {"decision": "accepted"},
        "move_goal": {"to": "started"},
        "evaluate_goal": {"text": "Hej"},
        "publish_assessment": {"forecast": "expected", "text": "Hej"},
        "note_development_area": {"subject": "MA", "text": "Hej", "support": "Hej"},
        "link_action_programme": {"subjects": ["MA"], "decision": "drawn_up", "reference": "1"},
        "confirm_reading": {"plan_version": 1},
        "give_viewpoint": {"text": "Hej"},
        "evaluate_conversation": {"text": "Hej"},
        "raise_concern": {"target": target},
        "close_concern": {"reason": "Hej"},
        "agree": {"plan_version": 1},
        "lock_plan": {"plan_version": 1},
        "delegate_reading": {"person_id": ID, "until": "2030-01-01"},
        "open_in_emergency": {"reason": "Eleven är försvunnen sedan i går."},
        "mark_protection": {"kind": "secrecy_marking", "readers": []},
        "lift_protection": {"reason": "Hej"},
        "correct": text | {"target": target},
        "post_learning_note": {"text": "Hej"},
    }
    own = {"as": school.outsider.acting_as}
    return {name: {"json": own | body} for name, body in parts.items()} | {
        name: {"params": own} for name in ("end_relation", "leave_group", "end_delegation")
    }


def test_every_write_needs_the_relation_it_is_made_in(school: School, installation: Installation) -> None:
    """Without `as` a write is refused by name, but those on what is one's own."""
    for method, path, operation in _operations(installation.api):
        if method == "GET" or "{student}" not in path:
            continue
        body = _bodies(school)[operation["operationId"].split("_api_v1")[0]]
        stripped = {key: {k: v for k, v in value.items() if k != "as"} for key, value in body.items()}
        filled = _filled(path.replace("{student}", school.student))
        answer = school.pupil._send(method, filled, **stripped)
        assert (answer.status, answer.problem) == (422, "relation-not-named"), (method, path, answer.body)


def test_every_refusal_is_documented_as_a_problem(installation: Installation) -> None:
    """Every answer of 400 or above is problem+json with the names of the rules behind it.

    But where a program asks for a token it is told why not in the words of the standard for that.
    """
    for method, path, operation in _operations(installation.api):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and (path, status) not in {(TOKEN_ADDRESS, "400"), (TOKEN_ADDRESS, "401")}:
                assert set(answer["content"]) == {PROBLEM}, (method, path, status)
                assert answer["x-problems"], (method, path, status)
        assert {"500"} <= set(operation["responses"]), (method, path)
    assert installation.api.description["openapi"].startswith("3.1")


def test_every_refusal_can_be_met_somewhere_and_is_explained(installation: Installation) -> None:
    """No rule is left without a route, and each type is an address that explains it."""
    documented = {
        code
        for _, _, operation in _operations(installation.api)
        for answer in operation["responses"].values()
        for code in answer.get("x-problems", ())
    }
    elsewhere = {"office-not-allowed", "office-already-held", "office-not-found", "only-operator-appoints-officers"}
    elsewhere |= {
        "run-not-started",
        "item-is-settled",
        "items-not-settled",
        "account-not-theirs",
        "method-not-allowed",
        "school-role-not-allowed",
    }
    ours = [refusal for refusal in refusals() if refusal.__module__.startswith(RULES)]
    assert {refusal.code for refusal in ours} - documented <= elsewhere
    listed = {item["type"]: item for item in installation.api.request("GET", "/problems").body["items"]}
    for refusal in ours:
        shown = installation.api.request("GET", f"/problems/{refusal.code}").body
        assert shown == listed[f"/problems/{refusal.code}"]
        assert (shown["title"], shown["detail"], shown["status"]) == (refusal.rule, refusal.remedy, refusal.status)
    assert installation.api.request("GET", "/problems/no-such-rule").problem == "address-not-found"


UNREACHED = {
    "run-not-started": "only what carries out a run meets it: tests/aggregates/retention_stories.py",
    "item-is-settled": "as run-not-started",
    "items-not-settled": "as run-not-started",
    "account-not-theirs": "people sign in on the pages: tests/web/sign_in/test_exchanged_account.py",
    "failed": "tests/api/test_frame.py makes a route fail by force and reads the status",
    "only-involved-read": "every role with a relation to the pupil reads; to all others the pupil is not there",
    "only-staff-and-class-read-profiles": "who is neither staff nor of the class learns of no such person",
    "only-staff-publish-documents": "every part at a school may; to all others the school is not there",
    "only-staff-read-school": "every part at a school may; to all others the school is not there",
    "person-already-registered": "the person's id is new at each request; a roster import could meet it",
    "school-already-founded": "the group's id is new at each request; a roster import could meet it",
    "school-role-not-allowed": "the body names only the parts that a school gives",
}
"""Refusals that no caller of the API can meet in an ordinary way, and why."""


def test_every_refusal_of_the_rules_is_met_in_these_tests() -> None:
    """A rule nobody tries through the API could be gone without anybody seeing it."""
    spoken = "\n".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    for refusal in refusals():
        if refusal.__module__.startswith(RULES) and refusal.code not in UNREACHED:
            assert f'"{refusal.code}"' in spoken, f"no test here meets {refusal.code}"


def test_every_event_of_a_pupils_file_is_made_in_these_tests() -> None:
    """By a request, and read back from the list of events."""
    spoken = "\n".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    for event in event_classes():
        if event.__module__.removeprefix("events.") in {"enrolment", "plan", "goals", "assessments", "reading"}:
            assert f'"{event.code}"' in spoken, f"no test here makes {event.code}"


def test_methods_and_addresses_that_are_not_there_are_refused_as_problems(installation: Installation) -> None:
    """With the methods that are."""
    answer = installation.api.request("PATCH", "/livez")
    assert (answer.status, answer.problem, answer.headers["allow"]) == (405, "method-not-allowed", "GET")
    for path in ("/", "/api/v1", "/api/v1/nothing", "/api/v2/me", "/etc/passwd"):
        assert installation.api.request("GET", path).problem == "address-not-found"


@pytest.mark.parametrize("path", ["students/not-an-id", "schools/%00", "students/11111111-1111-4111-8111-11111111111g"])
def test_an_address_whose_parts_are_no_ids_is_refused_without_repeating_it(path: str, school: School) -> None:
    """The part is named, never what was in it."""
    answer = school.mentor.get(path)
    assert (answer.status, answer.problem) == (422, "not-valid")
    assert answer.body["errors"] == [{"field": f"path {path.split('/', maxsplit=1)[0][:-1]}", "rule": "It is a UUID."}]
