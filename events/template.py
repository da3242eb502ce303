"""IUP templates (IUP-mallar): versioned data that a school drafts and its principal approves (S-TPL)."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field, HttpUrl

from events.base import Event, Grade, Role, Value
from events.text import Code, Line, Name, Prose


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    SCALE = "scale"
    """A self-assessment (självskattning): one step of the scale, with free text beside it (S-QUE-3)."""
    COMMENT = "comment"
    """A comment box (kommentarsruta), often directed to several roles (S-QUE-4)."""


class ScaleStep(Value):
    """One step of a self-assessment scale."""

    key: Code
    label: Name


class Question(Value):
    """One question, directed to one or more of pupil, guardian, teacher, mentor (S-TPL-9).

    `proxy` lets guardians and educators write in the pupil's field, on the pupil's behalf (S-TPL-10).
    """

    key: Code
    text: Line
    help: Prose | None = None
    kind: QuestionKind = QuestionKind.TEXT
    directed_to: tuple[Role, ...] = Field(min_length=1)
    proxy: bool = False
    scale: tuple[ScaleStep, ...] = ()


class PageKind(StrEnum):
    """What a page of the template is; the preparatory pages hold questions (S-TPL-2, -3, -4, -5)."""

    PREPARATION = "preparation"
    ASSESSMENTS = "assessments"
    CONVERSATION = "conversation"
    GOALS = "goals"


class Link(Value):
    """A link from the template to material: curriculum, syllabus, information (S-TPL-6)."""

    title: Line
    url: HttpUrl


class Page(Value):
    """One page (flik) of the template (S-TPL-8); its key is the last part of its address."""

    key: Code
    title: Name
    kind: PageKind
    intro: Prose | None = None
    questions: tuple[Question, ...] = ()
    links: tuple[Link, ...] = ()


class SubjectHeading(Value):
    """A subject that plans of this template are assessed in, and the optional headings it has (S-OMD-5, S-TPL-11)."""

    code: Code
    name: Name
    planning: bool = False
    """Has the heading LPP (S-LPP-1)."""
    criteria: bool = False
    """Has the heading Kriterier (S-LPP-2)."""


class TemplateContent(Value):
    """All of one version of a template."""

    name: Name
    grades: tuple[Grade, ...] = Field(min_length=1)
    pages: tuple[Page, ...] = Field(min_length=1)
    subjects: tuple[SubjectHeading, ...] = ()
    national_goals_grade: Grade | None = None
    """The heading "Nationella mål för år X" (S-LPP-3): 3, 6 or 9."""


class TemplateDrafted(Event):
    """A version of a template was drafted for a school; nobody can start a plan from it yet."""

    code: ClassVar[str] = "template_drafted.v1"
    school_id: UUID
    template_version: int
    content: TemplateContent


class TemplateApproved(Event):
    """The principal approved and published a version of the template (G-9)."""

    code: ClassVar[str] = "template_approved.v1"
    template_version: int
