"""The directory's rows about persons: what is shown of them, and by what rosters and providers know them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from events.base import Recorded
from events.person import (
    ContactDetailsGiven,
    ContactVisibilityChosen,
    PersonRegistered,
    PersonRenamed,
    PictureGiven,
    PictureRemoved,
    PictureVisibilityChosen,
    RosterEmailGiven,
    RosterIdentified,
    SelfDescriptionGiven,
    SignInIdentifierGiven,
    SignInIdentifierRemoved,
    Theme,
    ThemeChosen,
)
from projections import directory_places as places
from projections.projection import Target, kinds_of
from projections.statements import Statements

PERSON_KINDS = kinds_of(
    PersonRegistered, PersonRenamed, RosterIdentified, PictureVisibilityChosen, ContactDetailsGiven,
    ContactVisibilityChosen, RosterEmailGiven, SelfDescriptionGiven, ThemeChosen, PictureGiven, PictureRemoved,
    SignInIdentifierGiven, SignInIdentifierRemoved,
)  # fmt: skip
"""Mail preferences and accepted terms are not among them: nobody looks for persons by those."""

_NAME, _CONTACT, _EMAIL, _DESCRIPTION, _PICTURE, _SHOWS, _THEME = range(3, 10)


@dataclass
class _Beside:
    """The rows of a batch that stand beside the persons' own."""

    identities: list[tuple[object, ...]] = field(default_factory=list)
    pictures: dict[tuple[UUID, UUID], tuple[object, ...]] = field(default_factory=dict)
    identifiers: dict[UUID, tuple[object, ...]] = field(default_factory=dict)
    removed: list[UUID] = field(default_factory=list)


def fold_persons(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Persons and what belongs to them, from the persons' own streams."""
    ids = list({recorded.originator_id for recorded in events})
    rows = {row[0]: list(row) for row in target.fetch(statements, "load_persons", ids)}
    beside = _Beside()
    for recorded in events:
        person_id, subject_id = recorded.originator_id, recorded.subject_id
        new = [person_id, subject_id, 0, b"", None, None, None, None, False, Theme.PAPER.value]
        row = rows.setdefault(person_id, new)
        row[2] = recorded.originator_version
        if not _fold_own(target, row, recorded.event):
            _fold_beside(target, beside, recorded)
    target.write(statements, "save_persons", list(rows.values()))
    target.write(statements, "save_roster_identities", beside.identities)
    target.write(statements, "save_picture_choices", list(beside.pictures.values()))
    target.write(statements, "save_sign_in_identifiers", list(beside.identifiers.values()))
    if beside.removed:
        target.run(statements, "remove_sign_in_identifiers", beside.removed)


def _fold_own(target: Target, row: list[Any], event: object) -> bool:
    """Fold into the person's row what belongs there; whether it did."""
    person_id, subject_id = row[:2]
    match event:
        case PersonRegistered() | PersonRenamed():
            name = to_json([event.given_name, event.family_name])
            row[_NAME] = target.seal(subject_id, name, places.person_name(person_id))
        case ContactDetailsGiven():
            contact = to_json(event.model_dump(exclude_none=True))
            row[_CONTACT] = target.seal(subject_id, contact, places.person_contact(person_id))
        case RosterEmailGiven():
            email = event.email
            row[_EMAIL] = email and target.seal(subject_id, email.encode(), places.person_email(person_id))
        case SelfDescriptionGiven():
            text = event.text
            row[_DESCRIPTION] = text and target.seal(subject_id, text.encode(), places.person_description(person_id))
        case PictureGiven():
            row[_PICTURE] = event.attachment_id
        case PictureRemoved():
            row[_PICTURE] = None
        case ContactVisibilityChosen():
            row[_SHOWS] = event.visible_to_class
        case ThemeChosen():
            row[_THEME] = event.theme.value
        case _:
            return False
    return True


def _fold_beside(target: Target, beside: _Beside, recorded: Recorded[Any]) -> None:
    person_id, subject_id, event = recorded.originator_id, recorded.subject_id, recorded.event
    match event:
        case RosterIdentified():
            words = places.roster_words(event.source, event.roster_id)
            lookup = target.ledger.keys.lookup_hash("roster id", words)
            named = to_json([event.source, event.roster_id])
            sealed = target.seal(subject_id, named, places.roster_identity(person_id, lookup))
            beside.identities.append((lookup, person_id, subject_id, sealed))
        case PictureVisibilityChosen():
            key = (person_id, event.of_person_id)
            beside.pictures[key] = (*key, subject_id, event.visible_to_class)
        case SignInIdentifierGiven():
            row = (event.identifier_id, bytes.fromhex(event.lookup), person_id, subject_id)
            beside.identifiers[event.identifier_id] = row
        case SignInIdentifierRemoved():
            if beside.identifiers.pop(event.identifier_id, None) is None:
                beside.removed.append(event.identifier_id)
        case _:
            raise TypeError(event.code)
