"""The overview: bars, questions, goals, provenance (S-OVR)."""

from typing import Any

import pytest

from tests.api.client import Person
from tests.api.school import School
from tests.api.template import MATHS, SWEDISH


def _overview(reader: Person, school: School) -> dict[str, Any]:
    return dict(reader.get(f"{school.path}/overview").body)


@pytest.mark.requirement("S-OVR-1", surface="api")
def test_the_overview_works_at_any_time(school: School) -> None:
    """Before a plan there is none; it is there before and after the conversation, and for the next plan."""
    path = f"{school.path}/overview"
    assert school.guardian.get(path).problem == "plan-not-found"
    plan = school.start()
    assert _overview(school.guardian, school)["state"] == "open"
    school.lock(plan)
    assert _overview(school.guardian, school)["state"] == "locked"
    second = school.start(term="VT")
    shown = _overview(school.guardian, school)
    assert (shown["plan_id"] in second, shown["state"]) == (True, "open")
    assert [earlier["plan_id"] in plan for earlier in shown["earlier_plans"]] == [True]


@pytest.mark.requirement("S-OVR-2", surface="api")
@pytest.mark.requirement("S-OVR-4", surface="api")
@pytest.mark.requirement("S-OVR-5", surface="api")
def test_each_party_has_a_bar_of_its_own_share(school: School) -> None:
    """A question to several roles counts for each; one role's answer fills no other's bar (G-7)."""
    plan = school.start()
    bars = _overview(school.pupil, school)["bars"]
    assert {party: bar["asked"] for party, bar in bars.items()} == {
        "pupil": 3,
        "guardian": 2,
        "teacher": 2,
        "mentor": 2,
    }
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    school.pupil.put(f"{plan}/answers/kommentar", text="Inget")
    school.guardian.put(f"{plan}/answers/kommentar", text="Vi med")
    school.other_guardian.put(f"{plan}/answers/kommentar", text="Jag också")
    shown = _overview(school.mentor, school)
    assert {party: bar["answered"] for party, bar in shown["bars"].items()} == {
        "pupil": 2,
        "guardian": 1,
        "teacher": 0,
        "mentor": 0,
    }
    (comment,) = [question for question in shown["questions"] if question["key"] == "kommentar"]
    assert [(a["role"], a["name"]) for a in comment["answered_by"]] == [
        ("pupil", "Pupil Testpupil"),
        ("guardian", "Guardian Testguardian"),
        ("guardian", "Other_guardian Testother_guardian"),
    ]


@pytest.mark.requirement("S-OVR-3", surface="api")
def test_assessments_count_in_no_bar(school: School) -> None:
    """They are listed beside, and fill nothing."""
    plan = school.start()
    before = _overview(school.pupil, school)["bars"]
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar säkert")
    shown = _overview(school.pupil, school)
    assert shown["bars"] == before
    assert {subject: one["forecast"] for subject, one in shown["assessments"].items()} == {MATHS: "expected"}


@pytest.mark.requirement("S-OVR-6", surface="api")
@pytest.mark.requirement("S-OVR-7", surface="api")
def test_goals_and_proposals_stand_with_their_step_and_their_links(school: School) -> None:
    """As they are now: decision, status, subjects."""
    plan = school.start()
    goal = school.propose(plan, subjects=[MATHS])
    school.propose(plan, school.guardian, text="Läsa mer")
    assert [(g["text"], g["decision"], g["status"]) for g in _overview(school.guardian, school)["goals"]] == [
        ("Jag vill kunna tiokamraterna", "proposed", "new"),
        ("Läsa mer", "proposed", "new"),
    ]
    school.accept(goal)
    other = _overview(school.guardian, school)["goals"][1]["goal_id"]
    school.mentor.post(f"{plan}/goals/{other}/decision", decision="declined")
    school.lock(plan)
    school.pupil.post(f"{goal}/status", to="started")
    shown = _overview(school.guardian, school)["goals"]
    assert [(g["decision"], g["status"], g["subjects"]) for g in shown] == [
        ("accepted", "started", [MATHS]),
        ("declined", "new", []),
    ]


@pytest.mark.requirement("S-OVR-8", surface="api")
@pytest.mark.requirement("S-OVR-9", surface="api")
def test_it_says_who_started_and_last_changed_the_plan_and_which_template_it_has(school: School) -> None:
    """By name and time; the template by name and version."""
    plan = school.start()
    school.guardian.put(f"{plan}/answers/hemma", text="Läser mycket")
    shown = _overview(school.pupil, school)
    assert shown["started"]["by"]["name"] == "Mentor Testmentor"
    assert shown["changed"]["by"]["name"] == "Guardian Testguardian"
    assert shown["started"]["at"] < shown["changed"]["at"]
    used = shown["template"]
    assert (used["template_id"], used["version"], used["name"]) == (school.template, 1, "IUP år 4-6")
    assert [page["key"] for page in used["pages"]][:2] == ["om-mig", "min-utveckling"]
    assert used["subjects"] == {MATHS: "Matematik", SWEDISH: "Svenska"}
    latest = school.events()[-1]
    assert (shown["version"], shown["changed"]["at"]) == (latest["version"], latest["at"])
