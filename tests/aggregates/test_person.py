import pytest

from aggregates import person
from aggregates import person_choices as choices
from aggregates.contact import ContactDetails
from aggregates.errors.person import (
    IdentifierNotFound,
    IdentifierNotValid,
    IdentifierTaken,
    PersonAlreadyRegistered,
    PictureNotFound,
    TermsNotCurrent,
)
from aggregates.sign_in_identifiers import normalised
from events.person import ContactDetailsGiven, IdentifierKind, MailPreferencesChosen, Theme
from tests.aggregates.given import ADMINISTRATOR, GUARDIAN, PUPIL, Details, Story, an_id
from tests.aggregates.stories import a_person

EPPN, PERSONNUMMER = IdentifierKind.EPPN, IdentifierKind.PERSONNUMMER


def test_a_person_is_registered_once_and_named_once() -> None:
    """The same name again, in whatever form, is no event."""
    story = a_person()
    story.refuses(PersonAlreadyRegistered, person.register_person, given_name="Åke", family_name="Öst")
    assert story.when(person.rename_person, given_name="A\u030ake", family_name=" Öst") == []
    assert story.state.name == "Åke Öst"


def test_a_person_is_found_in_a_roster_by_its_id() -> None:
    """G-20: an id of a source is noted once; another source may have another."""
    story = a_person()
    assert story.when(person.identify_in_roster, source="oneroster", roster_id=" u-17 ") == []
    story.when(person.identify_in_roster, source="sds", roster_id="u-17")
    assert story.state.roster_ids == {("oneroster", "u-17"), ("sds", "u-17")}


def test_a_picture_is_hidden_from_the_class_until_chosen() -> None:
    """G-12: the own and the child's picture are each shown or hidden by an event of its own."""
    story = a_person()
    own, childs = GUARDIAN.person_id, PUPIL.person_id
    assert story.state.pictures_shown == {childs}
    assert story.when(choices.choose_picture_visibility, of_person_id=own, visible_to_class=False) == []
    story.when(choices.choose_picture_visibility, of_person_id=own, visible_to_class=True)
    story.when(choices.choose_picture_visibility, of_person_id=childs, visible_to_class=False)
    assert story.state.pictures_shown == {own}
    assert story.when(choices.choose_picture_visibility, of_person_id=own, visible_to_class=True) == []


def test_contact_details_are_kept_as_given() -> None:
    """The same again is no event; the latest count as a whole."""
    story = a_person()
    same = ContactDetailsGiven(mobile="070-174 06 05", town="Umeå")
    assert story.when(choices.give_contact_details, contact=same) == []
    fewer = ContactDetailsGiven(email="ake@example.org")
    story.when(choices.give_contact_details, contact=fewer)
    assert story.state.contact == fewer


def somebody() -> Story[person.Person]:
    """A person of whom nothing is known but the name."""
    story: Story[person.Person] = Story(person.fold, stream=GUARDIAN.person_id, subject=GUARDIAN.person_id)
    story.when(person.register_person, given_name="Åke", family_name="Öst", by=ADMINISTRATOR)
    return story


def test_what_holds_until_a_person_chooses() -> None:
    """G-3, G-12: contact details and pictures hidden, all mail on, the plain theme, no terms accepted."""
    state = somebody().state
    assert (state.shows_contact, state.pictures_shown, state.theme, state.terms) == (False, set(), Theme.PAPER, None)
    assert state.mail == MailPreferencesChosen(notices=True, messages=True, system=True)
    assert (state.description, state.picture, state.contact, state.email) == (None, None, None, None)


def test_the_same_choice_again_is_no_event() -> None:
    """Saving a form in which nothing was changed leaves no trace."""
    story = somebody()
    assert story.when(choices.choose_contact_visibility, visible_to_class=False) == []
    assert story.when(choices.choose_mail, wanted=person.ALL_MAIL) == []
    assert story.when(choices.describe_oneself, text=None) == []
    assert story.when(choices.choose_theme, theme=Theme.PAPER) == []
    assert story.when(choices.give_contact_details, contact=ContactDetailsGiven()) == []
    assert story.when(person.give_roster_email, email=None) == []
    story.when(choices.describe_oneself, text="Hej")
    assert story.when(choices.describe_oneself, text=" Hej ") == []
    assert len(story.when(choices.describe_oneself, text=None)) == 1
    assert story.state.description is None


def test_terms_are_accepted_in_the_version_that_holds_now() -> None:
    """Another version is refused, the same again is no event, and a new one asks again."""
    story = somebody()
    story.refuses(TermsNotCurrent, choices.accept_terms, version="2011-08-15", current="2026-11-22")
    story.when(choices.accept_terms, version="2011-08-15", current="2011-08-15")
    assert story.when(choices.accept_terms, version="2011-08-15", current="2011-08-15") == []
    story.when(choices.accept_terms, version="2026-11-22", current="2026-11-22")
    assert story.state.terms == "2026-11-22"


def test_one_identifier_is_one_persons() -> None:
    """Given again to the same person it is no event; to another it is refused; removed, it is gone."""
    story = somebody()
    first, second = an_id("first"), an_id("second")
    one, two = bytes(32), b"\1" * 32
    story.when(person.give_identifier, identifier_id=first, kind=EPPN, lookup=one, holder=None)
    again: Details = {"identifier_id": second, "kind": EPPN, "lookup": one}
    assert story.when(person.give_identifier, **again, holder=GUARDIAN.person_id) == []
    taken: Details = {"identifier_id": second, "kind": PERSONNUMMER, "lookup": two}
    story.refuses(IdentifierTaken, person.give_identifier, **taken, holder=PUPIL.person_id)
    story.when(person.give_identifier, **taken, holder=None)
    story.when(person.remove_identifier, identifier_id=first)
    story.refuses(IdentifierNotFound, person.remove_identifier, identifier_id=first)
    assert list(story.state.identifiers) == [second]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (EPPN, " Elsa.Ost@Elev.Umea.Example ", "elsa.ost@elev.umea.example"),
        (EPPN, "a\u030ake@umea.example", "åke@umea.example"),
        (PERSONNUMMER, "20001231-2385", "200012312385"),
        (PERSONNUMMER, "200012312385", "200012312385"),
        (PERSONNUMMER, "197010632391", "197010632391"),
    ],
)
def test_an_identifier_is_written_in_one_way(kind: IdentifierKind, text: str, expected: str) -> None:
    """However a provider, a roster or a person writes it; a coordination number is one too."""
    assert normalised(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (EPPN, "elsa"),
        (EPPN, "@umea.example"),
        (EPPN, "elsa@"),
        (EPPN, "elsa@umea@example"),
        (EPPN, "elsa ost@umea.example"),
        (EPPN, "elsa@umea.example\x00"),
        (EPPN, f"{'e' * 101}@umea.example"),
        (PERSONNUMMER, "001231-2385"),
        (PERSONNUMMER, "20001231-2386"),
        (PERSONNUMMER, "200013312385"),
        (PERSONNUMMER, "200002302388"),
        (PERSONNUMMER, "\uff12" + "00012312385"),
        (PERSONNUMMER, ""),
    ],
)
def test_what_is_no_identifier_is_refused(kind: IdentifierKind, text: str) -> None:
    """Without a realm, with two, without a century, a day that is not there, a wrong last digit."""
    with pytest.raises(IdentifierNotValid):
        normalised(kind, text)


def test_a_picture_is_given_once_and_taken_away() -> None:
    """The same picture again is no event; one that is not there cannot be taken away."""
    story = somebody()
    story.refuses(PictureNotFound, choices.remove_picture)
    same: Details = {"sha256": b"\7" * 32, "size": 9_000}
    story.when(choices.give_picture, attachment_id=an_id("a"), **same)
    assert story.when(choices.give_picture, attachment_id=an_id("b"), **same) == []
    story.when(choices.remove_picture)
    assert story.state.picture is None


def test_mail_goes_to_the_own_address_before_the_one_of_the_school() -> None:
    """S-ACC-12: the school's address is there without a word of the pupil, who may write another."""
    story = somebody()
    story.when(person.give_roster_email, email="elsa@elev.umea.example")
    assert story.state.email == "elsa@elev.umea.example"
    story.when(choices.give_contact_details, contact=ContactDetailsGiven(email="elsa@hemma.example"))
    assert story.state.email == "elsa@hemma.example"


@pytest.mark.requirement("S-CON-1")
@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("home_phone", ("090-16 10 00", "+46 90 16 10 00", "(090) 161000", "08/123 45"), ("112", "hemma", "1" * 16)),
        ("mobile", ("070-174 06 05", "+358.40.1234567"), ("070--- 1740605x", "", "070-174 06 05 eller 090-1")),
        ("postal_code", ("901 16", "AX-22100", "EC1A 1BB"), ("9", "901 16 Umeå stad", "!")),
        ("email", ("ake@umea.example", "åke.öst+skola@hemma.example"), ("ake", "a@b", "a@b.se, c@d.se", "a@b..se")),
        ("street", ("Härligatan 15",), ("två\nrader", "x" * 301)),
    ],
)
def test_contact_details_are_what_they_say(field: str, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    """Numbers and addresses as people write them, and nothing that only looks so."""
    for text in good:
        assert getattr(ContactDetails.model_validate({field: text}).given(), field) == text
    for text in bad:
        with pytest.raises(ValueError, match=field):
            ContactDetails.model_validate({field: text})


def test_a_swedish_postal_code_is_written_with_a_space() -> None:
    """90116 and 901 16 are the same place."""
    assert ContactDetails(postal_code="90116").given().postal_code == "901 16"
