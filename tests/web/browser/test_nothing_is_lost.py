"""What was typed survives a session that ended, a form that grew old, and a sign-in that was too weak."""

import re

import pytest
from playwright.sync_api import Dialog, expect

from events.text import LONGEST_PROSE
from store.drafts import LONGEST
from tests.api.school import School
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults
from tests.web.browser.test_settings import SAVE, SAVED, SETTINGS


def test_a_form_sent_after_the_session_ended_waits_on_its_page(
    site: Site, school: School, photograph: Photograph
) -> None:
    """The text stands there; after signing in again in the same browser it is sent once whoever sends sees as whom."""
    page = site.window_of(school.guardian, viewport=PHONE)
    page.goto(SETTINGS)
    page.get_by_label("Beskriv dig själv").fill("Skrivet länge och väl")
    sessions = site.made.services.sessions
    sessions.end_all(site.person_id(school.guardian))
    page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_text("Du är inte inloggad längre, så inget sparades.")).to_be_visible()
    sign_in = page.get_by_role("link", name="Logga in")
    expect(sign_in).to_have_attribute("target", "_blank")
    expect(sign_in).to_have_attribute("href", "/logga-in?till=%2Finstallningar")
    assert faults(page) == []
    photograph(page, "signed-out-meanwhile")
    site.sign_in(page, school.guardian)
    page.get_by_role("button", name="Skicka igen").click()
    expect(page.get_by_text("Det här kommer från en sida som du öppnade innan du loggade in")).to_be_visible()
    expect(page.get_by_role("link", name="Guardian Testguardian")).to_be_visible()
    expect(page.get_by_label("Det du skrev")).to_have_value("Skrivet länge och väl")
    assert faults(page) == []
    page.get_by_role("button", name="Skicka igen").click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    expect(page.get_by_label("Beskriv dig själv")).to_have_value("Skrivet länge och väl")


def test_a_text_that_is_too_long_says_so_while_it_is_typed(site: Site, school: School, photograph: Photograph) -> None:
    """Beside its box: by how much, and that it cannot be kept; both go when it is shortened, and then it waits."""
    plan = school.start().rsplit("/", 1)[1]
    page = site.window_of(school.pupil, viewport=PHONE, level=1)
    page.goto(f"/elever/{school.student}/iup/{plan}/om-mig")
    box = page.locator("textarea#svar-trivs-pupil")
    with page.expect_response(lambda answer: answer.url.endswith("/utkast")) as kept:
        box.fill("😀" * (LONGEST_PROSE + 12))
    assert kept.value.status == 204
    expect(page.get_by_text(f"Högst {LONGEST_PROSE} tecken får plats här, och texten har 12 för många")).to_be_visible()
    photograph(page, "too-long")
    assert faults(page) == []
    with page.expect_response(lambda answer: answer.url.endswith("/utkast")) as lost:
        box.fill("x" * (LONGEST + 1))
    assert lost.value.status == 409
    expect(page.get_by_text("Det du skriver här kan inte behållas")).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/utkast")):
        box.fill("Lagom")
    expect(page.get_by_text("för många")).to_have_count(0)
    expect(page.get_by_text("kan inte behållas")).to_have_count(0)


def test_a_note_that_was_typed_in_the_learning_blog_is_still_there(site: Site, school: School) -> None:
    """The script keeps it as it keeps what is typed in a plan."""
    page = site.window_of(school.pupil, level=1)
    page.goto(f"/elever/{school.student}/larblogg")
    with page.expect_response(lambda answer: answer.url.endswith("/utkast")) as kept:
        page.locator("#anteckning").fill("Halvt skrivet")
    assert kept.value.status == 204
    again = site.window_of(school.pupil, level=1)
    again.goto(f"/elever/{school.student}/larblogg")
    expect(again.locator("#anteckning")).to_have_value("Halvt skrivet")


@pytest.mark.requirement("S-ACC-11", surface="browser")
def test_a_sign_in_that_is_too_weak_is_led_to_a_stronger_one_and_back(
    site: Site, school: School, photograph: Photograph
) -> None:
    """The page says so and leads on, with the way back."""
    page = site.window_of(school.guardian, level=1, viewport=PHONE)
    page.goto("/")
    expect(page.get_by_role("main").get_by_text("Du har loggat in på ett sätt som inte visar allt")).to_be_visible()
    page.goto(f"/elever/{school.student}/lasratt")
    stronger = page.get_by_role("link", name="Logga in på ett säkrare sätt")
    address = stronger.get_attribute("href") or ""
    assert re.fullmatch(rf"/logga-in/hojd\?till=%2Felever%2F{school.student}%2Flasratt&niva=2", address)
    assert faults(page) == []
    photograph(page, "too-weak")
    stronger.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in på ett säkrare sätt")
    photograph(page, "step-up")
    assert faults(page) == []


def test_a_form_of_another_site_changes_nothing(site: Site, school: School) -> None:
    """The browser sends it with the cookie where it may; the page that answers offers nothing to send again."""
    page = site.window_of(school.guardian)
    page.goto(SETTINGS)
    answer = page.request.post(
        f"{site.base_url}{SETTINGS}", form={"description": "elakt"}, headers={"Origin": "https://elak.test"}
    )
    assert answer.status == 403
    assert "elakt" not in answer.text()
    page.goto(SETTINGS)
    expect(page.get_by_label("Beskriv dig själv")).to_have_value("")


def test_an_unforeseen_fault_is_a_page_with_a_number(site: Site, school: School, photograph: Photograph) -> None:
    """It names the request, so that those who run the service find it, and says nothing of what went wrong."""
    page = site.window_of(school.guardian)
    sessions = site.made.services.sessions
    page.goto("/")
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(type(sessions), "of", lambda *_: 1 / 0)
        response = page.goto("/installningar/inloggningar")
    assert response
    assert response.status == 500
    expect(page.locator("code")).to_have_text(response.headers["x-request-id"])
    photograph(page, "fault")
    assert faults(page) == []


@pytest.mark.requirement("S-NAV-10", surface="browser")
def test_whoever_leaves_with_unsaved_text_is_warned(site: Site, school: School) -> None:
    """Where something was typed, and nowhere else; saving is no leaving."""
    page = site.window_of(school.guardian)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(SETTINGS)
    page.goto("/")
    assert asked == []
    page.goto(SETTINGS)
    page.get_by_label("Beskriv dig själv").press_sequentially("osparat")
    page.goto("/")
    assert asked == ["beforeunload"]
    page.goto(SETTINGS)
    page.get_by_label("Beskriv dig själv").press_sequentially("sparat")
    page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert asked == ["beforeunload"]


def test_whoever_saves_or_leaves_beside_unsaved_text_is_warned(site: Site, school: School) -> None:
    """Another form of the page saves its own alone; and what somebody was asked to read once more is not saved yet."""
    page = site.window_of(school.guardian)
    page.goto(f"/elever/{school.student}/iup/{school.start().rsplit('/', 1)[-1]}/samtalet")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.get_by_label("Vad vill du ta upp på samtalet?").press_sequentially("osparat")
    page.get_by_role("button", name="Jag har läst planen").click()
    expect(page.get_by_role("status")).to_contain_text("Du har bekräftat")
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Vad vill du ta upp på samtalet?")).to_have_value("osparat")
    page.get_by_label("Vad vill du ta upp på samtalet?").fill("Hon har fått diagnosen ADHD.")
    page.locator("#synpunkt-form .actions button").first.click()
    expect(page.locator("#varningar")).to_be_visible()
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Översikt").click()
    page.wait_for_url("**/iup/*")
    assert asked == ["beforeunload", "beforeunload"]


def test_signing_out_twice_is_being_signed_out(site: Site, school: School) -> None:
    """There is nothing to save, so nobody is asked to sign in to sign out."""
    page = site.window_of(school.guardian)
    page.goto("/")
    site.made.services.sessions.end_all(site.person_id(school.guardian))
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("status")).to_contain_text("Du är utloggad här")
