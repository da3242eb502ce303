"""What every write shares: the key that makes it safe to repeat, the tag, and waiting until it is seen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from anyio.from_thread import BlockingPortal

from api.application import make_application
from api.field_rules import RULES
from tests.api.client import Answer, Api, Person
from tests.api.conftest import Installation
from tests.api.school import School


def _key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_the_same_request_with_the_same_key_is_carried_out_once(school: School) -> None:
    """The second answer is the first, and says so; nothing new is stored."""
    plan = school.start()
    answers = [school.pupil.post(f"{plan}/goals", headers=_key("mål-1".encode().hex()), text="Läsa") for _ in range(3)]
    assert {answer.response.text for answer in answers} == {answers[0].response.text}
    assert {(answer.status, answer.headers["location"], answer.version) for answer in answers} == {
        (201, f"/api/v1/{plan}/goals/{answers[0].id}", answers[0].version)
    }
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true", "true"]
    assert school.codes().count("goal_proposed.v1") == 1


def test_a_key_stands_for_one_request_of_one_person(school: School) -> None:
    """Another body or address under it is refused; another person's same key is another key."""
    plan = school.start()
    first = school.pupil.post(f"{plan}/goals", headers=_key("one"), text="Läsa")
    other_body = school.pupil.post(f"{plan}/goals", headers=_key("one"), text="Räkna")
    assert (other_body.status, other_body.problem) == (422, "idempotency-key-reused")
    other_address = school.pupil.post(f"{school.path}/learning-notes", headers=_key("one"), text="Läsa")
    assert other_address.problem == "idempotency-key-reused"
    others = school.guardian.post(f"{plan}/goals", headers=_key("one"), text="Läsa")
    assert (others.status, others.id != first.id) == (201, True)


def test_what_a_request_was_answered_once_it_is_answered_for_good(school: School) -> None:
    """Also after the plan was locked: a client that lost the answer learns it."""
    plan = school.start()
    saved = school.pupil.put(f"{plan}/answers/trivs", headers=_key("a"), text="Bra")
    school.lock(plan)
    again = school.pupil.put(f"{plan}/answers/trivs", headers=_key("a"), text="Bra")
    assert (again.status, again.body) == (saved.status, saved.body)
    assert school.pupil.put(f"{plan}/answers/trivs", headers=_key("b"), text="Bra").problem == "plan-is-locked"


def test_a_request_that_changed_nothing_is_remembered_too(school: School) -> None:
    """Sent again when somebody has written meanwhile, it must not bring the old text back."""
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Bra")
    same = school.pupil.put(f"{plan}/answers/trivs", headers=_key("late"), text="Bra")
    newer = school.pupil.put(f"{plan}/answers/trivs", text="Bättre")
    late = school.pupil.put(f"{plan}/answers/trivs", headers=_key("late"), text="Bra")
    assert (late.status, late.version, late.headers.get("idempotency-replayed")) == (200, same.version, "true")
    assert school.pupil.put(f"{plan}/answers/trivs", text="Bättre").version == newer.version


def test_a_refused_request_can_be_sent_again_under_its_key(school: School) -> None:
    """A refusal stores nothing, so what was mended may go on."""
    plan = school.start()
    goal = school.propose(plan)
    body = {"text": "Bra", "headers": _key("later")}
    assert school.pupil.put(f"{goal}/evaluation", **body).problem == "goal-not-agreed"
    school.accept(goal)
    school.lock(plan)
    assert school.pupil.put(f"{goal}/evaluation", **body).status == 200


@pytest.mark.parametrize("key", ["", "två ord", "x" * 256, "å", "\t"])
def test_a_key_is_visible_ascii(school: School, key: str) -> None:
    """1-255 characters."""
    answer = school.api.request(
        "POST",
        f"/api/v1/{school.path}/learning-notes",
        headers=[*school.pupil.signed(), ("Idempotency-Key", key.encode())],
        json={},
    )
    assert (answer.status, answer.problem) == (422, "not-valid")
    assert answer.body["errors"][0] == {"field": "header Idempotency-Key", "rule": RULES["string_pattern_mismatch"]}


def test_headers_that_come_twice_are_refused(school: School) -> None:
    """Two keys, two tags or two sessions would leave it to chance which one counts."""
    for name in ("Idempotency-Key", "If-Match"):
        headers = [*school.pupil.signed(), (name, '"1"'), (name, '"1"')]
        answer = school.api.request(
            "POST", f"/api/v1/{school.path}/learning-notes", headers=headers, json={"text": "a"}
        )
        assert answer.body["errors"] == [{"field": f"header {name.lower()}", "rule": "It comes once."}]


def test_a_tag_holds_as_long_as_the_resource_itself_is_unchanged(school: School) -> None:
    """Two people on different questions do not collide; on the same one the second is told (G-6)."""
    plan = school.start()
    path = f"{plan}/answers/trivs"
    first = school.pupil.put(path, text="Bra")
    tag = {"If-Match": first.headers["etag"]}
    school.guardian.put(f"{plan}/answers/hemma", text="Läser mycket")
    school.propose(plan)
    second = school.pupil.put(path, headers=tag, text="Mycket bra")
    assert second.status == 200
    stale = school.pupil.put(path, headers=tag, text="Sådär")
    assert (stale.status, stale.problem) == (412, "version-mismatch")
    (answer,) = [a for a in school.pupil.get(plan).body["answers"] if a["question"] == "trivs"]
    assert [v["text"] for v in answer["versions"]] == ["Bra", "Mycket bra"]
    assert answer["versions"][-1]["version"] == second.version
    nothing_there = school.pupil.put(f"{plan}/answers/kommentar", headers=tag, text="Hej")
    assert nothing_there.problem == "version-mismatch"


def test_the_tag_of_what_is_read_is_the_one_to_write_with(school: School) -> None:
    """For a goal its version in the plan; for the plan's lock the plan's ETag."""
    plan = school.start()
    goal = school.propose(plan)
    shown = school.pupil.get(plan)
    tag = {"If-Match": f'"{shown.body["goals"][0]["version"]}"'}
    assert school.pupil.put(goal, headers=tag, text="Ny text").status == 200
    assert school.pupil.put(goal, headers=tag, text="Nyare text").problem == "version-mismatch"
    school.accept(goal)
    version = school.content_version(plan)
    for person in (school.pupil, school.guardian):
        person.post(f"{plan}/agreements", plan_version=version)
    old = {"If-Match": shown.headers["etag"]}
    assert school.mentor.post(f"{plan}/lock", headers=old, plan_version=version).problem == "version-mismatch"
    present = {"If-Match": school.mentor.get(plan).headers["etag"]}
    assert school.mentor.post(f"{plan}/lock", headers=present, plan_version=version).status == 200


@pytest.mark.parametrize("tag", ["1", '"a"', "*", 'W/"1"', '"1", "2"', '"-1"'])
def test_a_tag_is_one_strong_tag(school: School, tag: str) -> None:
    """As an ETag gave it."""
    answer = school.pupil.post(f"{school.path}/learning-notes", headers={"If-Match": tag}, text="Hej")
    assert (answer.status, answer.problem) == (422, "not-valid")


def test_many_writers_of_one_file_all_get_through(school: School) -> None:
    """Each decides again on what the others wrote; none is lost, and each says who."""
    plan = school.start()
    names = ("pupil", "guardian", "other_guardian", "teacher", "other_teacher", "mentor")

    def write(name: str) -> Answer:
        person: Person = getattr(school, name)
        return person.put(f"{plan}/answers/kommentar", text=f"Av {name}")

    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(write, names))
    assert {answer.status for answer in answers} <= {200, 409}
    for answer, name in zip(answers, names, strict=True):
        if answer.status == 409:
            assert answer.problem == "written-at-the-same-time"
            assert write(name).status == 200
    texts = {a["versions"][-1]["text"] for a in school.pupil.get(plan).body["answers"]}
    assert texts == {f"Av {name}" for name in names}


def test_a_write_may_wait_until_it_is_seen(installation: Installation, school: School, portal: BlockingPortal) -> None:
    """With Prefer: wait the answer comes when the read models hold it, or says that they do not yet."""
    plan = school.start()
    seen = school.pupil.put(f"{plan}/answers/trivs", headers={"Prefer": "wait=1"}, text="Bra")
    assert (seen.headers["preference-applied"], seen.headers["liggare-visible"]) == ("wait=1", "yes")
    same = school.pupil.put(f"{plan}/answers/trivs", headers={"Prefer": "wait=1"}, text="Bra")
    assert same.headers["liggare-visible"] == "yes"
    context = replace(installation.services.context, announce=lambda _: None)
    services = replace(installation.services, context=context)
    alone = Api(make_application(services), portal, installation.api.description)
    person = Person(alone, school.pupil.person_id, school.pupil.token, school.pupil.acting_as)
    unseen = person.put(f"{plan}/answers/trivs", headers={"Prefer": "respond-async, wait=0"}, text="Mycket bra")
    assert (unseen.status, unseen.headers["liggare-visible"]) == (200, "no")
    long = school.pupil.put(f"{plan}/answers/trivs", headers={"Prefer": "wait=3600"}, text="Bra igen")
    assert (long.headers["preference-applied"], long.headers["liggare-visible"]) == ("wait=5", "yes")
    none = school.pupil.put(f"{plan}/answers/trivs", headers={"Prefer": "waiting=1"}, text="Hej")
    assert "preference-applied" not in none.headers


def test_lists_come_in_pages_with_cursors_that_say_nothing(school: School) -> None:
    """Every item once and in order; what is no cursor is refused."""
    school.start()
    whole = school.mentor.get(f"{school.path}/events").body["items"]
    found, query = [], {"limit": 3}
    while True:
        page = school.mentor.get(f"{school.path}/events", **query).body
        found += page["items"]
        if page["next"] is None:
            break
        query |= {"cursor": page["next"]}
    assert found == whole
    for cursor in ("x", "", "AAAA", "Ä", "A" * 64, "=" * 11):
        refused = school.mentor.get(f"{school.path}/events", cursor=cursor)
        assert (refused.status, refused.problem) == (400, "cursor-not-valid")
    for path in ("students", "notices", f"{school.path}/learning-notes"):
        assert school.mentor.get(path, cursor="AAAAAAAAAAA").problem == "cursor-not-valid"
    assert school.mentor.get(f"{school.path}/learning-notes", cursor="A" * 22).problem == "cursor-not-valid"
    for limit in (0, 201, "many"):
        assert school.mentor.get("students", limit=limit).problem == "not-valid"
