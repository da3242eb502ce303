"""The parts of an address, described once."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from events.text import Code

StudentId = Annotated[UUID, Path(alias="student", description="The pupil's file, as GET /students names it.")]
PlanId = Annotated[UUID, Path(alias="plan", description="A plan of the pupil.")]
GoalId = Annotated[UUID, Path(alias="goal", description="A goal of the plan.")]
ConcernId = Annotated[UUID, Path(alias="concern", description="A concern of the plan.")]
RelationId = Annotated[UUID, Path(alias="relation", description="A relation to the pupil, or a part at the school.")]
GroupId = Annotated[UUID, Path(alias="group", description="A class or teaching group.")]
SchoolId = Annotated[UUID, Path(alias="school", description="A school.")]
PersonId = Annotated[UUID, Path(alias="person", description="A person.")]
TemplateId = Annotated[UUID, Path(alias="template", description="A template of a school.")]
DocumentId = Annotated[UUID, Path(alias="document", description="A planning document of a school.")]
NoticeId = Annotated[UUID, Path(alias="notice", description="One of the caller's notices.")]
QuestionKey = Annotated[Code, Path(alias="question", description="The key of a question of the plan's template.")]
SubjectCode = Annotated[Code, Path(alias="subject", description="The syllabus code of a subject of the plan.")]
ActingAs = Annotated[
    UUID | None, Query(alias="as", description="The relation or school role that you write in; always needed.")
]

API = "/api/v1"
STUDENT = "/students/{student}"
PLAN = f"{STUDENT}/plans/{{plan}}"
