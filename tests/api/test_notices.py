"""Notices: unread until opened, for everybody concerned but the author (S-NOT-4, G-18)."""

from typing import Any

import pytest

from tests.api.client import Person
from tests.api.school import School
from tests.api.template import MATHS


def _notices(person: Person, school: School) -> list[dict[str, Any]]:
    items = person.items("notices")
    return [notice for notice in items if notice["student_id"] == school.student]


@pytest.mark.requirement("S-NOT-4", surface="api")
def test_a_notice_is_unread_until_it_is_opened_and_leads_to_its_place(school: School) -> None:
    """Opened by one recipient it stays unread for the others; a new event there makes it unread again."""
    plan = school.start()
    plan_id = plan.rsplit("/", 1)[-1]
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    place = f"/elever/{school.student}/iup/{plan_id}/om-mig#fraga-trivs"
    (notice,) = [n for n in _notices(school.guardian, school) if n["place"] == place]
    assert (notice["kind"], notice["by_name"], notice["by_role"]) == (
        "question_answered.v1",
        "Pupil Testpupil",
        "pupil",
    )
    assert place not in {n["place"] for n in _notices(school.pupil, school)}
    opened = school.guardian.post(f"notices/{notice['id']}/open")
    assert (opened.status, opened.body["place"]) == (200, place)
    assert place not in {n["place"] for n in _notices(school.guardian, school)}
    for name in ("other_guardian", "mentor"):
        assert place in {n["place"] for n in _notices(getattr(school, name), school)}
    school.pupil.put(f"{plan}/answers/trivs", text="Mycket bra")
    (again,) = [n for n in _notices(school.guardian, school) if n["place"] == place]
    assert (again["id"], again["kind"]) == (notice["id"], "answer_revised.v1")


@pytest.mark.requirement("S-NOT-4", surface="api")
def test_a_notice_is_the_recipients_own(school: School) -> None:
    """Nobody opens another's; neither administration nor strangers get any."""
    plan = school.start()
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="expected", text="Räknar säkert")
    (notice,) = [n for n in _notices(school.guardian, school) if n["kind"] == "assessment_published.v1"]
    for name in ("pupil", "mentor", "outsider"):
        refused = getattr(school, name).post(f"notices/{notice['id']}/open")
        assert (refused.status, refused.problem) == (404, "notice-not-found")
    for name in ("administrator", "principal", "staff", "outsider", "classmate"):
        assert _notices(getattr(school, name), school) == []


def test_notices_come_in_pages_the_latest_first(school: School) -> None:
    """Every notice once, in order."""
    plan = school.start()
    for key, text in (("trivs", "Bra"), ("kommentar", "Inget")):
        school.pupil.put(f"{plan}/answers/{key}", text=text)
    seen: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 1}
    while True:
        page = school.guardian.get("notices", **query).body
        seen += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [n["id"] for n in seen] == [n["id"] for n in school.guardian.get("notices").body["items"]]
    assert len(seen) == 3
    assert [n["noticed_at"] for n in seen] == sorted((n["noticed_at"] for n in seen), reverse=True)


def test_who_no_longer_has_the_relation_has_no_notices_of_the_pupil(school: School) -> None:
    """They say something of the pupil, so they end with the right to know."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    assert _notices(school.guardian, school)
    school.administrator.delete(f"{school.path}/relations/{school.guardian.acting_as}")
    assert _notices(school.guardian, school) == []
