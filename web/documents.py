"""The page of a planning (LPP) or a criteria matrix, as it is opened from its heading (S-LPP-1, S-LPP-2)."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from aggregates.plans import plan_of
from commands.documents import read_document, read_document_of_student
from commands.reads import Part
from events.template import PageKind
from web.addresses import at_subject
from web.plan import frame
from web.plan.history import Day
from web.plan.page import PlanPage
from web.rendering import render, translator
from web.visit import Visitor

router = APIRouter(include_in_schema=False)


@router.get("/elever/{student}/iup/{plan}/planeringar/{document}")
def show_in_plan(
    request: Request,
    student: Annotated[UUID, Path()],
    plan: Annotated[UUID, Path()],
    document: Annotated[UUID, Path()],
    visit: Visitor,
    version: Annotated[str, Query()] = "",
    day: Day = None,
) -> Response:
    """A document that an assessment of the pupil rests on, for whoever reads the plan.

    The way back is to the assessment of this version, on the day that is looked at. Raises PlanNotFound and what
    reading the document raises.
    """
    opened, entry = read_document_of_student(visit.context, visit.caller, student, document, on=visit.on)
    page = PlanPage(visit, opened, plan_of(opened.file, plan), as_it_was=day, part=Part.PLANNING_DOCUMENT)
    place = frame.plan_place(page, entry.content.title, translator(request), key="")
    tab = page.page_of(PageKind.ASSESSMENTS)
    if tab is not None:
        chosen = {"version": version} if version else {}
        back = at_subject(page.tab_address(tab.key), entry.content.subject, **chosen)
        place = replace(place, steps=(*place.steps, (back, tab.title)))
    return frame.show(request, page, "document.html", place, document=entry, content=entry.content)


@router.get("/planeringar/{document}")
def show(request: Request, document: Annotated[UUID, Path()], visit: Visitor) -> Response:
    """A document of the school, for its staff."""
    entry = read_document(visit.context, visit.caller, document, on=visit.on)
    place = frame.Place((("/", translator(request)("Start")),), entry.content.title)
    return render(request, "document.html", me=visit.me, document=entry, content=entry.content, place=place)
