"""The caller's own settings: what one says of oneself, contact details, the four boxes, the look of the pages."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.contact import ContactDetails
from aggregates.person import Person
from api.declare import ONESELF, reads, writes
from api.shapes import Shape, answer_with
from api.signed_in import Reading, Signed
from api.writing import Body, Write, Written
from commands.own_settings import OwnSettings, save_own_settings
from commands.shown import hidden, person_of
from events.base import Role
from events.person import ContactDetailsGiven, MailPreferencesChosen, Theme
from events.text import Brief

router = APIRouter(tags=["myself"])


class MailShape(Shape):
    """Which mail one wants: notices of plans, messages of school and class, words from the system."""

    notices: bool
    messages: bool
    system: bool


class MailToChoose(Body):
    """Which mail one wants: notices of plans, messages of school and class, words from the system."""

    notices: bool
    messages: bool
    system: bool


class SettingsToSave(Body):
    """What is left out, or null, stays as it is. Contact details are saved as a whole."""

    description: Annotated[
        Brief | Literal[""] | None, Field(description="What one says of oneself; an empty text takes it away.")
    ] = None
    theme: Theme | None = None
    contact: ContactDetails | None = None
    hide_contact_details: Annotated[
        bool | None, Field(description="Whether pupils and guardians of the class may not see the contact details.")
    ] = None
    mail: MailToChoose | None = None


class ContactShape(Shape):
    """Contact details."""

    home_phone: str | None
    work_phone: str | None
    mobile: str | None
    street: str | None
    postal_code: str | None
    town: str | None
    email: str | None

    @classmethod
    def of(cls, contact: ContactDetailsGiven | None) -> "ContactShape":
        """What is given; nothing where nothing is."""
        return cls.model_validate(contact or ContactDetailsGiven())


class PictureOf(Shape):
    """Whether there is a picture of a person, and whether the caller lets class-mates see it."""

    person_id: UUID
    name: str
    has_picture: bool
    visible_to_class: bool


class OwnSettingsShape(Shape):
    """Everything that one decides about oneself, and the pictures of oneself and of one's children."""

    given_name: str
    family_name: str
    description: str | None
    theme: Theme
    contact: ContactShape
    school_email: str | None = Field(description="The address that the school has given; used where there is no own.")
    hide_contact_details: bool
    mail: MailShape
    pictures: list[PictureOf]
    version: int


@router.get(
    "/me/settings", response_model=OwnSettingsShape, **reads(ONESELF, refuses=(PersonNotFound,), versioned=True)
)
def show_own_settings(asked: Signed) -> Response:
    """What the caller has decided about oneself, or what holds until one does."""
    own = person_of(asked.context, asked.person_id)
    shape = OwnSettingsShape(
        given_name=own.given_name,
        family_name=own.family_name,
        description=own.description,
        theme=own.theme,
        contact=ContactShape.of(own.contact),
        school_email=own.roster_email,
        hide_contact_details=not own.shows_contact,
        mail=MailShape.model_validate(own.mail),
        pictures=_pictures(asked, own),
        version=own.settings_version,
    )
    return answer_with(shape, version=own.settings_version)


def _pictures(asked: Reading, own: Person) -> list[PictureOf]:
    """Of oneself, and of the children whom one is guardian of where the sign-in is strong enough for that."""
    seen = asked.context.directory.seen_by(asked.caller.eyes(asked.on))
    children: list[UUID] = []
    if asked.caller.level >= asked.context.levels.lowest(Action.READ_FILE, Role.GUARDIAN):
        found = [r for r in seen.students_of(own.id) if r.relation.role is Role.GUARDIAN]
        children = [r.student.person_id for r in found if r.relation.holds(asked.on)]
    unseen = hidden(asked.context, asked.caller, children)
    persons = seen.persons([own.id, *(child for child in children if child not in unseen)])
    return [
        PictureOf(
            person_id=one.person_id,
            name=one.name,
            has_picture=one.picture_id is not None,
            visible_to_class=one.person_id in own.pictures_shown,
        )
        for one in sorted(persons.values(), key=lambda person: (person.person_id != own.id, person.name))
    ]


@router.put("/me/settings", response_model=Written, **writes(ONESELF, refuses=(PersonNotFound,)))
def save_settings(asked: Write, body: SettingsToSave) -> Response:
    """Save what the caller decides about oneself."""
    wanted = OwnSettings(
        description=body.description,
        theme=body.theme,
        contact=body.contact,
        hides_contact=body.hide_contact_details,
        mail=MailPreferencesChosen(**body.mail.model_dump()) if body.mail else None,
    )
    return asked.answer(save_own_settings(asked.context, asked.command(None), wanted))
