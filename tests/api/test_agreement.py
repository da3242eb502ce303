"""The agreement: all parties agree, the mentor locks, after that only corrections (S-AGR, G-5, G-6)."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS


@pytest.mark.requirement("S-AGR-1", surface="api")
def test_each_party_agrees_to_a_version_and_it_lapses_when_the_plan_changes(school: School) -> None:
    """The pupil and each guardian by themselves; school agrees by the lock."""
    plan = school.start()
    version = school.content_version(plan)
    path = f"{plan}/agreements"
    for name in ("pupil", "guardian", "other_guardian"):
        assert getattr(school, name).post(path, plan_version=version).status == 201
    assert school.pupil.post(path, plan_version=version).problem == "already-agreed"
    for name in ("teacher", "mentor", "educator", "administrator"):
        assert getattr(school, name).post(path, plan_version=version).problem == "only-home-agrees"
    agreements = school.mentor.get(plan).body["agreements"]
    assert [a["stands"] for a in agreements] == [True, True, True]
    school.propose(plan)
    assert school.pupil.post(path, plan_version=version).problem == "plan-changed-since"
    assert [a["stands"] for a in school.mentor.get(plan).body["agreements"]] == [False, False, False]
    assert "agreement_given.v1" in school.codes()


@pytest.mark.requirement("S-AGR-2", surface="api")
@pytest.mark.requirement("S-ROL-4", surface="api")
def test_only_the_mentor_locks_and_only_when_all_agree(school: School) -> None:
    """Every proposal decided, the pupil and a guardian agreed to the present version."""
    plan = school.start()
    goal = school.propose(plan)
    path = f"{plan}/lock"
    version = school.content_version(plan)
    undecided = school.mentor.post(path, plan_version=version)
    assert (undecided.status, undecided.problem) == (409, "proposals-undecided")
    school.accept(goal)
    version = school.content_version(plan)
    assert school.mentor.post(path, plan_version=version - 1).problem == "plan-changed-since"
    missing = school.mentor.post(path, plan_version=version)
    assert (missing.status, missing.problem) == (409, "party-missing")
    for person in (school.pupil, school.guardian):
        person.post(f"{plan}/agreements", plan_version=version)
    for name in ("pupil", "guardian", "teacher", "educator", "administrator", "principal"):
        refused = getattr(school, name).post(path, plan_version=version)
        assert (refused.status, refused.problem) == (403, "only-mentor-locks")
    assert school.mentor.post(path, plan_version=version, conversation_on="2999-01-01").problem == "day-not-come"
    assert school.mentor.post(path, plan_version=version, conversation_on="2020-11-20").status == 200
    lock = school.guardian.get(plan).body["lock"]
    assert (lock["by"]["role"], lock["conversation_on"], lock["plan_version"]) == ("mentor", "2020-11-20", version)
    assert school.mentor.post(path, plan_version=version).problem == "plan-is-locked"
    assert "plan_locked.v1" in school.codes()


@pytest.mark.requirement("S-AGR-2", surface="api")
def test_the_mentor_may_lock_with_a_reason_for_each_obstacle(school: School) -> None:
    """A missing party or an open concern is answered by a reason, and only what hinders is."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    concern = school.guardian.post(f"{plan}/concerns", target=target).id
    version = school.content_version(plan)
    school.pupil.post(f"{plan}/agreements", plan_version=version)
    missing = {"obstacle": "guardian_missing", "reason": "Kom inte"}
    open_one = {"obstacle": "open_concern", "concern_id": concern, "reason": "Gäller inte texten"}
    unneeded = {"obstacle": "pupil_missing", "reason": "Sjuk"}
    path = f"{plan}/lock"
    assert school.mentor.post(path, plan_version=version, reasons=[missing]).problem == "concerns-open"
    assert school.mentor.post(path, plan_version=version, reasons=[open_one]).problem == "party-missing"
    extra = school.mentor.post(path, plan_version=version, reasons=[missing, open_one, unneeded])
    assert (extra.status, extra.problem) == (422, "lock-reason-not-needed")
    other_words = open_one | {"reason": "Gäller inget"}
    twice = school.mentor.post(path, plan_version=version, reasons=[missing, open_one, other_words])
    assert (twice.status, twice.problem) == (422, "lock-reason-repeated")
    assert school.mentor.post(path, plan_version=version, reasons=[missing, open_one]).status == 200
    reasons = school.guardian.get(plan).body["lock"]["reasons"]
    assert [reason["obstacle"] for reason in reasons] == ["guardian_missing", "open_concern"]


@pytest.mark.requirement("S-AGR-2", surface="api")
def test_a_locked_plan_is_not_edited(school: School) -> None:
    """Every write that would change what was agreed is refused by name."""
    plan, goal = school.locked_with_goal()
    version = school.content_version(plan)
    refused = [
        school.pupil.put(f"{plan}/answers/trivs", text="Bra"),
        school.pupil.post(f"{plan}/goals", text="Nytt"),
        school.pupil.put(goal, text="Nytt"),
        school.mentor.post(f"{goal}/decision", decision="declined"),
        school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Bra"),
        school.teacher.post(f"{plan}/development-areas", subject=MATHS, text="Bråk", support="Spel"),
        school.guardian.post(f"{plan}/reading-confirmations", plan_version=version),
        school.guardian.put(f"{plan}/viewpoint", text="Läxor"),
        school.pupil.post(f"{plan}/agreements", plan_version=version),
    ]
    assert {(answer.status, answer.problem) for answer in refused} == {(409, "plan-is-locked")}


def test_after_the_lock_each_corrects_the_own_text_and_the_mentor_any(school: School) -> None:
    """With a reason, beside the text it corrects; nothing is overwritten (G-6)."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Braa")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    correction = {"target": target, "text": "Bra", "reason": "Felskrivet"}
    path = f"{plan}/corrections"
    assert school.pupil.post(path, **correction).problem == "plan-is-not-locked"
    school.lock(plan)
    assert school.pupil.post(path, **correction).status == 201
    assert school.mentor.post(path, **correction | {"text": "Bra!"}).status == 201
    others = school.guardian.post(path, **correction)
    assert (others.status, others.problem) == (403, "not-own-text")
    assert (
        school.pupil.post(path, **correction | {"target": {"kind": "goal", "key": "x"}}).problem == "target-not-found"
    )
    assert school.principal.post(path, **correction).problem == "only-parties-correct"
    assert school.pupil.post(path, target=target, text="Bra").problem == "not-valid"
    shown = school.guardian.get(plan).body
    assert [c["text"] for c in shown["corrections"]] == ["Bra", "Bra!"]
    assert shown["answers"][0]["versions"][-1]["text"] == "Braa"
    assert "correction_made.v1" in school.codes()


@pytest.mark.requirement("S-AGR-4", surface="api")
def test_the_locked_plan_is_followed_during_the_term_and_evaluated_before_the_next(school: School) -> None:
    """Pupil, teacher and guardian follow its goals; the next plan waits for the evaluation (G-15)."""
    plan, goal = school.locked_with_goal()
    school.pupil.post(f"{goal}/status", to="started")
    for name in ("pupil", "guardian", "teacher"):
        assert getattr(school, name).get(plan).body["goals"][0]["status"] == "started"
    start = {"template_id": school.template, "template_version": 1, "school_year": "2026/2027", "term": "VT"}
    refused = school.mentor.post(f"{school.path}/plans", **start)
    assert (refused.status, refused.problem) == (409, "previous-plan-not-evaluated")
    school.guardian.put(f"{goal}/evaluation", text="Det gick framåt")
    assert school.mentor.post(f"{school.path}/plans", **start).status == 201
