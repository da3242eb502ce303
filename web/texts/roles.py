"""What roles are called on the pages."""

from collections.abc import Callable, Iterable, Mapping

from events.base import Role

ROLES: Mapping[Role, str] = {
    Role.PUPIL: "pupil",
    Role.GUARDIAN: "guardian",
    Role.TEACHER: "teacher",
    Role.MENTOR: "mentor",
    Role.EDUCATOR: "educator",
    Role.ADMINISTRATOR: "administrator",
    Role.PRINCIPAL: "principal",
    Role.STAFF: "other staff",
    Role.DELEGATE: "reads by leave of a guardian",
    Role.RETENTION_OPERATOR: "retention operator",
    Role.AUDITOR: "auditor",
    Role.REGISTRAR: "registrar",
    Role.CLIENT: "program",
    Role.SELF: "oneself",
    Role.SYSTEM: "Liggare",
}
"""Each role in English, in the middle of a sentence; catalogues have the other languages."""

PARTIES: Mapping[Role, str] = {
    Role.PUPIL: "pupils",
    Role.GUARDIAN: "guardians",
    Role.TEACHER: "teachers",
    Role.MENTOR: "mentors",
}
"""Those whom a question is directed to, in English (S-TPL-9)."""

_ORDER = tuple(Role)


def roles_said(roles: Iterable[Role], translate: Callable[[str], str]) -> tuple[str, ...]:
    """What somebody is called who has these roles: each once, always in the same order."""
    return tuple(translate(ROLES[role]) for role in sorted(set(roles), key=_ORDER.index))
