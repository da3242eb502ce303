"""Says which field breaks which rule without a word of what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

RULES: Mapping[str, str] = {
    "missing": "It must be there.",
    "extra_forbidden": "It holds a field that is not known here.",
    "string_type": "It is a text.",
    "string_too_short": "The text is too short: at least {min_length} character.",
    "string_too_long": "The text is too long: at most {max_length} characters.",
    "string_pattern_mismatch": "The text holds characters, or has a form, that is not allowed here.",
    "string_unicode": "The text is not valid Unicode.",
    "uuid_parsing": "It is a UUID.",
    "uuid_type": "It is a UUID.",
    "date_parsing": "It is a date such as 2026-11-22.",
    "date_from_datetime_parsing": "It is a date such as 2026-11-22.",
    "date_from_datetime_inexact": "It is a date such as 2026-11-22.",
    "date_type": "It is a date such as 2026-11-22.",
    "enum": "It is one of the values that the description names.",
    "literal_error": "It is one of the values that the description names.",
    "int_parsing": "It is a whole number.",
    "int_type": "It is a whole number.",
    "int_from_float": "It is a whole number.",
    "int_parsing_size": "The number is too large.",
    "bool_parsing": "It is true or false.",
    "bool_type": "It is true or false.",
    "greater_than_equal": "The number is too small: at least {ge}.",
    "less_than_equal": "The number is too large: at most {le}.",
    "too_short": "There are too few: at least {min_length}.",
    "too_long": "There are too many: at most {max_length}.",
    "model_type": "It is an object.",
    "model_attributes_type": "It is an object.",
    "tuple_type": "It is a list.",
    "list_type": "It is a list.",
    "url_parsing": "It is an address on the web.",
    "url_scheme": "It is an address on the web.",
    "url_type": "It is an address on the web.",
    "json_invalid": "It is JSON.",
}
"""The rule behind each kind of error that our models can give; the numbers in braces are the model's own."""

OTHER = "It is not as the description says."


def field_errors(found: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Pairs of place and rule, each once, in the order found, at most twenty."""
    pairs = {(_place(error), _rule(error)): None for error in found}
    return tuple(pairs)[:20]


def _place(error: Mapping[str, Any]) -> str:
    """A JSON pointer into the body, or what and which; an unknown field's own name is left out, it is input."""
    where, *path = error["loc"]
    if error["type"] == "extra_forbidden":
        path = path[:-1]
    return _body_place(path) if where == "body" else f"{where} {path[0]}" if path else str(where)


def _body_place(path: Sequence[str | int]) -> str:
    return "/" + "/".join(str(part) for part in path) if path else "body"


def _rule(error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    return RULES.get(error["type"], OTHER).format_map({key: context[key] for key in _OURS if key in context})


_OURS = ("min_length", "max_length", "ge", "le")
"""What of an error's context is the model's and not the caller's."""
