"""Pictures of people: of oneself, or given by a guardian of one's child (S-SET-3, G-12)."""

import hashlib
from uuid import UUID

from access.actions import Action
from access.decide import Grant
from access.errors import AssuranceTooLow, PersonNotFound
from aggregates import person_choices as choices
from aggregates.errors.person import PictureNotUsable
from aggregates.person import Person
from aggregates.student_file import student_file_id
from commands.context import Answer, Command, Context
from commands.persons import there
from commands.run import actor_of, execute
from commands.streams import PERSON, STUDENT_FILE, Resource, Stream, find
from events.base import Actor, Event, Role
from store.pictures import NotAPicture, remade


def give_picture(context: Context, command: Command, *, person_id: UUID, sent: bytes) -> Answer:
    """Make what was sent a small plain picture and let it be the person's; the one before is removed.

    Raises PictureNotUsable, and refusals.
    """
    _own_or_childs(context, command, person_id)
    try:
        picture = remade(sent)
    except NotAPicture:
        raise PictureNotUsable from None
    attachment_id, sha256 = command.new_id("picture"), hashlib.sha256(picture).digest()
    before: list[UUID] = []

    def decide(state: Person | None, _: Actor) -> Event | None:
        person = there(state)
        before[:] = [person.picture.attachment_id] if person.picture else []
        given = choices.give_picture(person, attachment_id=attachment_id, sha256=sha256, size=len(picture))
        if given is not None:
            context.attachments.keep(attachment_id, person.subject_id, picture)
        return given

    answer = execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=lambda _: actor_of(command, _own_or_childs(context, command, person_id)),
        decide=decide,
        resource=Resource(str(person_id)),
    )
    _forget(context, person_id, before if answer.position is not None else [])
    return answer


def remove_picture(context: Context, command: Command, *, person_id: UUID) -> Answer:
    """Take the picture of the person away."""
    before: list[UUID] = []

    def decide(state: Person | None, _: Actor) -> Event:
        person = there(state)
        before[:] = [person.picture.attachment_id] if person.picture else []
        return choices.remove_picture(person)

    answer = execute(
        context,
        command,
        Stream(PERSON, person_id),
        authorise=lambda _: actor_of(command, _own_or_childs(context, command, person_id)),
        decide=decide,
        resource=Resource(str(person_id)),
    )
    _forget(context, person_id, before)
    return answer


def _forget(context: Context, person_id: UUID, before: list[UUID]) -> None:
    """Remove the pictures that nobody is shown any more, and those whose event never came."""
    for attachment_id in before:
        context.attachments.remove(attachment_id)
    present = find(context, PERSON, person_id)
    if present is not None and present.picture is not None:
        context.attachments.sweep(present.subject_id, but=present.picture.attachment_id)


def choose_picture_visibility(
    context: Context, command: Command, *, of_person_id: UUID, visible_to_class: bool
) -> Answer:
    """Show or hide one's own or one's child's picture for the class (G-12); hidden until chosen."""
    own = command.caller.person_id
    return execute(
        context,
        command,
        Stream(PERSON, own),
        authorise=lambda _: actor_of(command, _own_or_childs(context, command, of_person_id)),
        decide=lambda state, _: choices.choose_picture_visibility(
            there(state), of_person_id=of_person_id, visible_to_class=visible_to_class
        ),
        resource=Resource(str(own)),
    )


def _own_or_childs(context: Context, command: Command, of_person_id: UUID) -> Grant:
    """The relation in which the caller decides over the picture: to oneself, or as guardian of the child."""
    caller = command.caller
    if of_person_id == caller.person_id:
        return Grant(Role.SELF)
    file = find(context, STUDENT_FILE, student_file_id(of_person_id))
    if file is None or not file.names(caller.person_id):
        raise PersonNotFound
    for relation in file.relations_of(caller.person_id, on=command.on):
        if relation.role is Role.GUARDIAN:
            asked_for = Action.READ_FILE if file.protection is None else Action.READ_PROTECTED
            lowest = context.levels.lowest(asked_for, Role.GUARDIAN)
            if caller.level < lowest:
                raise AssuranceTooLow(lowest)
            return Grant(Role.GUARDIAN, relation.id)
    raise PersonNotFound
