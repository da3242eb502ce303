"""What each person says of oneself and chooses to show."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.api.school import School
from tests.web.browser.conftest import PHONE, Photograph, Site
from tests.web.browser.pages import faults

SETTINGS = "/installningar"
SAVE = "Spara inställningarna"
SAVED = "Dina inställningar är sparade."
BOXES = (
    "Dölj mina kontaktuppgifter",
    "Jag vill få mina viktiga notiser via e-post",
    "Jag vill få meddelanden från min skola och klass via e-post",
    "Jag vill få viktiga användarmeddelanden via e-post",
)
DETAILS = {
    "Telefon hem": "090-12 34 56",
    "Telefon arbete": "090-16 10 00",
    "Mobil": "070-123 45 67",
    "Gatuadress": "Storgatan 1",
    "Postnummer": "901 16",
    "Ort": "Umeå",
    "E-post": "guardian@example.se",
}


def save(page: Page) -> None:
    """Press the button and meet the page that says so."""
    page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_role("status")).to_have_text(SAVED)


@pytest.mark.requirement("S-SET-2", surface="browser")
@pytest.mark.requirement("S-SET-4", surface="browser")
@pytest.mark.requirement("S-CON-1", surface="browser")
@pytest.mark.parametrize("has_script", [True, False])
def test_description_look_and_contact_details_are_kept(
    site: Site, school: School, photograph: Photograph, *, has_script: bool
) -> None:
    """Saved with or without a script; the page shows them when it is opened again, in the look that was chosen."""
    page = site.window_of(school.guardian, java_script_enabled=has_script, viewport=PHONE)
    page.goto(SETTINGS)
    page.get_by_label("Beskriv dig själv").fill("Förälder till Pupil.\nSpelar tuba.")
    page.get_by_label("Skog").check()
    for label, value in DETAILS.items():
        page.get_by_label(label, exact=True).fill(value)
    save(page)
    page.goto(SETTINGS)
    expect(page.get_by_label("Beskriv dig själv")).to_have_value("Förälder till Pupil.\nSpelar tuba.")
    for label, value in DETAILS.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
    expect(page.locator("body")).to_have_attribute("data-theme", "forest")
    photograph(page, "settings-saved-forest")


@pytest.mark.requirement("S-CON-4", surface="browser")
@pytest.mark.requirement("S-SET-1", surface="browser")
def test_the_four_boxes_are_ticked_until_the_person_unticks_them(site: Site, school: School) -> None:
    """Each stays as it was left (G-3)."""
    page = site.window_of(school.guardian)
    page.goto(SETTINGS)
    for label in BOXES:
        expect(page.get_by_label(label)).to_be_checked()
    page.get_by_label(BOXES[0]).uncheck()
    page.get_by_label(BOXES[2]).uncheck()
    save(page)
    page.goto(SETTINGS)
    for label, is_ticked in zip(BOXES, (False, True, False, True), strict=True):
        expect(page.get_by_label(label)).to_be_checked(checked=is_ticked)


def test_what_cannot_be_saved_stays_on_the_page_and_is_named_twice(
    site: Site, school: School, photograph: Photograph
) -> None:
    """On top with a link to the field, and at the field itself; nothing that was typed is lost, nothing is saved."""
    page = site.window_of(school.guardian, viewport=PHONE)
    page.goto(SETTINGS)
    page.get_by_label("Beskriv dig själv").fill("x" * 501)
    page.get_by_label("E-post", exact=True).fill("ingen adress")
    page.get_by_label("Ort").fill("Umeå")
    page.get_by_label(BOXES[1]).uncheck()
    page.get_by_role("button", name=SAVE).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    photograph(page, "settings-wrong")
    assert faults(page) == []
    summary.get_by_role("link", name=re.compile("e-postadress")).click()
    field = page.get_by_label("E-post", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Skriv en e-postadress"))
    expect(field).to_have_value("ingen adress")
    expect(page.get_by_label("Beskriv dig själv")).to_have_value("x" * 501)
    expect(page.get_by_label("Ort")).to_have_value("Umeå")
    expect(page.get_by_label(BOXES[1])).not_to_be_checked()
    expect(page).to_have_title(re.compile("^Fel:"))
    page.goto(SETTINGS)
    expect(page.get_by_label("Ort")).to_have_value("")


@pytest.mark.requirement("S-SET-3", surface="browser")
def test_a_picture_of_oneself_and_of_the_child_and_whom_the_class_sees(
    site: Site, school: School, photograph: Photograph
) -> None:
    """Given, shown on the page, chosen for the class one by one, and taken away."""
    page = site.window_of(school.guardian)
    page.goto(SETTINGS)
    child = page.get_by_role("region", name="Bild på Pupil Testpupil")
    child.get_by_label("Välj en bild").set_input_files(picture())
    child.get_by_role("button", name="Spara bilden").click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    shown = child.locator("img")
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Visa bilden på Pupil Testpupil för klassen").check()
    save(page)
    photograph(page, "settings-picture")
    expect(page.get_by_label("Visa bilden på Pupil Testpupil för klassen")).to_be_checked()
    expect(page.get_by_label("Visa min bild för klassen")).not_to_be_checked()
    child.get_by_role("button", name="Ta bort bilden").click()
    expect(child.locator("img")).to_have_count(0)


def test_a_file_that_is_no_picture_is_refused_at_its_field(site: Site, school: School, photograph: Photograph) -> None:
    """The page says what a picture is; nothing else is lost."""
    page = site.window_of(school.guardian)
    page.goto(SETTINGS)
    own = page.get_by_role("region", name="Bild på dig")
    own.get_by_label("Välj en bild").set_input_files(FilePayload(name="bild.jpg", mimeType="image/jpeg", buffer=b"nej"))
    own.get_by_role("button", name="Spara bilden").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(re.compile("Välj en bild av typen"))
    photograph(page, "settings-no-picture")
    assert faults(page) == []


@pytest.mark.requirement("S-ACC-7", surface="browser")
@pytest.mark.requirement("S-ACC-8", surface="browser")
def test_the_page_says_where_passwords_are_changed(site: Site, school: School) -> None:
    """Not here: each of one's own ways to sign in with the words of its own, a forgotten password's too."""
    page = site.window_of(school.guardian)
    page.goto(SETTINGS)
    expect(page.get_by_text("Det fungerar inte att byta lösenord här.")).to_be_visible()
    expect(page.get_by_text("glömt lösenord: umea.example/idtjanst")).to_be_visible()
    assert "datorinloggning" not in page.get_by_role("main").inner_text()
    page = site.window_of(school.pupil, level=1)
    page.goto(SETTINGS)
    expect(page.get_by_text("Byt lösenord på skolans datorer")).to_be_visible()
    assert "umea.example" not in page.get_by_role("main").inner_text()


def test_the_language_is_chosen_with_the_settings(site: Site, school: School) -> None:
    """And holds for every page from then on."""
    page = site.window_of(school.guardian)
    page.goto(SETTINGS)
    page.get_by_label("English").check()
    page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_role("status")).to_have_text("Your settings are saved.")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Guardian")


def picture() -> FilePayload:
    """A photo."""
    written = io.BytesIO()
    Image.new("RGB", (400, 300), "#3a7").save(written, "JPEG")
    return FilePayload(name="bild.jpg", mimeType="image/jpeg", buffer=written.getvalue())
