"""Around the conversation: guardians read, raise and evaluate; concerns are raised and closed (S-SAM, S-FRE-6)."""

import pytest

from tests.api.school import School
from tests.api.template import MATHS


@pytest.mark.requirement("S-SAM-1", surface="api")
def test_a_guardian_confirms_having_read_and_it_lapses_when_the_plan_changes(school: School) -> None:
    """The receipt names the version that was read; a later change of a text makes it lapse, visibly (G-5)."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    version = school.content_version(plan)
    path = f"{plan}/reading-confirmations"
    old = school.guardian.post(path, plan_version=version - 1)
    assert (old.status, old.problem) == (409, "plan-changed-since")
    assert school.guardian.post(path, plan_version=version).status == 201
    assert school.guardian.post(path, plan_version=version).problem == "already-agreed"
    for name in ("pupil", "teacher", "mentor"):
        assert getattr(school, name).post(path, plan_version=version).problem == "only-guardians-confirm-reading"
    (receipt,) = school.mentor.get(plan).body["readings"]
    assert (receipt["by"]["person_id"], receipt["stands"]) == (school.guardian.person_id, True)
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar säkert")
    (receipt,) = school.mentor.get(plan).body["readings"]
    assert receipt["stands"] is False
    assert "reading_confirmed.v1" in school.codes()


@pytest.mark.requirement("S-SAM-2", surface="api")
def test_a_guardian_notes_what_to_raise(school: School) -> None:
    """The latest text of each guardian counts, and all concerned read it."""
    plan = school.start()
    path = f"{plan}/viewpoint"
    assert school.guardian.put(path, text="Läxorna").status == 200
    latest = school.guardian.put(path, text="Läxorna och rasterna")
    assert school.guardian.put(path, text="Läxorna och rasterna").version == latest.version
    for name in ("pupil", "teacher", "mentor"):
        assert getattr(school, name).put(path, text="Nej").problem == "only-guardians-give-viewpoints"
    assert [v["text"] for v in school.mentor.get(plan).body["viewpoints"]] == ["Läxorna och rasterna"]
    assert "viewpoint_given.v1" in school.codes()


@pytest.mark.requirement("S-SAM-3", surface="api")
def test_a_guardian_evaluates_the_conversation_after_it_was_held(school: School) -> None:
    """Which the lock records; before it there is nothing to evaluate."""
    plan = school.start()
    path = f"{plan}/conversation-evaluation"
    assert school.guardian.put(path, text="Bra").problem == "plan-is-not-locked"
    school.lock(plan)
    assert school.guardian.put(path, text="Vi blev lyssnade på").status == 200
    for name in ("pupil", "teacher", "mentor"):
        assert getattr(school, name).put(path, text="Nej").problem == "only-guardians-evaluate-conversation"
    assert [e["text"] for e in school.mentor.get(plan).body["conversation_evaluations"]] == ["Vi blev lyssnade på"]
    assert "conversation_evaluated.v1" in school.codes()
    school.start(term="VT", reason="Nytt läsår")
    assert school.guardian.put(path, text="För sent").problem == "plan-is-archived"


@pytest.mark.requirement("S-FRE-6", surface="api")
@pytest.mark.requirement("S-AGR-3", surface="api")
def test_texts_are_reviewed_before_the_lock_and_an_open_concern_blocks_it(school: School) -> None:
    """Any party raises one about a text that is there; the mentor closes it with a reason."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Min kompis är sjuk")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    path = f"{plan}/concerns"
    assert school.guardian.post(path, target=target | {"key": "hemma"}).problem == "target-not-found"
    assert school.administrator.post(path, target=target).problem == "only-parties-raise-concerns"
    concern = school.guardian.post(path, target=target, text="Det handlar om någon annan").id
    version = school.content_version(plan)
    for person in (school.pupil, school.guardian):
        person.post(f"{plan}/agreements", plan_version=version)
    blocked = school.mentor.post(f"{plan}/lock", plan_version=version)
    assert (blocked.status, blocked.problem) == (409, "concerns-open")
    assert school.guardian.post(f"{path}/{concern}/close", reason="Klart").problem == "only-mentor-closes-concerns"
    assert school.mentor.post(f"{path}/{concern}/close").problem == "not-valid"
    assert school.mentor.post(f"{path}/{concern}/close", reason="Texten är ändrad").status == 200
    assert school.mentor.post(f"{path}/{concern}/close", reason="Igen").problem == "concern-not-found"
    (shown,) = school.guardian.get(plan).body["concerns"]
    assert shown["closed_with"] == "Texten är ändrad"
    assert school.mentor.post(f"{plan}/lock", plan_version=version).status == 200
    assert {"secrecy_concern_raised.v1", "secrecy_concern_closed.v1"} <= set(school.codes())


@pytest.mark.requirement("S-FRE-6", surface="api")
def test_a_concern_can_be_about_any_text_of_the_plan(school: School) -> None:
    """Answers, goals, assessments, areas, viewpoints: each has its name."""
    plan = school.start()
    goal = school.propose(plan).rsplit("/", 1)[-1]
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar säkert")
    area = school.teacher.post(f"{plan}/development-areas", subject=MATHS, text="Bråk", support="Spel").id
    school.guardian.put(f"{plan}/viewpoint", text="Läxorna")
    targets = (
        {"kind": "goal", "key": goal},
        {"kind": "assessment", "key": MATHS},
        {"kind": "development_area", "key": area},
        {"kind": "viewpoint", "person_id": school.guardian.person_id},
    )
    for target in targets:
        assert school.pupil.post(f"{plan}/concerns", target=target).status == 201
    assert len(school.mentor.get(plan).body["concerns"]) == len(targets)
