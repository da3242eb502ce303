"""What a body may be, before any route sees it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.body import DEEPEST, check_content_type, check_json
from api.errors import BodyNotJson, ContentTypeNotJson, TextNotAllowed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}{}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\xed\xa0\x80"}',
        '{"a": "å"}'.encode("latin-1"),
        '{"a": 1}'.encode("utf-16"),
        b"[" * 100_000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
        b'{"a": ' + b"9" * 5000 + b"}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": "line\nfeed"}',
    ],
)
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    """Two readers could read such a body differently, or one could fall over it."""
    with pytest.raises(BodyNotJson):
        check_json(body)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x0d", "\x1f", "\x7f", "\x85", "\ud800"])
@pytest.mark.parametrize(
    "template", ['{{"a": "x{}y"}}', '{{"a{}": 1}}', '["{}"]', '{{"a": [{{"b": ["{}"]}}]}}', '"{}"']
)
def test_characters_that_nobody_can_see_are_refused_wherever_they_stand(character: str, template: str) -> None:
    """Escaped, they pass JSON; in a value, a key, or deep inside."""
    with pytest.raises(TextNotAllowed):
        check_json(template.format(f"\\u{ord(character):04x}").encode())


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(st.characters(exclude_categories=("Cs", "Cc"))),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(st.characters(exclude_categories=("Cs", "Cc"))), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_ordinary_json_passes(value: object) -> None:
    """Whatever people write, in any script, with emoji and all."""
    check_json(json.dumps(value, ensure_ascii=False).encode())
    check_json(json.dumps(value).encode())


def test_tab_line_feed_and_pairs_of_surrogates_pass() -> None:
    """A text has lines, and an emoji is two escapes."""
    check_json(b'{"a": "one\\n\\ttwo \\ud83d\\ude00"}')


@pytest.mark.parametrize(
    "value", ["application/json", "Application/JSON; charset=utf-8", 'application/json;charset="UTF-8"']
)
def test_json_is_json_however_it_is_written(value: str) -> None:
    """Header values are compared without regard to case."""
    check_content_type(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/jsonx",
        "application/problem+json",
    ],
)
def test_other_content_types_are_refused(value: str) -> None:
    """A form on another site can send these without asking; JSON it cannot."""
    with pytest.raises(ContentTypeNotJson):
        check_content_type(value)
