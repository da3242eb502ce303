"""Whom the page of the conversation offers what, in each state of the plan; what it offers is carried out."""

import pytest

from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_conversation import place

REASONS = {"skal-pupil_missing": "Ledig.", "skal-guardian_missing": "Kom inte."}
PEOPLE = ("pupil", "guardian", "mentor", "teacher", "educator", "principal", "administrator")
OFFERED: dict[str, dict[str, set[str]]] = {
    "open": {
        "pupil": {"overens"},
        "guardian": {"bekrafta", "synpunkt-form", "overens"},
        "mentor": {"avsluta", "las"},
    },
    "locked": {"guardian": {"utvardering-form"}, "mentor": {"avsluta"}},
    "archived": {},
    "ended": {"mentor": {"avsluta"}},
}
"""By the plan's state and the person: the forms, by their ids; nothing for whoever is not named."""


def in_state(school: School, state: str) -> tuple[str, str]:
    """A plan in the state, with a concern that is open, and the concern's id."""
    plan = school.start()
    school.guardian.put(f"{plan}/viewpoint", text="Läxorna.")
    if state in {"locked", "archived"}:
        school.lock(plan)
    target = {"kind": "viewpoint", "person_id": school.guardian.person_id}
    concern = school.pupil.post(f"{plan}/concerns", target=target).id
    if state == "archived":
        school.start(school_year="2027/2028")
    if state == "ended":
        school.end_schooling()
    return plan, concern


@pytest.mark.parametrize("state", OFFERED)
def test_what_is_offered_is_for_the_reader_and_is_carried_out(school: School, reader: ReaderOf, state: str) -> None:
    """Nobody meets a button that says no, and nobody is without the one that is theirs."""
    plan, concern = in_state(school, state)
    pages = {name: reader(getattr(school, name), level=1 if name == "pupil" else 2) for name in PEOPLE}
    found = {name: pages[name].get(place(school, plan)) for name in pages}
    typed = {
        "avsluta": {f"avslut-{concern}": "Vi har talat om det."},
        "synpunkt-form": {"synpunkt": "Rasterna."},
        "utvardering-form": {"samtalets-utvardering": "Bra."},
        "las": REASONS | {f"skal-{concern}": "Får stå."},
    }
    for name, page in found.items():
        ids = {str(form["id"]).removesuffix(f"-{concern}") for form in page.soup.select("main form")}
        assert ids == OFFERED[state].get(name, set()), name
    for name in ("guardian", "pupil", "mentor"):
        for form in sorted(OFFERED[state].get(name, set())):
            page = pages[name].get(place(school, plan))
            at = f"#avsluta-{concern}" if form == "avsluta" else f"#{form}"
            sent = {key: text for key, text in typed.get(form, {}).items() if page.has(f'[name="{key}"]')}
            after = pages[name].submit(page, at, **sent)
            assert after.status == 200, (name, form)
            assert after.has(".done"), (name, form)
