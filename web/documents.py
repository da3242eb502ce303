"""The page of a planning (LPP) or a criteria matrix, as it is opened from its heading (S-LPP-1, S-LPP-2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from commands.documents import read_document, read_document_of_student
from commands.reads import Part
from projections.directory import DocumentEntry
from web.plan.frame import Place, pupil_place
from web.plan.page import PupilPage
from web.rendering import render, translator
from web.visit import Visitor

router = APIRouter(include_in_schema=False)


@router.get("/elever/{student}/planeringar/{document}")
def show_of_student(
    request: Request, student: Annotated[UUID, Path()], document: Annotated[UUID, Path()], visit: Visitor
) -> Response:
    """A document that an assessment of the pupil rests on, for whoever reads the plan."""
    opened, entry = read_document_of_student(visit.context, visit.caller, student, document, on=visit.on)
    page = PupilPage(visit, opened, part=Part.PLANNING_DOCUMENT)
    return _page(request, visit, entry, pupil_place(page, entry.content.title, translator(request)))


@router.get("/planeringar/{document}")
def show(request: Request, document: Annotated[UUID, Path()], visit: Visitor) -> Response:
    """A document of the school, for its staff."""
    entry = read_document(visit.context, visit.caller, document, on=visit.on)
    return _page(request, visit, entry, Place((("/", translator(request)("Start")),), entry.content.title))


def _page(request: Request, visit: Visitor, entry: DocumentEntry, place: Place) -> Response:
    return render(request, "document.html", me=visit.me, document=entry, content=entry.content, place=place)
