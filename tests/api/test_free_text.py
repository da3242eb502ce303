"""The free-text guard through the API: texts are looked through, and that somebody went on is recorded (S-FRE)."""

from dataclasses import replace

import pytest
from anyio.from_thread import BlockingPortal
from structlog.testing import capture_logs

from api.application import make_application
from commands.rates import Rate, RateClass, Rates
from tests.api.client import Api, Person
from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import MATHS

WARNED = {"Liggare-Warning-Shown": "yes"}
TEXT = "Jag har fått diagnosen adhd."


def without_relation(person: Person) -> Person:
    """The same person, who names no relation."""
    return Person(person.api, person.person_id, person.token)


@pytest.mark.requirement("S-FRE-2", surface="api")
@pytest.mark.requirement("S-FRE-3", surface="api")
@pytest.mark.requirement("S-FRE-4", surface="api")
@pytest.mark.requirement("S-FRE-5", surface="api")
def test_everybody_who_writes_can_have_texts_looked_through(school: School) -> None:
    """Pupil, guardian and teacher alike; each text is answered for by itself, by kinds alone."""
    texts = [TEXT, "Jag vill läsa mer.", "Du är lat, din idiot.", "Mitt personnummer är 20030506-2382."]
    for person in (school.pupil, school.guardian, school.teacher):
        answer = without_relation(person).post("free-text-check", texts=texts)
        assert answer.status == 200
        assert answer.body == {"warnings": [["health"], [], ["character", "insult"], ["personal_number"]]}


def test_a_check_leaves_nothing_behind(school: School) -> None:
    """Neither an event nor a word in the log, whether a text is looked through or refused."""
    before = len(school.events())
    pupil = without_relation(school.pupil)
    with capture_logs() as lines:
        assert pupil.post("free-text-check", texts=[TEXT]).status == 200
        assert pupil.post("free-text-check", texts=[TEXT, 1]).problem == "not-valid"
        assert pupil.post("free-text-check", texts=[]).problem == "not-valid"
        assert pupil.post("free-text-check", texts=["a" * 4001]).problem == "not-valid"
    assert lines
    assert all(word not in str(lines).lower() for word in ("adhd", "health"))
    assert len(school.events()) == before


def test_texts_are_looked_through_only_so_often(
    installation: Installation, school: School, portal: BlockingPortal
) -> None:
    """Counted with what else is costly, for each caller."""
    services = installation.services
    rates = Rates({RateClass.SEARCH: Rate(2, 0.1)})
    few = replace(services, programs=replace(services.programs, rates=rates))
    api = Api(make_application(few), portal, installation.api.description)
    pupil = Person(api, school.pupil.person_id, school.pupil.token)
    answers = [pupil.post("free-text-check", texts=["Hej"]) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[-1].problem == "too-many-requests"


@pytest.mark.requirement("S-FRE-5", surface="api")
def test_that_somebody_was_warned_and_went_on_is_recorded_with_what_was_saved(school: School) -> None:
    """In one command with it, before it; of the words and the kind the record says nothing."""
    plan = school.start()
    saved = school.pupil.put(f"{plan}/answers/trivs", headers=WARNED, text=TEXT)
    warning, answered = school.events()[-2:]
    assert (warning["code"], answered["code"]) == ("free_text_warning_shown.v1", "question_answered.v1")
    assert warning["command_id"] == answered["command_id"]
    assert warning["event"] == {}
    assert warning["by"]["person_id"] == school.pupil.person_id
    assert saved.version == answered["version"]
    assert (
        school.pupil.put(f"{plan}/answers/trivs", headers={"If-Match": f'"{saved.version}"'}, text="Bra").status == 200
    )
    assert school.codes()[-1] == "answer_revised.v1"


def test_a_warning_without_anything_saved_is_not_recorded(school: School) -> None:
    """What says what it said before, or is refused, leaves no trace; another word than yes is no word."""
    plan = school.start()
    assert school.pupil.put(f"{plan}/answers/trivs", text=TEXT).status == 200
    before = school.codes()
    assert school.pupil.put(f"{plan}/answers/trivs", headers=WARNED, text=TEXT).status == 200
    assert school.guardian.put(f"{plan}/assessments/{MATHS}", headers=WARNED, forecast="expected", text="Hej").problem
    no = school.pupil.put(f"{plan}/answers/trivs", headers={"Liggare-Warning-Shown": "no"}, text="Bra")
    assert no.problem == "not-valid"
    assert school.codes() == before
