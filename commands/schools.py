"""Commands on schools, their people and settings, groups, templates and planning documents."""

from datetime import date
from uuid import UUID

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates import group, planning_document, school, template
from aggregates.group import Group
from aggregates.school import School
from aggregates.template import Template
from commands.context import Answer, Command, Context
from commands.run import Decided, on_school_stream
from commands.shown import person_shown_to
from commands.streams import DOCUMENT, GROUP, SCHOOL, TEMPLATE, Resource
from events.base import Role
from events.planning_document import DocumentContent, DocumentKind
from events.school import GroupKind, Module, SchoolSettings
from events.template import TemplateContent


def found_school(context: Context, command: Command, *, school_id: UUID, name: str) -> Answer:
    """Make a school part of the ledger; only the system does: the operator, or a roster import."""
    return on_school_stream(
        context,
        command,
        SCHOOL,
        school_id,
        Action.MANAGE_ROSTER,
        lambda state: school.found_school(state, name=name),
        resource=Resource(str(school_id)),
        opens_at=school_id,
    )


def grant_role(
    context: Context,
    command: Command,
    *,
    school_id: UUID,
    person_id: UUID,
    role: Role,
    since: date | None = None,
    until: date | None = None,
) -> Answer:
    """Make a registered person administrator, principal or staff at the school.

    A principal reaches any file in an emergency, so an administrator makes none.
    """
    relation_id = command.new_id("school_role")

    def decide(state: School | None) -> Decided:
        person_shown_to(context, command.caller, person_id)
        return school.grant_role(
            _there(state),
            relation_id=relation_id,
            person_id=person_id,
            role=role,
            since=since or command.on,
            until=until,
        )

    action = Action.NAME_PRINCIPAL if role is Role.PRINCIPAL else Action.MANAGE_ROSTER
    return on_school_stream(context, command, SCHOOL, school_id, action, decide, resource=Resource(str(relation_id)))


def revoke_role(
    context: Context, command: Command, *, school_id: UUID, relation_id: UUID, on: date | None = None
) -> Answer:
    """End a person's part at the school."""
    return on_school_stream(
        context,
        command,
        SCHOOL,
        school_id,
        Action.MANAGE_ROSTER,
        lambda state: school.revoke_role(_there(state), relation_id=relation_id, on=on or command.on),
        resource=Resource(str(relation_id)),
    )


def adopt_settings(
    context: Context, command: Command, *, school_id: UUID, valid_from: date, settings: SchoolSettings
) -> Answer:
    """Decide on the school's settings from a day on."""
    return on_school_stream(
        context,
        command,
        SCHOOL,
        school_id,
        Action.ADOPT_SETTINGS,
        lambda state: school.adopt_settings(_there(state), valid_from=valid_from, settings=settings, today=command.on),
        resource=Resource(str(school_id)),
    )


def choose_modules(context: Context, command: Command, *, school_id: UUID, modules: frozenset[Module]) -> Answer:
    """Decide which modules the school uses (S-GEN-9)."""
    return on_school_stream(
        context,
        command,
        SCHOOL,
        school_id,
        Action.ADOPT_SETTINGS,
        lambda state: school.choose_modules(_there(state), modules=modules),
        resource=Resource(str(school_id)),
    )


def form_group(
    context: Context, command: Command, *, school_id: UUID, name: str, kind: GroupKind, group_id: UUID | None = None
) -> Answer:
    """Form a class or teaching group; a roster names the group's id itself."""
    group_id = group_id or command.new_id("group")
    return on_school_stream(
        context,
        command,
        GROUP,
        group_id,
        Action.MANAGE_ROSTER,
        lambda state: group.form_group(state, school_id=school_id, name=name, kind=kind),
        resource=Resource(str(group_id)),
        opens_at=school_id,
    )


def rename_group(context: Context, command: Command, *, group_id: UUID, name: str) -> Answer:
    """Give the group another name."""

    def decide(state: Group | None) -> Decided:
        if state is None:
            raise SchoolNotFound
        return group.rename_group(state, name=name)

    return on_school_stream(
        context, command, GROUP, group_id, Action.MANAGE_ROSTER, decide, resource=Resource(str(group_id))
    )


def draft_template(
    context: Context,
    command: Command,
    *,
    school_id: UUID,
    content: TemplateContent,
    template_id: UUID | None = None,
) -> Answer:
    """Draft a template, or with `template_id` the next version of one (S-TPL-1)."""
    opens_at = school_id if template_id is None else None
    template_id = template_id or command.new_id("template")
    return on_school_stream(
        context,
        command,
        TEMPLATE,
        template_id,
        Action.DRAFT_TEMPLATE,
        lambda state: template.draft_template(state, school_id=school_id, content=content),
        resource=Resource(str(template_id)),
        opens_at=opens_at,
    )


def approve_template(context: Context, command: Command, *, template_id: UUID, template_version: int) -> Answer:
    """Approve and publish a version of a template (G-9)."""

    def decide(state: Template | None) -> Decided:
        if state is None:
            raise SchoolNotFound
        return template.approve_template(state, template_version=template_version)

    return on_school_stream(
        context, command, TEMPLATE, template_id, Action.APPROVE_TEMPLATE, decide, resource=Resource(str(template_id))
    )


def publish_document(
    context: Context,
    command: Command,
    *,
    school_id: UUID,
    kind: DocumentKind,
    content: DocumentContent,
    document_id: UUID | None = None,
) -> Answer:
    """Publish a planning document, or with `document_id` its next version (S-LPP-1, S-LPP-2)."""
    opens_at = school_id if document_id is None else None
    document_id = document_id or command.new_id("document")
    return on_school_stream(
        context,
        command,
        DOCUMENT,
        document_id,
        Action.PUBLISH_DOCUMENT,
        lambda state: planning_document.publish_document(state, school_id=school_id, kind=kind, content=content),
        resource=Resource(str(document_id)),
        opens_at=opens_at,
    )


def _there(state: School | None) -> School:
    if state is None:
        raise SchoolNotFound
    return state
