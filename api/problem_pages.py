"""Explains each problem at the address that its type is."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.responses import Response

from aggregates.errors import refusals
from api.declare import public
from api.errors import AddressNotFound, NotValid
from api.problems import PROBLEMS
from api.shapes import answer_with

router = APIRouter(tags=["problems"])


class Explanation(BaseModel):
    """What a problem type stands for."""

    type: str
    title: str
    status: int
    detail: str


class Explanations(BaseModel):
    """Every problem there is."""

    items: list[Explanation]


def _explanations() -> dict[str, Explanation]:
    return {
        refusal.code: Explanation(
            type=f"{PROBLEMS}/{refusal.code}", title=refusal.rule, status=refusal.status, detail=refusal.remedy
        )
        for refusal in refusals()
    }


@router.get(PROBLEMS, response_model=Explanations, **public())
def list_problems() -> Response:
    """Every problem type: the rule behind it and what to do."""
    return answer_with(Explanations(items=list(_explanations().values())))


@router.get(PROBLEMS + "/{code}", response_model=Explanation, **public(refuses=(AddressNotFound, NotValid)))
def explain_problem(
    code: Annotated[str, Path(max_length=100, description="The last part of a problem's type.")],
) -> Response:
    """One problem type: the rule behind it and what to do."""
    found = _explanations().get(code)
    if found is None:
        raise AddressNotFound
    return answer_with(found)
