"""Archived plans: each plan whole, as it stood when the next one took its place (S-ARC-1, S-ARC-2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic_core import from_json, to_json

from aggregates import student_file
from events.base import Recorded
from events.plan import PlanArchived
from projections.plan_document import plan_document
from projections.projection import Memory, Projection, Target, kinds_of
from projections.reading import Batch
from projections.seen_by import SYSTEM, Queries
from projections.statements import statements_beside
from store.database import Pool
from store.ledger import Ledger

_SQL = statements_beside(__file__)


class ArchivedPlansProjection(Projection):
    """For each archiving, loads the file as it was then and keeps the plan."""

    name: ClassVar[str] = "archived_plans"
    kinds: ClassVar[frozenset[str]] = kinds_of(PlanArchived)

    def fold(self, target: Target, memory: Memory, batch: Batch) -> None:  # noqa: ARG002 - needs none
        """One row for each archived plan."""
        rows = {recorded.event.plan_id: _row(target, recorded) for recorded in batch}
        target.write(_SQL, "save", list(rows.values()))


def _row(target: Target, recorded: Recorded[PlanArchived]) -> tuple[object, ...]:
    student_id, subject_id, event = recorded.originator_id, recorded.subject_id, recorded.event
    file = target.ledger.load(student_id, student_file.fold, version=recorded.originator_version)
    plan = file.plans[event.plan_id]
    summary = {"school_year": plan.school_year, "term": plan.term, "template": plan.template.name}
    return (
        event.plan_id, student_id, subject_id, plan.started_at, recorded.at, recorded.originator_version,
        event.archived_for,
        target.seal(subject_id, to_json(summary), _summary_place(event.plan_id)),
        target.seal(subject_id, to_json(plan_document(plan)), _place(event.plan_id)),
    )  # fmt: skip


def _place(plan_id: UUID) -> bytes:
    return b"archived plan" + plan_id.bytes


def _summary_place(plan_id: UUID) -> bytes:
    return b"archived plan summary" + plan_id.bytes


@dataclass(frozen=True, slots=True)
class ArchivedPlan:
    """An archived plan in the list of them. `archived_version` is the file's version that archived it."""

    plan_id: UUID
    school_year: str
    term: str
    template_name: str
    started_at: datetime
    archived_at: datetime
    archived_version: int
    archived_for: UUID


class ArchivedPlans:
    """Reads archived plans. Whoever asks has decided before that the caller may see the pupil's file."""

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        self._queries = Queries(pool, _SQL)
        self._ledger = ledger

    def of_student(self, student_id: UUID) -> list[ArchivedPlan]:
        """The pupil's archived plans, the latest started first."""
        plans = []
        for row in self._fetch("of_student", student_id):
            plan_id, subject_id, started_at, archived_at, archived_version, archived_for, sealed = row
            said = from_json(self._ledger.open(subject_id, sealed, _summary_place(plan_id)))
            plans.append(
                ArchivedPlan(
                    plan_id=plan_id,
                    school_year=said["school_year"],
                    term=said["term"],
                    template_name=said["template"],
                    started_at=started_at,
                    archived_at=archived_at,
                    archived_version=archived_version,
                    archived_for=archived_for,
                )
            )
        return plans

    def one(self, student_id: UUID, plan_id: UUID) -> bytes | None:
        """The whole plan as JSON, as it stood when it was archived; None where the pupil has no such archived plan."""
        rows = self._fetch("one", plan_id, student_id)
        return self._ledger.open(rows[0][0], rows[0][1], _place(plan_id)) if rows else None

    def _fetch(self, name: str, *parameters: object) -> list[Any]:
        return self._queries.fetch(SYSTEM, name, *parameters)
