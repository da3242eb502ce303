"""Every page of a plan: where one is, the way back, and all pages as tabs."""

import pytest

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf


@pytest.mark.requirement("S-TPL-8")
@pytest.mark.requirement("S-NAV-11")
def test_each_page_of_the_template_is_a_tab(school: School, reader: ReaderOf) -> None:
    """In the template's order, each with an address of its own, the present one marked."""
    plan = school.start()
    plan_id = plan.rsplit("/", 1)[-1]
    page = reader(school.guardian).get(f"/elever/{school.student}/iup/{plan_id}/om-mig")
    assert page.status == 200, page.text
    assert page.all(".tabs a") == [
        "Översikt",
        "Om mig",
        "Min utveckling",
        "Mitt lärande",
        "Mina omdömen",
        "Samtalet",
        "Min IUP",
    ]
    assert page.one('.tabs [aria-current="page"]').text == "Om mig"
    for href in [str(link["href"]) for link in page.soup.select(".tabs a")][1:]:
        assert reader(school.guardian).get(href).status == 200
    assert reader(school.guardian).get(f"/elever/{school.student}/iup/{plan_id}/finns-inte").status == 404
    assert reader(school.outsider).get(page.address).status == 404
