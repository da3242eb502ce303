"""The pages of a template have addresses of their own beside the pages that every plan has."""

import pytest
from fastapi.routing import APIRoute

from aggregates.template_rules import broken_rules
from events.template import TemplateContent
from tests.api.template import template
from web.application import ROUTERS

PLAN = "/elever/{student}/iup/{plan}/"


def with_key(key: str) -> TemplateContent:
    """A template whose first page has this key."""
    content = template()
    content["pages"][0]["key"] = key
    return TemplateContent.model_validate(content)


def taken() -> list[str]:
    """What stands after the plan in the address of each page that every plan has."""
    routes = [
        one for router in ROUTERS for one in router.routes if isinstance(one, APIRoute) and "GET" in (one.methods or ())
    ]
    below = [one.path.removeprefix(PLAN).partition("{")[0] for one in routes if one.path.startswith(PLAN)]
    return sorted(name for name in below if name)


def test_no_page_of_a_template_hides_behind_one_of_ours() -> None:
    """Such a key is refused, and the page named: who looks for the goals would come to the form that changes one."""
    assert "historik" in taken()
    for name in taken():
        key = f"{name}x" if name.endswith("-") else name
        assert [place for place, _ in broken_rules(with_key(key))] == [("pages", 0, "key")], name


@pytest.mark.parametrize("key", ["a/b", "/", ".", ".."])
def test_a_page_has_an_address_that_leads_to_it(key: str) -> None:
    """Browsers and servers read slashes and dots as steps on the way."""
    assert [place for place, _ in broken_rules(with_key(key))] == [("pages", 0, "key")]


@pytest.mark.parametrize("key", ["om-mig", "mål", "omdome", "1.2", "a:b"])
def test_other_keys_are_as_good_as_ever(key: str) -> None:
    """Only what would not be found is refused."""
    assert list(broken_rules(with_key(key))) == []
