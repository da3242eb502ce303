"""The agreement: each party says yes to what the plan says, and the mentor alone locks it (S-AGR, G-5)."""

from datetime import datetime, timedelta

from commands.context import STOCKHOLM
from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_conversation import of, place

PUPIL, GUARDIAN = "skal-pupil_missing", "skal-guardian_missing"


def locks(school: School) -> int:
    """How often a plan of the pupil has been locked."""
    return school.codes().count("plan_locked.v1")


def test_all_agree_and_the_mentor_locks(school: School, reader: ReaderOf) -> None:
    """Pupil and guardian say yes, the mentor sees that nothing hinders, and the plan says who locked it and when."""
    plan = school.start()
    pupil, guardian, mentor = reader(school.pupil, level=1), reader(school.guardian), reader(school.mentor)
    for person in (pupil, guardian):
        after = person.submit(person.get(place(school, plan)), "#overens")
        assert "Du är överens om planen" in after.text
        assert not after.has("#overens")
    page = mentor.get(place(school, plan))
    assert not page.has("#las textarea")
    locked = mentor.submit(page, "#las")
    assert "Planen är låst som överenskommen och alla har fått veta det." in locked.text
    assert "Mentor Testmentor" in locked.one("#overenskommelse").get_text()
    assert "Är överens:" in of(locked, "overenskommelse", "Testpupil")
    assert "Var inte överens" in of(locked, "overenskommelse", "Testother_guardian")
    assert not locked.has("#las")
    assert locks(school) == 1


def test_the_lock_needs_a_reason_for_each_thing_that_hinders_it(school: School, reader: ReaderOf) -> None:
    """A box for each party that is missing and each open concern; with all of them filled in the plan is locked."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs.")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    concern = f"skal-{school.guardian.post(f'{plan}/concerns', target=target).id}"
    mentor = reader(school.mentor)
    wrong = mentor.submit(mentor.get(place(school, plan)), "#las", **{PUPIL: "Eleven är sjuk."})
    assert wrong.status == 422
    assert [str(link["href"]) for link in wrong.soup.select("#fel a")] == [f"#{GUARDIAN}", f"#{concern}"]
    assert wrong.one(f"#{PUPIL}").text.strip() == "Eleven är sjuk."
    assert locks(school) == 0
    reasons = {PUPIL: "Ledig.", GUARDIAN: "Kom inte.", concern: "Vi är överens om texten."}
    locked = mentor.submit(wrong, "#las", **reasons)
    shown = locked.one("#overenskommelse").get_text(" ")
    for words in ("Eleven är inte överens", "Ingen vårdnadshavare är överens", *reasons.values()):
        assert words in shown
    assert locks(school) == 1


def test_a_lock_that_comes_too_late_gives_its_reasons_back(school: School, reader: ReaderOf) -> None:
    """Pressed twice it is the same lock; other reasons are not those that the plan was locked with."""
    plan = school.start()
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    for _ in range(2):
        assert mentor.submit(page, "#las", **{PUPIL: "Ledig.", GUARDIAN: "Kom inte."}).status == 200
    late = mentor.submit(page, "#las", **{PUPIL: "Sjuk", GUARDIAN: "Kom inte."})
    assert (late.status, late.all("main textarea")[1:]) == (409, ["Sjuk", "Kom inte."]), "after the day"
    assert locks(school) == 1


def test_a_plan_that_changed_while_the_mentor_read_is_shown_again(school: School, reader: ReaderOf) -> None:
    """The page says what changed and asks again, with the reasons kept; then nothing of what was agreed stands."""
    plan = school.start()
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    school.pupil.put(f"{plan}/answers/trivs", text="Bra.")
    again = mentor.submit(page, "#las", **{PUPIL: "Ledig.", GUARDIAN: "Kom inte."})
    assert again.status == 409
    assert again.all("#andrat li") == ["Svar: Hur trivs du i skolan? (Pupil Testpupil)"]
    assert again.one(f"#{PUPIL}").text.strip() == "Ledig."
    assert locks(school) == 0
    assert mentor.submit(again, "#las").status == 200
    assert locks(school) == 1


def test_what_hinders_the_lock_is_what_hinders_it_now(school: School, reader: ReaderOf) -> None:
    """Who agreed meanwhile needs no reason any more; a concern that came meanwhile needs one."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs.")
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    version = school.content_version(plan)
    assert school.pupil.post(f"{plan}/agreements", plan_version=version).status == 201
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    concern = f"skal-{school.pupil.post(f'{plan}/concerns', target=target).id}"
    wrong = mentor.submit(page, "#las", **{PUPIL: "Ledig.", GUARDIAN: "Kom inte."})
    assert [str(link["href"]) for link in wrong.soup.select("#fel a")] == [f"#{concern}"]
    assert not wrong.has(f"#{PUPIL}")
    assert mentor.submit(wrong, "#las", **{concern: "Hör ihop med målet."}).status == 200
    assert locks(school) == 1


def test_proposals_are_decided_on_first(school: School, reader: ReaderOf) -> None:
    """While one is neither accepted nor declined the page says which, and offers no lock."""
    plan = school.start()
    goal = school.propose(plan)
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    assert not page.has("#las")
    assert "ta ställning till 1 mål" in page.text
    assert (
        page.one("#overenskommelse .notice a")["href"]
        == f"{place(school, plan, 'min-iup')}#mal-{goal.rsplit('/', 1)[-1]}"
    )
    school.accept(goal)
    assert mentor.get(place(school, plan)).has("#las")


def test_the_conversation_has_been_held_when_the_plan_is_locked(school: School, reader: ReaderOf) -> None:
    """A day to come is named at its field; an earlier one is kept."""
    plan = school.start()
    mentor = reader(school.mentor)
    today = datetime.now(STOCKHOLM).date()
    reasons = {PUPIL: "Ledig.", GUARDIAN: "Kom inte."}
    page = mentor.get(place(school, plan))
    for day in (str(today + timedelta(days=1)), "i går", ""):
        wrong = mentor.submit(page, "#las", samtalsdag=day, **reasons)
        assert wrong.status == 422
        assert wrong.has('#fel a[href="#samtalsdag"]')
    assert mentor.submit(page, "#las", samtalsdag=str(today - timedelta(days=2)), **reasons).status == 200
    assert school.mentor.get(plan).body["lock"]["conversation_on"] == str(today - timedelta(days=2))


def test_the_form_sent_twice_locks_once(school: School, reader: ReaderOf) -> None:
    """The second time, and from another window, the page shows how it stands."""
    plan = school.start()
    mentor = reader(school.mentor)
    page, window = mentor.get(place(school, plan)), mentor.get(place(school, plan))
    for sent in (page, page, window):
        seen = mentor.submit(sent, "#las", **{PUPIL: "Ledig.", GUARDIAN: "Kom inte."})
        assert seen.status == 200
        assert "Planen är låst som överenskommen." in seen.text
    assert locks(school) == 1


def test_nobody_but_the_mentor_is_offered_the_lock(school: School, reader: ReaderOf) -> None:
    """Nor does anybody but pupil and guardians say yes; who sends a form all the same is refused."""
    plan = school.start()
    theirs = reader(school.mentor).get(place(school, plan))
    for person, level in (
        (school.pupil, 1),
        (school.guardian, 2),
        (school.teacher, 2),
        (school.educator, 2),
        (school.principal, 2),
        (school.administrator, 2),
    ):
        own = reader(person, level=level)
        page = own.get(place(school, plan))
        assert page.status == 200
        assert not page.has("#las")
        assert page.has("#overens") == (person in (school.pupil, school.guardian))
        token = str(page.soup.select("[name=form_token]")[0]["value"])
        made_up = {"form_token": token, "som": "", PUPIL: "Nej.", GUARDIAN: "Nej."}
        assert own.submit(theirs, "#las", **made_up).status == 403
    assert locks(school) == 0


def test_an_agreement_lapses_in_words_and_is_given_again(school: School, reader: ReaderOf) -> None:
    """What the plan says now is what is agreed to."""
    plan = school.start()
    guardian = reader(school.guardian)
    guardian.submit(guardian.get(place(school, plan)), "#overens")
    school.propose(plan)
    page = guardian.get(place(school, plan))
    row = of(page, "overenskommelse", "Testguardian")
    assert "Gäller inte längre: planen ändrades" in row
    assert "Mål: Jag vill kunna tiokamraterna" in row
    assert "Du är överens" in guardian.submit(page, "#overens").text


def test_a_guardian_who_is_none_any_more_does_not_count(school: School, reader: ReaderOf) -> None:
    """The agreement stays in the file, and the page says why it no longer counts."""
    plan = school.start()
    version = school.content_version(plan)
    assert school.guardian.post(f"{plan}/agreements", plan_version=version).status == 201
    relation = f"students/{school.student}/relations/{school.guardian.acting_as}"
    assert school.administrator.delete(relation).status == 200
    page = reader(school.mentor).get(place(school, plan))
    assert "Räknas inte längre" in of(page, "overenskommelse", "Testguardian")
    assert page.has(f"#{GUARDIAN}")


def test_reasons_are_looked_through_too(school: School, reader: ReaderOf) -> None:
    """The mentor is warned of what must not stand in a plan, and may go on."""
    plan = school.start()
    mentor = reader(school.mentor)
    reasons = {PUPIL: "Saknar 811218-9876.", GUARDIAN: "Kom inte."}
    warned = mentor.submit(mentor.get(place(school, plan)), "#las", **reasons)
    assert warned.has(f"#{PUPIL}-varning")
    assert locks(school) == 0
    assert mentor.submit(warned, "#las", button="anda").status == 200
    assert locks(school) == 1
