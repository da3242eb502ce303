"""Whose notices a sign-in reaches."""

from access.actions import Action
from access.errors import AssuranceTooLow
from commands.context import Caller, Context
from events.base import Role
from projections.notices import Reach


def notice_reach(context: Context, caller: Caller) -> Reach:
    """Notices say something of pupils: a pupil reaches the own with level 1, everybody else needs 2 (G-17).

    Raises AssuranceTooLow where the sign-in reaches none.
    """
    level, levels = caller.level, context.levels
    needed = levels.lowest(Action.READ_FILE, Role.GUARDIAN)
    is_pupil = context.directory.student_of_person(caller.person_id) is not None
    lowest = levels.lowest(Action.READ_FILE, Role.PUPIL) if is_pupil else needed
    if level < lowest:
        raise AssuranceTooLow(lowest)
    return Reach(level >= needed, level >= levels.lowest(Action.READ_PROTECTED, Role.GUARDIAN))
