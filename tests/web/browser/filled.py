"""A pupil's file with something on every page: two plans, the earlier archived, the later in the middle of its life."""

from dataclasses import dataclass

from tests.api.school import School
from tests.api.template import MATHS


@dataclass(frozen=True, slots=True)
class Filled:
    """The ids of the two plans, of the goal in the earlier, and of a guardian's proposal in the later."""

    earlier: str
    plan: str
    goal: str
    proposal: str


def fill(school: School) -> Filled:
    """A plan that was agreed and archived, and one with answers, goals, assessments and a concern."""
    earlier, goal = school.locked_with_goal()
    for status in ("started", "done"):
        assert school.pupil.post(f"{goal}/status", to=status).status == 200
    assert school.guardian.put(f"{goal}/evaluation", text="Det gick bra").status == 200
    note = {"text": "Jag har övat på tiorna varje dag.", "goal_ids": [goal.rsplit("/", 1)[-1]]}
    assert school.pupil.post(f"{school.path}/learning-notes", **note).status == 201
    later = school.start(
        school_year="2026/2027", term="VT", reason="Vi går vidare", carry_over=[goal.rsplit("/", 1)[-1]]
    )
    school.pupil.put(f"{later}/answers/trivs", text="Bra med kompisarna, men det är bullrigt i matsalen.")
    school.pupil.put(f"{later}/answers/trivs", text="Bra med kompisarna.")
    school.pupil.put(f"{later}/answers/lasning", choice="latt", text="Jag läser på kvällen.")
    for person in (school.guardian, school.other_guardian):
        person.put(f"{later}/answers/hemma", text="Hon berättar gärna om skolan.")
    school.teacher.put(f"{later}/answers/larare", text="Arbetar säkert med tal.")
    assessment = {"forecast": "at_risk", "text": "Kan de fyra räknesätten. Behöver öva på bråk."}
    assert school.teacher.put(f"{later}/assessments/{MATHS}", **assessment).status == 200
    proposal = school.propose(later, school.guardian, text="Läsa en bok i månaden", subjects=[MATHS])
    school.guardian.put(f"{later}/viewpoint", text="Vi vill tala om matsalen.")
    concern = {"target": {"kind": "assessment", "key": MATHS}, "text": "Ska det stå så?"}
    school.guardian.post(f"{later}/concerns", **concern)
    return Filled(*(address.rsplit("/", 1)[-1] for address in (earlier, later, goal, proposal)))
