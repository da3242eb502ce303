"""IUP templates: drafted by an administrator, approved by the principal, never edited in place."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from access.actions import Action
from aggregates.errors import TemplateAlreadyApproved, TemplateVersionNotFound
from api.declare import writes
from api.names import API, TemplateId
from api.rules import SCHOOL
from api.writing import Write, WriteBody, Written
from commands import schools
from events.template import TemplateContent

router = APIRouter(tags=["templates"])


class TemplateToDraft(WriteBody):
    """A draft: of a new template, or with `template_id` the next version of one."""

    school_id: UUID
    template_id: UUID | None = None
    content: TemplateContent


class VersionToApprove(WriteBody):
    """The version that the principal approves."""

    template_version: Annotated[int, Field(ge=1, le=2**31)]


@router.post(
    "/templates",
    response_model=Written,
    **writes(Action.DRAFT_TEMPLATE, refuses=SCHOOL, created=True),
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
