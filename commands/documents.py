"""Reading a planning or a matrix: by the school's staff, and by whoever reads an assessment that rests on it."""

from datetime import date
from uuid import UUID

from access.errors import SchoolNotFound
from aggregates.student_file import StudentFile
from commands.context import Caller, Context
from commands.reads import Opened, open_file, permit_school_reading
from projections.directory import DocumentEntry


def read_document(context: Context, caller: Caller, document_id: UUID, *, on: date) -> DocumentEntry:
    """A planning document in its latest version, for its school's staff. Raises SchoolNotFound (S-LPP)."""
    entry = _entry(context, document_id)
    permit_school_reading(context, caller, entry.school_id, on=on)
    return entry


def read_document_of_student(
    context: Context, caller: Caller, student_id: UUID, document_id: UUID, *, on: date
) -> tuple[Opened, DocumentEntry]:
    """A document that an assessment of the pupil rests on, for whoever may read the assessment.

    Whoever shows it calls `record_look` before. Raises StudentNotFound, AssuranceTooLow, SchoolNotFound.
    """
    opened = open_file(context, caller, student_id, on=on)
    if document_id not in _linked(opened.file):
        raise SchoolNotFound
    return opened, _entry(context, document_id)


def _entry(context: Context, document_id: UUID) -> DocumentEntry:
    entry = context.directory.documents((document_id,)).get(document_id)
    if entry is None:
        raise SchoolNotFound
    return entry


def _linked(file: StudentFile) -> set[UUID]:
    return {
        document
        for plan in file.plans.values()
        for versions in plan.assessments.values()
        for version in versions
        for document in version.event.documents
    }
