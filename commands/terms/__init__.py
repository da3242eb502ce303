"""The terms of use: texts by version and language, which version holds now, and accepting it (S-TRM-1 to S-TRM-5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from access.decide import Grant
from aggregates import person_choices
from commands.context import Answer, Command, Context
from commands.persons import there
from commands.run import actor_of, execute
from commands.streams import PERSON, Resource, Stream
from events.base import Role

_TEXTS = Path(__file__).parent
LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the terms: a heading, empty for what stands first, and paragraphs, each a text or a list of points."""

    heading: str
    paragraphs: tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of the terms in one language; `text` is the whole of it as it was written (Markdown)."""

    version: str
    language: str
    title: str
    sections: tuple[Section, ...]
    text: str


def _versions() -> list[str]:
    return sorted({path.name.split(".")[0] for path in _TEXTS.glob("*.md")})


CURRENT_TERMS: str = _versions()[-1]
"""The version of the terms that hold now: the newest of the texts beside this module, named by its day."""


@cache
def terms_in(language: str, version: str = CURRENT_TERMS) -> Terms:
    """The terms in a language. Raises LookupError where there is no such version or language."""
    path = _TEXTS / f"{version}.{language}.md"
    if version not in _versions() or language not in LANGUAGES:
        raise LookupError(language)
    text = path.read_text("utf-8")
    title, *blocks = [block.strip() for block in text.split("\n\n")]
    return Terms(version, language, title.removeprefix("# "), tuple(_sections(blocks)), text)


def all_terms() -> Mapping[str, Terms]:
    """The terms that hold now, by language."""
    return {language: terms_in(language) for language in LANGUAGES}


def _sections(blocks: Iterable[str]) -> Iterable[Section]:
    heading, paragraphs = "", list[str | tuple[str, ...]]()
    for block in blocks:
        if block.startswith("## "):
            yield Section(heading, tuple(paragraphs))
            heading, paragraphs = block.removeprefix("## "), []
        elif block.startswith("- "):
            paragraphs.append(tuple(point.removeprefix("- ") for point in block.splitlines()))
        else:
            paragraphs.append(block)
    yield Section(heading, tuple(paragraphs))


def accept_terms(context: Context, command: Command, *, version: str) -> Answer:
    """Accept the terms that hold now, for the own use of the service; declining stores nothing (S-TRM-2)."""
    own = command.caller.person_id
    return execute(
        context,
        command,
        Stream(PERSON, own),
        authorise=lambda _: actor_of(command, Grant(Role.SELF)),
        decide=lambda state, _: person_choices.accept_terms(there(state), version=version, current=CURRENT_TERMS),
        resource=Resource(str(own)),
    )
