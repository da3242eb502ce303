"""One planning document of a school, an LPP or a criteria matrix, in its published versions (S-LPP)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from aggregates.errors.school import DocumentKindFixed
from events.base import Recorded
from events.planning_document import DocumentContent, DocumentKind, DocumentPublished


@dataclass(slots=True)
class PlanningDocument:
    """The document as its latest version says; `version` counts the versions."""

    id: UUID
    subject_id: UUID
    version: int
    school_id: UUID
    kind: DocumentKind
    content: DocumentContent


def fold(document: PlanningDocument | None, events: Iterable[Recorded[DocumentPublished]]) -> PlanningDocument | None:
    """The document after these events."""
    for recorded in events:
        event = recorded.event
        document = PlanningDocument(
            recorded.originator_id,
            recorded.subject_id,
            recorded.originator_version,
            event.school_id,
            event.kind,
            event.content,
        )
    return document


def publish_document(
    document: PlanningDocument | None, *, school_id: UUID, kind: DocumentKind, content: DocumentContent
) -> DocumentPublished | None:
    """Publish the first or the next version. None where it says what the latest says."""
    if document is not None and document.kind is not kind:
        raise DocumentKindFixed
    if not _has_the_parts_of(kind, content):
        raise DocumentKindFixed
    if document is not None and document.content == content:
        return None
    return DocumentPublished(school_id=document.school_id if document else school_id, kind=kind, content=content)


def _has_the_parts_of(kind: DocumentKind, content: DocumentContent) -> bool:
    if kind is DocumentKind.PLANNING:
        return bool(content.sections) and not content.levels and not content.rows
    return (
        bool(content.levels)
        and bool(content.rows)
        and not content.sections
        and all(len(row.levels) == len(content.levels) for row in content.rows)
    )
