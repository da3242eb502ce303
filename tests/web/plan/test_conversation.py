"""The conversation: guardians read, say what to talk about and how it went; the mentor sees it all, closes concerns."""

from urllib.parse import urlencode

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.reader import Seen

CORRECTED = {"ratta": "Läxorna i svenska.", "skal": "Fel ämne."}


def place(school: School, plan: str, page: str = "samtalet") -> str:
    """Where a page of the plan is."""
    return f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}/{page}"


def of(page: Seen, section: str, name: str) -> str:
    """What a part of the page says of somebody."""
    (row,) = [text for text in page.all(f"#{section} .parties > li") if name in text]
    return row


def test_a_guardian_confirms_and_it_lapses_in_words_when_the_plan_changes(school: School, reader: ReaderOf) -> None:
    """Everybody sees who has read the plan as it is, and what has changed since somebody did."""
    plan = school.start()
    guardian, mentor = reader(school.guardian), reader(school.mentor)
    page = guardian.get(place(school, plan))
    assert "Har inte bekräftat än" in of(page, "bekraftelse", "Testguardian")
    after = guardian.submit(page, "#bekrafta")
    assert "Du har bekräftat" in after.text
    assert not after.has("#bekrafta")
    row = of(mentor.get(place(school, plan)), "bekraftelse", "Testguardian")
    assert "Har läst planen:" in row
    assert school.pupil.put(f"{plan}/answers/trivs", text="Bra.").status == 200
    row = of(mentor.get(place(school, plan)), "bekraftelse", "Testguardian")
    assert "Gäller inte längre: planen ändrades" in row
    assert "Svar: Hur trivs du i skolan? (Pupil Testpupil)" in row
    assert guardian.get(place(school, plan)).has("#bekrafta")


def test_who_confirms_what_has_changed_meanwhile_is_shown_what_and_asked_again(
    school: School, reader: ReaderOf
) -> None:
    """Nobody confirms having read what was not there to read."""
    plan = school.start()
    guardian = reader(school.guardian)
    page = guardian.get(place(school, plan))
    school.propose(plan)
    again = guardian.submit(page, "#bekrafta")
    assert again.status == 409
    assert again.all("#andrat li") == ["Mål: Jag vill kunna tiokamraterna (Pupil Testpupil)"]
    assert "reading_confirmed.v1" not in school.codes()
    assert guardian.submit(again, "#bekrafta").status == 200
    assert "reading_confirmed.v1" in school.codes()


def test_the_same_form_sent_twice_confirms_once(school: School, reader: ReaderOf) -> None:
    """And leads to the same place; so does a form from another window."""
    plan = school.start()
    guardian = reader(school.guardian)
    page, window = guardian.get(place(school, plan)), guardian.get(place(school, plan))
    for sent in (page, page, window):
        assert guardian.submit(sent, "#bekrafta").status == 200
    assert school.codes().count("reading_confirmed.v1") == 1


def test_each_guardian_notes_what_to_talk_about_and_all_read_it(school: School, reader: ReaderOf) -> None:
    """One's own text can be changed; the other guardian's is read."""
    plan = school.start()
    guardian, other = reader(school.guardian), reader(school.other_guardian)
    saved = guardian.submit(guardian.get(place(school, plan)), "#synpunkt-form", synpunkt="Läxorna.")
    assert "Sparat" in saved.text
    assert saved.one("#synpunkt").text.strip() == "Läxorna."
    page = other.get(place(school, plan))
    assert "Läxorna." in page.text
    assert page.one("#synpunkt").text.strip() == ""
    other.submit(page, "#synpunkt-form", synpunkt="Rasterna.")
    page = reader(school.mentor).get(place(school, plan))
    assert "Läxorna." in page.text
    assert "Rasterna." in page.text
    assert not page.has("#synpunkt-form")


def test_a_text_saved_in_two_windows_stands_beside_the_other(school: School, reader: ReaderOf) -> None:
    """The second author chooses; nothing is lost."""
    plan = school.start()
    guardian = reader(school.guardian)
    first, second = guardian.get(place(school, plan)), guardian.get(place(school, plan))
    guardian.submit(first, "#synpunkt-form", synpunkt="Läxorna.")
    both = guardian.submit(second, "#synpunkt-form", synpunkt="Rasterna.")
    assert both.status == 409
    assert "Läxorna." in both.text
    assert both.one("#synpunkt").text.strip() == "Rasterna."
    assert "Rasterna." in guardian.submit(both, "#konflikt").text


def test_an_empty_box_is_named_and_a_warned_text_may_be_saved(school: School, reader: ReaderOf) -> None:
    """The page says what is missing at the box; a warned author may go on, and only that form asks."""
    plan = school.start()
    guardian = reader(school.guardian)
    wrong = guardian.submit(guardian.get(place(school, plan)), "#synpunkt-form", synpunkt="  ")
    assert wrong.status == 422
    assert wrong.has('#fel a[href="#synpunkt"]')
    warned = guardian.submit(wrong, "#synpunkt-form", synpunkt="Det gäller 811218-9876.")
    assert warned.has("#synpunkt-varning")
    assert len(warned.soup.select('button[name="anda"]')) == 1
    assert "Sparat" in guardian.submit(warned, "#synpunkt-form", button="anda").text


def test_the_mentor_closes_a_concern_with_a_reason_that_all_read(school: School, reader: ReaderOf) -> None:
    """The text, who asked and what was found stand on the page; an empty reason closes nothing."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs.")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    concern = school.guardian.post(f"{plan}/concerns", target=target, text="För privat.").id
    mentor = reader(school.mentor)
    page = mentor.get(place(school, plan))
    assert "Jag trivs." in page.one(f"#granskning-{concern}").get_text()
    assert "För privat." in page.one(f"#granskning-{concern}").get_text()
    wrong = mentor.submit(page, f"#avsluta-{concern}")
    assert wrong.status == 422
    after = mentor.submit(wrong, f"#avsluta-{concern}", **{f"avslut-{concern}": "Vi pratade om det."})
    assert after.status == 200
    pressed_twice = mentor.submit(wrong, f"#avsluta-{concern}", **{f"avslut-{concern}": "Vi pratade om det."})
    assert pressed_twice.status == 200
    too_late = mentor.submit(wrong, f"#avsluta-{concern}", **{f"avslut-{concern}": "Ja"})
    assert (too_late.status, too_late.all("main textarea")) == (409, ["Ja"])
    assert "redan gjort" in too_late.text
    assert school.codes().count("secrecy_concern_closed.v1") == 1
    seen = reader(school.guardian).get(place(school, plan)).one(f"#granskning-{concern}").get_text(" ")
    assert "Vi pratade om det." in seen
    assert "Mentor Testmentor" in seen


def test_only_the_mentor_is_offered_to_close(school: School, reader: ReaderOf) -> None:
    """Others see that it waits; a form that somebody makes up is refused."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs.")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    concern = school.guardian.post(f"{plan}/concerns", target=target).id
    for person in (school.guardian, school.teacher, school.principal):
        page = reader(person).get(place(school, plan))
        assert page.has(f"#granskning-{concern} .waits")
        assert not page.has(f"#avsluta-{concern}")


def test_how_it_went_is_asked_once_the_plan_is_locked(school: School, reader: ReaderOf) -> None:
    """Before the conversation there is nothing to evaluate."""
    plan = school.start()
    guardian = reader(school.guardian)
    assert not guardian.get(place(school, plan)).has("#utvardering")
    school.lock(plan)
    page = guardian.get(place(school, plan))
    assert not page.has("#synpunkt-form")
    saved = guardian.submit(page, "#utvardering-form", samtalets_utvardering="Vi fick tid att prata.")
    assert "Sparat" in saved.text
    assert "Vi fick tid att prata." in reader(school.mentor).get(place(school, plan)).text


def test_an_archived_plan_says_how_it_stood_and_offers_nothing(school: School, reader: ReaderOf) -> None:
    """Also one that was never locked; it reads in English too."""
    plan = school.start()
    school.start(reason="Började om.")
    for person in (school.guardian, school.mentor):
        page = reader(person).get(place(school, plan))
        assert page.status == 200
        assert "Planen låstes inte som överenskommen." in page.text
        assert not page.has("main form")
    assert "The plan was not locked as agreed." in reader(school.mentor, language="en").get(place(school, plan)).text


def test_a_concern_is_told_of_on_the_page_of_the_text(school: School, reader: ReaderOf) -> None:
    """A viewpoint has the way to tell of it, and from then on says that somebody has."""
    plan = school.start()
    school.guardian.put(f"{plan}/viewpoint", text="Läxorna.")
    pupil = reader(school.pupil, level=1)
    page = pupil.get(place(school, plan))
    named = {"slag": "viewpoint", "nyckel": "", "roll": "", "person": school.guardian.person_id}
    ask = f"{place(school, plan, 'granskning')}?{urlencode(named)}"
    assert page.one("#synpunkter .concern a")["href"] == ask
    after = pupil.submit(pupil.get(ask), "#granska")
    assert after.has("#synpunkter .watched")


def test_what_was_done_is_not_said_again_to_who_comes_back(school: School, reader: ReaderOf) -> None:
    """Throwing a draft away leads back to the page, not to what was saved there before."""
    plan = school.start()
    guardian = reader(school.guardian)
    saved = guardian.submit(guardian.get(place(school, plan)), "#synpunkt-form", synpunkt="Läxorna.")
    guardian.submit(saved, "#synpunkt-form", to=place(school, plan, "utkast"), synpunkt="Rasterna.")
    page = guardian.get(saved.address)
    assert page.one("#synpunkt").text.strip() == "Rasterna."
    after = guardian.submit(page, "#synpunkt-form", "slang", to=place(school, plan, "utkast/slang"))
    assert after.address == place(school, plan)
    assert after.one("#synpunkt").text.strip() == "Läxorna."


def test_after_the_lock_what_was_said_is_put_right_with_a_reason(school: School, reader: ReaderOf) -> None:
    """By its author or the mentor, also in the archive; what stood there before is folded under it."""
    plan = school.start()
    school.guardian.put(f"{plan}/viewpoint", text="Läxorna i matte.")
    school.lock(plan)
    school.start(school_year="2027/2028", reason="Nytt läsår.")
    for person in (school.other_guardian, school.pupil, school.teacher):
        assert not reader(person).get(place(school, plan)).has('[href*="rattelse"]')
    mentor = reader(school.mentor)
    ask = str(mentor.get(place(school, plan)).one('#synpunkter [href*="rattelse"]')["href"])
    fields = {f"{what}-viewpoint-{school.guardian.person_id}": text for what, text in CORRECTED.items()}
    after = reader(school.guardian)
    shown = after.submit(after.get(ask), "#ratta", **fields).one("#synpunkter").get_text(" ")
    for words in ("Läxorna i svenska.", "Fel ämne.", "Rättat av", "Läxorna i matte."):
        assert words in shown
