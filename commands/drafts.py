"""Keeping what an author types in a pupil's plan before it is saved (G-11)."""

from collections.abc import Mapping
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
    plan_id: UUID | None,
    texts: Mapping[str, str],
    on: date,
    now: datetime,
) -> list[str]:
    """Keep what is typed in fields of a plan now, or forget it where nothing is typed; the fields that are not kept.

    Those are too long, or too many, or of an archived plan. Without a plan the fields stand on the pupil's other pages.

    Whoever may read the file may type on its pages; nothing of it is an event, and nobody else sees it. Raises
    StudentNotFound, AssuranceTooLow, PlanNotFound.
    """
    opened = open_file(context, caller, student_id, on=on)
    is_over = plan_id is not None and plan_of(opened.file, plan_id).state is PlanState.ARCHIVED
    author, place = SeenBy(caller.person_id, on), plan_id or student_id
    typed = {field: text for field, text in texts.items() if text.strip()}
    context.drafts.discard(author, place, [field for field in texts if field not in typed])
    return [
        field
        for field, text in typed.items()
        if is_over
        or len(text) > LONGEST
        or not context.drafts.keep(author, place, opened.file.subject_id, field, text, now=now)
    ]
