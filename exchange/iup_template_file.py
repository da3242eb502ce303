"""Read an IUP template (IUP-mall) from a YAML file; every fault is named with its line and what to do about it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from events.base import Role
from events.template import Page, PageKind, Question, QuestionKind, TemplateContent
from exchange.marked_yaml import Fault, Marked, MarkedYamlError, Place, read_marked_yaml, spoken

TEMPLATE_FOLDER = Path(__file__).parent / "iup_templates"
"""The four templates that come with Liggare."""

MAX_BYTES = 262_144
ANSWERING_ROLES = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR)
"""The roles that a question can be directed to (S-TPL-9)."""

_CHECKED_GRADES = (3, 6, 9)
_FEWEST_STEPS = 2

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


def own_template_files() -> list[Path]:
    """The files of the templates that come with Liggare, in order of name."""
    return sorted(TEMPLATE_FOLDER.glob("*.yaml"))


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


def broken_rules(content: TemplateContent) -> Iterator[tuple[Place, str]]:
    """What is wrong with a template whose fields are all well formed: the place, and what to do about it."""
    if content.national_goals_grade not in {None, *_CHECKED_GRADES}:
        yield ("national_goals_grade",), "write 3, 6 or 9, or leave it out"
    yield from _twice(("grades",), content.grades)
    yield from _twice(("subjects",), [subject.code for subject in content.subjects], "code")
    yield from _twice(("pages",), [page.key for page in content.pages], "key")
    questions = [(place, question) for place, question in _questions(content)]
    first: dict[str, Place] = {}
    for place, question in questions:
        if first.setdefault(question.key, place) != place:
            yield (*place, "key"), f"give the question another key: {spoken(first[question.key])} has this one"
        yield from _broken_in_question(place, question)
    for number, page in enumerate(content.pages):
        yield from _broken_in_page(("pages", number), page)


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


def _twice(place: Place, values: Iterable[object], field: str | None = None) -> Iterator[tuple[Place, str]]:
    seen: set[object] = set()
    for number, value in enumerate(values):
        if value in seen:
            yield (
                (*place, number, *([field] if field else [])),
                "remove it or write another: it is already in this list",
            )
        seen.add(value)


def _questions(content: TemplateContent) -> Iterator[tuple[Place, Question]]:
    for page_number, page in enumerate(content.pages):
        for number, question in enumerate(page.questions):
            yield ("pages", page_number, "questions", number), question


def _broken_in_page(place: Place, page: Page) -> Iterator[tuple[Place, str]]:
    if page.questions and page.kind is not PageKind.PREPARATION:
        yield (*place, "questions"), "move the questions to a page of the kind preparation"
    for number, link in enumerate(page.links):
        if link.url.scheme != "https":
            yield (*place, "links", number, "url"), "write a whole address that begins with https://"


def _broken_in_question(place: Place, question: Question) -> Iterator[tuple[Place, str]]:
    for number, role in enumerate(question.directed_to):
        if role not in ANSWERING_ROLES:
            yield (*place, "directed_to", number), f"write one of {', '.join(ANSWERING_ROLES)}"
    yield from _twice((*place, "directed_to"), question.directed_to)
    yield from _twice((*place, "scale"), [step.key for step in question.scale], "key")
    if question.kind is QuestionKind.SCALE and len(question.scale) < _FEWEST_STEPS:
        yield (*place, "kind"), "add a scale with at least two steps to this question"
    if question.kind is not QuestionKind.SCALE and question.scale:
        yield (*place, "scale"), "remove the scale or write kind: scale"
    if question.proxy and Role.PUPIL not in question.directed_to:
        yield (*place, "proxy"), "direct the question to pupil too, or remove proxy"
