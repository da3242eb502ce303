"""The lowest assurance level for each role and each action (G-10, G-17): configuration, with the rulings as default."""

from collections.abc import Mapping
from dataclasses import dataclass

from access.actions import Action
from events.base import Role


@dataclass(frozen=True, slots=True)
class Levels:
    """The lowest level in each role, and of each action that asks for more; what is not named needs none."""

    roles: Mapping[Role, int]
    actions: Mapping[Action, int]

    def lowest(self, action: Action, role: Role) -> int:
        """The lowest level at which this is done in this role: the higher of what role and action ask for."""
        return max(self.roles.get(role, 0), self.actions.get(action, 0))


DEFAULT_LEVELS = Levels(
    roles={
        Role.PUPIL: 1,
        Role.GUARDIAN: 2,
        Role.TEACHER: 2,
        Role.MENTOR: 2,
        Role.EDUCATOR: 2,
        Role.ADMINISTRATOR: 2,
        Role.PRINCIPAL: 2,
        Role.STAFF: 2,
        Role.DELEGATE: 2,
        Role.RETENTION_OPERATOR: 2,
        Role.AUDITOR: 2,
        Role.REGISTRAR: 2,
        Role.CLIENT: 0,
        Role.SELF: 0,
        Role.SYSTEM: 0,
    },
    actions=dict.fromkeys(
        (
            Action.OPEN_IN_EMERGENCY,
            Action.PROTECT_IDENTITY,
            Action.READ_PROTECTED,
            Action.READ_RETENTION,
            Action.READ_DUE,
            Action.ADOPT_SCHEDULE,
            Action.HOLD_FILE,
            Action.REVIEW_FILE,
            Action.PLAN_DISPOSAL,
            Action.APPROVE_DISPOSAL,
            Action.RUN_DISPOSAL,
        ),
        3,
    ),
)
"""G-17: a pupil reaches the own file with level 1, everybody else any pupil's with 2.

What is done in an emergency, or with a protected identity by another than the pupil, needs 3; so does all of retention.
"""
