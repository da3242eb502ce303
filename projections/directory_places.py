"""Where each sealed text of the directory stands: bound into its ciphertext, so that it opens nowhere else."""

from uuid import UUID


def person_name(person_id: UUID) -> bytes:
    """A person's given and family name."""
    return b"person name" + person_id.bytes


def person_contact(person_id: UUID) -> bytes:
    """A person's contact details."""
    return b"person contact" + person_id.bytes


def person_email(person_id: UUID) -> bytes:
    """The mail address that the school has given a person."""
    return b"person email" + person_id.bytes


def person_description(person_id: UUID) -> bytes:
    """What a person says of oneself."""
    return b"person description" + person_id.bytes


def roster_identity(person_id: UUID, lookup: bytes) -> bytes:
    """What a roster calls a person."""
    return b"roster identity" + person_id.bytes + lookup


def student_name(student_id: UUID) -> bytes:
    """A pupil's name."""
    return b"student name" + student_id.bytes


def relation_subjects(student_id: UUID, relation_id: UUID) -> bytes:
    """The codes of the subjects that a teacher teaches a pupil."""
    return b"relation subjects" + student_id.bytes + relation_id.bytes


def school_name(school_id: UUID) -> bytes:
    """A school's name."""
    return b"school name" + school_id.bytes


def group_name(group_id: UUID) -> bytes:
    """A group's name."""
    return b"group name" + group_id.bytes


def template(template_id: UUID, template_version: int) -> bytes:
    """The content of one version of a template."""
    return b"template" + template_id.bytes + template_version.to_bytes(4, "big")


def document(document_id: UUID) -> bytes:
    """The content of a planning document."""
    return b"planning document" + document_id.bytes


def roster_words(source: str, roster_id: str) -> str:
    """What the keyed hash of a roster id covers; no source and id read together mean two things."""
    return f"{len(source)} {source} {roster_id}"
