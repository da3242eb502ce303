"""The national syllabus as imported: what goals, areas and assessments can be linked to."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.declare import ANYBODY_SIGNED_IN, reads
from api.names import SubjectCode
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from events.syllabus import SyllabusItem, SyllabusKind

router = APIRouter(tags=["syllabus"])

Former = Annotated[bool, Query(description="Also what the syllabus no longer says.")]


class SubjectName(Shape):
    """A subject of the syllabus."""

    code: str
    name: str


class SubjectNames(Shape):
    """The subjects, by code."""

    items: list[SubjectName]


class SyllabusText(Shape):
    """An item in one wording; `item` is what a link holds."""

    item: SyllabusItem
    wording: str
    label: str
    is_current: bool


class SyllabusTexts(Shape):
    """Items in the order of the syllabus."""

    items: list[SyllabusText]


@router.get("/syllabus", response_model=SubjectNames, **reads(ANYBODY_SIGNED_IN))
def list_subjects(asked: Signed, *, former: Former = False) -> Response:
    """The subjects of the national syllabus."""
    found = asked.context.syllabus.subjects(with_former=former)
    return answer_with(SubjectNames(items=[SubjectName(code=code, name=name) for code, name in found.items()]))


@router.get("/syllabus/{subject:path}", response_model=SyllabusTexts, **reads(ANYBODY_SIGNED_IN))
def list_items(
    asked: Signed,
    subject: SubjectCode,
    *,
    years: Annotated[str | None, Query(pattern=r"^\d{1,2}(-\d{1,2})?$", examples=["1-3"])] = None,
    kind: SyllabusKind | None = None,
    former: Former = False,
) -> Response:
    """The items of one subject: aims, content and criteria, in the wording to link."""
    found = asked.context.syllabus.items(subject=subject, years=years, kind=kind, with_former=former)
    items = [
        SyllabusText(item=text.item, wording=text.wording, label=text.label, is_current=text.is_current)
        for text in found
    ]
    return answer_with(SyllabusTexts(items=items))
