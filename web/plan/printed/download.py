"""The address of the printed plan."""

from fastapi import APIRouter
from starlette.responses import Response

from web.plan.page import PlanId, StudentId, plan_page
from web.plan.printed.content import document_of
from web.plan.printed.press import typeset
from web.visit import Seeker

router = APIRouter(include_in_schema=False)


@router.get("/elever/{student}/iup/{plan}/utskrift.pdf")
def download(student: StudentId, plan: PlanId, visit: Seeker) -> Response:
    """The plan as PDF, for whoever may read it; the look is on record before it is sent.

    The name of the file says whose plan it is as little as the address does. Raises StudentNotFound, AssuranceTooLow,
    PlanNotFound, TooLongToPrint, PrintsTooMuch, TooManyRequests.
    """
    page = plan_page(visit, student, plan)
    document, at = document_of(page)
    name = f"iup-{page.plan.school_year.replace('/', '-')}-{page.plan.term.lower()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    made = Response(
        typeset(document, at, fonts=visit.services.print_fonts), media_type="application/pdf", headers=headers
    )
    page.put_on_record()
    return made
