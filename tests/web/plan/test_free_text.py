"""The free-text guard on the pages of a plan: gentle words by kind, nothing saved meanwhile, and the author decides."""

import pytest
from structlog.testing import capture_logs

from commands.guard import Kind
from tests.api.client import Person
from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.reader import Seen

BOX = "#svar-trivs-pupil"
SAID = {
    Kind.PERSONAL_NUMBER: ("Mitt nummer är 20030506-2382.", "personnummer", "personal identity number"),
    Kind.HEALTH: ("Jag har epilepsi.", "någons hälsa", "somebody's health"),
    Kind.BELIEF: ("Jag är muslim.", "vad någon tror på", "what somebody believes in"),
    Kind.POLITICS: ("Jag är moderat.", "tycker politiskt", "political opinion"),
    Kind.UNION: ("Mamma är med i facket.", "med i facket", "trade union"),
    Kind.ORIGIN: ("Jag är kurd.", "etniska ursprung", "ethnic origin"),
    Kind.SEXUAL_LIFE: ("Jag är bisexuell.", "sexuella läggning", "sexual life or orientation"),
    Kind.INSULT: ("Han är en idiot.", "såra någon", "may hurt somebody"),
    Kind.CHARACTER: ("Jag är lat.", "är som person", "is like as a person"),
}
"""For each kind a text, and what its author reads in Swedish and in English."""


def questions_of(school: School) -> str:
    """Where the questions of a new plan are."""
    return f"/elever/{school.student}/iup/{school.start().rsplit('/', 1)[-1]}/om-mig"


def warning(page: Seen) -> str:
    """What the page says beside the box."""
    return " ".join(page.one(f"{BOX}-varning").get_text(" ").split())


@pytest.mark.requirement("S-FRE-2")
@pytest.mark.requirement("S-FRE-3")
@pytest.mark.requirement("S-FRE-4")
@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_kind_has_words_of_its_own(school: School, reader: ReaderOf, language: str) -> None:
    """In the reader's language, beside the box, read aloud with it; nothing of the text is repeated in them."""
    pupil = reader(school.pupil, language=language)
    page = pupil.get(questions_of(school))
    for text, swedish, english in SAID.values():
        page = pupil.submit(page, "#svar", svar_trivs_pupil=text)
        assert page.status == 200
        assert (swedish if language == "sv" else english) in warning(page)
        assert text not in warning(page)
        assert page.one(BOX)["aria-describedby"] == f"{BOX[1:]}-varning"
        assert page.one(BOX).get_text().strip() == text
    assert set(SAID) == set(Kind)
    assert "question_answered.v1" not in school.codes()


def test_a_text_may_be_changed_instead(school: School, reader: ReaderOf) -> None:
    """Saved then without a warning on record; where two kinds are met both are said."""
    pupil = reader(school.pupil)
    page = pupil.get(questions_of(school))
    page = pupil.submit(page, "#svar", svar_trivs_pupil="Jag är lat och har epilepsi.")
    assert len(page.all(f"{BOX}-varning li")) == 2
    assert page.one("#varningar h2").get_text() == "Inte sparat ännu"
    assert {str(link["href"]) for link in page.soup.select("#varningar a")} == {BOX}
    page = pupil.submit(page, "#svar", svar_trivs_pupil="Jag vill komma i gång fortare.")
    assert not page.has(f"{BOX}-varning, #varningar")
    assert school.codes()[-1] == "question_answered.v1"
    assert "free_text_warning_shown.v1" not in school.codes()


@pytest.mark.requirement("S-FRE-5")
def test_everybody_who_writes_is_warned_and_may_go_on(school: School, reader: ReaderOf) -> None:
    """Pupil, guardian and teacher; that it was shown is recorded once, in the command that saved, and nothing more."""
    at = questions_of(school)

    def goes_on(person: Person, where: str, box: str, text: str) -> None:
        before = len(school.events())
        one = reader(person)
        page = one.submit(one.get(where), "#svar", **{box: text})
        assert page.has(f"#{box}-varning")
        assert len(school.events()) == before
        one.submit(page, "#svar", "anda")
        shown, saved = school.events()[before:]
        assert (shown["code"], saved["code"]) == ("free_text_warning_shown.v1", "question_answered.v1")
        assert (shown["command_id"], shown["event"]) == (saved["command_id"], {})

    with capture_logs() as lines:
        goes_on(school.pupil, at, "svar-trivs-pupil", "Jag har epilepsi.")
        goes_on(school.guardian, at, "svar-hemma-guardian", "Hon är blyg.")
        goes_on(school.teacher, at.replace("om-mig", "mitt-larande"), "svar-larare-teacher", "Eleven är lat.")
    assert lines
    assert all(word not in str(lines).lower() for word in ("epilepsi", "blyg", "health", "character"))
