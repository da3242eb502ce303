"""The page on which somebody is chosen, and the one that says what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.demo.people import DemoPerson
from app.demo_provider.asked import Asked
from app.demo_provider.issuers import Issuer, Way

SHOWN_OF_A_PART = 60
HEADINGS = {
    "pupil": "Elever",
    "guardian": "Vårdnadshavare",
    "mentor": "Mentorer",
    "teacher": "Lärare",
    "administrator": "Administratörer",
    "principal": "Rektorer",
    "officer": "Arkivarier och revisor",
    "stranger": "Någon som skolan inte känner",
}
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one part who are shown, and how many more there are."""

    heading: str
    people: Sequence[DemoPerson]
    more: int


def choice(issuer: Issuer, asked: Asked, people: Sequence[DemoPerson], *, search: str) -> str:
    """The page with the issuer's people by part, those whose name or class has the search's words."""
    words = search.casefold().split()
    found = [person for person in people if all(word in f"{person.name} {person.where}".casefold() for word in words)]
    return _templates.get_template("choice.html").render(
        issuer=issuer,
        kept=asked.kept(),
        groups=list(_groups(found)),
        search=search,
        usual=_usual(issuer, asked),
    )


def problem() -> str:
    """The page for a request that cannot be answered."""
    return _templates.get_template("problem.html").render()


def _groups(people: Sequence[DemoPerson]) -> Iterator[Group]:
    for part, heading in HEADINGS.items():
        found = [person for person in people if person.part == part]
        if found:
            yield Group(heading, found[:SHOWN_OF_A_PART], max(0, len(found) - SHOWN_OF_A_PART))


def _usual(issuer: Issuer, asked: Asked) -> Way:
    """The first of the ways that the client wishes for, else the usual one."""
    wished = (issuer.way(acr) for acr in asked.of("acr_values").split())
    return next((way for way in wished if way), issuer.ways[0])
