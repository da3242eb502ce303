"""Planning documents: local pedagogical plannings (LPP) and criteria matrices."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from access.actions import Action
from access.errors import SchoolNotFound
from aggregates.errors.school import DocumentKindFixed
from api.declare import reads, writes
from api.errors import CursorNotValid
from api.names import API, STUDENT, DocumentId, StudentId
from api.paging import Cursor, Limit, page_of
from api.rules import FILE, SCHOOL
from api.shapes import Shape, answer_with
from api.signed_in import Signed
from api.writing import Write, WriteBody, Written
from commands import schools
from commands.documents import read_document, read_document_of_student
from commands.reads import Part, permit_school_reading, record_look
from events.planning_document import DocumentContent, DocumentKind
from projections.directory import DocumentEntry

router = APIRouter(tags=["planning documents"])


class DocumentToPublish(WriteBody):
    """The first version of a planning document of a school."""

    school_id: UUID
    kind: DocumentKind
    content: DocumentContent


class NextVersion(WriteBody):
    """The next version of a planning document; its kind stays."""

    content: DocumentContent


class DocumentSummary(Shape):
    """A planning document in a list."""

    id: UUID
    school_id: UUID
    kind: DocumentKind
    title: str
    subject: str
    grades: tuple[int, ...]
    published_at: datetime
    version: int


class Documents(Shape):
    """Planning documents of a school, by id."""

    items: list[DocumentSummary]
    next: str | None


class DocumentShape(DocumentSummary):
    """A planning document in its latest version."""

    content: DocumentContent


def _shape(entry: DocumentEntry) -> DocumentShape:
    content = entry.content
    return DocumentShape(
        id=entry.document_id,
        school_id=entry.school_id,
        kind=entry.kind,
        title=content.title,
        subject=content.subject,
        grades=content.grades,
        published_at=entry.published_at,
        version=entry.version,
        content=content,
    )


@router.get(
    "/planning-documents", response_model=Documents, **reads(Action.READ_SCHOOL, refuses=(*SCHOOL, CursorNotValid))
)
def list_documents(
    asked: Signed,
    school: Annotated[UUID, Query(description="The school whose documents they are.")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The plannings and matrices of a school, for its staff."""
    permit_school_reading(asked.context, asked.caller, school, on=asked.on)
    entries = asked.context.directory.documents_of_school(school)
    page = page_of(entries, lambda entry: entry.document_id, cursor=cursor, limit=limit)
    items = [DocumentSummary.model_validate(_shape(entry)) for entry in page.items]
    return answer_with(Documents(items=items, next=page.next))


@router.post(
    "/planning-documents",
    response_model=Written,
    **writes(Action.PUBLISH_DOCUMENT, refuses=(*SCHOOL, DocumentKindFixed), created=True),
)
def publish_document(asked: Write, body: DocumentToPublish) -> Response:
    """Publish a planning or a matrix."""
    answer = schools.publish_document(
        asked.context,
        asked.command(body.acting_as),
        school_id=body.school_id,
        kind=body.kind,
        content=body.content,
    )
    return asked.answer(answer, created=f"{API}/planning-documents/{{id}}")


@router.get(
    "/planning-documents/{document}",
    response_model=DocumentShape,
    **reads(Action.READ_SCHOOL, refuses=SCHOOL, versioned=True),
)
def show_document(asked: Signed, document: DocumentId) -> Response:
    """A planning or matrix in its latest version, for the school's staff."""
    entry = read_document(asked.context, asked.caller, document, on=asked.on)
    return answer_with(_shape(entry), version=entry.version)


@router.put(
    "/planning-documents/{document}",
    response_model=Written,
    **writes(Action.PUBLISH_DOCUMENT, refuses=(*SCHOOL, DocumentKindFixed)),
)
def publish_next_version(asked: Write, document: DocumentId, body: NextVersion) -> Response:
    """Publish the next version of a planning or matrix."""
    entry = asked.context.directory.documents((document,)).get(document)
    if entry is None:
        raise SchoolNotFound
    answer = schools.publish_document(
        asked.context,
        asked.command(body.acting_as),
        school_id=entry.school_id,
        kind=entry.kind,
        content=body.content,
        document_id=document,
    )
    return asked.answer(answer)


@router.get(
    STUDENT + "/planning-documents/{document}",
    response_model=DocumentShape,
    **reads(Action.READ_FILE, refuses=(*FILE, *SCHOOL), versioned=True),
)
def show_document_of_student(asked: Signed, student: StudentId, document: DocumentId) -> Response:
    """A planning or matrix that an assessment of the pupil rests on, for whoever may read the assessment."""
    opened, entry = read_document_of_student(asked.context, asked.caller, student, document, on=asked.on)
    record_look(asked.context, asked.caller, opened, Part.PLANNING_DOCUMENT)
    return answer_with(_shape(entry), version=entry.version)
