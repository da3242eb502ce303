"""What makes a template whole, beyond well-formed fields: each fault by its place and what to do about it (S-TPL)."""

from collections.abc import Iterable, Iterator

from events.base import Role
from events.template import Page, PageKind, Question, QuestionKind, TemplateContent

Place = tuple[int | str, ...]
"""Where in the content: field names and positions from 0."""

ANSWERING_ROLES = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.MENTOR)
"""The roles that a question can be directed to (S-TPL-9)."""

_CHECKED_GRADES = (3, 6, 9)
_ALWAYS = {PageKind.CONVERSATION: "a plan is agreed and locked", PageKind.GOALS: "goals are proposed and followed"}
"""The pages without which a plan could not be brought to its end, and what they are for (S-TPL-4, S-TPL-5)."""
_TAKEN = frozenset({"granskning", "historik", "mal", "rattelse", "utskrift.pdf"})
"""Addresses below a plan's that every plan has, whatever its template; so are those that begin with `omdome-`."""
_FEWEST_STEPS = 2


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
            yield (*place, "key"), f"give the question another key: {_spoken(first[question.key])} has this one"
        yield from _broken_in_question(place, question)
    for number, page in enumerate(content.pages):
        yield from _broken_in_page(("pages", number), page)
    kinds = {page.kind for page in content.pages}
    for kind, use in _ALWAYS.items():
        if kind not in kinds:
            yield ("pages",), f"add a page of the kind {kind}: {use} there"


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
    if "/" in page.key or not page.key.strip("."):
        yield (*place, "key"), "write a key without a slash that is more than dots: it is a part of the page's address"
    if page.key in _TAKEN or page.key.startswith("omdome-"):
        yield (*place, "key"), "write another key: every plan has a page of ours at this address"
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


def _spoken(place: Place) -> str:
    """As a person reads it, counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
