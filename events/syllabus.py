"""How an event points at the national syllabus: by place and by the wording it had."""

from enum import StrEnum

from pydantic import Field

from events.base import Value
from events.text import Code


class SyllabusKind(StrEnum):
    """The kinds of item a subject's syllabus has."""

    AIM = "aim"
    CONTENT = "content"
    CRITERION = "criterion"


class SyllabusItem(Value):
    """One item of a subject's syllabus (kursplanemål, kunskapskrav) in the wording it had when linked.

    The place is subject, years ("1-3"), kind and ordinal from 1; `version` is the SHA-256 (hex) of the Swedish text,
    because the publisher's own codes are often empty or repeat.
    """

    subject: Code
    years: str = Field(pattern=r"^[0-9]{1,2}(-[0-9]{1,2})?$")
    kind: SyllabusKind
    ordinal: int = Field(ge=1, le=10_000)
    version: str = Field(pattern=r"^[0-9a-f]{64}$")
