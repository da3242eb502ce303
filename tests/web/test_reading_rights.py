"""Who may read about a child: what a guardian of several parts can do there, and what is said to one who asks twice."""

from datetime import timedelta

import pytest

from tests.api.conftest import Installation, installation, own_school, portal, school, shared
from tests.api.school import School, relate
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf, reader
from tests.web.reader import Reader, Seen

__all__ = ["installation", "own_school", "portal", "reader", "school", "shared"]

DELEGATE = "form[data-warn]"
END = 'form[action$="/avsluta"]'


@pytest.fixture
def until(installation: Installation) -> str:
    """A day until which another adult may read."""
    return (installation.clock() + timedelta(days=30)).date().isoformat()


def readers_of(school: School, who: Reader) -> Seen:
    """The page that says who reads about the pupil."""
    return who.get(f"/elever/{school.student}/lasratt")


def let_outsider_read(school: School, who: Reader, until: str) -> Seen:
    """Somebody lets the outsider read until a day."""
    page = readers_of(school, who)
    return who.submit(page, DELEGATE, person=school.outsider.person_id, until=until, consent="ja")


def test_a_guardian_who_also_teaches_the_child_is_a_guardian_here(
    own_school: School, until: str, reader: ReaderOf
) -> None:
    """Whichever relation came first: another adult is let in, and shut out again."""
    relate(own_school, "teacher", own_school.student, "guardian")
    both = reader(own_school.teacher)
    given = let_outsider_read(own_school, both, until)
    assert given.all("[role=status]") == ["Nu kan den vuxna läsa."]
    assert both.submit(given, END).all("[role=status]") == ["Den vuxna kan inte läsa längre."]


def test_a_teacher_of_the_child_who_reads_by_leave_gives_the_leave_up(
    own_school: School, until: str, reader: ReaderOf
) -> None:
    """And goes on as the child's teacher."""
    person_id = own_school.teacher.person_id
    own_school.guardian.post(f"{own_school.path}/delegations", person_id=person_id, until=until)
    teacher = reader(own_school.teacher)
    ended = teacher.submit(readers_of(own_school, teacher), END)
    assert ended.all("[role=status]") == ["Den vuxna kan inte läsa längre."]
    assert not ended.has(END)


def test_whoever_reads_already_is_named_at_the_field(own_school: School, until: str, reader: ReaderOf) -> None:
    """Once more is no page that only says no: what was typed stands in the form."""
    guardian = reader(own_school.guardian)
    let_outsider_read(own_school, guardian, until)
    again = let_outsider_read(own_school, guardian, until)
    assert again.status == 422
    assert again.all(".error li") == ["Den vuxna kan redan läsa"]
    assert again.one("#person")["value"] == own_school.outsider.person_id


def test_a_notice_leads_to_whoever_was_let_in(own_school: School, until: str, reader: ReaderOf) -> None:
    """The mentor follows it to the very row, also of somebody who has another relation before it."""
    relate(own_school, "outsider", own_school.student, "teacher", (MATHS,))
    let_outsider_read(own_school, reader(own_school.guardian), until)
    mentor = reader(own_school.mentor)
    (notice,) = [one for one in own_school.mentor.items("notices") if one["kind"] == "read_delegated.v1"]
    followed = mentor.get(f"/notiser/{notice['id']}")
    path, anchor = notice["place"].split("#")
    assert (followed.address, followed.status) == (path, 200)
    assert "Outsider" in followed.one(f"li[id={anchor}]").text
    places = [str(row["id"]) for row in followed.soup.select("[id^=relation-]")]
    held = [f"relation-{one['id']}" for one in own_school.mentor.get(own_school.path).body["relations"] if one["holds"]]
    assert sorted(places) == sorted(held)
