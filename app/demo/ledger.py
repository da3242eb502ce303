"""A ledger that remembers what it loaded, for one writer who knows that nobody else writes in those streams."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from events.base import Recorded
from events.syllabus import SyllabusItem
from store.database import Pool
from store.errors import StoreError
from store.ledger import Append, Appended, Ledger
from store.settings import StoreSettings
from store.syllabus import Syllabus

State = TypeVar("State")
Fold = Callable[[Any, Iterable[Recorded[Any]]], Any]


class RememberingLedger(Ledger):
    """Loads a stream once and folds its own appends after that. Only for the demo, on a ledger that was empty."""

    def __init__(self, settings: StoreSettings) -> None:
        self._known: dict[UUID, tuple[Any, Fold]] = {}
        super().__init__(settings)

    def load(
        self,
        stream_id: UUID,
        fold: Callable[[State | None, Iterable[Recorded[Any]]], State | None],
        *,
        version: int | None = None,
    ) -> State:
        """The state of a stream, from memory where it is the latest that is asked for."""
        if version is not None:
            return super().load(stream_id, fold, version=version)
        known = self._known.get(stream_id)
        if known is None:
            known = self._known[stream_id] = (super().load(stream_id, fold), fold)
        state: State = known[0]
        return state

    def _put(self, appends: Sequence[Append]) -> Sequence[Appended | StoreError]:
        """Record, and fold what was stored into what is remembered; forget what was refused."""
        answers = super()._put(appends)
        for append, answer in zip(appends, answers, strict=True):
            if isinstance(answer, StoreError):
                self._known.pop(append.stream_id, None)
                continue
            known = self._known.get(append.stream_id)
            if known is not None:
                self._known[append.stream_id] = (known[1](known[0], append.events), known[1])
        return answers

    def forget_stream(self, stream_id: UUID) -> None:
        """Forget one stream: its next load reads it."""
        self._known.pop(stream_id, None)


class RememberingSyllabus(Syllabus):
    """Knows every wording that there was when it was made."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._items = {wording.item for wording in self.items()}

    def unknown(self, items: Iterable[SyllabusItem]) -> list[SyllabusItem]:
        """Those of the links that point at no wording, without asking the database."""
        return [item for item in items if item not in self._items]
