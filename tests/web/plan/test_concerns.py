"""Whoever reads a text that may not belong in the plan tells the mentor, who must see it before locking."""

from urllib.parse import urlencode

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf


def answered(school: School) -> tuple[str, str]:
    """A plan in which the pupil has answered; the addresses of the plan and of the page that tells of the answer."""
    plan = school.start()
    assert school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs bra med matten.").status == 200
    address = f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}"
    named = {"slag": "answer", "nyckel": "trivs", "roll": "pupil", "person": school.pupil.person_id}
    return address, f"{address}/granskning?{urlencode(named)}"


def test_a_text_is_shown_and_told_of_and_the_text_says_so(school: School, reader: ReaderOf) -> None:
    """The reader sees the text again, says what is wrong with it, and comes back to it; everybody reads that."""
    address, ask = answered(school)
    guardian = reader(school.guardian)
    page = guardian.get(ask)
    assert "Jag trivs bra med matten." in page.text
    assert "Hur trivs du i skolan?" in page.text
    after = guardian.submit(
        page, "#granska", **{f"granska-answer-trivs-pupil-{school.pupil.person_id}": "Stämmer det?"}
    )
    assert after.status == 200
    assert after.address == f"{address}/om-mig?klart=granskas"
    assert "Mentorn får veta det och tittar på texten." in after.text


def test_it_may_be_said_without_a_word_and_only_once(school: School, reader: ReaderOf) -> None:
    """The box may be empty; the same form sent twice is one concern."""
    _, ask = answered(school)
    pupil = reader(school.pupil, level=1)
    page = pupil.get(ask)
    assert pupil.submit(page, "#granska").status == 200
    assert pupil.submit(page, "#granska").status == 200
    assert school.codes().count("secrecy_concern_raised.v1") == 1


def test_the_guard_looks_at_what_is_said_too(school: School, reader: ReaderOf) -> None:
    """What is told of must not be repeated: the author is warned, and may go on."""
    _, ask = answered(school)
    guardian = reader(school.guardian)
    box = f"granska-answer-trivs-pupil-{school.pupil.person_id}"
    warned = guardian.submit(guardian.get(ask), "#granska", **{box: "Det står 811218-9876 i texten."})
    assert warned.has(f"#{box}-varning")
    assert "secrecy_concern_raised.v1" not in school.codes()
    assert guardian.submit(warned, "#granska", button="anda").status == 200
    assert "secrecy_concern_raised.v1" in school.codes()


def test_a_text_that_is_too_long_stays_in_the_box(school: School, reader: ReaderOf) -> None:
    """And is named on top and at the box."""
    _, ask = answered(school)
    guardian = reader(school.guardian)
    box = f"granska-answer-trivs-pupil-{school.pupil.person_id}"
    wrong = guardian.submit(guardian.get(ask), "#granska", **{box: "x" * 5000})
    assert wrong.status == 422
    assert wrong.has(f'#fel a[href="#{box}"]')
    assert wrong.one(f"#{box}").text.strip() == "x" * 5000


def test_no_other_text_is_told_of_than_one_that_is_there(school: School, reader: ReaderOf) -> None:
    """A made-up address is no page, and shows nothing."""
    address, _ = answered(school)
    guardian = reader(school.guardian)
    for named in ({"slag": "answer", "nyckel": "trivs"}, {"slag": "goal", "nyckel": "x"}, {"slag": "annat"}, {}):
        assert guardian.get(f"{address}/granskning?{urlencode(named)}").status == 404


def test_who_only_reads_is_offered_no_form(school: School, reader: ReaderOf) -> None:
    """The principal reads, and tells the mentor otherwise."""
    _, ask = answered(school)
    page = reader(school.principal).get(ask)
    assert page.status == 200
    assert not page.has("#granska")
    assert reader(school.outsider).get(ask).status == 404


def test_what_is_typed_and_not_sent_is_kept_and_can_be_thrown_away(school: School, reader: ReaderOf) -> None:
    """The draft is this text's alone; throwing it away leads back to the same page."""
    address, ask = answered(school)
    guardian = reader(school.guardian)
    box = f"granska-answer-trivs-pupil-{school.pupil.person_id}"
    guardian.submit(guardian.get(ask), "#granska", to=f"{address}/utkast", **{box: "Halvt skrivet"})
    page = guardian.get(ask)
    assert page.one(f"#{box}").text.strip() == "Halvt skrivet"
    after = guardian.submit(page, "#granska", "slang", to=f"{address}/utkast/slang")
    assert after.address == ask
    assert after.one(f"#{box}").text.strip() == ""
