"""IUP templates: drafted by an administrator, approved by the principal, never edited in place."""

from datetime import datetime
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates.errors.school import TemplateAlreadyApproved, TemplateNotSound, TemplateVersionNotFound
from api.declare import reads, writes
from api.errors import CursorNotValid
from api.names import API, TemplateId
from api.paging import Cursor, Limit, page_of
from api.rules import SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import schools
from commands.reads import permit_school_reading
from events.template import TemplateContent
from projections.directory import TemplateEntry

router = APIRouter(tags=["templates"])


class VersionShape(Shape):
    """A version of a template; plans can be started from it once it is approved."""

    template_version: int
    approved_at: datetime | None
    name: str
    grades: tuple[int, ...]


class TemplateSummary(Shape):
    """A template and its versions, the latest last."""

    id: UUID
    school_id: UUID
    version: int
    versions: list[VersionShape]


class Templates(Shape):
    """Templates of a school, by id."""

    items: list[TemplateSummary]
    next: str | None


class WholeVersion(VersionShape):
    """A version with all that it says."""

    content: TemplateContent


class WholeTemplate(Shape):
    """A template with all that its versions say."""

    id: UUID
    school_id: UUID
    version: int
    versions: list[WholeVersion]


class TemplateToDraft(WriteBody):
    """A draft: of a new template, or with `template_id` the next version of one."""

    school_id: UUID
    template_id: UUID | None = None
    content: TemplateContent


class VersionToApprove(WriteBody):
    """The version that the principal approves."""

    template_version: Annotated[int, Field(ge=1, le=2**31)]


@router.get("/templates", response_model=Templates, **reads(Action.READ_SCHOOL, refuses=(*SCHOOL, CursorNotValid)))
def list_templates(
    asked: Signed,
    school: Annotated[UUID, Query(description="The school whose templates they are.")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The templates of a school, for its staff."""
    permit_school_reading(asked.context, asked.caller, school, on=asked.on)
    entries = asked.context.directory.templates_of_school(school)
    found = [list(versions) for _, versions in groupby(entries, key=lambda entry: entry.template_id)]
    page = page_of(found, lambda versions: versions[0].template_id, cursor=cursor, limit=limit)
    items = [
        TemplateSummary(
            id=versions[0].template_id,
            school_id=school,
            version=max(entry.version for entry in versions),
            versions=[VersionShape(**_said(entry)) for entry in versions],
        )
        for versions in page.items
    ]
    return answer_with(Templates(items=items, next=page.next))


@router.get(
    "/templates/{template}", response_model=WholeTemplate, **reads(Action.READ_SCHOOL, refuses=SCHOOL, versioned=True)
)
def show_template(asked: Signed, template: TemplateId) -> Response:
    """A template with everything that its versions say, for the school's staff."""
    versions = asked.context.directory.template(template)
    if not versions:
        raise SchoolNotFound
    school_id = versions[0].school_id
    permit_school_reading(asked.context, asked.caller, school_id, on=asked.on)
    version = max(entry.version for entry in versions)
    whole = [WholeVersion(**_said(entry), content=entry.content) for entry in versions]
    return answer_with(
        WholeTemplate(id=template, school_id=school_id, version=version, versions=whole), version=version
    )


def _said(entry: TemplateEntry) -> dict[str, Any]:
    return {
        "template_version": entry.template_version,
        "approved_at": entry.approved_at,
        "name": entry.content.name,
        "grades": entry.content.grades,
    }


@router.post(
    "/templates",
    response_model=Written,
    **writes(Action.DRAFT_TEMPLATE, refuses=(*SCHOOL, TemplateNotSound), created=True),
)
def draft_template(asked: Write, body: TemplateToDraft) -> Response:
    """Draft a template or its next version; nobody can start a plan from it until it is approved."""
    answer = schools.draft_template(
        asked.context,
        asked.command(body.acting_as),
        school_id=body.school_id,
        content=body.content,
        template_id=body.template_id,
    )
    return asked.answer(answer, created=f"{API}/templates/{{id}}")


@router.post(
    "/templates/{template}/approve",
    response_model=Written,
    **writes(Action.APPROVE_TEMPLATE, refuses=(*SCHOOL, TemplateVersionNotFound, TemplateAlreadyApproved)),
)
def approve_template(asked: Write, template: TemplateId, body: VersionToApprove) -> Response:
    """Approve and publish a version: plans can be started from it."""
    answer = schools.approve_template(
        asked.context,
        asked.command(body.acting_as),
        template_id=template,
        template_version=body.template_version,
    )
    return asked.answer(answer)
