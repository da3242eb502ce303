"""Many streams changed by one command of the system: an import; each append is stored whole or not at all."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from access.decide import Grant
from access.errors.roles import OnlyAdministrationManagesRoster
from aggregates.errors import Refusal
from commands.context import Command, Context
from commands.run import ATTEMPTS, actor_of, prepared
from commands.streams import Category, S, Stream
from events.base import Event, Role
from store.bulk import know_subjects, load_many
from store.errors import StoreError, VersionConflict
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


@dataclass
class _Pending:
    """A stream not done with: the events it needs, the fewest it ever did, the tries in a row that came no nearer."""

    change: StreamChange
    needed: int = 0
    fewest: int = sys.maxsize
    tries: int = 0
    is_changed: bool = False

    def took_turn(self, stored: int) -> bool:
        """Events were stored; whether more are to come. That is no conflict, if the end is nearer than it ever was."""
        self.tries = 0 if self.needed < self.fewest else self.tries + 1
        self.fewest = min(self.needed, self.fewest)
        self.is_changed = True
        return stored < self.needed


def change_streams(
    context: Context, command: Command, category: Category[S], changes: Mapping[UUID, StreamChange]
) -> Carried:
    """Decide on and append to many streams of a kind, all in one round trip if nothing is in the way.

    A stream that needs more events than one append takes is stored in turns, as many as it needs. One that went on
    meanwhile is decided anew, and after ATTEMPTS conflicts in a row named as VersionConflict.
    Only the system may: what the operator starts on the machine. One stream's refusal stops no other.
    Raises OnlyAdministrationManagesRoster, StoreUnavailable.
    """
    if not command.caller.is_system:
        raise OnlyAdministrationManagesRoster
    carried = Carried()
    know_subjects(context.ledger, {change.subject_id: category.subject_kind for change in changes.values()})
    left = {stream_id: _Pending(change) for stream_id, change in changes.items()}
    while left:
        again = _attempt(context, command, category, left, carried)
        left = {stream_id: pending for stream_id, pending in again.items() if pending.tries < ATTEMPTS}
        carried.refused.update(dict.fromkeys(again.keys() - left.keys(), VersionConflict.__name__))
    return carried


def _attempt(
    context: Context, command: Command, category: Category[S], left: Mapping[UUID, _Pending], carried: Carried
) -> dict[UUID, _Pending]:
    """Try once; the streams that are to be tried again."""
    appends = _decide(context, command, category, left, carried)
    again: dict[UUID, _Pending] = {}
    feeds = set()
    for append, answer in zip(appends, context.ledger.append_many(appends), strict=True):
        stream_id, pending = append.stream_id, left[append.stream_id]
        if isinstance(answer, VersionConflict):
            pending.tries += 1
            again[stream_id] = pending
        elif isinstance(answer, StoreError):
            carried.refused[stream_id] = type(answer).__name__
        else:
            carried.events += len(append.events)
            carried.streams += not pending.is_changed
            feeds.add(answer.feed)
            if pending.took_turn(len(append.events)):
                again[stream_id] = pending
    for feed in feeds:
        context.announce(feed)
    return again


def _decide(
    context: Context, command: Command, category: Category[S], left: Mapping[UUID, _Pending], carried: Carried
) -> list[Append]:
    """As much as one append takes of what each stream needs in its present state."""
    states = load_many(context.ledger, list(left), category.fold)
    appends: list[Append] = []
    for stream_id, pending in left.items():
        state = states.get(stream_id)
        own = replace(command, command_id=command.new_id(f"{stream_id} {state.version if state else 0}"))
        try:
            events = list(pending.change.decide(state, own.new_id))
        except Refusal as refusal:
            carried.refused[stream_id] = refusal.code
            continue
        pending.needed = len(events)
        if events:
            turn = events[: context.ledger.settings.max_events]
            stream, actor = Stream(category, stream_id, pending.change.subject_id), actor_of(own, Grant(Role.SYSTEM))
            appends.append(prepared(own, stream, state, actor=actor, events=turn))
    return appends
