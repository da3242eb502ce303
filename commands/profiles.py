"""What is shown of a person: the profile and the picture (S-SET-5, G-12)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.acquaintance import HOME, permit_among
from access.actions import Action
from access.decide import Grant, grants
from access.errors import PersonNotFound
from aggregates.errors.person import PictureNotFound
from aggregates.student_file import StudentFile, student_file_id
from commands.context import Caller, Context
from commands.reads import Part, look_of
from commands.run import standing_in
from commands.shown import hidden
from commands.streams import STUDENT_FILE, find
from events.base import Role
from projections.directory import PersonEntry
from projections.seen_by import SeenBy

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as others see one. `has_picture`: there is a picture that the reader may see."""

    person: PersonEntry
    has_picture: bool


def read_profile(context: Context, caller: Caller, person_id: UUID, *, on: date) -> Profile:
    """A person's profile, for staff and for the classes that one is connected with. Raises PersonNotFound."""
    roles = _roles_towards(context, caller, person_id, on)
    person = context.directory.seen_by(SeenBy(caller.person_id, on)).person(person_id)
    if person is None or roles is None:
        raise PersonNotFound
    _record(context, caller, person_id, roles, Part.PROFILE, on=on)
    return Profile(person, _shows_picture(context, person, roles, on))


def read_picture(context: Context, caller: Caller, person_id: UUID, *, on: date) -> bytes:
    """A person's picture: one's own and one's child's, anybody's for staff, for the class once it is shown.

    Raises PictureNotFound.
    """
    try:
        roles = _roles_towards(context, caller, person_id, on)
    except PersonNotFound:
        raise PictureNotFound from None
    eyes = SeenBy(caller.person_id, on)
    person = context.directory.seen_by(eyes).person(person_id)
    if person is None or roles is None or not _shows_picture(context, person, roles, on):
        raise PictureNotFound
    content = person.picture_id and context.attachments.content(person.picture_id, eyes)
    if not content:
        raise PictureNotFound
    _record(context, caller, person_id, roles, Part.PICTURE, on=on)
    return content


def _record(
    context: Context, caller: Caller, person_id: UUID, roles: Collection[Role], part: Part, *, on: date
) -> None:
    """Put on record that somebody else looks at what is shown of a pupil; oneself one may look at unseen."""
    if person_id == caller.person_id:
        return
    file = find(context, STUDENT_FILE, student_file_id(person_id))
    if file is not None:
        look = look_of(caller, _grant_towards(context, caller, file, roles, on), file.id, part)
        context.record.add(look, is_durable=file.protection is not None)


def _grant_towards(context: Context, caller: Caller, file: StudentFile, roles: Collection[Role], on: date) -> Grant:
    """In which role the caller looks: a relation to the pupil, else a part at the pupil's school, else any of them."""
    parts = context.directory.school_roles(caller.person_id, file.school_id)
    standing = standing_in(file, caller.person_id, parts)
    towards = [grant for grant in grants(Action.READ_PROFILE, standing, on=on) if grant.role in roles]
    return next(iter(towards), None) or Grant(next(role for role in Role if role in roles and role is not Role.SELF))


def _shows_picture(context: Context, person: PersonEntry, roles: Collection[Role], on: date) -> bool:
    """Whether there is a picture, and one of the reader's roles sees it."""
    if person.picture_id is None:
        return False
    return bool(set(roles) - HOME) or person.person_id in context.directory.pictures_shown((person.person_id,), on)


def _roles_towards(context: Context, caller: Caller, person_id: UUID, on: date) -> frozenset[Role] | None:
    """The roles in which the caller sees the person; `SELF` where it is oneself or one's child.

    None where the caller has nothing to do with the person, or the person's identity is protected from the caller: then
    the answer, a refusal for too weak a sign-in included, is that for a person who is not there.
    """
    if person_id == caller.person_id:
        return frozenset({Role.SELF})
    is_hidden = person_id in hidden(context, caller, (person_id,))
    roles = context.directory.roles_towards(caller.person_id, _NOBODY if is_hidden else person_id, on)
    if not roles:
        return None
    held = roles | {Role.GUARDIAN} if Role.SELF in roles else roles
    granted = permit_among(Action.READ_PROFILE, held, level=caller.level, levels=context.levels)
    if is_hidden:
        return None
    return granted | {Role.SELF} if Role.SELF in roles and Role.GUARDIAN in granted else granted
