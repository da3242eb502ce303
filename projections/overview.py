"""The overview (IUP-översikt): per plan, how much each party has filled in, and its goals (S-OVR)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import ClassVar
from uuid import UUID

from pydantic_core import from_json

from events.base import Recorded
from events.plan import PlanStarted
from projections.directory_entries import DirectoryStanding, standing_from
from projections.overview_changes import CHANGING, fold_plan
from projections.overview_document import PlanOverview, started
from projections.projection import Memory, Projection, Target, kinds_of
from projections.reading import Batch
from projections.seen_by import SYSTEM, Eyes, Queries
from projections.statements import statements_beside
from store.access_record import Look, columns
from store.database import Pool, held
from store.errors import SubjectErased
from store.ledger import Ledger
from store.session_rows import WIDTH, Session, SessionRows

_SQL = statements_beside(__file__)
Plans = dict[int, PlanOverview]
"""A pupil's plans by id; ids as numbers, whose hash costs next to nothing."""


_REMEMBERED = 10_000
"""How many sessions with a pupil are remembered, so that the next look is one statement."""


def _place(plan_id: UUID) -> bytes:
    return b"overview" + plan_id.bytes


class OverviewProjection(Projection):
    """Folds the events of plans into one row a plan."""

    name: ClassVar[str] = "overview"
    kinds: ClassVar[frozenset[str]] = kinds_of(PlanStarted, *CHANGING)

    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:
        """Load the plans of pupils that are not remembered, fold, write each changed plan once."""
        students: dict[int, Plans] = memory.states
        unknown = [student_id for student_id in batch.streams if student_id.int not in students]
        if unknown:
            students.update((student_id.int, {}) for student_id in unknown)
            _load(target, memory, (), unknown)
        changed: list[PlanOverview] = []
        replacing: list[UUID] = []
        for recorded in batch:
            event = recorded.event
            plans = students[recorded.originator_id.int]
            if isinstance(event, PlanStarted):
                if _start(plans, recorded):
                    replacing.append(recorded.originator_id)
                changed.append(plans[event.plan_id.int])
                continue
            plan = plans.get(event.plan_id.int)
            if plan is None:
                _load(target, memory, (event.plan_id,), ())
                plan = plans[event.plan_id.int]
            if plan.last is None:
                changed.append(plan)
            fold_plan(plan, recorded)
        if replacing:
            target.run(_SQL, "make_way", replacing)
        target.write(_SQL, "save", [_row(target, plan) for plan in changed])


def _load(target: Target, memory: Memory, plan_ids: Sequence[UUID], student_ids: Sequence[UUID]) -> None:
    """Bring in plans, and the newest plan of pupils. An earlier plan seldom changes and is loaded when it does."""
    for row in target.fetch(_SQL, "load", list(plan_ids), list(student_ids)):
        plan_id, student_id, subject_id, newest, started_at, sealed = row
        text = target.open(subject_id, sealed, _place(plan_id))
        if text is not None:
            memory.states[student_id.int][plan_id.int] = PlanOverview(
                document=from_json(text),
                plan_id=plan_id,
                student_id=student_id,
                subject_id=subject_id,
                newest=newest,
                started_at=started_at,
            )


def _start(plans: Plans, recorded: Recorded[PlanStarted]) -> bool:
    """Begin a plan; whether it takes the place of another."""
    before = next((plan for plan in plans.values() if plan.newest), None)
    if before is not None:
        before.newest = False
    plans[recorded.event.plan_id.int] = started(recorded, before)
    return before is not None


def _row(target: Target, plan: PlanOverview) -> tuple[object, ...]:
    return plan.row(target.seal(plan.subject_id, plan.to_json(), _place(plan.plan_id)))


@dataclass(frozen=True, slots=True)
class Overview:
    """A plan's overview as it is shown. `json` is the whole answer; `version` is the file's at its last change."""

    plan_id: UUID
    version: int
    changed_at: datetime
    json: bytes


@dataclass(frozen=True, slots=True)
class ListedPlan:
    """A plan in the list of a pupil's plans. `state` is open, locked or archived."""

    plan_id: UUID
    state: str
    version: int
    started_at: datetime
    changed_at: datetime


class SightChanged(Exception):
    """Session, relation or protection are not any more what the right to read was decided on; nothing was read."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A session and what its person is to a pupil; None where there is no such pupil.

    `is_fresh`: it was asked for just now, and not remembered.
    """

    session: Session
    standing: DirectoryStanding | None
    is_fresh: bool = True


class Overviews:
    """Reads the overview. Whoever asks has decided before that the caller may see the pupil's file."""

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._queries = Queries(pool, _SQL)
        self._ledger = ledger
        self._sessions = SessionRows(ledger.keys)
        self._sights: dict[tuple[bytes, int], Sight] = {}
        self._lock = Lock()

    def current(self, student_id: UUID, eyes: Eyes = SYSTEM) -> Overview | None:
        """The overview of the pupil's newest plan; None where no plan was ever started. One row read."""
        rows = self._queries.fetch(eyes, "current", student_id)
        return self._overview(*rows[0]) if rows else None

    def newest_plan(self, student_id: UUID) -> UUID | None:
        """Which plan of the pupil's is the newest; None where no plan was ever started. Nothing is opened."""
        rows = self._queries.fetch(SYSTEM, "newest_plan", student_id)
        return rows[0][0] if rows else None

    def plan(self, student_id: UUID, plan_id: UUID) -> Overview | None:
        """The overview of one of the pupil's plans, current or archived."""
        rows = self._queries.fetch(SYSTEM, "plan", plan_id, student_id)
        return self._overview(*rows[0]) if rows else None

    def newest_of(self, student_ids: Sequence[UUID], eyes: Eyes) -> dict[UUID, Overview]:
        """The overviews of the newest plans of several pupils, by pupil; who has no plan is not among them."""
        rows = self._queries.fetch(eyes, "newest_of", list(student_ids))
        self._ledger.keys.load({row[2] for row in rows})
        found: dict[UUID, Overview] = {}
        for student_id, *row in rows:
            with suppress(SubjectErased):
                found[student_id] = self._overview(*row)
        return found

    def plans(self, student_id: UUID) -> list[ListedPlan]:
        """The pupil's plans, the newest first."""
        return [ListedPlan(*row) for row in self._queries.fetch(SYSTEM, "plans", student_id)]

    def sight(
        self, session_key: bytes, student_id: UUID, *, now: datetime, seen_after: datetime, fresh: bool = False
    ) -> Sight | None:
        """Whose the session is and what that person is to the pupil, for the decision whether to `read`.

        None where the session is unknown, has run out or was ended. What is remembered may be out of date: `read` finds
        that out. `fresh` asks anew, in one query.
        """
        key = (session_key, student_id.int)
        remembered = None if fresh else self._sights.get(key)
        if remembered is not None and remembered.session.ends_at > now:
            return remembered
        rows = self._queries.run(_SQL.named("sight"), (student_id, session_key, now, seen_after))
        session = self._sessions.session(rows[0][:WIDTH], now) if rows else None
        if session is None:
            return None
        told = rows[0][WIDTH]
        if told is None:
            return Sight(session, None)
        school_id, *standing = from_json(told)
        found = Sight(session, standing_from(session.person_id, UUID(school_id), *standing))
        self._remember(key, replace(found, is_fresh=False))
        return found

    def _remember(self, key: tuple[bytes, int], sight: Sight) -> None:
        with self._lock:
            self._sights[key] = sight
            while len(self._sights) > _REMEMBERED:
                del self._sights[next(iter(self._sights))]

    def read(
        self, sight: Sight, look: Look, *, now: datetime, on: date, seen_after: datetime, is_durable: bool = False
    ) -> tuple[datetime, Overview | None]:
        """The overview of the pupil's newest plan, and the look at it put on record: one statement, both or neither.

        The look names the relation that was decided on. None, and no look, where no plan was ever started. With it,
        when the session was last seen. Raises SightChanged where the session, that relation or the protection of the
        pupil's identity are not what was decided on; StoreUnavailable, SubjectErased.
        """
        session, standing = sight.session, sight.standing
        if standing is None:
            raise SightChanged
        subject_id, record_id, student_id, part, role, level, correlation_id, sealed = columns(self._ledger, look)
        parameters = (
            session.key, now, seen_after, level, session.terms, session.person_id, on, standing.school_id,
            standing.is_protected, standing.is_named, look.relation_id, subject_id, record_id, student_id, part, role,
            correlation_id, sealed, "on" if is_durable else "off",
        )  # fmt: skip
        with held(look.student_id):
            (row,) = self._queries.run(_SQL.named("read"), parameters)
        outcome, seen_at, plan_id, version, changed_at, document = row
        if outcome == "changed":
            raise SightChanged
        shown = self._overview(plan_id, look.student_id, version, changed_at, document) if plan_id else None
        return seen_at, shown

    def _overview(self, plan_id: UUID, subject_id: UUID, version: int, changed_at: datetime, sealed: bytes) -> Overview:
        return Overview(plan_id, version, changed_at, self._ledger.open(subject_id, sealed, _place(plan_id)))
