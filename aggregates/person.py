"""One person: name, what others call the person, and what the person chose. What is one's own is in person_choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never
from uuid import UUID

from aggregates.errors.person import IdentifierNotFound, IdentifierTaken, PersonAlreadyRegistered
from aggregates.sign_ins import SignInEvent, SignIns
from aggregates.sign_ins import evolve as evolve_sign_ins
from events.base import Recorded
from events.person import (
    ContactDetailsGiven,
    ContactVisibilityChosen,
    IdentifierKind,
    MailPreferencesChosen,
    NewSignInsAcknowledged,
    PersonRegistered,
    PersonRenamed,
    PictureGiven,
    PictureRemoved,
    PictureVisibilityChosen,
    RosterEmailGiven,
    RosterIdentified,
    SelfDescriptionGiven,
    SignInAccountAccepted,
    SignInAccountLinked,
    SignInIdentifierGiven,
    SignInIdentifierRemoved,
    TermsAccepted,
    Theme,
    ThemeChosen,
)

PersonChoice = (
    PictureVisibilityChosen
    | ContactDetailsGiven
    | ContactVisibilityChosen
    | MailPreferencesChosen
    | TermsAccepted
    | SelfDescriptionGiven
    | ThemeChosen
    | PictureGiven
    | PictureRemoved
)
PersonEvent = PersonRegistered | PersonRenamed | RosterIdentified | RosterEmailGiven | SignInEvent | PersonChoice
_SETTINGS = (
    PersonRenamed, RosterEmailGiven, PictureVisibilityChosen, ContactDetailsGiven, ContactVisibilityChosen,
    MailPreferencesChosen, SelfDescriptionGiven, ThemeChosen,
)  # fmt: skip
ALL_MAIL = MailPreferencesChosen(notices=True, messages=True, system=True)
"""What holds until the person chooses (G-3)."""


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
    roster_email: str | None = None
    shows_contact: bool = False
    """Whether class-mates and their guardians see the contact details; no until chosen (G-3)."""
    mail: MailPreferencesChosen = ALL_MAIL
    terms: str | None = None
    """The version of the terms accepted last."""
    sign_ins: SignIns = field(default_factory=SignIns)
    description: str | None = None
    theme: Theme = Theme.PAPER
    picture: PictureGiven | None = None
    settings_version: int = 0
    """The version at which what the person decides about oneself, or the name or school address, last changed."""

    @property
    def identifiers(self) -> Mapping[UUID, SignInIdentifierGiven]:
        """What the person signs in by."""
        return self.sign_ins.identifiers

    @property
    def name(self) -> str:
        """Given and family name, as written on screen."""
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str | None:
        """Where mail goes: the person's own address, else the one that the school has given (S-ACC-12)."""
        own = self.contact.email if self.contact else None
        return own or self.roster_email


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
            settings_version=recorded.originator_version,
        )
    if person is None:
        msg = f"the first event of a person is not {event.code}"
        raise ValueError(msg)
    person.version = recorded.originator_version
    if isinstance(event, _SETTINGS):
        person.settings_version = recorded.originator_version
    match event:
        case PersonRenamed():
            person.given_name, person.family_name = event.given_name, event.family_name
        case RosterIdentified():
            person.roster_ids.add((event.source, event.roster_id))
        case RosterEmailGiven():
            person.roster_email = event.email
        case (
            SignInIdentifierGiven()
            | SignInIdentifierRemoved()
            | SignInAccountLinked()
            | SignInAccountAccepted()
            | NewSignInsAcknowledged()
        ):
            evolve_sign_ins(person.sign_ins, event, at=recorded.at, version=recorded.originator_version)
        case _:
            _evolve_choice(person, event)
    return person


def _evolve_choice(person: Person, event: PersonChoice) -> None:
    match event:
        case PictureVisibilityChosen():
            change = person.pictures_shown.add if event.visible_to_class else person.pictures_shown.discard
            change(event.of_person_id)
        case ContactDetailsGiven():
            person.contact = event
        case ContactVisibilityChosen():
            person.shows_contact = event.visible_to_class
        case MailPreferencesChosen():
            person.mail = event
        case TermsAccepted():
            person.terms, person.sign_ins.is_begun = event.terms_version, True
        case SelfDescriptionGiven():
            person.description = event.text
        case ThemeChosen():
            person.theme = event.theme
        case PictureGiven():
            person.picture = event
        case PictureRemoved():
            person.picture = None
        case _:
            assert_never(event)


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


def give_roster_email(person: Person, *, email: str | None) -> RosterEmailGiven | None:
    """Say which mail address the school has given the pupil (S-ACC-12); None where that is known."""
    return None if person.roster_email == email else RosterEmailGiven(email=email)


def give_identifier(
    person: Person, *, identifier_id: UUID, kind: IdentifierKind, lookup: bytes, holder: UUID | None
) -> SignInIdentifierGiven | None:
    """Let the person sign in by an identifier, of which only the keyed hash is known; None where that is so already.

    `holder` is the person who signs in by it now, if anybody does.
    """
    given = SignInIdentifierGiven(identifier_id=identifier_id, kind=kind, lookup=lookup.hex())
    if any((known.kind, known.lookup) == (kind, given.lookup) for known in person.identifiers.values()):
        return None
    if holder not in {None, person.id}:
        raise IdentifierTaken
    return given


def remove_identifier(person: Person, *, identifier_id: UUID) -> SignInIdentifierRemoved:
    """Let the person no longer sign in by an identifier."""
    if identifier_id not in person.identifiers:
        raise IdentifierNotFound
    return SignInIdentifierRemoved(identifier_id=identifier_id)
