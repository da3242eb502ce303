"""Read an IUP template (IUP-mall) from a YAML file; every fault is named with its line and what to do about it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregates.template_rules import broken_rules
from events.template import TemplateContent
from exchange.marked_yaml import Fault, Marked, MarkedYamlError, read_marked_yaml, spoken

TEMPLATE_FOLDER = Path(__file__).parent / "iup_templates"
"""The four templates that come with Liggare."""

MAX_BYTES = 262_144

_ADVICE: Mapping[str, str] = {
    "missing": "add this field",
    "extra_forbidden": "remove this field or correct its spelling: it is not known here",
    "enum": "write one of {expected}",
    "string_type": "write text; put quotes around what YAML takes for a number or for yes and no",
    "string_too_short": "write some text",
    "string_too_long": "shorten it to at most {max_length} characters",
    "too_short": "list at least one",
    "tuple_type": "write a list: one item a line, each after a dash",
    "model_type": "write fields here",
    "model_attributes_type": "write fields here",
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "string_pattern_mismatch": "remove the characters that are not allowed: a key has letters, digits and . _ / : + -, "
    "a text no control characters, a line no line break",
}


class TemplateFileError(ValueError):
    """A template file has faults; `str()` gives a line for each: file, line, place, what to do."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.path = path
        self.faults = sorted(faults)
        super().__init__("\n".join(f"{path}:{fault.line}: {fault.where}: {fault.advice}" for fault in self.faults))


def read_template(path: Path) -> TemplateContent:
    """The template in this YAML file (S-TPL). Raises TemplateFileError with every fault found."""
    try:
        marked = read_marked_yaml(_text(path))
    except MarkedYamlError as error:
        raise TemplateFileError(path, error.faults) from None
    try:
        content = TemplateContent.model_validate_json(json.dumps(marked.data), strict=True)
    except ValidationError as error:
        raise TemplateFileError(path, [_fault(marked, details) for details in error.errors()]) from None
    broken = [Fault(marked.line_of(place), spoken(place), advice) for place, advice in broken_rules(content)]
    if broken:
        raise TemplateFileError(path, broken)
    return content


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TemplateFileError(path, [Fault(1, "file", f"give a file that can be read ({error.strerror})")]) from None
    if len(raw) > MAX_BYTES:
        raise TemplateFileError(path, [Fault(1, "file", f"make the file smaller than {MAX_BYTES} bytes")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TemplateFileError(path, [Fault(line, "file", "save the file as UTF-8")]) from None


def _fault(marked: Marked, details: ErrorDetails) -> Fault:
    place = details["loc"]
    if details["type"].startswith("url_"):
        advice = "write a whole address that begins with https://"
    else:
        advice = _ADVICE.get(details["type"], "").format_map(details.get("ctx", {})) or details["msg"]
    return Fault(marked.line_of(place), spoken(place), advice)
