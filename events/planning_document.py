"""Planning documents: local pedagogical plannings (LPP) and criteria matrices (S-LPP-1, -2)."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from events.base import Event, Grade, Value
from events.text import Code, Line, Prose


class DocumentKind(StrEnum):
    """A planning of the teaching, or a matrix of quality levels."""

    PLANNING = "planning"
    MATRIX = "matrix"


class Section(Value):
    """One part of a planning: goals, content, working methods, ways to show what one has learnt."""

    heading: Line
    text: Prose


class MatrixRow(Value):
    """One ability in a matrix, with a text for each level."""

    ability: Line
    levels: tuple[Prose, ...] = Field(min_length=1)


class DocumentContent(Value):
    """All of one version of a planning document. A planning has sections, a matrix has levels and rows."""

    title: Line
    subject: Code
    grades: tuple[Grade, ...] = ()
    sections: tuple[Section, ...] = ()
    levels: tuple[Line, ...] = ()
    rows: tuple[MatrixRow, ...] = ()


class DocumentPublished(Event):
    """A version of a planning document was published at a school; the first one opens its stream."""

    code: ClassVar[str] = "document_published.v1"
    school_id: UUID
    kind: DocumentKind
    content: DocumentContent
