"""Reminders through the API: a notice for those at home who have something left to answer."""

from tests.api.school import School


def test_a_reminder_is_a_notice_for_those_who_have_not_prepared(school: School) -> None:
    """It leads to the overview; nobody else is told of it, and who changed the plan last stays."""
    plan = school.start()
    changed = school.mentor.get(f"{school.path}/overview").body["changed"]
    for question in ("hemma", "kommentar"):
        assert school.guardian.put(f"{plan}/answers/{question}", text="Lugnt").status == 200
    changed = school.mentor.get(f"{school.path}/overview").body["changed"]
    answer = school.teacher.post(f"{plan}/reminders")
    assert answer.status == 201
    notices = {
        name: [n for n in getattr(school, name).items("notices") if n["kind"] == "preparation_reminded.v1"]
        for name in ("pupil", "guardian", "mentor")
    }
    assert [len(found) for found in notices.values()] == [1, 0, 0]
    seen = school.mentor.get(f"{school.path}/overview").body
    assert seen["changed"] == changed
    assert seen["reminded_on"] is not None


def test_a_second_reminder_on_the_same_day_is_refused_by_name(school: School) -> None:
    """Whoever sends it."""
    plan = school.start()
    assert school.mentor.post(f"{plan}/reminders").status == 201
    again = school.teacher.post(f"{plan}/reminders")
    assert (again.status, again.problem) == (409, "reminded-today")


def test_who_has_answered_everything_is_left_alone(school: School) -> None:
    """There is nobody to remind, and no event."""
    plan = school.start()
    for person, question, said in (
        (school.pupil, "trivs", {"text": "Bra"}),
        (school.pupil, "lasning", {"choice": "latt"}),
        (school.pupil, "kommentar", {"text": "Nej"}),
        (school.guardian, "hemma", {"text": "Lugnt"}),
        (school.guardian, "kommentar", {"text": "Nej"}),
    ):
        assert person.put(f"{plan}/answers/{question}", **said).status == 200
    refused = school.mentor.post(f"{plan}/reminders")
    assert (refused.status, refused.problem) == (409, "nobody-to-remind")
