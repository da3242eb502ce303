"""The page that needs no sign-in: what plans and assessments are, who may read them and what may not be written."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web.rendering import language_of, render
from web.services import services_of
from web.visit import Guest

router = APIRouter(include_in_schema=False)


@router.get("/om")
def about(request: Request, visit: Guest) -> HTMLResponse:
    """What everybody may know before signing in (S-GEN-10)."""
    return render(
        request, f"about.{language_of(request)}.html", me=visit and visit.me, contact=services_of(request).contact
    )
