"""Where what is typed on the pages about a pupil waits until it is saved: in the plan, else beside the plans (G-11)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from commands.drafts import keep_drafts
from store.drafts import Draft
from web.plan.page import PlanPage, PupilPage


def kept_at(page: PupilPage) -> str:
    """Where the script sends what is typed on the page; empty in a plan that is kept as it was."""
    if not isinstance(page, PlanPage):
        return f"{page.address}/utkast"
    return "" if page.is_kept else f"{page.plan_address}/utkast"


def drafts_of(page: PupilPage) -> Mapping[str, Draft]:
    """What the reader has typed there and not saved, by field; none in a plan that is kept as it was."""
    visit = page.visit
    return visit.context.drafts.of(visit.eyes, _place(page), now=visit.now) if kept_at(page) else {}


def keep(page: PupilPage, texts: Mapping[str, str]) -> list[str]:
    """Keep what is typed in these fields, and answer with those that are not kept."""
    visit = page.visit
    plan_id = page.plan.id if isinstance(page, PlanPage) else None
    return keep_drafts(
        visit.context,
        visit.caller,
        student_id=page.student_id,
        plan_id=plan_id,
        texts=texts,
        on=visit.on,
        now=visit.now,
    )


def forget(page: PupilPage, fields: Iterable[str]) -> None:
    """Forget the drafts of fields: they are saved, or not wanted."""
    page.visit.context.drafts.discard(page.visit.eyes, _place(page), set(fields))


def _place(page: PupilPage) -> UUID:
    return page.plan.id if isinstance(page, PlanPage) else page.student_id
