"""How long a text may be: the page says how much too long it is, keeps what it can, and takes a page that is full."""

from typing import Any

import pytest

from events.text import LONGEST_PROSE
from store.drafts import LONGEST
from tests.api.school import School
from tests.api.template import approved, template
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_questions import address

MANY = 30
BOX = "svar-trivs-pupil"


def with_many(content: dict[str, Any]) -> dict[str, Any]:
    """A template whose first page asks the pupil a great deal."""
    asked = [{"key": f"fraga{n}", "text": f"Fråga {n}?", "directed_to": ["pupil"]} for n in range(MANY)]
    content["pages"][0]["questions"] += asked
    return content


@pytest.mark.parametrize("sign", ["😀", "ض"])
def test_a_page_whose_boxes_are_all_full_is_saved(own_school: School, reader: ReaderOf, sign: str) -> None:
    """In any script: what a sign takes on its way is not what its author can know."""
    school = own_school
    school.template = approved(school, with_many(template("Lång")))
    at = address(school, school.start(), "om-mig")
    pupil = reader(school.pupil)
    page = pupil.get(at)
    full = {str(one["name"]): sign * LONGEST_PROSE for one in page.soup.select("#svar textarea")}
    assert len(full) == MANY + 1
    saved = pupil.submit(page, "#svar", **full)
    assert saved.status == 200
    assert [one.get_text().strip() for one in saved.soup.select("#svar textarea")] == list(full.values())


def test_a_text_that_is_too_long_says_how_much(school: School, reader: ReaderOf) -> None:
    """In characters as people count them, over what fits; all of it stays in the box."""
    at = address(school, school.start(), "om-mig")
    pupil = reader(school.pupil)
    wrong = pupil.submit(pupil.get(at), "#svar", **{BOX: "😀" * (LONGEST_PROSE + 312)})
    assert wrong.status == 422
    said = wrong.one(f"#{BOX}-fel").get_text()
    assert f"Högst {LONGEST_PROSE} tecken får plats här, och texten har 312 för många" in said
    assert wrong.one(f"#{BOX}").get_text().strip() == "😀" * (LONGEST_PROSE + 312)
    assert wrong.one(f"#{BOX}")["data-most"] == str(LONGEST_PROSE)
    english = reader(school.pupil, language="en")
    wrong = english.submit(english.get(at), "#svar", **{BOX: "x" * (LONGEST_PROSE + 1)})
    assert "At most 4000 characters fit here, and the text has 1 too many" in wrong.text


def test_a_draft_waits_until_it_is_shortened_or_is_named_as_not_kept(school: School, reader: ReaderOf) -> None:
    """What is too long to be saved is kept; what is too long even for that is answered by its box."""
    at = address(school, school.start(), "om-mig")
    pupil = reader(school.pupil)
    page = pupil.get(at)
    drafts = str(page.one("#skrivet")["data-kept-at"])
    assert pupil.submit(page, "#svar", to=drafts, **{BOX: "x" * LONGEST}).status == 204
    lost = pupil.submit(page, "#svar", to=drafts, **{BOX: "y" * (LONGEST + 1)})
    assert (lost.status, lost.soup.get_text()) == (409, f'["{BOX}"]')
    assert pupil.get(at).one(f"#{BOX}").get_text().strip() == "x" * LONGEST


def test_nothing_is_saved_beside_what_could_not_be_kept(school: School, reader: ReaderOf) -> None:
    """One answer is not saved, nor a draft thrown away, where a text beside it would be lost by that."""
    at = address(school, school.start(), "mitt-larande")
    mentor = reader(school.mentor)
    page = mentor.get(at)
    one, other = (str(page.one(f"textarea[name^=svar-{key}]")["name"]) for key in ("kommentar", "mentor"))
    wrong = mentor.submit(page, "#svar", "fraga", **{one: "Kort.", other: "z" * (LONGEST + 1)})
    assert wrong.status == 422
    assert wrong.has(f"#{other}-fel")
    assert wrong.one(f"#{other}").get_text().strip() == "z" * (LONGEST + 1)
    drafts = str(page.one("#skrivet")["data-kept-at"])
    mentor.submit(page, "#svar", to=drafts, **{one: "Halv"})
    kept = mentor.submit(mentor.get(at), "#svar", "slang", to=f"{drafts}/slang", **{other: "z" * (LONGEST + 1)})
    assert kept.status == 409
    assert "z" * (LONGEST + 1) in kept.all("main textarea")
    assert mentor.get(at).one(f"#{one}").get_text().strip() == "Halv"


@pytest.mark.parametrize("said", ["Ja", "7", "Bra"])
def test_one_word_is_given_back_as_well(own_school: School, reader: ReaderOf, said: str) -> None:
    """The plan was locked meanwhile: what was typed is read on the page that says so, however short it is."""
    school = own_school
    plan = school.start()
    pupil = reader(school.pupil)
    page = pupil.get(address(school, plan, "om-mig"))
    school.lock(plan)
    late = pupil.submit(page, "#svar", **{BOX: said})
    assert late.status == 409
    assert late.all("main textarea") == [said]


def test_every_box_of_a_plan_is_known_as_one(own_school: School, reader: ReaderOf) -> None:
    """By its name: a yes in it is something that somebody typed, and not a tick."""
    from web.typed import is_written

    school = own_school
    plan, goal = school.locked_with_goal()
    school.pupil.put(f"{goal}/evaluation", text="Bra")
    names = set()
    tabs = ("om-mig", "min-utveckling", "mitt-larande", "omdomen", "samtalet", "min-iup")
    for at in [*(address(school, plan, tab) for tab in tabs), f"/elever/{school.student}/larblogg"]:
        for person in (school.pupil, school.guardian, school.mentor, school.teacher):
            names |= {str(one["name"]) for one in reader(person).get(at).soup.select("textarea")}
    later = school.start(term="VT", reason="Ny termin")
    school.propose(later)
    for at in [*(address(school, later, tab) for tab in tabs), f"/elever/{school.student}/iup/ny"]:
        for person in (school.pupil, school.guardian, school.mentor, school.teacher):
            page = reader(person).get(at)
            names |= {str(one["name"]) for one in page.soup.select("textarea")}
    assert len(names) > 12
    assert [name for name in names if not is_written(name, "ja")] == []
