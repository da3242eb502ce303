"""What is said at a field that cannot be saved as it is: how to write it, and no word about whoever wrote it."""

from collections.abc import Mapping

from events.person import Theme

_PHONE = "Write the number with 5 to 15 digits, for example 090-12 34 56 or +46 70 123 45 67"

WRONG: Mapping[str, str] = {
    "description": "Write at most 500 characters about yourself",
    "theme": "Choose one of the looks",
    "home_phone": _PHONE,
    "work_phone": _PHONE,
    "mobile": _PHONE,
    "street": "Write the street address on one line, at most 200 characters",
    "postal_code": "Write the postal code as in 901 16",
    "town": "Write the town on one line, at most 200 characters",
    "email": "Write one e-mail address, for example namn@exempel.se",
    "picture": "Choose a picture of the kind JPEG, PNG, WebP or GIF that is at most 10 MB",
    "person": "Write the number as the adult sees it under Settings",
    "reads-already": "This adult can read already",
    "until": "Write the last day as year-month-day, from today and no later than the latest day",
    "consent": "Tick the box if you agree",
}
"""By the name of the field, in English; catalogues have the other languages."""

LABELS: Mapping[str, str] = {
    "description": "Describe yourself",
    "theme": "Look",
    "hide_contact": "Hide my contact details",
    "home_phone": "Telephone at home",
    "work_phone": "Telephone at work",
    "mobile": "Mobile",
    "street": "Street address",
    "postal_code": "Postal code",
    "town": "Town",
    "email": "E-mail",
    "mail_notices": "I want my important notices by e-mail",
    "mail_messages": "I want messages from my school and class by e-mail",
    "mail_system": "I want important messages about the service by e-mail",
}
"""What the fields of the settings are called, in the order of the page."""

THEMES: Mapping[Theme, str] = {
    Theme.PAPER: "Paper",
    Theme.FOREST: "Forest",
    Theme.SEA: "Sea",
    Theme.DUSK: "Dusk",
}
"""What the looks are called."""

WRONG_TEXT: Mapping[str, str] = {
    "empty": "Write something here first",
    "too-long": (
        "At most %(most)s characters fit here, and the text has %(over)s too many. All of it is still in the box: "
        "shorten it and save again"
    ),
    "not-readable": "There are characters in the text that cannot be saved, such as invisible ones. Remove them",
    "taken-out": "There were invisible characters in the text, as in pasted text. They are taken out: read it and save",
    "not-chosen": "Choose one of the alternatives",
    "not-a-day": "Write the day as year-month-day",
    "as-before": "This is what stands there already. Change it first",
    "day-to-come": "Choose today or an earlier day: the plan is locked when the conversation has been held",
    "day-not-over": "Choose today or an earlier day",
    "day-to-keep-past": "Choose a day to come, until which it is kept",
    "not-a-number": "Write a whole number that is not too large",
    "not-looked-at": "Look through the list, and tick here",
    "period-not-sound": (
        "This does not go together. Only pupils' files have a cause, a review or the archive; write how long it is "
        "kept, and let it end after it begins"
    ),
    "period-not-newer": "A decision on the same documents holds from this day or a later one. Choose a later day",
    "no-plan-then": "There was no plan on that day. Choose a later one",
}
"""What is wrong with a text, a choice or a day, in English, whatever it is about."""
