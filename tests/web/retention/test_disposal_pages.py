"""The officers' pages: what is due, held, planned, approved by another, carried out, certified; and who sees none."""

from datetime import timedelta

import pytest

from retention.schedules import due_on
from tests.api.archive import DECISION, HOLD, Archive
from tests.web.retention.conftest import OfficerAt

PERIODS = {"forslag_beslut": DECISION}
CASE = {"myndighet": "Kammarrätten", "arende": "Mål 1234-26", "skal": "Utlämnandet är överklagat."}


@pytest.fixture
def due(archive: Archive) -> Archive:
    """A municipality with a schedule, in which a pupil's file is due."""
    archive.adopts()
    archive.finishes()
    archive.wait(3000)
    return archive


def test_what_is_due_says_why_by_id_and_never_by_name(due: Archive, officer: OfficerAt) -> None:
    """With the school, the days, the legal ground and the decision; the start page leads there."""
    led_to = [str(one["href"]) for one in officer("operator").get("/").soup.select(".card a")]
    assert led_to == ["/gallring", "/gallring/frister", "/gallring/stopp", "/granskning"]
    page = officer("operator").get("/gallring")
    row = page.one("table tbody tr").get_text(" ")
    for said in (due.school.student, "Björkskolan", "Arkivlagen 10 §", DECISION, "5 år efter avslutad skolgång"):
        assert said in row
    assert "Testpupil" not in page.text
    assert page.has("form[action='/gallring/korningar']")
    assert "Disposal" in officer("operator", language="en").get("/gallring").text


def test_a_run_is_planned_approved_by_another_carried_out_and_certified(due: Archive, officer: OfficerAt) -> None:
    """Who planned it has no button to approve it, and is refused who sends the form all the same."""
    planner, approver = officer("operator"), officer("other_operator")
    due_page = planner.get("/gallring")
    run = planner.submit(due_page, "form[action='/gallring/korningar']")
    assert "väntar på en annan handläggares godkännande" in run.text
    assert "Du har planerat den" in run.text
    assert not run.has("form[action$=godkann]")
    plan_hash = run.all("dd code")[0]
    address = run.address.split("?")[0]
    refused = planner.send(run, f"{address}/godkann", plan_hash=plan_hash, sett="ja")
    assert refused.status == 403
    seen = approver.get(address)
    unread = approver.submit(seen, "form[action$=godkann]")
    assert (unread.status, unread.has("#sett[aria-invalid]")) == (422, True)
    other = approver.send(seen, f"{address}/godkann", plan_hash="0" * 64, sett="ja")
    assert other.status == 409
    approved = approver.submit(unread, "form[action$=godkann]", sett="ja")
    assert "Listan är godkänd" in approved.text
    begun = planner.submit(planner.get(address), "form[action$=starta]")
    assert begun.one("progress")["value"] == "0"
    due.carries_out(address.replace("/gallring/korningar", "disposal-runs"))
    done = officer("auditor").get(address)
    assert "genomförd" in done.text
    assert "1 sak gallrades." in done.text
    assert due.school.student not in str(done.soup)
    assert "inget id finns kvar" in done.text
    certificate = officer("auditor").get(f"{address}/intyg/1")
    assert "Operator Testoperator" in certificate.text
    file = officer("auditor").download(f"{address}/intyg/1/fil")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.text in certificate.soup.select("pre")[0].get_text()
    assert officer("auditor").get(f"{address}/intyg/2").status == 404
    assert "Ingenting ska gallras i dag." in planner.get("/gallring").text


@pytest.mark.usefixtures("due")
def test_a_plan_is_taken_back_with_a_reason(officer: OfficerAt) -> None:
    """And a form that lacks it says so, with what was typed."""
    operator = officer("operator")
    run = operator.submit(operator.get("/gallring"), "form[action='/gallring/korningar']")
    assert operator.submit(run, "form[action$=aterta]").status == 422
    taken = operator.submit(run, "form[action$=aterta]", skal="Fel dag")
    assert "återtagen" in taken.text
    assert "Fel dag" in taken.text


def test_a_file_is_held_and_released(due: Archive, officer: OfficerAt) -> None:
    """By a registrar too, who sees holds and no list of what is due."""
    registrar = officer("registrar")
    assert [str(one["href"]) for one in registrar.get("/").soup.select(".card a")] == ["/gallring/stopp"]
    assert registrar.get("/gallring").status == 403
    empty = registrar.get("/gallring/stopp")
    assert "Ingen akt är stoppad." in empty.text
    assert registrar.get("/gallring/stopp?akt=vem").has("#akt[aria-invalid]")
    page = registrar.get(f"/gallring/stopp?akt={due.school.student}")
    assert registrar.submit(page, "form[action$=stopp]").status == 422
    held = registrar.submit(page, "form[action$=stopp]", grund=HOLD["ground"], **CASE)
    assert "Ett beslut om akten är överklagat" in held.text
    listed = officer("operator").get("/gallring")
    assert "Stoppad" in listed.one("table tbody tr").get_text()
    assert not listed.has("form[action='/gallring/korningar']")
    assert registrar.get("/gallring/stopp").all("main code") == [due.school.student]
    one = registrar.get(str(held.one(".sheet a")["href"]))
    assert registrar.submit(one, "main form").status == 422
    released = registrar.submit(one, "main form", **CASE)
    assert "Gallringsstoppet är hävt." in released.text
    assert "Inget hindrar" in released.text
    assert registrar.get(str(held.one(".sheet a")["href"])).status == 404


def test_periods_are_recorded_with_a_decision_and_taken_back(officer: OfficerAt) -> None:
    """The usual ones first, then one for a cause; each wrong field is named."""
    operator = officer("operator")
    assert "Ingen gallringsfrist gäller" in operator.get("/gallring").text
    page = operator.get("/gallring/frister")
    assert operator.submit(page, "form[action$=forslag]").status == 422
    adopted = operator.submit(page, "form[action$=forslag]", forslag_beslut=DECISION)
    assert len(adopted.all("tbody tr")) == 3
    assert not adopted.has("form[action$=forslag]")
    form = "form[action='/gallring/frister']"
    wrong = operator.submit(adopted, form, ar="många")
    assert {"slag", "ar", "sedan", "lagrum", "beslut"} <= {str(one["href"])[1:] for one in wrong.soup.select("#fel a")}
    typed = {"slag": "account", "sedan": "review", "ar": "2", "lagrum": "Arkivlagen 10 §", "beslut": DECISION}
    assert operator.submit(adopted, form, **typed).has("#slag[aria-invalid]")
    good = operator.submit(adopted, form, **typed | {"slag": "student_file", "orsak": "deceased"})
    assert "har avlidit" in good.all("tbody tr")[0]
    again = operator.submit(good, form, **typed | {"slag": "student_file", "orsak": "deceased"})
    assert again.has("#fran[aria-invalid]")
    one = operator.get(str(good.soup.select("tbody a")[0]["href"]))
    assert operator.submit(one, "main form").status == 422
    back = operator.submit(one, "main form", beslut=DECISION, skal="Nytt beslut")
    assert "återtagen" in back.all("tbody tr")[0]
    assert not officer("auditor").get("/gallring/frister").has("main form")


def test_what_is_due_within_a_year_is_foretold(archive: Archive, officer: OfficerAt) -> None:
    """With its day; the list of today is empty until then."""
    archive.adopts()
    archive.finishes()
    archive.wait((due_on(archive.today, years=4) - archive.today).days + 1)
    page = officer("operator").get("/gallring")
    assert "Ingenting ska gallras i dag." in page.text
    coming = page.one("table[aria-labelledby=kommande]").get_text()
    assert archive.school.student in coming
    assert "väntar på sin dag" in coming
    archive.wait(-365)
    assert "Inga fler akter ska gallras inom ett år." in officer("operator").get("/gallring").text


def test_a_file_that_waits_for_a_review_is_decided_on(archive: Archive, officer: OfficerAt) -> None:
    """Kept until a day, or destroyed with the next plan."""
    archive.adopts(action="review")
    archive.finishes()
    archive.wait(3000)
    operator = officer("operator")
    assert "väntar tills någon har avgjort" in operator.get("/gallring").text
    page = operator.get(f"/gallring/akter/{archive.school.student}")
    form, typed = "form[action$=bedomning]", {"bedomning_beslut": DECISION, "bedomning_skal": "Av intresse"}
    assert operator.submit(page, form, utfall="keep", **typed).has("#bevaras-till[aria-invalid]")
    past = str(archive.today - timedelta(days=1))
    assert operator.submit(page, form, utfall="keep", bevaras_till=past, **typed).has("#bevaras-till[aria-invalid]")
    assert "inlagt" in operator.submit(page, form, utfall="purge", **typed).text
    assert operator.get("/gallring").has("form[action='/gallring/korningar']")


def test_whoever_is_no_officer_sees_none_of_it(due: Archive, officer: OfficerAt) -> None:
    """Nor is led there; an auditor reads, and decides nothing; all of it asks for the surest sign-in."""
    for name in ("mentor", "administrator", "principal", "guardian", "pupil"):
        reader = officer(name, level=2)
        assert not reader.get("/").has("a[href='/gallring']")
        for address in ("/gallring", "/gallring/frister", "/gallring/stopp", "/granskning"):
            assert reader.get(address).status == 403, (name, address)
    auditor = officer("auditor")
    page = auditor.get("/gallring")
    assert due.school.student not in str(page.soup)
    assert not page.has("main form")
    assert auditor.get("/gallring/stopp").status == 403
    low = officer("operator", level=2)
    assert low.get("/").has("a[href='/gallring']")
    asked = low.get("/gallring")
    assert asked.status == 403
    assert asked.has("a[href^='/logga-in/hojd']")
