"""The contact list of a class, as each reader may see it (S-CON-2 to S-CON-4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from commands.contact_lists import Listed, ListedPupil, read_contact_list
from events.person import ContactDetailsGiven
from web.pictures import picture_address
from web.rendering import render, translator
from web.visit import Seeker

router = APIRouter(include_in_schema=False)

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Fact:
    """One detail: what it is, how it reads, and what the device can do with it."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person in the list."""

    name: str
    role: str
    address: str
    picture: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Household:
    """A pupil with the pupil's guardians."""

    name: str
    address: str
    picture: str
    people: tuple[Entry, ...]


@router.get("/klasser/{group}/kontaktlista")
def show(request: Request, group: Annotated[UUID, Path()], visit: Seeker) -> Response:
    """Pupils and guardians of the class, with the details that each shows to the reader."""
    found = read_contact_list(visit.context, visit.caller, group, on=visit.on)
    translate = translator(request)
    return render(
        request,
        "contact_list.html",
        me=visit.me,
        group=found.group,
        pupils=[_household(pupil, translate) for pupil in found.pupils],
    )


def _household(pupil: ListedPupil, translate: Translate) -> Household:
    own = _entry(pupil.pupil, "", translate)
    guardians = [_entry(guardian, translate("guardian"), translate) for guardian in pupil.guardians]
    people = [own, *guardians] if own.facts else guardians
    return Household(own.name, own.address, own.picture, tuple(people))


def _entry(listed: Listed, role: str, translate: Translate) -> Entry:
    person = listed.person
    facts = tuple(_facts(listed.contact, translate)) if listed.contact else ()
    picture = picture_address(person.person_id) if listed.has_picture else ""
    return Entry(person.name, role, f"/personer/{person.person_id}", picture, facts)


def _facts(contact: ContactDetailsGiven, translate: Translate) -> Iterator[Fact]:
    for label, number in (
        (translate("Mobile"), contact.mobile),
        (translate("Telephone at home"), contact.home_phone),
        (translate("Telephone at work"), contact.work_phone),
    ):
        if number:
            yield Fact(label, number, _dialled(number))
    if contact.email:
        yield Fact(translate("E-mail"), contact.email, f"mailto:{quote(contact.email, safe='@')}")
    address = ", ".join(part for part in (contact.street, _town(contact)) if part)
    if address:
        yield Fact(translate("Address"), address)


def _dialled(number: str) -> str:
    """The number as a telephone takes it; the zero in `+46 (0)70` is not dialled after a country's number."""
    said = number.replace("(0)", "") if number.startswith("+") else number
    return "tel:" + "".join(character for character in said if character.isdigit() or character == "+")


def _town(contact: ContactDetailsGiven) -> str:
    return " ".join(part for part in (contact.postal_code, contact.town) if part)
