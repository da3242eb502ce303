"""Whether the process lives, and whether it can do its work."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from api.declare import public
from api.errors import NotReady
from api.problems import problem_response
from api.services import services_of

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process lives."""

    alive: bool = True


class Ready(BaseModel):
    """Each part that must work, and what is wrong with it; null where nothing is."""

    checks: dict[str, str | None]


@router.get("/livez", **public())
async def livez() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/readyz", response_model=Ready, **public(refuses=(NotReady,)))
def readyz(request: Request) -> Response:
    """The database answers, its migrations are this version's, and no read model has stopped."""
    checks = dict(services_of(request).checks())
    if any(checks.values()):
        request.state.problem = NotReady.code
        return problem_response(NotReady(), checks=checks)
    return JSONResponse({"checks": checks})
