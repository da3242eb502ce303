"""Archived plans: what a new plan makes of the one before (S-ARC, G-14, G-15)."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS


@pytest.mark.requirement("S-ARC-1", surface="api")
def test_a_new_plan_archives_the_one_before(school: School) -> None:
    """One plan is current; only the mentor starts another, and only over one that was agreed and evaluated."""
    first = school.start()
    start = {"template_id": school.template, "template_version": 1, "school_year": "2026/2027", "term": "VT"}
    path = f"{school.path}/plans"
    over_open = school.mentor.post(path, **start)
    assert (over_open.status, over_open.problem) == (409, "previous-plan-not-locked")
    for name in ("pupil", "guardian", "teacher", "administrator", "principal"):
        assert getattr(school, name).post(path, **start).problem == "only-mentor-starts-plans"
    school.lock(first)
    second = school.mentor.post(path, **start).id
    (current,) = school.pupil.get(path, state="current").body["items"]
    (archived,) = school.pupil.get(path, state="archived").body["items"]
    assert (current["id"], archived["id"] in first, archived["state"]) == (second, True, "archived")
    assert [plan["id"] for plan in school.pupil.get(path).body["items"]] == [second, archived["id"]]
    assert school.codes()[-2:] == ["plan_archived.v1", "plan_started.v1"]


@pytest.mark.requirement("S-ARC-1", surface="api")
def test_starting_over_needs_a_reason_that_is_kept(school: School) -> None:
    """Over a plan that was never locked (G-15)."""
    school.start()
    second = school.start(reason="Ny klass, börjar om")
    assert school.guardian.get(second).body["started_without"] == "Ny klass, börjar om"


@pytest.mark.requirement("S-ARC-2", surface="api")
def test_archived_plans_remain_readable_and_cannot_be_written(school: School) -> None:
    """All of it, for everybody who could read it; every write is refused by name."""
    plan, goal = school.locked_with_goal()
    school.pupil.post(f"{goal}/status", to="started")
    before = school.guardian.get(plan).body
    school.start(term="VT", reason="Inte utvärderad")
    for name in ("pupil", "guardian", "teacher", "mentor", "administrator"):
        after = getattr(school, name).get(plan).body
        assert after["state"] == "archived"
        assert {key: after[key] for key in ("answers", "goals", "agreements", "lock", "template")} == {
            key: before[key] for key in ("answers", "goals", "agreements", "lock", "template")
        }
    refused = [
        school.pupil.post(f"{goal}/status", to="done"),
        school.pupil.put(f"{goal}/evaluation", text="Bra"),
        school.pupil.put(f"{plan}/answers/trivs", text="Bra"),
        school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Bra"),
        school.mentor.post(f"{plan}/lock", plan_version=before["content_version"]),
        school.pupil.post(f"{plan}/concerns", target={"kind": "goal", "key": goal.rsplit("/", 1)[-1]}),
    ]
    assert {(answer.status, answer.problem) for answer in refused} == {(409, "plan-is-archived")}


def test_unfinished_goals_are_carried_over_with_a_link_to_where_they_came_from(school: School) -> None:
    """Only accepted, unfinished goals of the plan before (G-14)."""
    plan, goal = school.locked_with_goal()
    goal_id = goal.rsplit("/", 1)[-1]
    school.pupil.put(f"{goal}/evaluation", text="På väg")
    start = {"template_id": school.template, "template_version": 1, "school_year": "2026/2027", "term": "VT"}
    wrong = school.mentor.post(f"{school.path}/plans", **start, carry_over=[school.student])
    assert (wrong.status, wrong.problem) == (422, "carried-goal-not-unfinished")
    second = school.start(term="VT", carry_over=[goal_id])
    (carried,) = school.pupil.get(second).body["goals"]
    assert carried["decision"] == "proposed"
    assert carried["carried_from"] == {"plan_id": plan.rsplit("/", 1)[-1], "goal_id": goal_id}
    assert carried["content"]["text"] == "Jag vill kunna tiokamraterna"


def test_nothing_is_started_for_a_pupil_whose_schooling_has_ended(school: School) -> None:
    """Re-enrolment comes first."""
    school.end_schooling()
    start = {"template_id": school.template, "template_version": 1, "school_year": "2026/2027", "term": "HT"}
    assert school.mentor.post(f"{school.path}/plans", **start).problem == "schooling-has-ended"


@pytest.mark.parametrize(
    ("school_year", "problem"),
    [
        ("2026/2031", "school-year-not-consecutive"),
        ("2027/2026", "school-year-not-consecutive"),
        ("2026-2027", "not-valid"),
        ("٢٠٢٦/٢٠٢٧", "not-valid"),
    ],
    ids=ascii,
)
def test_a_plan_is_for_a_school_year_that_there_is(school: School, school_year: str, problem: str) -> None:
    """Two years in a row, in the digits of everybody."""
    start = {"template_id": school.template, "template_version": 1, "school_year": school_year, "term": "HT"}
    refused = school.mentor.post(f"{school.path}/plans", **start)
    assert (refused.status, refused.problem) == (422, problem)
    assert "plan_started.v1" not in school.codes()
