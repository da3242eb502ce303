"""What a program may do: the scopes it was given, the one school it was given them for, and its stated purpose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from access.actions import Action
from access.decide import Grant
from access.errors import SchoolNotFound, ScopeNotGranted, StudentNotFound
from events.base import Role

CLIENT_LEVEL = 2
"""The assurance level of a program: it proves that it holds its key, which is no person's second factor."""


class Scope(StrEnum):
    """One thing that a program can be let to do. Scopes without routes give nothing."""

    SCHOOL_READ = "school_read"
    """Read pupils' files, groups and persons of one school."""
    SCHOOL_WRITE = "school_write"
    """Keep the pupils, persons and relations of one school, as a roster does."""
    FEED = "feed"
    """Read the envelopes of the feeds: ids, kinds, times and commitments; no content, no names."""
    RETENTION = "retention"
    """List what is due for disposal, by id alone."""
    DISCLOSURE = "disclosure"
    """Work with cases of disclosure."""
    AUDIT = "audit"
    """Read who has read pupils' files, and why."""


OF_ONE_SCHOOL: frozenset[Scope] = frozenset({Scope.SCHOOL_READ, Scope.SCHOOL_WRITE})
"""Scopes that mean nothing without a school."""

WITH_PURPOSE: frozenset[Scope] = frozenset({Scope.SCHOOL_READ, Scope.AUDIT})
"""Scopes whose use is on record with the purpose that the program states each time it asks for a token."""

SCOPE_FOR: Mapping[Action, Scope] = {
    Action.READ_FILE: Scope.SCHOOL_READ,
    Action.READ_SCHOOL: Scope.SCHOOL_READ,
    Action.MANAGE_ROSTER: Scope.SCHOOL_WRITE,
}
"""Which scope lets a program do what. What is not here is for persons alone."""


@dataclass(frozen=True, slots=True)
class ClientGrant:
    """A program as it calls: who it is, the scopes of its token, the school they are for, and why it reads.

    `purpose` is what the program stated when it asked for the token; empty where no scope needs one.
    """

    client_id: UUID
    name: str
    scopes: frozenset[Scope]
    school_id: UUID | None = None
    purpose: str = ""


def require_scope(grant: ClientGrant, accepted: Iterable[Scope]) -> None:
    """Let through a program that holds one of the scopes. Raises ScopeNotGranted, before anything is looked up."""
    if grant.scopes.isdisjoint(accepted):
        raise ScopeNotGranted


def permit_client(action: Action, grant: ClientGrant, school_id: UUID | None) -> Grant:
    """The right of a program to do this at a school.

    Raises ScopeNotGranted, and SchoolNotFound for every school but the one that the program is for: it does not learn
    whether another is there.
    """
    _require_scope_for(action, grant)
    if not is_for(grant, school_id):
        raise SchoolNotFound
    return Grant(Role.CLIENT)


def permit_client_on_file(action: Action, grant: ClientGrant, school_id: UUID, *, is_protected: bool) -> Grant:
    """The right of a program to do this with the file of a pupil who goes to that school.

    Raises ScopeNotGranted, and StudentNotFound where the pupil goes to another school or has a protected identity,
    which names persons and never a program: as if there were no such pupil.
    """
    _require_scope_for(action, grant)
    if is_protected or not is_for(grant, school_id):
        raise StudentNotFound
    return Grant(Role.CLIENT)


def is_for(grant: ClientGrant, school_id: UUID | None) -> bool:
    """Whether this is the one school that the program's scopes are for."""
    return grant.school_id is not None and grant.school_id == school_id


def _require_scope_for(action: Action, grant: ClientGrant) -> None:
    scope = SCOPE_FOR.get(action)
    require_scope(grant, () if scope is None else (scope,))
