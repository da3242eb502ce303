"""One's own settings on the pages, when they are open in more than one window."""

from datetime import timedelta
from typing import Any

from tests.api.conftest import Installation, installation, own_school, portal, school, shared
from tests.api.school import School
from tests.api.test_own_settings import send
from tests.web.plan.conftest import ReaderOf, reader
from tests.web.reader import Reader, Seen

__all__ = ["installation", "own_school", "portal", "reader", "school", "shared"]

PAGE = "/installningar"
FORM = 'form[action="/installningar"]'


def _save(person: Reader, page: Seen, **typed: Any) -> Seen:  # noqa: ANN401 - a reader's own
    return person.submit(page, FORM, **typed)


def test_what_another_window_saved_is_not_emptied_unseen(school: School, reader: ReaderOf) -> None:
    """Both stand on the page: what was typed in the fields, what was saved above them; then the author chooses."""
    person = reader(school.guardian)
    first, second = person.get(PAGE), person.get(PAGE)
    assert _save(person, first, mobile="070-123 45 67", description="Spelar tuba.").status == 200
    met = _save(person, second, town="Umeå", hide_contact=None)
    assert met.status == 409
    facts = dict(zip(met.all(".notice dt"), met.all(".notice dd"), strict=True))
    assert facts == {
        "Beskriv dig själv": "Spelar tuba.",
        "Dölj mina kontaktuppgifter": "Ja",
        "Mobil": "070-123 45 67",
        "Ort": "Inget",
    }
    assert met.one("[name=town]")["value"] == "Umeå"
    saved = school.guardian.get("me/settings").body
    assert (saved["contact"]["mobile"], saved["contact"]["town"]) == ("070-123 45 67", None)
    assert _save(person, met).status == 200
    saved = school.guardian.get("me/settings").body
    assert (saved["contact"]["mobile"], saved["contact"]["town"]) == (None, "Umeå")


def test_what_is_no_setting_stands_in_nobodys_way(school: School, reader: ReaderOf) -> None:
    """The same saved twice, and a picture given in another window, are no conflict."""
    person = reader(school.guardian)
    first, second = person.get(PAGE), person.get(PAGE)
    for page in (first, second):
        assert _save(person, page, town="Umeå").status == 200
    third = person.get(PAGE)
    assert send(school.guardian, school.guardian).status == 200
    assert _save(person, third, town="Piteå").status == 200


def test_what_is_wrong_with_a_description_is_said_in_its_own_words(school: School, reader: ReaderOf) -> None:
    """A character that cannot be saved is not a text that is too long."""
    person = reader(school.guardian)
    for text, words in (("Spelar\x07 tuba", "tecken i texten som inte går att spara"), ("a" * 501, "högst 500 tecken")):
        met = _save(person, person.get(PAGE), description=text)
        assert met.status == 422
        assert words in met.text


def test_sign_ins_of_one_minute_are_told_apart(school: School, installation: Installation, reader: ReaderOf) -> None:
    """By a number, when each began and through what: in the headings, and in the words of each button."""
    for seconds in (1, 2):
        installation.issue(school.guardian.person_id, began=timedelta(seconds=seconds))
    page = reader(school.guardian).get(f"{PAGE}/inloggningar")
    for each in ("h2", 'form[action$="/avsluta"] button'):
        words = page.all(each)
        assert len(words) > 2
        assert len(set(words)) == len(words)
