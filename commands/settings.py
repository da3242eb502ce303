"""The school's dated settings, as the day of a command or a reading finds them."""

from datetime import date
from uuid import UUID

from commands.context import Context
from commands.streams import SCHOOL, find
from events.school import SchoolSettings


def school_settings(context: Context, school_id: UUID, *, on: date) -> SchoolSettings:
    """The settings in force at a school on a day; the defaults where it has adopted none."""
    school = find(context, SCHOOL, school_id)
    return school.settings_on(on) if school else SchoolSettings()
