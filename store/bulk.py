"""Many streams at once: loading them in one round trip, and keys for many new subjects; what an import needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from events.base import Recorded
from store.errors import KeyMissing, SubjectErased
from store.ledger import Ledger
from store.recorder import LedgerRecorder

State = TypeVar("State")


def load_many(
    ledger: Ledger,
    stream_ids: Sequence[UUID],
    fold: Callable[[State | None, Iterable[Recorded[Any]]], State | None],
    *,
    kinds: Sequence[str] | None = None,
) -> dict[UUID, State]:
    """The states of those of the streams that are there.

    With `kinds` only events of these kinds are folded: quicker for long streams, and right only for what these kinds
    tell; the state's version is then that of the last of them. Streams of erased subjects are left out.
    Raises KeyMissing, NotAuthentic, UnknownEventCode, StoreUnavailable.
    """
    rows = _recorder(ledger).select_streams(stream_ids, kinds)
    keys = ledger.keys.load({row[2] for row in rows})
    erased = {subject for subject, key in keys.items() if isinstance(key, SubjectErased)}
    opened = ledger.open_rows(row for row in rows if row[2] not in erased)
    states: dict[UUID, State] = {}
    for stream_id, events in groupby(opened, key=attrgetter("originator_id")):
        state = fold(None, events)
        if state is not None:
            states[stream_id] = state
    return states


def know_subjects(ledger: Ledger, subjects: Mapping[UUID, str]) -> None:
    """See that each subject (by kind) that the ledger has never heard of has a key, so that appends need not ask.

    A subject that was erased, or whose key is missing though it should be there, is left for its append to refuse.
    """
    missing = [subject for subject, key in ledger.keys.load(subjects).items() if isinstance(key, KeyMissing)]
    if missing:
        known = _recorder(ledger).known_subjects(missing)
        ledger.keys.begin_many({subject: subjects[subject] for subject in missing if subject not in known})
        ledger.keys.load(missing)


def _recorder(ledger: Ledger) -> LedgerRecorder:
    recorder = ledger.recorder
    if not isinstance(recorder, LedgerRecorder):
        msg = "this ledger has another recorder"
        raise TypeError(msg)
    return recorder
