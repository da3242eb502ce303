"""The national syllabus of a subject, as the heading "Nationella mål för år X" opens it (S-LPP-3)."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from web.errors import PageNotFound
from web.rendering import render
from web.syllabus_choice import is_of
from web.texts.syllabus import SYLLABUS_KINDS
from web.visit import Visitor

router = APIRouter(include_in_schema=False)

_LAST_GRADE = 9


@router.get("/kursplaner/{subject:path}")
def show(
    request: Request,
    subject: str,
    visit: Visitor,
    grade: Annotated[int, Query(alias="ar", ge=1, le=_LAST_GRADE)] = _LAST_GRADE,
) -> Response:
    """Requirements, aims and content of a grade, as the syllabus says them now."""
    syllabus = visit.context.syllabus
    name = syllabus.subjects().get(subject)
    if name is None:
        raise PageNotFound
    items = [one for one in syllabus.items(subject=subject) if is_of(one.item.years, grade)]
    parts = {words: [one for one in items if one.item.kind is kind] for kind, words in SYLLABUS_KINDS.items()}
    return render(request, "syllabus.html", me=visit.me, name=name, grade=grade, parts_of=parts)
