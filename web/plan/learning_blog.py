"""The learning blog (Lärblogg): the pupil writes what was done and how one knows, linked to goals (S-BLG-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.goal import CURRENT, Goal
from aggregates.student_file import LearningNote, StudentFile
from commands.goals import post_learning_note
from commands.reads import Part
from events.school import Module
from web.free_text import cautions
from web.plan.frame import pupil_place, show
from web.plan.modules import blog_address, may_post, module_page
from web.plan.page import PupilPage, StudentId
from web.plan.sending import saved
from web.plan.targets import GoalLink, goal_link
from web.rendering import translator
from web.typed import NOTHING, Fields, Typed, uuid_or_none
from web.visit import OwnForm, Visitor, new_key

router = APIRouter(prefix="/elever/{student}/larblogg", include_in_schema=False)
BOX = "anteckning"
GOAL = "mal"
"""The part of an address that names the goal to write about, and in the form the beginning of each goal's box."""
BEFORE = "fore"
"""The part of an address that names the note before which the page begins."""
_MANY = 50


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note with the goals that it is about."""

    note: LearningNote
    goals: Sequence[GoalLink]


@router.get("")
def read(request: Request, student: StudentId, visit: Visitor) -> Response:
    """The notes, the latest first, and for the pupil a box to write the next one in."""
    return _page(request, module_page(visit, student, Module.LEARNING_BLOG, Part.LEARNING_NOTES))


@router.post("")
def post(request: Request, student: StudentId, form: OwnForm, visit: Visitor) -> Response:
    """Keep a note; it is neither changed nor taken back afterwards.

    Where its author may not write any more the page has no box to give the text back in: the command says no.
    """
    page = module_page(visit, student, Module.LEARNING_BLOG, Part.LEARNING_NOTES)
    translate = translator(request)
    fields = Fields(form, translate)
    text = fields.prose(BOX)
    warnings = cautions(form, translate, {BOX: text})
    if (fields.errors or warnings) and may_post(page, translate):
        return _page(request, page, typed=fields.typed(warnings))
    about = [one.id for one in _goals(page).values() if form.has(_box(one.id))]
    answer = post_learning_note(
        visit.context, page.command(form, Action.POST_LEARNING_NOTE), student_id=student, text=text, goal_ids=about
    )
    return saved(page, answer, blog_address(page), form=form, done="skrivet", at=f"anteckning-{answer.resource_id}")


def _page(request: Request, page: PupilPage, *, typed: Typed = NOTHING) -> Response:
    translate = translator(request)
    goals = _goals(page)
    every = list(reversed(page.file.notes.values()))
    begins = _after(every, request.query_params.get(BEFORE, ""))
    notes = every[begins : begins + _MANY]
    about = uuid_or_none(request.query_params.get(GOAL, ""))
    return show(
        request,
        page,
        "plan/learning_blog.html",
        pupil_place(page, translate("Learning blog"), translate),
        status=422 if typed.errors else 200,
        notes=[NoteShown(note, [goals[one] for one in note.event.goal_ids if one in goals]) for note in notes],
        older=notes[-1].event.note_id if len(every) > begins + _MANY else None,
        is_newest=begins == 0,
        blog=blog_address(page),
        offered={_box(one.id): one for one in goals.values() if one.id in _offered(page.file) or one.id == about},
        about=about,
        relations=may_post(page, translate),
        command_key=new_key(),
        box=BOX,
        typed=typed,
    )


def _after(notes: Sequence[LearningNote], named: str) -> int:
    """How many of the notes, the latest first, come before the page that begins after the one named."""
    last = uuid_or_none(named)
    return next((place for place, note in enumerate(notes, 1) if note.event.note_id == last), 0)


def _goals(page: PupilPage) -> Mapping[UUID, GoalLink]:
    """Every goal of every plan."""
    return {one: goal_link(page, plan, one) for plan in page.file.plans.values() for one in plan.goals}


def _box(goal_id: UUID) -> str:
    """The name of the box that ticks a goal."""
    return f"{GOAL}-{goal_id}"


def _offered(file: StudentFile) -> frozenset[UUID]:
    """The goals that a note is most likely to be about: those that live in the plan of now."""
    plan = file.current_plan
    goals: Sequence[Goal] = list(plan.goals.values()) if plan else []
    return frozenset(goal.id for goal in goals if goal.decision in CURRENT)
