"""What a person decides about oneself, saved at once: description, looks, contact details, what is shown, mail."""

from dataclasses import dataclass

from access.decide import Grant
from aggregates import person_choices as choices
from aggregates.contact import ContactDetails
from aggregates.person import Person
from commands.context import Answer, Command, Context
from commands.persons import there
from commands.run import actor_of, execute
from commands.streams import PERSON, Resource, Stream
from events.base import Actor, Event, Role
from events.person import MailPreferencesChosen, Theme


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What is to be saved; what is None stays as it is, and an empty description takes the description away."""

    description: str | None = None
    theme: Theme | None = None
    contact: ContactDetails | None = None
    hides_contact: bool | None = None
    mail: MailPreferencesChosen | None = None


def save_own_settings(context: Context, command: Command, wanted: OwnSettings) -> Answer:
    """Save what the caller decides about oneself: one event for each thing that is new (S-SET-1, G-3)."""
    own = command.caller.person_id

    def decide(state: Person | None, _: Actor) -> list[Event]:
        return [event for event in _decisions(there(state), wanted) if event is not None]

    return execute(
        context,
        command,
        Stream(PERSON, own),
        authorise=lambda _: actor_of(command, Grant(Role.SELF)),
        decide=decide,
        resource=Resource(str(own), lambda person: person.settings_version),
    )


def _decisions(person: Person, wanted: OwnSettings) -> list[Event | None]:
    decided: list[Event | None] = []
    if wanted.description is not None:
        decided.append(choices.describe_oneself(person, text=wanted.description or None))
    if wanted.theme is not None:
        decided.append(choices.choose_theme(person, theme=wanted.theme))
    if wanted.contact is not None:
        decided.append(choices.give_contact_details(person, contact=wanted.contact.given()))
    if wanted.hides_contact is not None:
        decided.append(choices.choose_contact_visibility(person, visible_to_class=not wanted.hides_contact))
    if wanted.mail is not None:
        decided.append(choices.choose_mail(person, wanted=wanted.mail))
    return decided
