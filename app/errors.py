"""Why the program ends without having done what it was asked; each kind has its own exit code."""

from typing import ClassVar


class ProgramError(Exception):
    """The text goes to the person at the terminal: what is wrong, and what to do about it."""

    exit_code: ClassVar[int]


class RefusedByRule(ProgramError):
    """A rule says no; asking again the same way will not help."""

    exit_code = 1


class WrongSettings(ProgramError):
    """The settings in the environment do not fit together, or one cannot be read."""

    exit_code = 2


class NotAble(ProgramError):
    """What was asked is right, but the system cannot do it now."""

    exit_code = 3
