"""What a person decides about oneself: terms, what others see, looks and mail; as pure decisions."""

from uuid import UUID

from aggregates.errors.person import PictureNotFound, TermsNotCurrent
from aggregates.person import Person
from events.person import (
    ContactDetailsGiven,
    ContactVisibilityChosen,
    MailPreferencesChosen,
    PictureGiven,
    PictureRemoved,
    PictureVisibilityChosen,
    SelfDescriptionGiven,
    TermsAccepted,
    Theme,
    ThemeChosen,
)


def accept_terms(person: Person, *, version: str, current: str) -> TermsAccepted | None:
    """Accept the terms that hold now (S-TRM-2); None where that is done."""
    if version != current:
        raise TermsNotCurrent
    return None if person.terms == version else TermsAccepted(terms_version=version)


def choose_picture_visibility(
    person: Person, *, of_person_id: UUID, visible_to_class: bool
) -> PictureVisibilityChosen | None:
    """Show or hide a picture for the class (G-12); None where it is so already."""
    if (of_person_id in person.pictures_shown) == visible_to_class:
        return None
    return PictureVisibilityChosen(of_person_id=of_person_id, visible_to_class=visible_to_class)


def give_contact_details(person: Person, *, contact: ContactDetailsGiven) -> ContactDetailsGiven | None:
    """Give contact details (S-CON-1); None where nothing is new."""
    return None if (person.contact or ContactDetailsGiven()) == contact else contact


def choose_contact_visibility(person: Person, *, visible_to_class: bool) -> ContactVisibilityChosen | None:
    """Show or hide one's contact details for the class (S-CON-4); None where it is so already."""
    is_so = person.shows_contact == visible_to_class
    return None if is_so else ContactVisibilityChosen(visible_to_class=visible_to_class)


def choose_mail(person: Person, *, wanted: MailPreferencesChosen) -> MailPreferencesChosen | None:
    """Choose which mail one wants (G-3); None where it is so already."""
    return None if person.mail == wanted else wanted


def describe_oneself(person: Person, *, text: str | None) -> SelfDescriptionGiven | None:
    """Say something of oneself, or nothing any more (S-SET-2); None where nothing is new."""
    described = SelfDescriptionGiven(text=text)
    return None if person.description == described.text else described


def choose_theme(person: Person, *, theme: Theme) -> ThemeChosen | None:
    """Choose how the pages look (S-SET-4); None where they do already."""
    return None if person.theme is theme else ThemeChosen(theme=theme)


def give_picture(person: Person, *, attachment_id: UUID, sha256: bytes, size: int) -> PictureGiven | None:
    """Give the person a picture (S-SET-3); None where it is the same."""
    given = PictureGiven(attachment_id=attachment_id, sha256=sha256.hex(), size=size)
    return None if person.picture and person.picture.sha256 == given.sha256 else given


def remove_picture(person: Person) -> PictureRemoved:
    """Take the picture of the person away."""
    if person.picture is None:
        raise PictureNotFound
    return PictureRemoved()
