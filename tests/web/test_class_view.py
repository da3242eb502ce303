"""The plans of a class: for its teachers and the school's administration, only files that they may read, on record."""

import pytest

from tests.api.conftest import Installation, installation, own_school, portal, school, shared
from tests.api.school import School, relate
from tests.api.template import MATHS
from tests.api.test_assessments import EXPECTED
from tests.api.test_reading_rights import at_level
from tests.web.plan.conftest import ReaderOf, reader

__all__ = ["installation", "own_school", "portal", "reader", "school", "shared"]


def address(school: School) -> str:
    """Where the class is."""
    return f"/klasser/{school.group}/iup"


@pytest.mark.requirement("S-GEN-8")
def test_a_teacher_sees_the_taught_and_nobody_else(own_school: School, reader: ReaderOf) -> None:
    """The class-mate whom the teacher does not teach is not named; words beside every bar; one click to the pupil."""
    plan = own_school.start()
    own_school.propose(plan, subjects=[MATHS])
    own_school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    page = reader(own_school.teacher).get(address(own_school))
    assert page.status == 200
    assert page.all("table.pupils tbody th") == ["Pupil Testpupil"]
    assert "Classmate" not in page.text
    assert "Elev: 1 av 3" in page.text
    assert "1 förslag" in page.text
    assert page.has(f'tbody a[href="/elever/{own_school.student}/iup"]')
    assert [link["href"] for link in page.soup.select('a[href*="/omdomen/"]')] == [
        f"{address(own_school)[:-4]}/omdomen/{MATHS}"
    ]


def test_an_open_risk_stands_by_its_subject(own_school: School, reader: ReaderOf) -> None:
    """Until the action programme is linked."""
    plan = own_school.start()
    own_school.teacher.put(f"{plan}/assessments/{MATHS}", **EXPECTED | {"forecast": "at_risk"})
    page = reader(own_school.mentor).get(address(own_school))
    assert page.all('tbody tr [data-label="Risk utan åtgärdsprogram"]') == ["Matematik"]


def test_everybody_in_the_table_is_looked_at_on_record(own_school: School, reader: ReaderOf) -> None:
    """One page, one look with each pupil, at the overview."""
    own_school.start()
    page = reader(own_school.mentor).get(address(own_school))
    looks = own_school.guardian.items(f"{own_school.path}/access-record")
    parts = [look["part"] for look in looks if look["correlation_id"] == page.headers["x-request-id"]]
    assert parts == ["overview"]


def test_the_table_can_be_sorted_without_scripts(own_school: School, reader: ReaderOf) -> None:
    """By links; the sorted column says so to a screen reader; who has no plan is there too."""
    own_school.start()
    relate(own_school, "mentor", own_school.other_student, "mentor")
    visitor = reader(own_school.mentor)
    by_name = visitor.get(address(own_school))
    assert by_name.all("tbody th") == ["Classmate Testclassmate", "Pupil Testpupil"]
    assert by_name.all('[aria-sort="ascending"]') == ["Elev"]
    by_missing = visitor.get(f"{address(own_school)}?ordna=svar")
    assert by_missing.all("tbody th") == ["Pupil Testpupil", "Classmate Testclassmate"]
    assert by_missing.all('[aria-sort="descending"]') == ["Svar"]
    assert "ingen plan är startad än" in by_missing.text
    assert visitor.get(f"{address(own_school)}?ordna=okänd").status == 200


def test_the_table_says_whose_answers_are_missing(own_school: School, reader: ReaderOf) -> None:
    """For each party; what need not be answered is missing from nobody, and who has answered is not named (S-OVR-4)."""
    school = own_school
    plan = school.start()
    said = 'tbody td[data-label="Svar"] > p'
    visitor = reader(school.mentor)
    assert visitor.get(address(school)).all(said) == ["Svar saknas: elev 2, vårdnadshavare 1, lärare 1, mentor 1"]
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    school.guardian.put(f"{plan}/answers/hemma", text="Läser mycket")
    assert visitor.get(address(school)).all(said) == ["Svar saknas: elev 1, lärare 1, mentor 1"]


@pytest.mark.parametrize("who", ["guardian", "outsider", "staff"])
def test_who_works_with_nobody_in_the_class_meets_no_class(own_school: School, reader: ReaderOf, who: str) -> None:
    """The answer is that of a class that does not exist."""
    own_school.start()
    assert reader(getattr(own_school, who)).get(address(own_school)).status == 404


def test_a_weak_sign_in_is_asked_for_more(own_school: School, reader: ReaderOf) -> None:
    """A teacher with level 1 is led to a stronger sign-in, and sees nobody."""
    own_school.start()
    page = reader(own_school.teacher, level=1).get(address(own_school))
    assert "Testpupil" not in page.text
    assert page.status == 403


def test_those_at_home_are_reminded_once_a_day_from_the_table(own_school: School, reader: ReaderOf) -> None:
    """Of one pupil or the whole class; then the table says when, and the button is gone until tomorrow."""
    own_school.start()
    visitor = reader(own_school.mentor)
    page = visitor.get(address(own_school))
    assert len(page.soup.select('form[action$="/paminn"]')) == 2
    done = visitor.submit(page, "form#paminn")
    assert "får en notis" in done.one('[role="status"]').get_text()
    assert "Påmind" in done.text
    assert not done.has('form[action$="/paminn"]')
    notices = reader(own_school.guardian).get("/notiser")
    assert "påminner dig om att förbereda" in notices.text
    again = visitor.submit(page, "tbody form", command_key="en-annan")
    assert (again.status, "redan påminda" in again.text) == (409, True)
    assert reader(own_school.guardian).get("/").text.count("påminner dig") == 1


def test_a_protected_pupil_is_there_for_the_named_with_a_strong_sign_in(
    own_school: School, reader: ReaderOf, installation: Installation
) -> None:
    """With a weaker one the page says that somebody is missing, not who; a teacher who is not named meets no class."""
    own_school.start()
    own = own_school.mentor.acting_as
    relate(own_school, "mentor", own_school.other_student, "mentor")
    own_school.known.people["mentor"]["acting_as"] = own
    principal = at_level(installation, own_school.principal, 3)
    named = [own_school.mentor.person_id]
    marked = principal.put(f"{own_school.path}/protection", kind="secrecy_marking", readers=named)
    assert marked.status == 200
    weak = reader(own_school.mentor).get(address(own_school))
    assert weak.all("tbody th") == ["Classmate Testclassmate"]
    assert "Testpupil" not in weak.text
    assert "Logga in på ett säkrare sätt" in weak.text
    assert weak.has('a[href^="/logga-in/hojd?till="][href$="&niva=3"]')
    strong = reader(own_school.mentor, level=3).get(address(own_school))
    assert strong.all("tbody th") == ["Classmate Testclassmate", "Pupil Testpupil"]
    assert reader(own_school.teacher, level=3).get(address(own_school)).status == 404


def test_nobody_is_offered_to_remind_of_a_comment_box(own_school: School, reader: ReaderOf) -> None:
    """What need not be answered leaves a bar not full, and no button: pressed, it would be refused (S-OVR-4)."""
    school = own_school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    school.guardian.put(f"{plan}/answers/hemma", text="Läser mycket")
    mentor = reader(school.mentor)
    offer = f'button[value^="{school.student}"], input[value^="{school.student}"]'
    assert mentor.get(address(school)).has(offer)
    school.pupil.put(f"{plan}/answers/lasning", choice="latt")
    assert not mentor.get(address(school)).has(offer)
    assert school.mentor.post(f"{plan}/reminders").problem == "nobody-to-remind"


@pytest.mark.requirement("S-ROL-6")
@pytest.mark.requirement("S-NAV-5")
@pytest.mark.parametrize("who", ["administrator", "principal"])
def test_who_keeps_the_school_finds_every_pupils_plan(own_school: School, reader: ReaderOf, who: str) -> None:
    """From the start page to the class and the pupil; to read, not to remind, and each is a look on record."""
    own_school.start()
    person = getattr(own_school, who)
    visitor = reader(person)
    start = visitor.get("/")
    assert "Skolans klasser" in start.all("h2")
    page = visitor.get(str(start.one(f'a[href="{address(own_school)}"]')["href"]))
    assert page.all("tbody th") == ["Classmate Testclassmate", "Pupil Testpupil"]
    assert not page.has("main form"), "those at home are reminded by who works with them"
    assert not page.has('a[href*="/omdomen/"]')
    pupil = visitor.get(f"/elever/{own_school.student}/iup")
    assert (pupil.status, "Pupil Testpupil" in pupil.text) == (200, True)
    looks = own_school.guardian.items(f"{own_school.path}/access-record")
    mine = [look for look in looks if look["correlation_id"] == page.headers["x-request-id"]]
    assert [(look["role"], look["part"]) for look in mine] == [(who, "overview")]


def test_who_keeps_another_school_finds_no_class(own_school: School, school: School, reader: ReaderOf) -> None:
    """A part at one school says nothing of another, nor of a pupil of the class who has moved there."""
    own_school.start()
    assert reader(school.principal).get(address(own_school)).status == 404
    page = reader(own_school.principal, level=1).get(address(own_school))
    assert (page.status, "Testpupil" in page.text) == (403, False)
    assert own_school.administrator.post(f"{own_school.path}/transfer", school_id=school.id).status == 200
    assert reader(own_school.principal).get(address(own_school)).all("tbody th") == ["Classmate Testclassmate"]


def test_a_protected_pupil_is_in_the_class_of_a_named_principal_alone(
    own_school: School, reader: ReaderOf, installation: Installation
) -> None:
    """The administrator, who is not named, sees the others; the principal is asked for a stronger sign-in."""
    own_school.start()
    principal = at_level(installation, own_school.principal, 3)
    named = [own_school.principal.person_id, own_school.mentor.person_id]
    assert principal.put(f"{own_school.path}/protection", kind="secrecy_marking", readers=named).status == 200
    for person, level in ((own_school.administrator, 3), (own_school.principal, 2)):
        assert reader(person, level=level).get(address(own_school)).all("tbody th") == ["Classmate Testclassmate"]
    strong = reader(own_school.principal, level=3).get(address(own_school))
    assert strong.all("tbody th") == ["Classmate Testclassmate", "Pupil Testpupil"]


def test_a_class_that_is_over_says_so(own_school: School, reader: ReaderOf) -> None:
    """Whose schooling has ended is read as before; where nobody is left the page says that too."""
    own_school.start()
    school = own_school
    school.end_schooling()
    one = reader(school.principal).get(address(school))
    assert "skolgången avslutades" in one.text
    assert "Alla i den här klassen har avslutat" not in one.text
    for student in (school.student, school.other_student):
        assert school.administrator.delete(f"students/{student}/groups/{school.group}").status == 200
    empty = reader(school.principal).get(address(school))
    assert "ingen i den här klassen" in empty.text
    assert reader(school.mentor).get(address(school)).status == 404
