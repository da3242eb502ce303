"""The directory's rows about schools: settings, parts held, groups, templates, planning documents."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from events.base import Recorded
from events.planning_document import DocumentPublished
from events.school import (
    GroupFormed,
    GroupRenamed,
    SchoolFounded,
    SchoolRenamed,
    SchoolRoleGranted,
    SchoolRoleRevoked,
    SettingsAdopted,
)
from events.template import TemplateApproved, TemplateDrafted
from projections import directory_places as places
from projections.projection import Target, kinds_of
from projections.statements import Statements

SCHOOL_KINDS = kinds_of(SchoolFounded, SchoolRenamed, SettingsAdopted)
ROLE_KINDS = kinds_of(SchoolRoleGranted, SchoolRoleRevoked)
GROUP_KINDS = kinds_of(GroupFormed, GroupRenamed)
TEMPLATE_KINDS = kinds_of(TemplateDrafted, TemplateApproved)
DOCUMENT_KINDS = kinds_of(DocumentPublished)

Pair = tuple[UUID, UUID]


def fold_schools(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Schools, from their own streams; settings are listed in order of the day from which they hold."""
    ids = list({recorded.originator_id for recorded in events})
    rows = {row[0]: list(row) for row in target.fetch(statements, "load_schools", ids)}
    for recorded in events:
        school_id, event = recorded.originator_id, recorded.event
        if isinstance(event, SchoolFounded):
            rows[school_id] = [school_id, recorded.subject_id, 0, "[]", b""]
        row = rows[school_id]
        row[2] = recorded.originator_version
        if isinstance(event, SettingsAdopted):
            settings = from_json(row[3])
            settings.append([event.valid_from, event.settings])
            row[3] = to_json(settings).decode()
        else:
            row[4] = target.seal(recorded.subject_id, event.name.encode(), places.school_name(school_id))
    target.write(statements, "save_schools", list(rows.values()))


def fold_school_roles(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Who is administrator, principal or other staff, from the schools' streams."""
    granted: dict[Pair, list[Any]] = {}
    revoked: dict[Pair, Any] = {}
    for recorded in events:
        event = recorded.event
        key = (recorded.originator_id, event.relation_id)
        if isinstance(event, SchoolRoleGranted):
            granted[key] = [
                *key, recorded.subject_id, event.person_id, event.role.value, event.since, event.until, None
            ]  # fmt: skip
            revoked.pop(key, None)
        elif key in granted:
            granted[key][7] = event.ended_on
        else:
            revoked[key] = event.ended_on
    target.write(statements, "save_school_roles", list(granted.values()))
    target.write(statements, "end_school_roles", [(*key, ended_on) for key, ended_on in revoked.items()])


def fold_groups(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Groups, from their own streams; a name is found by its keyed hash."""
    ids = list({recorded.originator_id for recorded in events})
    rows = {row[0]: list(row) for row in target.fetch(statements, "load_groups", ids)}
    for recorded in events:
        group_id, event = recorded.originator_id, recorded.event
        if isinstance(event, GroupFormed):
            rows[group_id] = [group_id, event.school_id, recorded.subject_id, 0, event.kind.value, b"", b""]
        row = rows[group_id]
        row[3] = recorded.originator_version
        row[5] = target.ledger.keys.lookup_hash("group name", event.name)
        row[6] = target.seal(recorded.subject_id, event.name.encode(), places.group_name(group_id))
    target.write(statements, "save_groups", list(rows.values()))


def fold_templates(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Every version of every template, from the templates' streams."""
    drafted: list[tuple[object, ...]] = []
    approved: list[tuple[object, ...]] = []
    for recorded in events:
        template_id, event = recorded.originator_id, recorded.event
        if isinstance(event, TemplateDrafted):
            place = places.template(template_id, event.template_version)
            sealed = target.seal(recorded.subject_id, to_json(event.content), place)
            grades = " ".join(map(str, event.content.grades))
            drafted.append(
                (
                    template_id,
                    event.template_version,
                    event.school_id,
                    recorded.subject_id,
                    recorded.originator_version,
                    grades,
                    sealed,
                )
            )
        else:
            approved.append((template_id, event.template_version, recorded.at, recorded.originator_version))
    target.write(statements, "save_templates", drafted)
    target.write(statements, "approve_templates", approved)


def fold_documents(target: Target, statements: Statements, events: Sequence[Recorded[Any]]) -> None:
    """Planning documents in their latest version, from their own streams."""
    latest: dict[UUID, tuple[object, ...]] = {}
    for recorded in events:
        document_id, event = recorded.originator_id, recorded.event
        latest[document_id] = (
            document_id, event.school_id, recorded.subject_id, recorded.originator_version, event.kind.value,
            recorded.at, target.seal(recorded.subject_id, to_json(event.content), places.document(document_id)),
        )  # fmt: skip
    target.write(statements, "save_documents", list(latest.values()))
