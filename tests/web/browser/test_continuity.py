"""What a plan outlives and what is never enough for one: a change of teacher or school, and assessments alone."""

import pytest
from playwright.sync_api import expect

from tests.api.school import School, relate
from tests.api.template import MATHS, SWEDISH
from tests.web.browser.conftest import Site
from tests.web.browser.year import PUPIL, Someone, people
from web.texts import SWEDISH as IN_SWEDISH
from web.texts import translations

PAGE, QUESTION = "Mitt lärande", "Hur arbetar eleven?"
WORKS, COUNTS = "Arbetar gärna i par.", "Räknar säkert i huvudet."
KNOWS = "Du kan de fyra räknesätten. Du ska jobba vidare med bråk."
NOT_HELD = "No conversation has been held and ended with a locked plan this term yet."


def window(site: Site, school: School, name: str) -> Someone:
    """A window of one more of a school's people."""
    return Someone(site.window_of(getattr(school, name)), translations(IN_SWEDISH).gettext)


def is_shut_out(someone: Someone, pupil: str) -> None:
    """The page that was open is there no longer, and the pupil is not on the start page."""
    answer = someone.page.reload()
    assert answer
    assert answer.status == 404
    someone.begins()
    expect(someone.page.locator(f'a[href="/elever/{pupil}"]')).to_have_count(0)


@pytest.mark.requirement("S-GEN-4", surface="browser")
def test_the_plan_stays_whole_when_teacher_and_school_change(site: Site, own_school: School, school: School) -> None:
    """Home and whoever comes after read it at the same address, each word under its author; who has left does not."""
    before, after = own_school, school
    four = people(site, before, language="sv-SE", scripts=True)
    before.start()
    for someone in (four.teacher, four.mentor, four.guardian):
        someone.opens_the_plan()
        someone.turns_to(PAGE)
    four.teacher.answers(QUESTION, WORKS)

    assert before.administrator.delete(f"{before.path}/relations/{before.teacher.acting_as}").status == 200
    relate(before, "staff", before.student, "teacher", (MATHS,))
    is_shut_out(four.teacher, before.student)
    successor = window(site, before, "staff")
    successor.opens_the_plan()
    successor.turns_to(PAGE)
    successor.reads(WORKS, "Teacher Testteacher", within=successor.part(QUESTION))
    successor.answers(QUESTION, COUNTS)

    principal = after.administrator
    assert before.administrator.post(f"{before.path}/transfer", school_id=after.id).status == 200
    assert principal.delete(f"{before.path}/relations/{before.mentor.acting_as}").status == 200
    mentor = {"person_id": after.mentor.person_id, "role": "mentor"}
    assert principal.post(f"{before.path}/relations", **mentor).status == 201
    is_shut_out(four.mentor, before.student)
    four.guardian.page.reload()
    new = window(site, after, "mentor")
    new.page.goto(four.guardian.page.url)
    for someone in (four.guardian, new):
        someone.reads(WORKS, "Teacher Testteacher", COUNTS, "Staff Teststaff", within=someone.part(QUESTION))


@pytest.mark.requirement("S-GEN-6", surface="browser")
def test_assessments_are_part_of_the_plan_and_no_substitute_for_the_conversation(
    site: Site, own_school: School
) -> None:
    """With all of them published the conversation is still to be held; when it is, they are in what was agreed on."""
    four = people(site, own_school, language="sv-SE", scripts=True)
    plan = own_school.start()
    written = {"forecast": "expected", "text": "Du läser med flyt."}
    assert own_school.other_teacher.put(f"{plan}/assessments/{SWEDISH}", **written).status == 200
    four.teacher.opens_the_plan()
    four.teacher.turns_to("Mina omdömen")
    four.teacher.page.get_by_role("heading", name="Matematik").click()
    four.teacher.follows("Write the assessment", "Matematik")
    four.teacher.ticks("Expected to meet the criteria")
    four.teacher.writes("The assessment", KNOWS)
    four.teacher.presses("Publish")
    four.teacher.is_told("Published. The pupil, the guardians and the mentor have been told.")

    four.mentor.begins()
    four.mentor.follows(PUPIL)
    four.mentor.reads("Still to be done", NOT_HELD)
    four.mentor.opens_the_plan()
    for someone in (four.pupil, four.guardian):
        someone.opens_the_plan()
        someone.turns_to("Samtalet")
        expect(someone.part("How the conversation went")).to_have_count(0)
        someone.presses("I agree to the plan")
        someone.is_told("You have agreed to the plan as it is now.")
    four.mentor.turns_to("Samtalet")
    four.mentor.presses("Mark as agreed")
    four.mentor.is_told("The plan is locked as agreed, and everybody has been told.")
    four.mentor.begins()
    four.mentor.follows(PUPIL)
    expect(four.mentor.page.get_by_text(four.mentor.say(NOT_HELD))).to_have_count(0)

    four.guardian.turns_to("Samtalet")
    four.guardian.reads("The plan is locked as agreed.")
    expect(four.guardian.part("How the conversation went")).to_be_visible()
    four.guardian.turns_to("Mina omdömen")
    four.guardian.follows("Open/close all")
    four.guardian.reads(KNOWS, "Du läser med flyt.")
