"""A small template with a question of each kind, a page of each kind, and both kinds of subject heading."""

from typing import Any

MATHS, SWEDISH = "GRGRMAT01", "GRGRSVE01"


def template(name: str = "IUP år 4-6", grades: tuple[int, ...] = (4, 5, 6), *, proxy: bool = False) -> dict[str, Any]:
    """The content of a template as the API takes it."""
    return {
        "name": name,
        "grades": list(grades),
        "national_goals_grade": 6,
        "pages": [
            {
                "key": "om-mig",
                "title": "Om mig",
                "kind": "preparation",
                "intro": "Här börjar din plan.",
                "links": [{"title": "Läroplanen", "url": "https://www.skolverket.se/laroplan"}],
                "questions": [
                    {"key": "trivs", "text": "Hur trivs du i skolan?", "directed_to": ["pupil"], "proxy": proxy},
                    {"key": "hemma", "text": "Vad ser ni hemma?", "directed_to": ["guardian"]},
                ],
            },
            {
                "key": "min-utveckling",
                "title": "Min utveckling",
                "kind": "preparation",
                "questions": [
                    {
                        "key": "lasning",
                        "text": "Hur går det att läsa?",
                        "kind": "scale",
                        "directed_to": ["pupil"],
                        "scale": [{"key": "latt", "label": "Lätt"}, {"key": "svart", "label": "Svårt"}],
                    },
                ],
            },
            {
                "key": "mitt-larande",
                "title": "Mitt lärande",
                "kind": "preparation",
                "questions": [
                    {
                        "key": "kommentar",
                        "text": "Något mer?",
                        "kind": "comment",
                        "directed_to": ["pupil", "guardian", "teacher", "mentor"],
                    },
                    {"key": "larare", "text": "Hur arbetar eleven?", "directed_to": ["teacher"]},
                    {"key": "mentor", "text": "Vad tar vi upp?", "directed_to": ["mentor"]},
                ],
            },
            {"key": "omdomen", "title": "Mina omdömen", "kind": "assessments"},
            {"key": "samtalet", "title": "Samtalet", "kind": "conversation"},
            {"key": "min-iup", "title": "Min IUP", "kind": "goals"},
        ],
        "subjects": [
            {"code": MATHS, "name": "Matematik", "planning": True, "criteria": True},
            {"code": SWEDISH, "name": "Svenska"},
        ],
    }


def approved(school: Any, content: dict[str, Any]) -> str:  # noqa: ANN401 - a school makes its template with this module
    """The id of a template that the school's administrator drafted and its principal approved."""
    made: str = school.administrator.post("templates", school_id=school.id, content=content).id
    assert school.principal.post(f"templates/{made}/approve", template_version=1).status == 200
    return made
