"""One class or teaching group of a school; who belongs to it stands in each pupil's file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from aggregates.errors.school import SchoolAlreadyFounded
from events.base import Recorded
from events.school import GroupFormed, GroupKind, GroupRenamed

GroupEvent = GroupFormed | GroupRenamed


@dataclass(slots=True)
class Group:
    """A class or teaching group."""

    id: UUID
    subject_id: UUID
    version: int
    school_id: UUID
    name: str
    kind: GroupKind


def evolve(group: Group | None, recorded: Recorded[GroupEvent]) -> Group:
    """The group after one more event."""
    event = recorded.event
    match event:
        case GroupFormed():
            return Group(
                recorded.originator_id,
                recorded.subject_id,
                recorded.originator_version,
                event.school_id,
                event.name,
                event.kind,
            )
        case GroupRenamed():
            if group is None:
                msg = f"the first event of a group is not {event.code}"
                raise ValueError(msg)
            group.name, group.version = event.name, recorded.originator_version
            return group
        case _:
            assert_never(event)


def fold(group: Group | None, events: Iterable[Recorded[GroupEvent]]) -> Group | None:
    """The group after these events."""
    for recorded in events:
        group = evolve(group, recorded)
    return group


def form_group(group: Group | None, *, school_id: UUID, name: str, kind: GroupKind) -> GroupFormed:
    """Form a class or teaching group."""
    if group is not None:
        raise SchoolAlreadyFounded
    return GroupFormed(school_id=school_id, name=name, kind=kind)


def rename_group(group: Group, *, name: str) -> GroupRenamed | None:
    """Give the group another name; None where it is the name already."""
    renamed = GroupRenamed(name=name)
    return None if group.name == renamed.name else renamed
