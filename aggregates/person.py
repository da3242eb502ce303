"""One person: name, roster identities and what the person chose to show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never
from uuid import UUID

from aggregates.errors import PersonAlreadyRegistered
from events.base import Recorded
from events.person import (
    ContactDetailsGiven,
    PersonRegistered,
    PersonRenamed,
    PictureVisibilityChosen,
    RosterIdentified,
)

PersonEvent = PersonRegistered | PersonRenamed | RosterIdentified | PictureVisibilityChosen | ContactDetailsGiven


@dataclass(slots=True)
class Person:
    """A person as the ledger knows one. Roles are not here: they are relations to pupils and schools (S-ROL-9)."""

    id: UUID
    subject_id: UUID
    version: int
    given_name: str
    family_name: str
    roster_ids: set[tuple[str, str]] = field(default_factory=set)
    pictures_shown: set[UUID] = field(default_factory=set)
    """Whose pictures (the own, a child's) class-mates may see; empty until chosen (G-12)."""
    contact: ContactDetailsGiven | None = None

    @property
    def name(self) -> str:
        """Given and family name, as written on screen."""
        return f"{self.given_name} {self.family_name}"


def evolve(person: Person | None, recorded: Recorded[PersonEvent]) -> Person:
    """The person after one more event."""
    event = recorded.event
    if isinstance(event, PersonRegistered):
        return Person(
            recorded.originator_id,
            recorded.subject_id,
            recorded.originator_version,
            event.given_name,
            event.family_name,
        )
    if person is None:
        msg = f"the first event of a person is not {event.code}"
        raise ValueError(msg)
    person.version = recorded.originator_version
    match event:
        case PersonRenamed():
            person.given_name, person.family_name = event.given_name, event.family_name
        case RosterIdentified():
            person.roster_ids.add((event.source, event.roster_id))
        case PictureVisibilityChosen():
            if event.visible_to_class:
                person.pictures_shown.add(event.of_person_id)
            else:
                person.pictures_shown.discard(event.of_person_id)
        case ContactDetailsGiven():
            person.contact = event
        case _:
            assert_never(event)
    return person


def fold(person: Person | None, events: Iterable[Recorded[PersonEvent]]) -> Person | None:
    """The person after these events."""
    for recorded in events:
        person = evolve(person, recorded)
    return person


def register_person(person: Person | None, *, given_name: str, family_name: str) -> PersonRegistered:
    """Make a person known."""
    if person is not None:
        raise PersonAlreadyRegistered
    return PersonRegistered(given_name=given_name, family_name=family_name)


def rename_person(person: Person, *, given_name: str, family_name: str) -> PersonRenamed | None:
    """Give the person another name; None where it is the name already."""
    renamed = PersonRenamed(given_name=given_name, family_name=family_name)
    is_so = (person.given_name, person.family_name) == (renamed.given_name, renamed.family_name)
    return None if is_so else renamed


def identify_in_roster(person: Person, *, source: str, roster_id: str) -> RosterIdentified | None:
    """Say that a roster calls the person by this id; None where that is known."""
    identified = RosterIdentified(source=source, roster_id=roster_id)
    return None if (identified.source, identified.roster_id) in person.roster_ids else identified


def choose_picture_visibility(
    person: Person, *, of_person_id: UUID, visible_to_class: bool
) -> PictureVisibilityChosen | None:
    """Show or hide a picture for the class (G-12); None where it is so already."""
    if (of_person_id in person.pictures_shown) == visible_to_class:
        return None
    return PictureVisibilityChosen(of_person_id=of_person_id, visible_to_class=visible_to_class)


def give_contact_details(person: Person, *, contact: ContactDetailsGiven) -> ContactDetailsGiven | None:
    """Give contact details (S-CON-1); None where nothing is new."""
    return None if person.contact == contact else contact
