"""Answers to questions: each in its own field, in versions, read by all concerned (S-QUE)."""

import pytest

from tests.api.school import School


@pytest.mark.requirement("S-QUE-2", surface="api")
@pytest.mark.requirement("S-ROL-2", surface="api")
def test_all_concerned_read_each_others_answers_before_the_conversation(school: School) -> None:
    """What one party wrote the others read at once, with name and time."""
    plan = school.start()
    for name, key in (("pupil", "trivs"), ("guardian", "hemma"), ("teacher", "larare"), ("mentor", "mentor")):
        assert getattr(school, name).put(f"{plan}/answers/{key}", text=f"Svar av {name}").status == 200
    for name in ("pupil", "guardian", "other_guardian", "teacher", "other_teacher", "mentor"):
        answers = getattr(school, name).get(plan).body["answers"]
        assert {a["versions"][0]["text"] for a in answers} == {
            "Svar av pupil",
            "Svar av guardian",
            "Svar av teacher",
            "Svar av mentor",
        }


@pytest.mark.requirement("S-QUE-3", surface="api")
@pytest.mark.requirement("S-FRE-1", surface="api")
def test_the_pupil_rates_the_own_work_on_a_scale_with_words_beside_it(school: School) -> None:
    """A step of the question's scale, with or without a text; any other step is refused."""
    plan = school.start()
    path = f"{plan}/answers/lasning"
    assert school.pupil.put(path, choice="latt", text="Jag läser själv").status == 200
    refused = school.pupil.put(path, choice="mellan")
    assert (refused.status, refused.problem) == (422, "choice-not-on-scale")
    empty = school.pupil.put(path)
    assert (empty.status, empty.problem) == (422, "answer-is-empty")
    assert school.pupil.put(f"{plan}/answers/trivs", choice="latt").problem == "choice-not-on-scale"
    (answer,) = school.mentor.get(plan).body["answers"]
    assert (answer["versions"][-1]["choice"], answer["versions"][-1]["text"]) == ("latt", "Jag läser själv")


@pytest.mark.requirement("S-QUE-4", surface="api")
def test_a_comment_box_is_answered_by_each_of_several_roles_and_persons(school: School) -> None:
    """Every guardian has the own answer; none overwrites another's."""
    plan = school.start()
    for name in ("pupil", "guardian", "other_guardian", "teacher", "mentor"):
        assert getattr(school, name).put(f"{plan}/answers/kommentar", text=f"Av {name}").status == 200
    answers = school.pupil.get(plan).body["answers"]
    assert {(a["role"], a["versions"][0]["text"]) for a in answers} == {
        ("pupil", "Av pupil"),
        ("guardian", "Av guardian"),
        ("guardian", "Av other_guardian"),
        ("teacher", "Av teacher"),
        ("mentor", "Av mentor"),
    }


@pytest.mark.requirement("S-QUE-5", surface="api")
def test_each_answer_is_saved_by_itself_and_kept_in_versions(school: School) -> None:
    """Saving again makes a new version beside the old; saving the same again changes nothing (G-6)."""
    plan = school.start()
    path = f"{plan}/answers/trivs"
    first = school.pupil.put(path, text="Bra")
    same = school.pupil.put(path, text="Bra")
    assert (same.status, same.version) == (200, first.version)
    second = school.pupil.put(path, text="Mycket bra")
    (answer,) = school.mentor.get(plan).body["answers"]
    assert [(v["text"], v["version"]) for v in answer["versions"]] == [
        ("Bra", first.version),
        ("Mycket bra", second.version),
    ]
    assert school.codes()[-2:] == ["question_answered.v1", "answer_revised.v1"]


def test_questions_and_plans_that_are_not_there_are_named_as_such(school: School) -> None:
    """An unknown question or plan of a pupil whom the caller may read is said to be unknown."""
    plan = school.start()
    assert school.pupil.put(f"{plan}/answers/finns-inte", text="Bra").problem == "question-not-found"
    nowhere = f"{school.path}/plans/{school.student}"
    assert school.pupil.put(f"{nowhere}/answers/trivs", text="Bra").problem == "plan-not-found"
    assert school.pupil.get(nowhere).problem == "plan-not-found"


@pytest.mark.requirement("S-ROL-1", surface="api")
@pytest.mark.requirement("S-BLG-3", surface="api")
def test_the_pupil_keeps_a_learning_blog_linked_to_goals(school: School) -> None:
    """Only the pupil writes in it; a note belongs to goals of the pupil's plans; all concerned read it."""
    _, goal = school.locked_with_goal()
    goal_id = goal.rsplit("/", 1)[-1]
    path = f"{school.path}/learning-notes"
    written = school.pupil.post(path, text="Jag klarade sjuans tabell", goal_ids=[goal_id])
    assert written.status == 201
    assert school.pupil.post(path, text="Hej", goal_ids=[school.student]).problem == "goal-not-found"
    for name in ("guardian", "teacher", "mentor"):
        assert getattr(school, name).post(path, text="Nej").problem == "only-pupil-posts-notes"
        (note,) = getattr(school, name).get(path).body["items"]
        assert (note["id"], note["goal_ids"]) == (written.id, [goal_id])
    school.pupil.post(path, text="Och åttan")
    page = school.mentor.get(path, limit=1).body
    assert page["items"][0]["text"] == "Och åttan"
    assert school.mentor.get(path, limit=1, cursor=page["next"]).body["items"][0]["id"] == written.id
    assert "learning_note_posted.v1" in school.codes()
    school.end_schooling()
    assert school.pupil.post(path, text="Hej").problem == "schooling-has-ended"
