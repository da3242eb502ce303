"""The printed plan: all that was agreed on and by whom, for whoever may read the plan and nobody else."""

import io
import re

from pypdf import PdfReader

from tests.api.client import Person
from tests.api.school import School
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf


def address(school: School, plan: str) -> str:
    """Where the plan is printed."""
    return f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}/utskrift.pdf"


def printed(reader: ReaderOf, person: Person, school: School, plan: str, **more: str) -> bytes:
    """The bytes that somebody gets."""
    answer = reader(person, **more).download(address(school, plan))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def words(made: bytes) -> str:
    """What is read in it, with single spaces."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    return " ".join(text.replace("\u200b", "").split())


def full(school: School) -> str:
    """An agreed plan with something of everything; its address."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs #bäst i $skogen$.")
    school.guardian.put(f"{plan}/viewpoint", text="Vi vill prata om läxorna.")
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="at_risk", text="Du kan räkna till hundra.")
    school.teacher.post(f"{plan}/development-areas", subject=MATHS, text="Tiokamraterna.", support="Spela spel hemma.")
    goal = school.propose(plan, activities="Öva varje dag", responsibility="Jag och pappa")
    school.accept(goal)
    school.lock(plan)
    return plan


def test_the_printed_plan_says_all_that_was_agreed_on(own_school: School, reader: ReaderOf) -> None:
    """Whose it is, where and when; every text with its author; forecasts, goals, agreement and the lock."""
    school = own_school
    plan = full(school)
    text = words(printed(reader, school.guardian, school, plan))
    for said in (
        "Individuell utvecklingsplan (IUP): Pupil Testpupil",
        "2026/2027, hösttermin",
        "Planen är en allmän handling.",
        "Hur trivs du i skolan?",
        "Jag trivs #bäst i $skogen$. Pupil Testpupil, elev",
        "Vi vill prata om läxorna. Guardian Testguardian, vårdnadshavare",
        "Du kan räkna till hundra. Teacher Testteacher, lärare",
        "Risk att inte",
        "Ska kopplas till planen",
        "Tiokamraterna. Spela spel hemma.",
        "Jag vill kunna tiokamraterna",
        "Aktiviteter: Öva varje dag",
        "Ansvar: Jag och pappa",
        "Status: Nytt. Mentor Testmentor, mentor",
        "Pupil Testpupil elev Är överens",
        "Låst som överenskommen: Mentor Testmentor, mentor",
        "Sida 1 av",
    ):
        assert said in text, said
    assert "Inte överenskommen" not in text


def test_it_is_the_same_bytes_for_everybody_until_something_changes(own_school: School, reader: ReaderOf) -> None:
    """Printed by another, in another language, it is the same record; its moment is the lock's."""
    school = own_school
    plan = full(school)
    first = printed(reader, school.guardian, school, plan)
    assert printed(reader, school.mentor, school, plan, language="en") == first
    assert printed(reader, school.principal, school, plan) == first
    locked_at = re.sub(r"\D", "", school.mentor.get(plan).body["lock"]["at"])[:14]
    described = PdfReader(io.BytesIO(first)).metadata
    assert described is not None
    assert str(described["/CreationDate"]).startswith(f"D:{locked_at}")
    target = {"kind": "assessment", "key": MATHS}
    corrected = school.teacher.post(
        f"{plan}/corrections", target=target, text="Du kan räkna till tusen.", reason="Fel siffra."
    )
    assert corrected.status == 201, corrected.body
    after = printed(reader, school.guardian, school, plan)
    assert after != first
    assert "Rättelser efter låsningen" in words(after)
    assert "Omdöme: Matematik Fel siffra. Teacher Testteacher, lärare" in words(after)
    assert "Du kan räkna till tusen." in words(after)
    assert "Du kan räkna till hundra." not in words(after)


def test_a_plan_that_is_not_agreed_on_says_so_on_every_page(own_school: School, reader: ReaderOf) -> None:
    """Nobody takes a draft for what was agreed on."""
    school = own_school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra.\n" * 700)
    pdf = PdfReader(io.BytesIO(printed(reader, school.guardian, school, plan)))
    assert len(pdf.pages) > 5
    assert all("Inte överenskommen" in page.extract_text() for page in pdf.pages)


def test_reasons_to_lock_without_a_party_are_printed(own_school: School, reader: ReaderOf) -> None:
    """Who has not agreed, and why the plan was locked all the same."""
    school = own_school
    plan = school.start()
    version = school.content_version(plan)
    school.pupil.post(f"{plan}/agreements", plan_version=version)
    reasons = [{"obstacle": "guardian_missing", "reason": "Vi nådde dem inte."}]
    assert school.mentor.post(f"{plan}/lock", plan_version=version, reasons=reasons).status == 200
    text = words(printed(reader, school.pupil, school, plan))
    assert "Guardian Testguardian vårdnadshavare Är inte överens" in text
    assert "Vi nådde dem inte." in text


def test_only_who_may_read_the_plan_may_print_it_and_it_is_on_record(own_school: School, reader: ReaderOf) -> None:
    """Others learn nothing, not even that there is a plan; the name of the file names nobody."""
    school = own_school
    plan = school.start()
    for person in (school.outsider, school.staff, school.classmate):
        assert reader(person).download(address(school, plan)).status_code == 404
    answer = reader(school.teacher).download(address(school, plan))
    assert answer.headers["content-disposition"] == 'attachment; filename="iup-2026-2027-ht.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    seen = school.guardian.get(f"{school.path}/access-record").body["items"]
    assert any(one["person_id"] == school.teacher.person_id and one["part"] == "plan" for one in seen)


def test_an_archived_plan_is_printed_as_it_stood(own_school: School, reader: ReaderOf) -> None:
    """The plan before the one of now, with the day on which it was archived."""
    school = own_school
    plan = full(school)
    school.start(term="VT", reason="Målet utvärderas i vår.")
    text = words(printed(reader, school.guardian, school, plan))
    assert "Arkiverad:" in text
    assert "Låst som överenskommen" in text


def test_what_was_declined_or_broken_off_is_printed_with_the_reason(own_school: School, reader: ReaderOf) -> None:
    """As on the page: that somebody proposed it and why it came to nothing is part of the record, after the goals."""
    school = own_school
    plan = school.start()
    kept, fallen = school.propose(plan), school.propose(plan, by=school.guardian, text="Kunna hela atlasen")
    school.accept(kept)
    assert school.mentor.post(f"{fallen}/decision", decision="declined", reason="Vi väntar till våren.").status == 200
    school.lock(plan)
    abandoned = school.mentor.post(f"{kept}/status", to="abandoned", reason="Eleven byter inriktning.")
    assert abandoned.status == 200, abandoned.body
    text = words(printed(reader, school.guardian, school, plan))
    goals, _, others = text.partition("Avböjda eller återtagna förslag")
    assert "Jag vill kunna tiokamraterna" in goals
    assert "Skäl: Eleven byter inriktning." in goals
    assert "Kunna hela atlasen" in others
    assert "Kunna hela atlasen" not in goals
    assert "Status: Avböjt. Mentor Testmentor, mentor" in others
    assert "Skäl: Vi väntar till våren." in others


def test_that_a_text_was_to_be_looked_at_is_printed_but_not_what_was_said_of_it(
    own_school: School, reader: ReaderOf
) -> None:
    """Which text, who asked and whether the mentor has looked: a record that did not say so would be another's."""
    school = own_school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs bra.")
    target = {"kind": "answer", "key": "trivs", "role": "pupil", "person_id": school.pupil.person_id}
    concern = school.guardian.post(f"{plan}/concerns", target=target, text="Detta är privat.").id
    before = words(printed(reader, school.guardian, school, plan))
    assert "Texter som mentorn ombeds titta på" in before
    assert "Svar: Hur trivs du i skolan? Guardian Testguardian, vårdnadshavare" in before
    assert "Inte genomgången än" in before
    assert school.mentor.post(f"{plan}/concerns/{concern}/close", reason="Det får stå kvar.").status == 200
    after = words(printed(reader, school.guardian, school, plan))
    assert "Genomgången: Mentor Testmentor, mentor" in after
    assert "Inte genomgången än" not in after
    assert not [said for said in ("Detta är privat.", "Det får stå kvar.") if said in before + after]
