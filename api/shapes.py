"""What parts of answers look like: how every shape is made, and a text with its author."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from aggregates.plan_parts import Written
from events.base import Actor, Role


class Shape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(from_attributes=True)


def answer_with(shape: BaseModel, *, version: int | None = None) -> Response:
    """The shape as JSON; with a version, its ETag."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(shape.model_dump_json(), media_type="application/json", headers=headers)


class By(Shape):
    """Who did it, in which relation, for whom, and how surely we know."""

    person_id: UUID
    role: Role
    name: str
    relation_id: UUID | None
    on_behalf_of: UUID | None
    level: int

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The author of an event."""
        return cls.model_validate(actor)


class TextBy(Shape):
    """A text or a choice, who saved it and when; `version` is what If-Match takes."""

    text: str | None
    choice: str | None = None
    by: By
    at: datetime
    version: int

    @classmethod
    def of(cls, written: Written) -> Self:
        """One version of a text."""
        return cls(
            text=written.text, choice=written.choice, by=By.of(written.by), at=written.at, version=written.version
        )
