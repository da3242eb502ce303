"""Many streams changed by one command of the system: an import; each stream's events are stored whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from access.decide import Grant
from access.errors import OnlyAdministrationManagesRoster
from aggregates.errors import Refusal
from commands.context import Command, Context
from commands.run import ATTEMPTS, actor_of, prepared
from commands.streams import Category, S, Stream
from events.base import Event, Role
from store.bulk import know_subjects, load_many
from store.errors import StoreError, VersionConflict

if TYPE_CHECKING:
    from store.ledger import Append

NewId = Callable[[str], UUID]
"""The id of a thing that the command creates in a stream, from what it is."""


@dataclass(frozen=True)
class StreamChange:
    """What to do with one stream: the subject whose key seals it, and the decision on its present state.

    The decision is asked again when the stream went on meanwhile, and when its events were too many for one append: it
    answers with what is still to be done, and with nothing when all is done.
    """

    subject_id: UUID
    decide: Callable[[object, NewId], Sequence[Event]]


@dataclass
class Carried:
    """How much was stored, and the name of the refusal for each stream that was not changed."""

    events: int = 0
    streams: int = 0
    refused: dict[UUID, str] = field(default_factory=dict)


def change_streams(
    context: Context, command: Command, category: Category[S], changes: Mapping[UUID, StreamChange]
) -> Carried:
    """Decide on and append to many streams of a kind, all in one round trip if nothing is in the way.

    Only the system may: what the operator starts on the machine. One stream's refusal stops no other.
    Raises OnlyAdministrationManagesRoster, StoreUnavailable.
    """
    if not command.caller.is_system:
        raise OnlyAdministrationManagesRoster
    carried = Carried()
    know_subjects(context.ledger, {change.subject_id: category.subject_kind for change in changes.values()})
    left = dict(changes)
    for _ in range(ATTEMPTS):
        if not left:
            break
        left = _attempt(context, command, category, left, carried)
    carried.refused.update(dict.fromkeys(left, VersionConflict.__name__))
    return carried


def _attempt(
    context: Context,
    command: Command,
    category: Category[S],
    changes: Mapping[UUID, StreamChange],
    carried: Carried,
) -> dict[UUID, StreamChange]:
    """Try once; the changes that are to be tried again."""
    states = load_many(context.ledger, list(changes), category.fold)
    appends: list[Append] = []
    again: dict[UUID, StreamChange] = {}
    limit = context.ledger.settings.max_events
    for stream_id, change in changes.items():
        state = states.get(stream_id)
        own = replace(command, command_id=command.new_id(f"{stream_id} {state.version if state else 0}"))
        try:
            events = list(change.decide(state, own.new_id))
        except Refusal as refusal:
            carried.refused[stream_id] = refusal.code
            continue
        if len(events) > limit:
            again[stream_id] = change
        if events:
            stream = Stream(category, stream_id, change.subject_id)
            actor = actor_of(own, Grant(Role.SYSTEM))
            appends.append(prepared(own, stream, state, actor=actor, events=events[:limit]))
    feeds = set()
    for append, answer in zip(appends, context.ledger.append_many(appends), strict=True):
        if isinstance(answer, VersionConflict):
            again[append.stream_id] = changes[append.stream_id]
        elif isinstance(answer, StoreError):
            carried.refused[append.stream_id] = type(answer).__name__
            again.pop(append.stream_id, None)
        else:
            carried.events += len(append.events)
            carried.streams += append.expected_version == 0 or append.stream_id not in again
            feeds.add(answer.feed)
    for feed in feeds:
        context.announce(feed)
    return again
