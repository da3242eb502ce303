"""A person's own stream: name, roster identities, and what the person chose to show."""

from typing import ClassVar
from uuid import UUID

from events.base import Event
from events.text import Line, Name


class PersonRegistered(Event):
    """A person is known to the municipality's ledger; what the person may do comes from relations alone (S-ROL-9)."""

    code: ClassVar[str] = "person_registered.v1"
    given_name: Name
    family_name: Name


class PersonRenamed(Event):
    """The person has another name from now on."""

    code: ClassVar[str] = "person_renamed.v1"
    given_name: Name
    family_name: Name


class RosterIdentified(Event):
    """The person is the one whom a roster calls by this id; the id counts as text and is found by keyed hash."""

    code: ClassVar[str] = "roster_identified.v1"
    source: Name
    roster_id: Name


class PictureVisibilityChosen(Event):
    """Whether class-mates and their guardians may see the person's picture; hidden until chosen (G-12)."""

    code: ClassVar[str] = "picture_visibility_chosen.v1"
    of_person_id: UUID
    visible_to_class: bool


class ContactDetailsGiven(Event):
    """Contact details as the person or the roster gave them (S-CON-1); hidden from class-mates by default (G-2)."""

    code: ClassVar[str] = "contact_details_given.v1"
    home_phone: Line | None = None
    work_phone: Line | None = None
    mobile: Line | None = None
    street: Line | None = None
    postal_code: Line | None = None
    town: Line | None = None
    email: Line | None = None
