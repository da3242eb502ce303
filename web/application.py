"""All pages as one application, and what a browser is told about each of them."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import FileResponse, Response

from web import (
    about,
    class_assessments,
    class_view,
    contact_list,
    delegations,
    documents,
    guides,
    language,
    notices,
    pictures,
    profile,
    sessions,
    settings,
    sign_in,
    start,
    syllabus,
    terms,
)
from web.errors import PageNotFound
from web.plan import (
    agreement,
    answering,
    archive,
    assessing,
    concerns,
    conversation,
    conversation_texts,
    corrections,
    drafts,
    focus,
    goal_steps,
    goal_text,
    learning_blog,
    overview,
    programmes,
    pupil,
    starting,
    timeline,
)
from web.plan import pages as plan_pages
from web.plan.printed import download as printed
from web.problems import add_handlers
from web.retention import audit, certificates, due, holds, runs, schedules
from web.services import Services

ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (
        start,
        about,
        guides,
        language,
        sign_in,
        terms,
        settings,
        sessions,
        pictures,
        profile,
        contact_list,
        class_assessments,
        class_view,
        documents,
        syllabus,
        delegations,
        notices,
        due,
        runs,
        certificates,
        schedules,
        holds,
        audit,
        answering,
        drafts,
        concerns,
        conversation,
        conversation_texts,
        agreement,
        archive,
        assessing,
        programmes,
        corrections,
        starting,
        timeline,
        goal_text,
        goal_steps,
        focus,
        learning_blog,
        pupil,
        overview,
        printed,
        plan_pages,
    )
)  # fmt: skip
"""In the order in which an address is looked for: what is general comes last."""
_STATIC = Path(__file__).parent / "static"
_FILES = {path.name: path for path in sorted(_STATIC.iterdir()) if path.is_file()}
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_NO_TELEMETRY: Any = dict.fromkeys(("tracing", "metrics", "logs", "operation_spans", "auto_configure"), False)
"""The framework's own telemetry would send exceptions' messages, which may hold text, wherever it is told to."""
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)
"""What goes with every page. Under a referrer policy of `no-referrer` browsers would send our own forms with the origin
`null`; under this one other sites get no address of ours either."""


def make_pages(services: Services) -> FastAPI:
    """The application of the pages that works with these services."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=_NO_TELEMETRY)
    app.state.services = services
    for router in ROUTERS:
        _answer_head(router)
        app.include_router(router)
    app.add_api_route("/static/{name}", _static, methods=["GET", "HEAD"], include_in_schema=False)
    add_handlers(app)
    return app


def _answer_head(router: APIRouter) -> None:
    """Let whoever asks for the head of a page get it: whether a link works, without the page."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")


def _static(name: str) -> Response:
    path = _FILES.get(name)
    if path is None:
        raise PageNotFound
    return FileResponse(path, media_type=_KINDS[path.suffix], headers={"Cache-Control": "public, max-age=3600"})
