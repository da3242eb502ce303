"""A teacher who looks at a class is on record as its teacher, whatever else the teacher is to one of the pupils."""

from tests.api.conftest import installation, own_school, portal, school, shared
from tests.api.school import School
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf, reader

__all__ = ["installation", "own_school", "portal", "reader", "school", "shared"]


def test_a_parent_who_teaches_the_class_looks_as_its_teacher(own_school: School, reader: ReaderOf) -> None:
    """The relation that the pages of a class are read in is the one in which the subject is assessed."""
    school = own_school
    teacher, relation = school.known.people["teacher"], ""
    for role, subjects in (("guardian", []), ("teacher", [MATHS])):
        body = {"person_id": teacher["person_id"], "role": role, "subjects": subjects}
        relation = school.administrator.post(f"students/{school.other_student}/relations", **body).id
    started = {"template_id": school.template, "template_version": 1, "school_year": "2026/2027", "term": "HT"}
    body = {"person_id": school.mentor.person_id, "role": "mentor", "subjects": []}
    mentor = school.administrator.post(f"students/{school.other_student}/relations", **body).id
    assert school.mentor.post(f"students/{school.other_student}/plans", as_=mentor, **started).id
    page = reader(school.teacher).get(f"/klasser/{school.group}/omdomen/{MATHS}")
    assert "Classmate Testclassmate" in page.text
    looks = school.outsider.items(f"students/{school.other_student}/access-record")
    found = [look for look in looks if look["correlation_id"] == page.headers["x-request-id"]]
    assert [(look["role"], look["relation_id"]) for look in found] == [("teacher", relation)]
