"""What assessments are made of in tests of the pages: a published one, the syllabus it is linked to, its documents."""

import hashlib
from typing import Any

import pytest

from events.syllabus import SyllabusItem, SyllabusKind
from store.syllabus import SyllabusChanges, Wording
from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import MATHS

TEXT = "Du kan de fyra räknesätten och har lärt dig bråk. Du ska jobba vidare med procent."
WORDING = "Eleven kan använda grundläggande matematiska begrepp."


def item(ordinal: int, wording: str, years: str = "4-6") -> Wording:
    """A criterion of mathematics as it is imported."""
    version = hashlib.sha256(wording.encode()).hexdigest()
    place = SyllabusItem(subject=MATHS, years=years, kind=SyllabusKind.CRITERION, ordinal=ordinal, version=version)
    return Wording(place, wording, "E")


@pytest.fixture
def criterion(installation: Installation) -> dict[str, Any]:
    """An item of the imported syllabus, as a link holds it."""
    wordings = [item(1, WORDING), item(2, "Eleven löser enkla problem."), item(1, "Eleven löser svåra problem.", "7-9")]
    installation.services.context.syllabus.save(SyllabusChanges(subjects={MATHS: "Matematik"}, wordings=wordings))
    return wordings[0].item.model_dump(mode="json")


def tab(school: School, plan: str) -> str:
    """Where the assessments of a plan are read."""
    return f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}/omdomen"


def publish(school: School, plan: str, **more: Any) -> None:  # noqa: ANN401 - JSON
    """The teacher of mathematics publishes an assessment."""
    body = {"forecast": "expected", "text": TEXT} | more
    assert school.teacher.put(f"{plan}/assessments/{MATHS}", **body).status == 200


def documents(school: School) -> list[str]:
    """A planning and a matrix of mathematics at the school; their ids."""
    planning = {"title": "LPP; Mätning", "subject": MATHS, "sections": [{"heading": "Mål", "text": "Att mäta längd"}]}
    rows = [{"ability": "Begrepp", "levels": ["några", "många"]}]
    matrix = {"title": "Bedömningsmatris - Matematik", "subject": MATHS, "levels": ["Nivå 1", "Nivå 2"], "rows": rows}
    found = {"planning": planning, "matrix": matrix}
    return [
        school.staff.post("planning-documents", school_id=school.id, kind=kind, content=content).id
        for kind, content in found.items()
    ]
