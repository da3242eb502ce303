"""A person's own stream: name, roster identities, and what the person chose to show."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from events.base import Event
from events.text import Brief, Code, Digest, Line, Name


class IdentifierKind(StrEnum):
    """What a sign-in provider calls a person by."""

    EPPN = "eppn"
    """The name of an account at the municipality or a school, with its realm (eduPersonPrincipalName)."""
    PERSONNUMMER = "personnummer"
    """Personal identity number, or coordination number (samordningsnummer)."""


class Theme(StrEnum):
    """The few looks to choose among (S-SET-4)."""

    PAPER = "paper"
    FOREST = "forest"
    SEA = "sea"
    DUSK = "dusk"


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


class ContactVisibilityChosen(Event):
    """Whether class-mates and their guardians see the person's contact details; hidden until chosen (S-CON-4, G-2)."""

    code: ClassVar[str] = "contact_visibility_chosen.v1"
    visible_to_class: bool


class MailPreferencesChosen(Event):
    """Which mail the person wants (G-3): notices of plans, messages of school and class, words from the system."""

    code: ClassVar[str] = "mail_preferences_chosen.v1"
    notices: bool
    messages: bool
    system: bool


class RosterEmailGiven(Event):
    """The roster says which mail address the school has given the pupil (S-ACC-12), or that there is none."""

    code: ClassVar[str] = "roster_email_given.v1"
    email: Line | None


class TermsAccepted(Event):
    """The person has read this version of the terms and accepts them for the own use of the service (S-TRM-2)."""

    code: ClassVar[str] = "terms_accepted.v1"
    terms_version: Code


class SignInIdentifierGiven(Event):
    """The person is whom sign-in providers know by this; nobody can read it, it is only found by keyed hash."""

    code: ClassVar[str] = "sign_in_identifier_given.v1"
    identifier_id: UUID
    kind: IdentifierKind
    lookup: Digest


class SignInIdentifierRemoved(Event):
    """The person no longer signs in by this identifier."""

    code: ClassVar[str] = "sign_in_identifier_removed.v1"
    identifier_id: UUID


class SignInAccountLinked(Event):
    """An account of a provider came with this identifier: from now on no other account of that provider is taken."""

    code: ClassVar[str] = "sign_in_account_linked.v1"
    identifier_id: UUID
    issuer: Line
    account: Digest


class SignInAccountAccepted(Event):
    """The operator has made sure that this account is the person's too; it is linked when it comes."""

    code: ClassVar[str] = "sign_in_account_accepted.v1"
    account: Digest


class NewSignInsAcknowledged(Event):
    """The person has seen which ways to sign in were new, up to this version of the person's own stream."""

    code: ClassVar[str] = "new_sign_ins_acknowledged.v1"
    through_version: int


class SelfDescriptionGiven(Event):
    """A few lines that the person says of oneself (S-SET-2), or no longer."""

    code: ClassVar[str] = "self_description_given.v1"
    text: Brief | None


class ThemeChosen(Event):
    """The person wants the pages to look like this (S-SET-4)."""

    code: ClassVar[str] = "theme_chosen.v1"
    theme: Theme


class PictureGiven(Event):
    """There is a picture of the person (S-SET-3): sealed outside the ledger, held to by SHA-256 and size in bytes."""

    code: ClassVar[str] = "picture_given.v1"
    attachment_id: UUID
    sha256: Digest
    size: int


class PictureRemoved(Event):
    """There is no picture of the person any more."""

    code: ClassVar[str] = "picture_removed.v1"
