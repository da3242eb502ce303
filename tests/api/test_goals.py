"""Goals and their staircase (S-GOA)."""

from typing import Any

import pytest

from tests.api.client import Person
from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import MATHS

PROPOSERS = ("pupil", "guardian", "teacher", "educator", "mentor")


def _goal(reader: Person, plan: str) -> dict[str, Any]:
    (goal,) = reader.get(plan).body["goals"]
    return dict(goal)


def _move(person: Person, goal: str, to: str, reason: str | None = None) -> str | None:
    return person.post(f"{goal}/status", to=to, **({"reason": reason} if reason else {})).problem


@pytest.mark.requirement("S-GOA-1", surface="api")
@pytest.mark.requirement("S-GOA-2", surface="api")
@pytest.mark.requirement("S-GOA-3", surface="api")
def test_home_and_school_propose_goals_that_all_concerned_see(school: School) -> None:
    """Each party proposes; a proposal is new, and everybody reads it before the conversation."""
    plan = school.start()
    for name in PROPOSERS:
        school.propose(plan, getattr(school, name), text=f"Mål av {name}")
    for name in PROPOSERS:
        goals = getattr(school, name).get(plan).body["goals"]
        assert {goal["content"]["text"] for goal in goals} == {f"Mål av {proposer}" for proposer in PROPOSERS}
        assert {(goal["decision"], goal["status"]) for goal in goals} == {("proposed", "new")}
    for name in ("administrator", "principal"):
        assert getattr(school, name).post(f"{plan}/goals", text="Läsa").problem == "only-parties-propose"


def test_a_proposal_is_reworded_or_withdrawn_by_its_proposer(school: School) -> None:
    """The mentor may reword too; the others may not, and nothing is decided twice."""
    plan = school.start()
    goal = school.propose(plan, school.guardian)
    assert school.pupil.put(goal, text="Annat").problem == "not-own-proposal"
    assert school.guardian.put(goal, text="Läsa varje kväll").status == 200
    assert school.mentor.put(goal, text="Läsa varje kväll i veckan").status == 200
    assert _goal(school.pupil, plan)["content"]["text"] == "Läsa varje kväll i veckan"
    assert school.mentor.post(f"{goal}/decision", decision="withdrawn").problem == "not-own-proposal"
    assert school.guardian.post(f"{goal}/decision", decision="withdrawn").status == 200
    assert school.guardian.post(f"{goal}/decision", decision="withdrawn").problem == "goal-not-open-for-decision"
    assert school.guardian.put(goal, text="Igen").problem == "goal-not-open-for-decision"
    assert school.codes()[-4:] == ["goal_proposed.v1", "goal_revised.v1", "goal_revised.v1", "goal_withdrawn.v1"]
    nowhere = f"{plan}/goals/{school.student}"
    assert school.pupil.put(nowhere, text="Nytt").problem == "goal-not-found"


def test_the_mentor_accepts_or_declines_each_proposal(school: School) -> None:
    """At the conversation (G-14); nobody else decides."""
    plan = school.start()
    yes, no = school.propose(plan), school.propose(plan, text="Bli bäst")
    for name in ("pupil", "guardian", "teacher", "educator", "principal"):
        refused = getattr(school, name).post(f"{yes}/decision", decision="accepted")
        assert (refused.status, refused.problem) == (403, "only-mentor-decides")
    school.accept(yes)
    assert school.mentor.post(f"{no}/decision", decision="declined", reason="Vi väntar").status == 200
    assert school.mentor.post(f"{no}/decision", decision="accepted").problem == "goal-not-open-for-decision"
    assert [goal["decision"] for goal in school.pupil.get(plan).body["goals"]] == ["accepted", "declined"]
    assert school.codes()[-2:] == ["goal_accepted.v1", "goal_declined.v1"]


@pytest.mark.requirement("S-GOA-4", surface="api")
@pytest.mark.requirement("S-GOA-5", surface="api")
@pytest.mark.requirement("S-GOA-6", surface="api")
@pytest.mark.requirement("S-GOA-7", surface="api")
@pytest.mark.requirement("S-GOA-8", surface="api")
def test_an_agreed_goal_climbs_the_staircase_after_the_lock(school: School) -> None:
    """The pupil starts it and finds it done; only a teacher or the mentor confirms; a guardian never moves it."""
    plan, goal = school.locked_with_goal()
    for name in ("guardian", "teacher", "educator"):
        assert _move(getattr(school, name), goal, "started") == "only-pupil-and-mentor-advance"
    assert _move(school.pupil, goal, "done") == "goal-step-not-allowed"
    assert _move(school.pupil, goal, "started") is None
    assert _goal(school.guardian, plan)["status"] == "started"
    assert _move(school.mentor, goal, "done") is None
    for name in ("pupil", "guardian", "educator", "administrator", "principal"):
        assert _move(getattr(school, name), goal, "achieved") == "only-teachers-confirm"
    assert _move(school.teacher, goal, "achieved") is None
    assert _goal(school.pupil, plan)["status"] == "achieved"
    assert school.codes()[-3:] == ["goal_started.v1", "goal_reported_done.v1", "goal_achieved.v1"]


def test_the_mentor_reopens_and_abandons_with_a_reason(school: School) -> None:
    """Back to Påbörjat from Klart or Uppnått, or out as Avbruten; nobody else, and never without saying why (G-4)."""
    _, goal = school.locked_with_goal()
    _move(school.pupil, goal, "started")
    _move(school.pupil, goal, "done")
    assert _move(school.pupil, goal, "started", "Ångrar mig") == "only-mentor-reopens"
    assert _move(school.teacher, goal, "abandoned", "Nej") == "only-mentor-reopens"
    missing = school.mentor.post(f"{goal}/status", to="abandoned")
    assert (missing.status, missing.problem) == (422, "reason-required")
    assert school.mentor.post(f"{goal}/status", to="started").problem == "reason-required"
    assert _move(school.mentor, goal, "started", "Mer träning") is None
    _move(school.pupil, goal, "done")
    assert _move(school.mentor, goal, "achieved") is None
    assert _move(school.mentor, goal, "started", "Glömt igen") is None
    assert _move(school.mentor, goal, "abandoned", "Annat viktigare") is None
    assert _move(school.mentor, goal, "started", "Igen") == "goal-step-not-allowed"
    assert _move(school.mentor, goal, "new") == "goal-step-not-allowed"
    assert {"goal_reopened.v1", "goal_abandoned.v1"} <= set(school.codes())


def test_only_agreed_goals_of_a_locked_plan_move(school: School) -> None:
    """A proposal, or an accepted goal before the lock, stays on its step (G-14)."""
    plan = school.start()
    goal = school.propose(plan)
    assert _move(school.pupil, goal, "started") == "goal-not-agreed"
    school.accept(goal)
    assert _move(school.pupil, goal, "started") == "goal-not-agreed"
    assert school.pupil.put(f"{goal}/evaluation", text="Bra").problem == "goal-not-agreed"
    school.lock(plan)
    assert _move(school.pupil, f"{plan}/goals/{school.student}", "started") == "goal-not-found"
    school.end_schooling()
    assert _move(school.pupil, goal, "started") == "schooling-has-ended"


def test_a_school_may_let_the_mentor_alone_confirm(own_school: School) -> None:
    """The setting narrows G-1; the teacher is told whom to ask."""
    own_school.principal.put(
        f"schools/{own_school.id}/settings", valid_from="2020-01-01", settings={"only_mentor_confirms": True}
    )
    _, goal = own_school.locked_with_goal()
    _move(own_school.pupil, goal, "started")
    _move(own_school.pupil, goal, "done")
    assert _move(own_school.teacher, goal, "achieved") == "only-mentor-confirms-here"
    assert _move(own_school.mentor, goal, "achieved") is None


@pytest.mark.requirement("S-GOA-9", surface="api")
def test_all_goals_of_all_plans_stand_in_one_list(school: School) -> None:
    """Those of archived plans too, each with its plan."""
    first, goal = school.locked_with_goal()
    school.pupil.put(f"{goal}/evaluation", text="Gick bra")
    second = school.start(term="VT")
    school.propose(second, text="Nytt mål")
    for name in ("pupil", "guardian", "mentor"):
        items = getattr(school, name).get(f"{school.path}/goals").body["items"]
        assert [(i["plan_id"] in first, i["plan_state"], i["content"]["text"]) for i in items] == [
            (False, "open", "Nytt mål"),
            (True, "archived", "Jag vill kunna tiokamraterna"),
        ]


@pytest.mark.requirement("S-GOA-10", surface="api")
def test_a_goal_is_evaluated_by_each_party_before_the_next_conversation(school: School) -> None:
    """Everybody's latest text is there for all to read; administration does not evaluate."""
    plan, goal = school.locked_with_goal()
    for name in PROPOSERS:
        assert getattr(school, name).put(f"{goal}/evaluation", text=f"Av {name}").status == 200
    assert school.pupil.put(f"{goal}/evaluation", text="Det gick bra").status == 200
    assert school.principal.put(f"{goal}/evaluation", text="Nej").problem == "only-parties-evaluate-goals"
    texts = {e["person_id"]: e["text"] for e in _goal(school.guardian, plan)["evaluations"]}
    assert len(texts) == len(PROPOSERS)
    assert texts[school.pupil.person_id] == "Det gick bra"
    assert "goal_evaluated.v1" in school.codes()


def test_a_goal_is_linked_to_subjects_and_to_what_the_syllabus_says(school: School, installation: Installation) -> None:
    """A link that leads nowhere is refused."""
    plan = school.start()
    item = {"subject": MATHS, "years": "4-6", "kind": "aim", "ordinal": 1, "version": "0" * 64}
    refused = school.pupil.post(f"{plan}/goals", text="Räkna", subjects=[MATHS], syllabus=[item])
    assert refused.problem == "syllabus-item-not-found"
    goal = school.propose(plan, subjects=[MATHS])
    assert school.pupil.put(goal, text="Räkna", syllabus=[item]).problem == "syllabus-item-not-found"
    assert _goal(school.pupil, plan)["content"]["subjects"] == [MATHS]
    del installation


def test_an_evaluation_is_written_anew_only_as_its_author_last_saw_it(school: School) -> None:
    """If-Match names one's own text: what others write of the goal meanwhile is in nobody's way."""
    plan, goal = school.locked_with_goal()
    path, fresh = f"{goal}/evaluation", {"If-Match": '"0"'}
    first = school.pupil.put(path, headers=fresh, text="Det gick bra")
    school.guardian.put(path, text="Hon övar varje kväll")
    school.pupil.post(f"{goal}/status", to="started")
    (own, _) = _goal(school.pupil, plan)["evaluations"]
    assert own["version"] == first.version
    assert school.pupil.put(path, headers=fresh, text="Nej").problem == "version-mismatch"
    assert school.pupil.put(path, headers={"If-Match": first.headers["etag"]}, text="Bättre").status == 200
