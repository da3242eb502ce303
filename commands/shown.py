"""Who a person is, to whom: a protected pupil, and the home, are nobody to those whom the protection does not name."""

from collections.abc import Iterable
from uuid import UUID

from access.actions import Action
from access.errors import PersonNotFound
from aggregates.person import Person
from commands.context import Caller, Context
from commands.streams import PERSON, find
from events.base import Role


def person_of(context: Context, person_id: UUID) -> Person:
    """The registered person. Raises PersonNotFound."""
    person = find(context, PERSON, person_id)
    if person is None:
        raise PersonNotFound
    return person


def person_shown_to(context: Context, caller: Caller, person_id: UUID) -> Person:
    """The registered person whom the caller names, whose name will then be read. Raises PersonNotFound."""
    if not caller.is_system:
        require_shown(context, caller, person_id)
    return person_of(context, person_id)


def require_shown(context: Context, caller: Caller, person_id: UUID) -> None:
    """Refuse what would show who a pupil with protected identity is, to all but the pupil and those who are named.

    So also who the guardians are, where they are known for nothing else: their name leads to the pupil. Raises
    PersonNotFound, as for a person who is not there.
    """
    if person_id in hidden(context, caller, (person_id,)):
        raise PersonNotFound


def hidden(context: Context, caller: Caller, person_ids: Iterable[UUID], *, even_if_known: bool = False) -> set[UUID]:
    """Those of the persons whose protected identity is not for the caller: no name, picture, school or contact.

    Guardians of such a pupil are among them who are there for no other reason; `even_if_known`, all of them.
    """
    needed = context.levels.lowest(Action.READ_PROTECTED, Role.SELF)
    return context.directory.hidden_from(
        caller.person_id, person_ids, is_strong=caller.level >= needed, even_if_known=even_if_known
    )
