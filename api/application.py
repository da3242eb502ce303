"""The whole API as one application."""

from typing import Any

from fastapi import APIRouter, FastAPI

from api import (
    access_record,
    accounts,
    agreement,
    answers,
    assessments,
    conversation,
    delegations,
    disposal,
    documents,
    feed,
    free_text,
    goals,
    groups,
    health,
    holds,
    learning_notes,
    my_sessions,
    myself,
    notices,
    officers,
    overview,
    own_settings,
    persons,
    pictures,
    plans,
    problem_pages,
    profiles,
    protection,
    reminders,
    schedules,
    schools,
    sign_in_identifiers,
    student_pages,
    students,
    syllabus,
    templates,
    terms,
)
from api.body import BodyGate
from api.declare import PROGRAM_SCHEME, SCHEME
from api.docs_page import add_docs
from api.frame import Frame
from api.ledger import add_ledger
from api.names import API
from api.oauth import add_oauth, program_scheme
from api.problems import Problem, add_handlers
from api.programs import TOKEN_ADDRESS
from api.services import Services

_NO_TELEMETRY: Any = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""The framework's own telemetry would send exceptions' messages, which may hold text, wherever it is told to."""

# The overview comes first: it is read more than all the rest, and routes are tried in order.
ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (
        overview,
        myself,
        my_sessions,
        terms,
        students,
        student_pages,
        access_record,
        delegations,
        protection,
        plans,
        answers,
        goals,
        assessments,
        conversation,
        reminders,
        agreement,
        learning_notes,
        free_text,
        notices,
        templates,
        persons,
        accounts,
        profiles,
        pictures,
        own_settings,
        sign_in_identifiers,
        schools,
        groups,
        documents,
        syllabus,
        officers,
        schedules,
        holds,
        disposal,
        feed,
    )
)


class Liggare(FastAPI):
    """The application; its description names the shape of every refusal."""

    def openapi(self) -> dict[str, Any]:
        """The description of the API (OpenAPI 3.1), with the shape that every refusal has."""
        if not self.openapi_schema:
            schema = super().openapi()
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts = problem.pop("$defs")
            schema["components"]["schemas"] |= {**parts, "Problem": problem}
            schema["components"]["securitySchemes"] = {
                SCHEME: {"type": "http", "scheme": "bearer", "description": "The id of a person's session."},
                PROGRAM_SCHEME: program_scheme(),
            }
        return super().openapi()


def make_application(services: Services) -> Liggare:
    """The application that works with these services."""
    app = Liggare(
        title="Liggare",
        summary="A ledger of individual development plans (IUP).",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    app.state.services = services
    for router in ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(health.router)
    app.include_router(problem_pages.router)
    add_ledger(app)
    add_docs(app)
    add_handlers(app)
    add_oauth(app)
    app.add_middleware(BodyGate, others=(TOKEN_ADDRESS,))
    app.add_middleware(Frame)
    return app
