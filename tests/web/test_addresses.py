"""A link of ours never leads to somebody else's site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.addresses import START, local

HERE = "https://liggare.test/logga-in"


@pytest.mark.parametrize("address", ["/", "/installningar", "/elever/1/iup?flik=mal#fraga-a", "/klass/blå"])
def test_a_path_of_ours_is_kept(address: str) -> None:
    """Where one came from is where one goes back to."""
    assert local(address) == address


@pytest.mark.parametrize(
    "address",
    ["", "//evil.test", "/\\evil.test", "/\\/evil.test", "https://evil.test", "javascript:alert(1)", "/\t/evil.test"],
)
def test_anything_else_leads_to_the_start(address: str) -> None:
    """An open redirect would lend our name to a forged sign-in page."""
    assert local(address) == START


@given(st.text(alphabet="/\\:.@?#[]\t\n\r evil", max_size=12))
def test_no_address_leaves_the_site(address: str) -> None:
    """As a browser resolves it: tabs and line feeds dropped, a backslash read as a slash."""
    kept = local(address).translate({9: None, 10: None, 13: None}).replace("\\", "/")
    assert urlsplit(urljoin(HERE, kept)).netloc == "liggare.test"
