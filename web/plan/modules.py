"""The pupil's modules beside the plan: Focus, and the learning blog with who writes in it (S-GEN-9, S-BLG-3)."""

from uuid import UUID

from access.actions import Action
from aggregates.goals import post_learning_note
from commands.reads import Part
from events.school import Module
from web.plan.offers import offered
from web.plan.page import PupilPage, Translate, pupil_page
from web.plan.pupil import modules_of, require_module
from web.plan.sending import Acting
from web.visit import Visit


def module_page(visit: Visit, student_id: UUID, module: Module, part: Part) -> PupilPage:
    """The pupil's file for a module's page. Raises as `pupil_page`, and PageNotFound."""
    page = pupil_page(visit, student_id, part)
    require_module(visit, page.file.school_id, module)
    return page


def blog_address(page: PupilPage) -> str:
    """Where the pupil's learning blog is; empty where the school has none."""
    is_on = Module.LEARNING_BLOG in modules_of(page.visit, page.file.school_id)
    return f"{page.address}/larblogg" if is_on else ""


def may_post(page: PupilPage, translate: Translate) -> list[Acting]:
    """The relations in which the reader writes in the learning blog: the pupil's own, while at school."""
    return offered(
        page,
        Action.POST_LEARNING_NOTE,
        translate,
        lambda _: post_learning_note(page.file, note_id=UUID(int=0), text="-"),
    )
