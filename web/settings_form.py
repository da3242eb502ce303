"""The settings as a form: what it shows, and what was typed made into settings or into words at each field."""

from collections.abc import Mapping

from pydantic import ValidationError

from aggregates.contact import ContactDetails
from aggregates.person import Person
from commands.own_settings import OwnSettings
from events.person import MailPreferencesChosen, SelfDescriptionGiven, Theme
from web.forms import Form
from web.texts.fields import WRONG

CONTACT_FIELDS = ("home_phone", "work_phone", "mobile", "street", "postal_code", "town", "email")
BOXES = ("hide_contact", "mail_notices", "mail_messages", "mail_system")
Values = Mapping[str, str | bool | None]


def shown(person: Person) -> Values:
    """The form as it stands for the person now: all four boxes ticked until the person chooses (G-3)."""
    contact = person.contact
    values: dict[str, str | bool | None] = {name: getattr(contact, name, None) for name in CONTACT_FIELDS}
    return values | {
        "description": person.description,
        "theme": person.theme.value,
        "hide_contact": not person.shows_contact,
        "mail_notices": person.mail.notices,
        "mail_messages": person.mail.messages,
        "mail_system": person.mail.system,
    }


def typed(form: Form) -> Values:
    """The form as it was sent."""
    values: dict[str, str | bool | None] = {name: form.text(name) for name in (*CONTACT_FIELDS, "description", "theme")}
    return values | {name: form.has(name) for name in BOXES}


def read(form: Form) -> tuple[OwnSettings | None, dict[str, str]]:
    """The settings that were sent; where something is not as it must be, None and the words for each field."""
    wrong = set[str]()
    contact, description, theme = ContactDetails(), None, Theme.PAPER
    try:
        contact = ContactDetails.model_validate({name: form.line(name) for name in CONTACT_FIELDS})
    except ValidationError as error:
        wrong.update(str(found["loc"][0]) for found in error.errors())
    try:
        description = SelfDescriptionGiven(text=form.text("description").strip() or None).text
    except ValidationError:
        wrong.add("description")
    try:
        theme = Theme(form.text("theme"))
    except ValueError:
        wrong.add("theme")
    if wrong:
        in_order = ("description", "theme", *CONTACT_FIELDS)
        return None, {name: WRONG[name] for name in in_order if name in wrong}
    mail = MailPreferencesChosen(
        notices=form.has("mail_notices"), messages=form.has("mail_messages"), system=form.has("mail_system")
    )
    return OwnSettings(
        description=description or "",
        theme=theme,
        contact=contact,
        hides_contact=form.has("hide_contact"),
        mail=mail,
    ), {}
