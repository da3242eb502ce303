"""The terms of use: nobody goes on without them, everybody can read them, and a new version asks again."""

import re
from uuid import UUID

import pytest

from api.declare import BEFORE_TERMS
from commands.terms import CURRENT_TERMS, LANGUAGES, terms_in
from tests.accepted import accepted_by
from tests.api.client import Person
from tests.api.conftest import Installation
from tests.api.school import School

ID = "11111111-1111-4111-8111-111111111111"


def newly_signed_in(school: School, installation: Installation, terms: str | None = None) -> Person:
    """The guardian in a session that knows of the acceptance of these terms."""
    person_id = school.guardian.person_id
    return Person(school.api, person_id, installation.issue(person_id, terms=terms), school.guardian.acting_as)


@pytest.mark.requirement("S-TRM-1", surface="api")
@pytest.mark.requirement("S-TRM-2", surface="api")
def test_who_has_not_accepted_reaches_only_the_own_page_and_the_terms(
    school: School, installation: Installation
) -> None:
    """Every other route says why, whatever is asked for; declining is simply not accepting, and leaves no trace."""
    guardian = newly_signed_in(school, installation)
    assert guardian.get("me").body["terms_accepted"] is None
    assert guardian.get("terms").body["version"] == CURRENT_TERMS
    tried = 0
    for path, operations in installation.api.description["paths"].items():
        for method, operation in operations.items():
            if "security" not in operation or operation.get(BEFORE_TERMS):
                continue
            filled = re.sub(r"\{\w+\}", ID, path.replace("{student}", school.student))
            answer = guardian._send(method.upper(), filled)
            assert answer.problem in {"terms-not-accepted", "not-valid", "body-not-json", "picture-type-not-allowed"}, (
                path,
                answer.body,
            )
            tried += answer.problem == "terms-not-accepted"
    assert tried > 20
    assert accepted_by(installation.services.context, UUID(guardian.person_id)) is None


def test_only_what_is_needed_before_the_terms_is_open_before_them(installation: Installation) -> None:
    """The own page, the terms, the own sessions and the way out: nothing else says that it is open."""
    for path, operations in installation.api.description["paths"].items():
        for operation in operations.values():
            if operation.get(BEFORE_TERMS):
                assert path.startswith("/api/v1/me"), path
                assert path.removeprefix("/api/v1/me").split("/")[:2][-1] in {"", "terms", "sessions", "sign-out"}, path


@pytest.mark.requirement("S-TRM-3", surface="api")
def test_accepting_is_recorded_and_opens(school: School, installation: Installation) -> None:
    """One request stores the acceptance and lets the person in, in this session and the person's others."""
    guardian, other = (newly_signed_in(school, installation) for _ in range(2))
    assert guardian.get(school.path).problem == "terms-not-accepted"
    accepted = guardian.post("me/terms", version=CURRENT_TERMS, without_as=True)
    assert accepted.status == 200
    for session in (guardian, other):
        assert session.get(school.path).status == 200
        assert session.get("me").body["terms_accepted"] == CURRENT_TERMS
    assert accepted_by(installation.services.context, UUID(guardian.person_id)) == CURRENT_TERMS
    assert guardian.post("me/terms", version=CURRENT_TERMS, without_as=True).version == accepted.version


def test_other_terms_than_the_present_are_not_accepted(school: School, installation: Installation) -> None:
    """Nor does an old acceptance that is sent again open anything."""
    guardian = newly_signed_in(school, installation)
    assert guardian.post("me/terms", version="2011-08-15", without_as=True).problem == "terms-not-current"
    assert guardian.get(school.path).problem == "terms-not-accepted"


@pytest.mark.requirement("S-TRM-2", surface="api")
def test_a_new_version_asks_again(school: School, installation: Installation) -> None:
    """Who accepted an earlier version has to accept the one that holds now."""
    guardian = newly_signed_in(school, installation, terms="2011-08-15")
    assert guardian.get(school.path).problem == "terms-not-accepted"
    assert guardian.put("me/terms", without_as=True).problem == "method-not-allowed"
    assert guardian.post("me/terms", version=CURRENT_TERMS, without_as=True).status == 200
    assert guardian.get(school.path).status == 200


@pytest.mark.requirement("S-TRM-4", surface="api")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", ("allmän handling", "aldrig ditt barns inloggning", "Spara aldrig lösenordet", "hemligt", "fem år")),
        ("en", ("public record", "never use your child's", "Never save the password", "secret", "five years")),
    ],
)
def test_the_terms_say_how_information_is_used_and_what_a_sign_in_asks_of_one(
    school: School, language: str, said: tuple[str, ...]
) -> None:
    """In both languages, to anybody, signed in or not."""
    texts = {text["language"]: text["text"] for text in school.api.request("GET", "/api/v1/terms").body["texts"]}
    assert set(texts) == set(LANGUAGES)
    for words in said:
        assert words in texts[language]


@pytest.mark.requirement("S-TRM-5", surface="api")
def test_the_terms_say_that_accepting_is_not_the_schools_legal_ground(school: School) -> None:
    """The school may process data for its task whether or not anybody accepts."""
    texts = {text["language"]: text["text"] for text in school.api.request("GET", "/api/v1/terms").body["texts"]}
    assert "inte skolans rättsliga grund" in texts["sv"]
    assert "oavsett om du godkänner" in texts["sv"]
    assert "not the school's legal ground" in texts["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terms_are_made_of_titled_sections(language: str) -> None:
    """As pages show them: nothing of the text is lost, and both languages have the same parts."""
    terms = terms_in(language)
    words = [terms.title]
    for section in terms.sections:
        assert section.paragraphs
        words.append(section.heading)
        words += [p if isinstance(p, str) else " ".join(p) for p in section.paragraphs]
    assert " ".join(words).split() == re.sub(r"^(#+|-) ", "", terms.text, flags=re.MULTILINE).split()
    assert [len(section.paragraphs) for section in terms.sections] == [
        len(section.paragraphs) for section in terms_in("sv").sections
    ]
    with pytest.raises(LookupError):
        terms_in("fi")
