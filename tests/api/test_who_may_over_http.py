"""The table of who may do what, every role by every action, as requests: what is allowed is done, the rest refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.access.table import FOR_OFFICERS, MAY
from tests.api.archive import HOLD, open_archive
from tests.api.client import Answer, Person
from tests.api.conftest import Installation
from tests.api.school import School, register, relate
from tests.api.template import MATHS, SWEDISH, template
from tests.api.test_reading_rights import at_level, delegate, today

PEOPLE = {
    "E": "pupil", "V": "guardian", "L": "teacher", "M": "mentor", "P": "educator", "A": "administrator",
    "R": "principal", "D": "relative", "S": "staff", "C": "classmate", "G": "outsider", "X": "stranger",
    "T": "operator", "U": "auditor", "K": "registrar",
}  # fmt: skip
"""The letters of the table; beyond it a class-mate (C), a class-mate's guardian (G) and who has no part at all (X)."""

REFUSED_AS = {
    "read_file": "only-involved-read",
    "answer_question": "only-parties-answer",
    "remind": "only-teachers-remind",
    "write_for_pupil": "only-home-and-educators-write-for-pupil",
    "propose_goal": "only-parties-propose",
    "decide_proposal": "only-mentor-decides",
    "advance_goal": "only-pupil-and-mentor-advance",
    "confirm_goal": "only-teachers-confirm",
    "reopen_goal": "only-mentor-reopens",
    "evaluate_goal": "only-parties-evaluate-goals",
    "assess_subject": "only-teachers-assess",
    "link_programme": "only-mentor-and-principal-link-programmes",
    "post_learning_note": "only-pupil-posts-notes",
    "confirm_reading": "only-guardians-confirm-reading",
    "give_viewpoint": "only-guardians-give-viewpoints",
    "evaluate_conversation": "only-guardians-evaluate-conversation",
    "raise_concern": "only-parties-raise-concerns",
    "close_concern": "only-mentor-closes-concerns",
    "agree": "only-home-agrees",
    "lock_plan": "only-mentor-locks",
    "start_plan": "only-mentor-starts-plans",
    "correct": "only-parties-correct",
    "manage_roster": "only-administration-manages-roster",
    "draft_template": "only-administrators-draft-templates",
    "approve_template": "only-principal-approves-templates",
    "name_principal": "only-principal-names-principal",
    "adopt_settings": "only-administration-adopts-settings",
    "publish_document": "only-staff-publish-documents",
    "read_school": "only-staff-read-school",
    "delegate_reading": "only-guardians-delegate",
    "end_delegation": "only-guardians-end-delegations",
    "open_in_emergency": "only-principals-open-in-emergency",
    "protect_identity": "only-administration-protects",
    "read_access_record": "only-guardians-and-principal-read-access-record",
    "read_officers": "only-officers-read-officers",
    "read_retention": "only-officers-read-retention",
    "read_due": "only-retention-operator-reads-due",
    "adopt_schedule": "only-retention-operator-adopts-schedules",
    "hold_file": "only-officers-hold-files",
    "review_file": "only-retention-operator-reviews",
    "plan_disposal": "only-retention-operator-disposes",
    "approve_disposal": "only-retention-operator-disposes",
    "run_disposal": "only-retention-operator-disposes",
}
"""By which name an involved person in another role is refused."""

AT_SCHOOL = {
    "draft_template", "approve_template", "adopt_settings", "publish_document", "read_school", "name_principal",
}  # fmt: skip
STRONG = {"open_in_emergency", "protect_identity", "read_protected"} | FOR_OFFICERS

Ask = Callable[[str, Person], Answer]
"""Sends the request of an action for the person with a letter; each letter has an object of its own where it needs."""


class Scene:
    """A school with everybody there is, and what each action needs before it can be done."""

    def __init__(self, school: School, installation: Installation) -> None:
        self.school, self.installation = school, installation
        self.path = school.path
        adult = delegate(school, installation)
        school.known.people["relative"]["acting_as"] = adult.acting_as
        register(school, "stranger", installation.issue)
        school.known.people["stranger"]["acting_as"] = str(uuid4())
        self.archive = open_archive(installation, school)

    def person(self, letter: str, *, strong: bool = False) -> Person:
        """The person with this letter."""
        found: Person = getattr(self.school, PEOPLE[letter])
        return at_level(self.installation, found, 3) if strong else found

    def goals(self, plan: str, letters: str) -> dict[str, str]:
        """An accepted goal for each letter."""
        found = {letter: self.school.propose(plan) for letter in letters}
        for goal in found.values():
            self.school.accept(goal)
        return found

    def moved(self, letters: str, *steps: str) -> dict[str, str]:
        """A goal of a locked plan for each letter, moved as far as these steps; the plan's address under "plan"."""
        plan = self.school.start()
        goals = self.goals(plan, letters)
        self.school.lock(plan)
        for goal in goals.values():
            for step in steps:
                assert self.school.mentor.post(f"{goal}/status", to=step).status == 200
        return goals


def _read_file(scene: Scene) -> Ask:
    plan = scene.school.start()
    paths = (scene.path, plan, *(f"{scene.path}/{part}" for part in ("plans", "overview", "events", "goals")))

    def ask(_: str, person: Person) -> Answer:
        answers = [person.get(path) for path in (*paths, f"{scene.path}/learning-notes")]
        assert len({(answer.status, answer.problem) for answer in answers}) == 1
        return answers[0]

    return ask


def _answer_question(scene: Scene) -> Ask:
    plan = scene.school.start()
    return lambda _, person: person.put(f"{plan}/answers/kommentar", text="Hej")


def _remind(scene: Scene) -> Ask:
    """One plan after the other: of each those at home are reminded once a day."""
    return lambda _, person: person.post(f"{scene.school.start(reason='Ny termin')}/reminders")


def _write_for_pupil(scene: Scene) -> Ask:
    school = scene.school
    draft = school.administrator.post("templates", school_id=school.id, content=template(proxy=True))
    assert school.principal.post(f"templates/{draft.id}/approve", template_version=1).status == 200
    plan = school.start(template_id=draft.id)
    return lambda letter, person: person.put(
        f"{plan}/answers/trivs", text=f"Bra, {letter}", on_behalf_of=school.pupil.person_id
    )


def _propose_goal(scene: Scene) -> Ask:
    plan = scene.school.start()

    def ask(_: str, person: Person) -> Answer:
        proposed = person.post(f"{plan}/goals", text="Läsa")
        if proposed.problem:
            return proposed
        return person.post(f"{plan}/goals/{proposed.id}/decision", decision="withdrawn")

    return ask


def _decide_proposal(scene: Scene) -> Ask:
    goal = scene.school.propose(scene.school.start())
    return lambda _, person: person.post(f"{goal}/decision", decision="accepted")


def _advance_goal(scene: Scene) -> Ask:
    goals = scene.moved("EM")

    def ask(letter: str, person: Person) -> Answer:
        goal = goals.get(letter, goals["E"])
        started = person.post(f"{goal}/status", to="started")
        return person.post(f"{goal}/status", to="done") if started.status == 200 else started

    return ask


def _confirm_goal(scene: Scene) -> Ask:
    goals = scene.moved("LM", "started", "done")
    return lambda letter, person: person.post(f"{goals.get(letter, goals['L'])}/status", to="achieved")


def _reopen_goal(scene: Scene) -> Ask:
    goals = scene.moved("MX", "started", "done")

    def ask(_: str, person: Person) -> Answer:
        reopened = person.post(f"{goals['M']}/status", to="started", reason="En gång till")
        abandoned = person.post(f"{goals['X']}/status", to="abandoned", reason="Inte aktuellt")
        assert (reopened.status, reopened.problem) == (abandoned.status, abandoned.problem)
        return reopened

    return ask


def _evaluate_goal(scene: Scene) -> Ask:
    (goal,) = scene.moved("E").values()
    return lambda _, person: person.put(f"{goal}/evaluation", text="Det gick bra")


def _assess_subject(scene: Scene) -> Ask:
    plan = scene.school.start()
    mentor = scene.school.mentor.acting_as
    relate(scene.school, "mentor", scene.school.student, "teacher", (MATHS,))
    scene.school.known.people["mentor"]["acting_as"] = mentor

    def ask(_: str, person: Person) -> Answer:
        area = person.post(f"{plan}/development-areas", subject=MATHS, text="Bråk", support="Tallinjen")
        published = person.put(f"{plan}/assessments/{MATHS}", forecast="expected", text=f"Räknar {person.person_id}")
        assert published.problem == area.problem
        return published

    return ask


def _link_programme(scene: Scene) -> Ask:
    plan = scene.school.start()
    for name, subject in (("teacher", MATHS), ("other_teacher", SWEDISH)):
        risk = {"forecast": "at_risk", "text": "Behöver mer tid"}
        assert getattr(scene.school, name).put(f"{plan}/assessments/{subject}", **risk).status == 200
    return lambda letter, person: person.post(
        f"{plan}/action-programmes",
        subjects=[MATHS if letter == "M" else SWEDISH],
        decision="drawn_up",
        reference="Dnr 1",
    )


def _post_learning_note(scene: Scene) -> Ask:
    return lambda _, person: person.post(f"{scene.path}/learning-notes", text="I dag läste jag")


def _confirm_reading(scene: Scene) -> Ask:
    plan = scene.school.start()
    version = scene.school.content_version(plan)
    return lambda _, person: person.post(f"{plan}/reading-confirmations", plan_version=version)


def _give_viewpoint(scene: Scene) -> Ask:
    plan = scene.school.start()
    return lambda _, person: person.put(f"{plan}/viewpoint", text="Läxorna")


def _evaluate_conversation(scene: Scene) -> Ask:
    plan = scene.school.start()
    scene.school.propose(plan)
    (goal,) = scene.school.mentor.get(plan).body["goals"]
    scene.school.accept(f"{plan}/goals/{goal['id']}")
    scene.school.lock(plan)
    return lambda _, person: person.put(f"{plan}/conversation-evaluation", text="Vi blev hörda")


def _concern(scene: Scene) -> tuple[str, dict[str, Any]]:
    plan = scene.school.start()
    goal = scene.school.propose(plan)
    return plan, {"target": {"kind": "goal", "key": goal.rsplit("/", 1)[-1]}}


def _raise_concern(scene: Scene) -> Ask:
    plan, concern = _concern(scene)
    return lambda _, person: person.post(f"{plan}/concerns", **concern)


def _close_concern(scene: Scene) -> Ask:
    plan, concern = _concern(scene)
    raised = scene.school.guardian.post(f"{plan}/concerns", **concern).id
    return lambda _, person: person.post(f"{plan}/concerns/{raised}/close", reason="Texten är ändrad")


def _agree(scene: Scene) -> Ask:
    plan = scene.school.start()
    version = scene.school.content_version(plan)
    return lambda _, person: person.post(f"{plan}/agreements", plan_version=version)


def _lock_plan(scene: Scene) -> Ask:
    plan = scene.school.start()
    version = scene.school.content_version(plan)
    for person in (scene.school.pupil, scene.school.guardian):
        person.post(f"{plan}/agreements", plan_version=version)
    return lambda _, person: person.post(f"{plan}/lock", plan_version=version)


def _start_plan(scene: Scene) -> Ask:
    start = {"template_id": scene.school.template, "template_version": 1, "school_year": "2026/2027", "term": "HT"}
    return lambda _, person: person.post(f"{scene.path}/plans", **start)


def _correct(scene: Scene) -> Ask:
    school = scene.school
    plan = school.start()
    parties = {
        "pupil": "pupil",
        "guardian": "guardian",
        "teacher": "teacher",
        "mentor": "mentor",
        "educator": "teacher",
    }
    for name in parties:
        assert getattr(school, name).put(f"{plan}/answers/kommentar", text="Heej").status == 200
    school.lock(plan)

    def ask(letter: str, person: Person) -> Answer:
        name = PEOPLE[letter] if PEOPLE[letter] in parties else "pupil"
        whose = {"role": parties[name], "person_id": getattr(school, name).person_id}
        target = {"kind": "answer", "key": "kommentar", **whose}
        return person.post(f"{plan}/corrections", target=target, text="Hej", reason="Felskrivet")

    return ask


def _manage_roster(scene: Scene) -> Ask:
    grades = {"A": 6, "R": 7}
    return lambda letter, person: person.post(f"{scene.path}/grade", grade=grades.get(letter, 8))


def _draft_template(scene: Scene) -> Ask:
    return lambda _, person: person.post("templates", school_id=scene.school.id, content=template("En mall till"))


def _approve_template(scene: Scene) -> Ask:
    draft = scene.school.administrator.post("templates", school_id=scene.school.id, content=template("Ny mall")).id
    return lambda _, person: person.post(f"templates/{draft}/approve", template_version=1)


def _name_principal(scene: Scene) -> Ask:
    register(scene.school, "neighbour", scene.installation.issue)
    body = {"person_id": scene.school.neighbour.person_id, "role": "principal"}
    return lambda _, person: person.post(f"schools/{scene.school.id}/roles", **body)


def _adopt_settings(scene: Scene) -> Ask:
    days = {"A": 400, "R": 401}

    def ask(letter: str, person: Person) -> Answer:
        valid_from = today(scene.installation) + timedelta(days=days.get(letter, 402))
        return person.put(f"schools/{scene.school.id}/settings", valid_from=str(valid_from), settings={})

    return ask


def _publish_document(scene: Scene) -> Ask:
    content = {"title": "Planering", "subject": MATHS, "sections": [{"heading": "Mål", "text": "Mäta"}]}
    return lambda _, person: person.post(
        "planning-documents", school_id=scene.school.id, kind="planning", content=content
    )


def _read_school(scene: Scene) -> Ask:
    school = scene.school
    paths = [f"schools/{school.id}{part}" for part in ("", "/settings", "/groups")]
    paths += [f"groups/{school.group}", f"templates/{school.template}"]
    lists = ("templates", "planning-documents")

    def ask(_: str, person: Person) -> Answer:
        answers = [person.get(path) for path in paths] + [person.get(path, school=school.id) for path in lists]
        assert len({(answer.status, answer.problem) for answer in answers}) == 1
        return answers[0]

    return ask


def _delegate_reading(scene: Scene) -> Ask:
    register(scene.school, "neighbour", scene.installation.issue)
    body = {"person_id": scene.school.neighbour.person_id, "until": str(today(scene.installation))}
    return lambda _, person: person.post(f"{scene.path}/delegations", **body)


def _end_delegation(scene: Scene) -> Ask:
    school, until = scene.school, str(today(scene.installation))
    register(school, "neighbour", scene.installation.issue)
    body = {"person_id": school.neighbour.person_id, "until": until}
    given = {"V": school.guardian.post(f"{scene.path}/delegations", **body).id, "D": school.relative.acting_as}
    return lambda letter, person: person.delete(f"{scene.path}/delegations/{given.get(letter, given['V'])}")


def _open_in_emergency(scene: Scene) -> Ask:
    return lambda _, person: person.post(f"{scene.path}/emergency-access", reason="Eleven är försvunnen sedan i går.")


def _protect_identity(scene: Scene) -> Ask:
    people = [getattr(scene.school, name).person_id for name in PEOPLE.values() if name != "stranger"]
    kinds = {"A": "secrecy_marking"}

    def ask(letter: str, person: Person) -> Answer:
        kind = kinds.get(letter, "protected_registration")
        return person.put(f"{scene.path}/protection", kind=kind, readers=people)

    return ask


def _read_protected(scene: Scene) -> Ask:
    scene.school.start()
    marked = _protect_identity(scene)("A", scene.person("A", strong=True))
    assert marked.status == 200
    return lambda _, person: person.get(f"{scene.path}/overview")


def _read_access_record(scene: Scene) -> Ask:
    return lambda _, person: person.get(f"{scene.path}/access-record")


def _read_officers(_: Scene) -> Ask:
    return lambda _, person: person.get("officers")


def _read_retention(_: Scene) -> Ask:
    def ask(_: str, person: Person) -> Answer:
        schedules, runs = person.get("disposal-schedules"), person.get("disposal-runs")
        assert schedules.problem == runs.problem
        return runs

    return ask


def _read_due(_: Scene) -> Ask:
    return lambda _, person: person.get("due")


def _adopt_schedule(_: Scene) -> Ask:
    schedule = {
        "document_class": "student_file", "cause": "abroad", "years": 5, "action": "purge", "legal_ground": "Lag",
        "decision_reference": "BUN § 1", "valid_from": "2026-01-01",
    }  # fmt: skip
    return lambda _, person: person.post("disposal-schedules", **schedule)


def _hold_file(scene: Scene) -> Ask:
    return lambda _, person: person.post(f"{scene.path}/holds", **HOLD)


def _review_file(scene: Scene) -> Ask:
    scene.archive.adopts(cause="independent_school", action="review")
    scene.archive.finishes(cause="independent_school")
    decision = {"outcome": "purge", "decision_reference": "BUN § 2", "reason": "Inget att bevara"}
    return lambda _, person: person.post(f"{scene.path}/disposal-review", **decision)


def _something_is_due(scene: Scene) -> None:
    scene.archive.adopts(cause="other", years=0, months=1)
    scene.archive.finishes(cause="other")
    scene.archive.wait(32)


def _plan_disposal(scene: Scene) -> Ask:
    _something_is_due(scene)

    def ask(_: str, person: Person) -> Answer:
        planned = person.post("disposal-runs")
        if planned.problem:
            return planned
        return person.post(f"disposal-runs/{planned.id}/withdrawal", reason="Prov")

    return ask


def _approve_disposal(scene: Scene) -> Ask:
    _something_is_due(scene)
    run = f"disposal-runs/{scene.archive.other_operator.post('disposal-runs').id}"
    plan_hash = scene.archive.auditor.get(run).body["plan_hash"]
    return lambda _, person: person.post(f"{run}/approval", plan_hash=plan_hash)


def _run_disposal(scene: Scene) -> Ask:
    _something_is_due(scene)
    run = scene.archive.plans()
    scene.archive.approves(run)
    return lambda _, person: person.post(f"{run}/start")


ACTIONS: dict[str, Callable[[Scene], Ask]] = {
    name.removeprefix("_"): made
    for name, made in list(globals().items())
    if name.startswith("_") and name.removeprefix("_") in MAY
}
ELSEWHERE = {
    "read_profile": "tests/api/test_people.py walks it: class as well as relation decides who sees it",
    "read_contact_list": "as read_profile, in the same tests",
    "appoint_officer": "nobody does over HTTP: tests/api/test_officers.py",
}
"""Actions of the table that are walked in tests of their own."""


def _expected(action: str, letter: str) -> str | None:
    """The name of the refusal; None where the table says y."""
    if letter in MAY[action] or (action == "read_protected" and letter == "E"):
        return None
    if action in FOR_OFFICERS:
        return REFUSED_AS[action]
    if action in AT_SCHOOL:
        return REFUSED_AS[action] if letter in "ARS" else "school-not-found"
    return "student-not-found" if letter in "SCGXTUK" else REFUSED_AS[action]


def test_every_action_of_the_table_is_walked() -> None:
    """A new row gets its request here."""
    assert set(ACTIONS) == set(MAY) - set(ELSEWHERE)
    assert set(REFUSED_AS) == set(ACTIONS) - {"read_protected"}


@pytest.mark.requirement("S-ROL-1", surface="api")
@pytest.mark.requirement("S-ROL-2", surface="api")
@pytest.mark.requirement("S-ROL-3", surface="api")
@pytest.mark.requirement("S-ROL-4", surface="api")
@pytest.mark.requirement("S-ROL-5", surface="api")
@pytest.mark.requirement("S-ROL-6", surface="api")
@pytest.mark.requirement("S-ROL-7", surface="api")
@pytest.mark.requirement("S-ROL-10", surface="api")
@pytest.mark.requirement("S-SEC-2", surface="api")
@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_does_over_http_what_the_table_says(action: str, school: School, installation: Installation) -> None:
    """Fifteen people send the request of a row: those with a y get it done, each of the others the refusal by name.

    Those without a y come first, so that nothing is refused merely because somebody has done it.
    """
    scene = Scene(school, installation)
    ask = ACTIONS[action](scene)
    for letter in sorted(PEOPLE, key=lambda letter: letter in MAY[action]):
        answer = ask(letter, scene.person(letter, strong=action in STRONG))
        expected = _expected(action, letter)
        assert answer.problem == expected, (action, letter, answer.body)
        assert (answer.status < 300) is (expected is None)
