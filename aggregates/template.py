"""One IUP template of a school: its versions, drafted by an administrator, approved by the principal (S-TPL, G-9)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never
from uuid import UUID

from aggregates.errors.plans import TemplateNotApproved
from aggregates.errors.school import TemplateAlreadyApproved, TemplateNotSound, TemplateVersionNotFound
from aggregates.template_rules import broken_rules
from events.base import Recorded
from events.template import TemplateApproved, TemplateContent, TemplateDrafted

TemplateEvent = TemplateDrafted | TemplateApproved


@dataclass(slots=True)
class Template:
    """A template and all its versions, from 1; a version is never edited."""

    id: UUID
    subject_id: UUID
    version: int
    school_id: UUID
    versions: dict[int, TemplateContent] = field(default_factory=dict)
    approved: set[int] = field(default_factory=set)


def evolve(template: Template | None, recorded: Recorded[TemplateEvent]) -> Template:
    """The template after one more event."""
    event = recorded.event
    if template is None:
        if not isinstance(event, TemplateDrafted):
            msg = f"the first event of a template is not {event.code}"
            raise ValueError(msg)
        template = Template(recorded.originator_id, recorded.subject_id, 0, event.school_id)
    template.version = recorded.originator_version
    match event:
        case TemplateDrafted():
            template.versions[event.template_version] = event.content
        case TemplateApproved():
            template.approved.add(event.template_version)
        case _:
            assert_never(event)
    return template


def fold(template: Template | None, events: Iterable[Recorded[TemplateEvent]]) -> Template | None:
    """The template after these events."""
    for recorded in events:
        template = evolve(template, recorded)
    return template


def draft_template(template: Template | None, *, school_id: UUID, content: TemplateContent) -> TemplateDrafted | None:
    """Draft the next version of the template. None where it says what the latest version says."""
    if any(broken_rules(content)):
        raise TemplateNotSound
    latest = max(template.versions, default=0) if template else 0
    if template and template.versions[latest] == content:
        return None
    return TemplateDrafted(
        school_id=template.school_id if template else school_id, template_version=latest + 1, content=content
    )


def approve_template(template: Template, *, template_version: int) -> TemplateApproved:
    """Approve and publish a version: plans can be started from it."""
    if template_version not in template.versions:
        raise TemplateVersionNotFound
    if template_version in template.approved:
        raise TemplateAlreadyApproved
    return TemplateApproved(template_version=template_version)


def approved_content(template: Template, template_version: int) -> TemplateContent:
    """The content of an approved version. Raises TemplateVersionNotFound, TemplateNotApproved."""
    if template_version not in template.versions:
        raise TemplateVersionNotFound
    if template_version not in template.approved:
        raise TemplateNotApproved
    return template.versions[template_version]
