"""The settings as a form: what it shows, and what was typed made into settings or into words at each field."""

from collections.abc import Mapping

from pydantic import ValidationError

from aggregates.contact import ContactDetails
from aggregates.person import Person
from commands.own_settings import OwnSettings
from events.person import MailPreferencesChosen, SelfDescriptionGiven, Theme
from web.forms import Form
from web.texts.fields import LABELS, WRONG, WRONG_TEXT

CONTACT_FIELDS = ("home_phone", "work_phone", "mobile", "street", "postal_code", "town", "email")
BOXES = ("hide_contact", "mail_notices", "mail_messages", "mail_system")
VERSION = "version"
"""The field that says at which version of the settings the page was shown."""
Value = str | bool | None
Values = Mapping[str, Value]


def shown(person: Person) -> Values:
    """The form as it stands for the person now: all four boxes ticked until the person chooses (G-3)."""
    contact = person.contact
    values: dict[str, Value] = {name: getattr(contact, name, None) for name in CONTACT_FIELDS}
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
    values: dict[str, Value] = {name: form.text(name) for name in (*CONTACT_FIELDS, "description", "theme")}
    return values | {name: form.has(name) for name in BOXES}


def read(form: Form) -> tuple[OwnSettings | None, dict[str, str]]:
    """The settings that were sent; where something is not as it must be, None and the words for each field."""
    wrong = dict[str, str]()
    contact, description, theme = ContactDetails(), None, Theme.PAPER
    try:
        description = SelfDescriptionGiven(text=form.text("description").strip() or None).text
    except ValidationError as error:
        is_long = error.errors()[0]["type"] == "string_too_long"
        wrong["description"] = WRONG["description"] if is_long else WRONG_TEXT["not-readable"]
    try:
        theme = Theme(form.text("theme"))
    except ValueError:
        wrong["theme"] = WRONG["theme"]
    try:
        contact = ContactDetails.model_validate({name: form.line(name) for name in CONTACT_FIELDS})
    except ValidationError as error:
        at = {found["loc"][0] for found in error.errors()}
        wrong |= {name: WRONG[name] for name in CONTACT_FIELDS if name in at}
    if wrong:
        return None, wrong
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


def differing(now: Values, wanted: Values) -> list[str]:
    """The fields in which what was typed is not what stands there now, in the order of the page."""
    return [name for name in LABELS if _plain(now[name]) != _plain(wanted[name])]


def _plain(value: Value) -> Value:
    return value if isinstance(value, bool) else (value or "").strip()
