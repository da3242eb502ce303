"""What people decide about themselves: description, looks, contact details, the four boxes, pictures."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from app.local import system_command
from events.person import Theme
from exchange.roster import RosterImport
from exchange.roster_words import RosterIds
from store.readers import SYSTEM
from tests.api.client import Answer, Person
from tests.api.conftest import Installation
from tests.api.school import School, relate
from tests.exchange.rosters import Roster
from tests.unfinished import answer_to_unfinished

CONTACT = {
    "home_phone": "090-16 10 00",
    "work_phone": "090-24 45 70",
    "mobile": "070-174 06 05",
    "street": "Härligatan 15",
    "postal_code": "90116",
    "town": "Umeå",
    "email": "ake.ost@hemma.example",
}


def save(person: Person, **settings: Any) -> Answer:  # noqa: ANN401 - JSON
    """Save own settings, which is done in no relation."""
    return person.put("me/settings", without_as=True, **settings)


def photo(size: tuple[int, int] = (800, 600), kind: str = "JPEG") -> bytes:
    """A photo as a phone sends one."""
    written = io.BytesIO()
    Image.new("RGB", size, (70, 120, 60)).save(written, kind)
    return written.getvalue()


def send(person: Person, of: Person, content: bytes | None = None, kind: str = "image/jpeg") -> Answer:
    """Send a picture of somebody."""
    return person.send("POST", f"persons/{of.person_id}/picture", content or photo(), {"Content-Type": kind})


@pytest.mark.requirement("S-SET-1", surface="api")
def test_what_holds_until_a_person_chooses(school: School) -> None:
    """G-3: details hidden and all mail on; no description, no picture, the plain theme."""
    own = school.guardian.get("me/settings").body
    assert own["hide_contact_details"] is True
    assert own["mail"] == {"notices": True, "messages": True, "system": True}
    assert (own["description"], own["theme"], own["school_email"]) == (None, "paper", None)
    assert set(own["contact"].values()) == {None}
    assert [(p["person_id"], p["has_picture"], p["visible_to_class"]) for p in own["pictures"]] == [
        (school.guardian.person_id, False, False),
        (school.pupil.person_id, False, False),
    ]


@pytest.mark.requirement("S-CON-1", surface="api")
def test_contact_details_are_given_and_kept_by_oneself(school: School) -> None:
    """All seven fields; saved as a whole, so that one left out is gone."""
    saved = save(school.guardian, contact=CONTACT)
    assert saved.status == 200
    read = school.guardian.get("me/settings")
    assert read.body["contact"] == CONTACT | {"postal_code": "901 16"}
    assert read.version == saved.version
    assert save(school.guardian, contact=CONTACT).version == saved.version
    save(school.guardian, contact={"mobile": "070-174 06 05"})
    assert school.guardian.get("me/settings").body["contact"]["email"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("home_phone", "112"),
        ("mobile", "ring mig"),
        ("email", "ake"),
        ("postal_code", "?"),
        ("street", ""),
        ("fax", "1"),
    ],
)
def test_contact_details_that_cannot_be_are_refused_by_field(school: School, field: str, value: str) -> None:
    """And nothing of the rest is saved."""
    answer = save(school.guardian, description="Hej", contact={field: value})
    assert (answer.status, answer.problem) == (422, "not-valid")
    assert answer.body["errors"][0]["field"] in {f"/contact/{field}", "/contact"}
    assert school.guardian.get("me/settings").body["description"] is None


@pytest.mark.requirement("S-SET-2", surface="api")
@pytest.mark.requirement("S-SET-4", surface="api")
def test_a_description_and_a_theme(school: School) -> None:
    """A few lines, at most 500 characters, that can be taken away again; and one of a few themes."""
    save(school.pupil, description="Jag heter Pupil.\nJag gillar bråk.", theme="forest")
    own = school.pupil.get("me/settings").body
    assert (own["description"], own["theme"]) == ("Jag heter Pupil.\nJag gillar bråk.", "forest")
    for theme in Theme:
        assert save(school.pupil, theme=theme).status == 200
    assert save(school.pupil, theme="neon").problem == "not-valid"
    assert save(school.pupil, description="x" * 501).problem == "not-valid"
    assert save(school.pupil, description="x" * 500).status == 200
    assert save(school.pupil, description="").status == 200
    assert school.pupil.get("me/settings").body["description"] is None


def test_what_is_left_out_stays_and_two_pages_do_not_collide_unseen(school: School) -> None:
    """A box saved alone leaves the others; with If-Match the later of two is told."""
    first = save(school.guardian, description="Hej", mail={"notices": False, "messages": True, "system": True})
    save(school.guardian, hide_contact_details=False)
    own = school.guardian.get("me/settings").body
    assert (own["description"], own["hide_contact_details"], own["mail"]["notices"]) == ("Hej", False, False)
    late = school.guardian.put(
        "me/settings", {"If-Match": f'"{first.version}"'}, without_as=True, description="För sent"
    )
    assert late.problem == "version-mismatch"


@pytest.mark.requirement("S-SET-3", surface="api")
def test_a_picture_of_oneself(school: School) -> None:
    """Sent as a photo, shown small and clean; another takes its place, and it can be taken away."""
    path = f"persons/{school.guardian.person_id}/picture"
    assert school.guardian.get(path).problem == "picture-not-found"
    assert send(school.guardian, school.guardian).status == 200
    shown = shown_to(school.guardian, path)
    assert (shown.format, shown.size) == ("WEBP", (512, 384))
    assert school.guardian.get("me/settings").body["pictures"][0]["has_picture"]
    assert send(school.guardian, school.guardian, photo((300, 400), "PNG"), "image/png").status == 200
    assert shown_to(school.guardian, path).size == (300, 400)
    assert school.guardian.delete(path, without_as=True).status == 200
    assert school.guardian.get(path).problem == "picture-not-found"
    assert school.guardian.delete(path, without_as=True).problem == "picture-not-found"


def shown_to(person: Person, path: str) -> Image.Image:
    """The picture that the person sees."""
    answer = person.get(path)
    assert answer.status == 200, answer.body
    response = answer.response
    assert response.headers["content-type"] == "image/webp"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    return Image.open(io.BytesIO(response.content))


@pytest.mark.requirement("S-SET-3", surface="api")
def test_a_guardian_gives_the_child_a_picture(school: School, installation: Installation) -> None:
    """And nobody else's child; not in a sign-in that is too weak for the child, nor when no longer guardian."""
    assert send(school.guardian, school.pupil).status == 200
    shown_to(school.guardian, f"persons/{school.pupil.person_id}/picture")
    shown_to(school.pupil, f"persons/{school.pupil.person_id}/picture")
    for other in (school.outsider, school.mentor, school.classmate, school.administrator):
        assert send(other, school.pupil).problem == "person-not-found"
    weak = Person(school.api, school.guardian.person_id, installation.issue(school.guardian.person_id, level=1))
    assert send(weak, school.pupil).problem == "assurance-too-low"
    school.administrator.delete(f"{school.path}/relations/{school.guardian.acting_as}")
    installation.clock.offset = timedelta(days=1)
    assert send(school.guardian, school.pupil).problem == "person-not-found"


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "picture-type-not-allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", "picture-not-usable"),
        (b"hello", "text/plain", "picture-type-not-allowed"),
        (b"{}", "application/json", "picture-type-not-allowed"),
        (photo((20, 20)), "image/jpeg", "picture-not-usable"),
        (photo()[:500], "image/jpeg", "picture-not-usable"),
        (bytes(10 * 1024 * 1024 + 1), "image/jpeg", "picture-too-large"),
    ],
    ids=["SVG", "SVG as PNG", "text", "JSON", "too small", "cut", "too large"],
)
def test_what_is_no_picture_is_refused_by_name(school: School, content: bytes, kind: str, problem: str) -> None:
    """Nothing of it is stored."""
    assert send(school.guardian, school.guardian, content, kind).problem == problem
    assert not school.guardian.get("me/settings").body["pictures"][0]["has_picture"]


def test_a_picture_that_another_took_the_place_of_is_gone(school: School, installation: Installation) -> None:
    """No sealed copy of it stays; the same picture again leaves the one that is there."""
    attachments = installation.services.context.attachments
    kept = []
    for content in (photo(), photo((400, 500)), photo((400, 500))):
        assert send(school.guardian, school.guardian, content).status == 200
        person = installation.services.context.directory.person(UUID(school.guardian.person_id))
        assert person
        assert person.picture_id
        kept.append(person.picture_id)
    assert kept[0] != kept[1] == kept[2]
    assert attachments.content(kept[0], SYSTEM) is None
    assert attachments.content(kept[1], SYSTEM)
    school.guardian.delete(f"persons/{school.guardian.person_id}/picture", without_as=True)
    assert attachments.content(kept[1], SYSTEM) is None


def test_a_picture_sent_again_with_the_same_key_is_one_picture(school: School) -> None:
    """The reply was lost, the phone tries again: the same answer."""
    headers = {"Content-Type": "image/jpeg", "Idempotency-Key": f"photo-{school.guardian.person_id}"}
    path = f"persons/{school.guardian.person_id}/picture"
    first, again = (school.guardian.send("POST", path, photo(), headers) for _ in range(2))
    assert first.version == again.version
    assert again.headers["idempotency-replayed"] == "true"
    other = school.guardian.send("POST", path, photo((100, 100)), headers)
    assert other.problem == "idempotency-key-reused"
    assert shown_to(school.guardian, path).size == (512, 384)


def test_settings_are_nobody_elses(school: School) -> None:
    """A guardian's own page names the own children alone, and only in a sign-in strong enough for them."""
    relate(school, "outsider", school.student, "guardian")
    names = [p["name"] for p in school.outsider.get("me/settings").body["pictures"]]
    assert names == ["Outsider Testoutsider", "Classmate Testclassmate", "Pupil Testpupil"]
    assert [p["name"] for p in school.pupil.get("me/settings").body["pictures"]] == ["Pupil Testpupil"]


def from_a_roster(installation: Installation, folder: Path, **emails: str) -> dict[str, Person]:
    """People of a roster that has these mail addresses, by what it calls them, signed in."""
    roster = Roster()
    for one, email in emails.items():
        roster.of(one)["email"] = email
    source = f"mail {folder.name}"
    work = RosterImport(installation.services.context, source=source)
    day = date(2026, 11, 2)
    examination = work.examine(roster.write(folder / "r"), today=day, on=day, mentors=None, progress=lambda *_: None)
    work.carry_out(examination, system_command(), allow_ends=False, progress=lambda *_: None)
    ids = RosterIds("liggare", source)
    return {one: Person(installation.api, str(ids.person(one)), installation.issue(ids.person(one))) for one in emails}


@pytest.mark.requirement("S-ACC-12", surface="api")
def test_a_pupils_mail_address_comes_from_the_roster(installation: Installation, tmp_path: Path) -> None:
    """It is there without a word of the pupil, beside what the pupil types; a guardian's is what the guardian types."""
    own = from_a_roster(installation, tmp_path, p1="p1@elev.umea.example", g1="g1@hemma.example")
    assert own["p1"].get("me/settings").body["school_email"] == "p1@elev.umea.example"
    assert own["g1"].get("me/settings").body["school_email"] is None
    save(own["g1"], contact={"email": "mamma@hemma.example"})
    assert own["g1"].get("me/settings").body["contact"]["email"] == "mamma@hemma.example"


@pytest.mark.parametrize(
    ("kind", "token", "status"),
    [
        ("image/jpeg", None, 401),
        ("image/jpeg", "liggare_nobodys", 401),
        ("image/jpeg", "terms", 403),
        ("text/plain", "own", 415),
    ],
)
def test_a_picture_is_not_waited_for_before_it_is_known_who_sends_it(
    address: str, installation: Installation, school: School, kind: str, token: str | None, status: int
) -> None:
    """Who may not send one, or sends something else, is answered though the ten megabytes never come."""
    issued = {"own": school.guardian.token, "terms": installation.issue(school.guardian.person_id, terms=None)}
    signed = {"Authorization": f"Bearer {issued.get(token, token)}"} if token else {}
    path = f"/api/v1/persons/{school.guardian.person_id}/picture"
    assert answer_to_unfinished(address, path, {"Content-Type": kind, **signed}) == status
