"""The contact list of a class, as each reader may see it (S-CON-2 to S-CON-4, G-2, G-12)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.acquaintance import HOME, TEACHING, permit_among
from access.actions import Action
from access.decide import Grant
from access.errors import SchoolNotFound
from aggregates.errors.school import NotAClass
from aggregates.swedish import swedish_order
from commands.context import Caller, Context
from commands.protection import protected_for
from commands.reads import Part, look_of
from commands.shown import hidden
from events.base import Role
from events.person import ContactDetailsGiven
from events.school import GroupKind
from projections.directory import ClassPerson, GroupEntry, PersonEntry
from projections.seen_by import SeenBy


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in a contact list; `contact` is None where it is not shown to the reader, or nothing is given."""

    person: PersonEntry
    contact: ContactDetailsGiven | None
    has_picture: bool


@dataclass(frozen=True, slots=True)
class ListedPupil:
    """A pupil in a contact list, with the guardians."""

    student_id: UUID
    pupil: Listed
    guardians: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class ContactList:
    """A class's contact list as the reader may see it, in Swedish order of family and given name."""

    group: GroupEntry
    pupils: tuple[ListedPupil, ...]


def read_contact_list(
    context: Context, caller: Caller, group_id: UUID, *, on: date, with_protected: bool = False
) -> ContactList:
    """The contact list of a class, for its pupils and guardians, its teachers, administrators and the principal.

    Details are shown to those who teach the pupil and to the school's administration; to the class only where their
    owner has unticked the box; to oneself always. Pupils whose identity is protected, and their guardians, are left out
    but for oneself, and for those whom the protection names if they ask for it in a strong enough sign-in.

    Raises SchoolNotFound, NotAClass, OnlyClassReadsContactList, AssuranceTooLow.
    """
    group = context.directory.group(group_id)
    if group is None:
        raise SchoolNotFound
    people = context.directory.class_people(group_id, on)
    unnamed = context.directory.hidden_from(caller.person_id, {one.pupil_id for one in people}, is_strong=True)
    own = [one for one in people if one.person_id == caller.person_id and one.pupil_id not in unnamed]
    parts = context.directory.school_roles(caller.person_id, group.school_id)
    held = {one.role for one in own} | {part.role for part in parts if part.holds(on)}
    if not held:
        raise SchoolNotFound
    roles = permit_among(Action.READ_CONTACT_LIST, held, level=caller.level, levels=context.levels)
    if group.kind is not GroupKind.CLASS:
        raise NotAClass
    pupils = {one.pupil_id for one in people}
    if protected_for(context, caller, asked_for=with_protected) is None:
        left_out = context.directory.hidden_from(caller.person_id, pupils, is_strong=False)
    else:
        left_out = hidden(context, caller, pupils)
    shown = [one for one in people if one.pupil_id not in left_out]
    _record(context, caller, roles, shown)
    return ContactList(group, _Lister(context, caller, roles, shown, on).pupils())


def _record(context: Context, caller: Caller, roles: Collection[Role], people: Sequence[ClassPerson]) -> None:
    """Put on record that the caller looks at what is shown of each pupil, in the relation to that pupil if any."""
    own = {one.student_id: Grant(one.role, one.relation_id) for one in people if one.person_id == caller.person_id}
    otherwise = Grant(next(role for role in Role if role in roles))
    seen = [one for one in people if one.role is Role.PUPIL and one.person_id != caller.person_id]
    looks = [look_of(caller, own.get(one.student_id, otherwise), one.student_id, Part.CONTACT) for one in seen]
    context.record.add_many(looks, is_durable=any(one.is_protected for one in seen))


class _Lister:
    """What of each person in a class's contact list is shown to one reader, in the roles that let one read it."""

    def __init__(
        self, context: Context, caller: Caller, roles: Collection[Role], people: Sequence[ClassPerson], on: date
    ) -> None:
        self.reader, self.roles, self.people = caller.person_id, frozenset(roles), people
        listed = {one.person_id for one in people if one.role in HOME}
        self.persons = context.directory.seen_by(SeenBy(caller.person_id, on)).persons(listed)
        self.pictured = context.directory.pictures_shown(listed, on)
        own = [one for one in people if one.person_id == self.reader and one.role in self.roles]
        self.taught = {one.student_id for one in own if one.role in TEACHING}
        self.children = {one.student_id for one in own if one.role is Role.GUARDIAN}

    def pupils(self) -> tuple[ListedPupil, ...]:
        """Everybody who is known by name, in Swedish order."""
        known = [one for one in self.people if one.person_id in self.persons]
        guardians: defaultdict[UUID, list[Listed]] = defaultdict(list)
        for one in known:
            if one.role is Role.GUARDIAN:
                guardians[one.student_id].append(self._listed(one))
        found = [
            ListedPupil(one.student_id, self._listed(one), tuple(sorted(guardians[one.student_id], key=_order)))
            for one in known
            if one.role is Role.PUPIL
        ]
        return tuple(sorted(found, key=lambda listed: _order(listed.pupil)))

    def _listed(self, one: ClassPerson) -> Listed:
        person = self.persons[one.person_id]
        contact = _contact(person) if self._sees_contact(one, person) else None
        return Listed(person, contact, person.picture_id is not None and self._sees_picture(one))

    def _sees_contact(self, one: ClassPerson, person: PersonEntry) -> bool:
        """One's own, and what its owner shows to the class; all of it for who teaches the pupil or keeps the school."""
        if one.person_id == self.reader or person.shows_contact:
            return True
        return one.student_id in self.taught or bool(self.roles & _KEEPING)

    def _sees_picture(self, one: ClassPerson) -> bool:
        is_own = one.person_id == self.reader or (one.role is Role.PUPIL and one.student_id in self.children)
        return is_own or bool(self.roles - HOME) or one.person_id in self.pictured


_KEEPING = frozenset({Role.ADMINISTRATOR, Role.PRINCIPAL})


def _contact(person: PersonEntry) -> ContactDetailsGiven | None:
    """What the person has given, with the school's address where there is no own; None where there is nothing."""
    contact = person.contact.model_copy(update={"email": person.contact.email or person.school_email})
    return contact if contact != ContactDetailsGiven() else None


def _order(listed: Listed) -> tuple[tuple[str, str], tuple[str, str]]:
    return swedish_order(listed.person.family_name), swedish_order(listed.person.given_name)
