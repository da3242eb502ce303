"""Contact details as links: what a device is told to do is what stands there and no more."""

from tests.api.conftest import installation, own_school, portal, school, shared
from tests.api.school import School
from tests.web.plan.conftest import ReaderOf, reader

__all__ = ["installation", "own_school", "portal", "reader", "school", "shared"]


def test_a_link_writes_to_the_address_and_dials_the_number(own_school: School, reader: ReaderOf) -> None:
    """An address may hold what a link would take for more recipients; a zero in brackets is not dialled from abroad."""
    contact = {"email": "a?cc=elak&b=%0D@exempel.se", "mobile": "+46 (0)70-123 45 67"}
    assert own_school.guardian.put("me/settings", without_as=True, contact=contact).status == 200
    page = reader(own_school.teacher).get(f"/klasser/{own_school.group}/kontaktlista")
    assert page.one('a[href^="mailto:"]')["href"] == "mailto:a%3Fcc%3Delak%26b%3D%250D@exempel.se"
    assert page.one('a[href^="mailto:"]').text == contact["email"]
    assert page.one('a[href^="tel:"]')["href"] == "tel:+46701234567"


def test_a_pupil_is_named_once_above_the_own_details(own_school: School, reader: ReaderOf) -> None:
    """As who the box is about; each guardian has a heading in it."""
    pupil = own_school.pupil
    assert pupil.put("me/settings", without_as=True, contact={"mobile": "070-123 45 67"}).status == 200
    page = reader(own_school.teacher).get(f"/klasser/{own_school.group}/kontaktlista")
    box = page.one(f'article:has(a[href="/personer/{pupil.person_id}"])')
    assert [" ".join(heading.get_text(" ").split()) for heading in box.select("h2, h3")] == [
        "Pupil Testpupil",
        "Guardian Testguardian vårdnadshavare",
        "Other_guardian Testother_guardian vårdnadshavare",
    ]
    assert [link["href"] for link in box.select("a[href^='tel:']")] == ["tel:0701234567"]
