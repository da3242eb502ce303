"""A pupil's own page: who it is, and what one can work with there (S-NAV-5, S-NAV-6, S-NAV-7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from access.actions import Action
from aggregates.swedish import swedish_order
from commands.reads import Part
from commands.streams import SCHOOL, find
from events.base import Role
from events.school import GroupKind, Module
from events.template import PageKind
from web.errors import PageNotFound
from web.pictures import picture_address
from web.plan.duties import duties
from web.plan.frame import Place, show
from web.plan.page import PupilPage, StudentId, Translate, pupil_page
from web.rendering import translator
from web.visit import Visit, Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ModuleLink:
    """A module of the pupil's, in a sentence what it is for, and the name of its symbol."""

    href: str
    title: str
    help: str
    symbol: str


@router.get("/elever/{student}")
def show_pupil(request: Request, student: StudentId, visit: Visitor) -> Response:
    """The pupil, and the modules that the school has switched on."""
    page = pupil_page(visit, student, Part.PLANS)
    translate = translator(request)
    person = visit.directory.persons([page.file.person_id]).get(page.file.person_id)
    groups = visit.directory.groups_of_students([student])
    return show(
        request,
        page,
        "plan/pupil.html",
        Place((("/", translate("Start")),), page.name),
        picture=picture_address(page.file.person_id) if person and person.picture_id else "",
        grade=page.file.grade,
        classes=sorted((g.name for g in groups if g.kind is GroupKind.CLASS), key=swedish_order),
        to_do=duties(page, translate),
        modules=list(_modules(page, translate)),
        has_readers=page.may(Action.DELEGATE_READING) or Role.DELEGATE in page.roles,
    )


def require_module(visit: Visit, school_id: UUID, module: Module) -> None:
    """Let through where the pupil's school has switched the module on; else there is no such page (S-GEN-9)."""
    if module not in modules_of(visit, school_id):
        raise PageNotFound


def modules_of(visit: Visit, school_id: UUID) -> frozenset[Module]:
    """What the school has switched on."""
    school = find(visit.context, SCHOOL, school_id)
    return school.modules if school else frozenset()


def _modules(page: PupilPage, translate: Translate) -> Iterator[ModuleLink]:
    on = modules_of(page.visit, page.file.school_id)
    yield ModuleLink(
        f"{page.address}/iup",
        translate("IUP"),
        translate("The plan: prepare, read, agree and follow up."),
        "plan",
    )
    if Module.FOCUS in on:
        yield ModuleLink(
            f"{page.address}/fokus",
            translate("Focus"),
            translate("All goals, from this plan and from earlier ones."),
            "focus",
        )
    if Module.ASSESSMENT in on and (address := _assessments(page)):
        help_ = translate("What the teachers write, subject by subject.")
        yield ModuleLink(address, translate("Assessments"), help_, "assessment")
    if Module.LEARNING_BLOG in on:
        yield ModuleLink(
            f"{page.address}/larblogg",
            translate("Learning blog"),
            translate("What the pupil has done, and how one knows that a goal is reached."),
            "learning_blog",
        )
    yield ModuleLink(
        f"{page.address}/arkiv",
        translate("Archive"),
        translate("Earlier plans as they stood, by school year."),
        "archive",
    )


def _assessments(page: PupilPage) -> str:
    """Where those of the plan of now are; empty where there is no plan, or its template has no page for them."""
    of_plan = page.of_plan(page.file.current_plan) if page.file.current_plan else None
    tab = of_plan.page_of(PageKind.ASSESSMENTS) if of_plan else None
    return of_plan.tab_address(tab.key) if of_plan and tab else ""
