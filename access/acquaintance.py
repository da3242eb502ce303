"""The right to what is shown of people beside pupils' files: profiles, contact lists, pictures."""

from collections.abc import Collection

from access.actions import ALLOWED, Action
from access.errors import AssuranceTooLow
from access.errors.roles import REFUSAL
from access.levels import Levels
from events.base import Role

TEACHING = frozenset({Role.TEACHER, Role.MENTOR, Role.EDUCATOR})
"""Who meets pupils at work."""
HOME = frozenset({Role.PUPIL, Role.GUARDIAN})
"""The pupils of a class and their guardians."""


def permit_among(action: Action, roles: Collection[Role], *, level: int, levels: Levels) -> frozenset[Role]:
    """Those of the roles one is in today that allow it at this level. Raises the action's refusal, AssuranceTooLow.

    In which of them one looks makes a difference to what is shown, so all of them are answered.
    """
    allowed = frozenset(roles) & ALLOWED[action]
    if not allowed:
        raise REFUSAL[action]
    lowest = {role: levels.lowest(action, role) for role in allowed}
    granted = frozenset(role for role, needed in lowest.items() if level >= needed)
    if not granted:
        raise AssuranceTooLow(min(lowest.values()))
    return granted
