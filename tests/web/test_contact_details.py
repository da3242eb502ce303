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
