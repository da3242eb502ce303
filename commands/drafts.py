"""Keeping what an author types in a pupil's plan before it is saved (G-11)."""

from datetime import date, datetime
from uuid import UUID

from aggregates.plan import PlanState
from aggregates.plans import plan_of
from commands.context import Caller, Context
from commands.reads import open_file
from store.drafts import LONGEST
from store.readers import SeenBy


def keep_drafts(
    context: Context,
    caller: Caller,
    *,
    student_id: UUID,
    plan_id: UUID,
    texts: dict[str, str],
    on: date,
    now: datetime,
) -> bool:
    """Keep what is typed in fields of a plan now, or forget it where nothing is typed; False where not all fit.

    Whoever may read the file may type on its pages; nothing of it is an event, and nobody else sees it. Raises
    StudentNotFound, AssuranceTooLow, PlanNotFound.
    """
    opened = open_file(context, caller, student_id, on=on)
    plan = plan_of(opened.file, plan_id)
    author = SeenBy(caller.person_id, on)
    context.drafts.discard(author, plan_id, [field for field, text in texts.items() if not text.strip()])
    if plan.state is PlanState.ARCHIVED:
        return False
    kept = [
        len(text) <= LONGEST and context.drafts.keep(author, plan_id, opened.file.subject_id, field, text, now=now)
        for field, text in texts.items()
        if text.strip()
    ]
    return all(kept)
