"""What every event is: a frozen fact with a permanent code, and the envelope it is recorded in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from events.text import Name

Grade = Annotated[int, Field(ge=-5, le=10)]
"""School year: 0 is F-klass, 1-9 compulsory school, below 0 preschool."""


class Role(StrEnum):
    """The part a person plays towards one pupil or one school; roles are per relation, never per account (S-ROL-9)."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    MENTOR = "mentor"
    EDUCATOR = "educator"
    ADMINISTRATOR = "administrator"
    PRINCIPAL = "principal"
    STAFF = "staff"
    DELEGATE = "delegate"
    """Another adult whom a guardian lets read, until a day."""
    RETENTION_OPERATOR = "retention_operator"
    """Who sees to it that what is due is destroyed (arkivarie): lists and ids, never names or texts."""
    AUDITOR = "auditor"
    """Who checks that the record is whole (revisor): envelopes and proofs."""
    REGISTRAR = "registrar"
    """Who answers requests for public records (registrator)."""
    CLIENT = "client"
    """A program with credentials of its own."""
    SELF = "self"
    """A person acting on what is the person's own: profile, picture, sessions."""
    SYSTEM = "system"


class Value(BaseModel):
    """A frozen part of an event. Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Actor(Value):
    """Who did it, in which relation, for whom, and how surely we know (S-ACC-6, G-13, G-19).

    The name is taken at the moment of the event and sealed with it, so that the file still says who wrote when the
    account is gone. `relation_id` is None only for the system itself and for the first administrator. `level` is the
    assurance level of the session (G-10).
    """

    person_id: UUID
    role: Role
    name: Name
    relation_id: UUID | None = None
    on_behalf_of: UUID | None = None
    level: int = 1


class Event(Value):
    """Base of every event: what became true, in the past tense.

    Each subclass writes its permanent `code` (`goal_proposed.v1`); the code, not the Python path, is what the ledger
    stores. A new meaning is a new code; a released code is never given another shape.
    """

    code: ClassVar[str]
    _by_code: ClassVar[dict[str, type["Event"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        if "code" not in cls.__dict__:
            return
        if cls.code in Event._by_code:
            msg = f"the event code {cls.code} is taken by {Event._by_code[cls.code].__name__}"
            raise TypeError(msg)
        Event._by_code[cls.code] = cls


class UnknownEventCode(LookupError):
    """A stored event has a code that this version of Liggare does not know."""


def event_class(code: str) -> type[Event]:
    """The class of the event with this permanent code. Raises UnknownEventCode."""
    try:
        return Event._by_code[code]  # noqa: SLF001 - the registry of this module
    except KeyError:
        raise UnknownEventCode(code) from None


def event_classes() -> Iterator[type[Event]]:
    """Every event class there is, by code."""
    for code in sorted(Event._by_code):  # noqa: SLF001 - the registry of this module
        yield Event._by_code[code]  # noqa: SLF001 - the registry of this module


E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E_co]):
    """One event as it stands in a stream: the fact and its envelope.

    `originator_id` is the stream, `originator_version` its position in the stream from 1 (the event store's own names).
    `subject_id` is the person, school or case whose key seals it. `at` is UTC. `command_id` is the same for all events
    of one command; `correlation_id` follows one request through the logs.
    """

    originator_id: UUID
    originator_version: int
    subject_id: UUID
    event: E_co
    actor: Actor
    at: datetime
    command_id: UUID
    correlation_id: UUID
