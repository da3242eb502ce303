"""The page of the goals: proposals, decisions, the staircase, evaluations; and all goals of all plans."""

from typing import Any

import pytest

from events.syllabus import SyllabusItem, SyllabusKind
from store.syllabus import SyllabusChanges, Wording
from tests.api.conftest import Installation
from tests.api.school import School
from tests.api.template import MATHS
from tests.web.plan.conftest import ReaderOf

TEXT = "Jag vill kunna tiokamraterna"


def place(school: School, plan: str, page: str = "min-iup") -> str:
    """Where a page of the plan is."""
    return f"/elever/{school.student}/iup/{plan.rsplit('/', 1)[-1]}/{page}"


def id_of(goal: str) -> str:
    """The id in a goal's address."""
    return goal.rsplit("/", 1)[-1]


@pytest.mark.requirement("S-GOA-1")
@pytest.mark.requirement("S-GOA-2")
@pytest.mark.requirement("S-TPL-5")
def test_everybody_concerned_proposes_and_sees_who_did(school: School, reader: ReaderOf) -> None:
    """Goal, activities, responsibility and subjects; whoever only reads sees the proposals and no form."""
    plan = school.start()
    at = place(school, plan)
    for person in (school.pupil, school.guardian, school.teacher, school.mentor, school.educator):
        one = reader(person)
        page = one.submit(
            one.get(at),
            "#nytt-mal",
            mal_nytt_text=f"Läsa en bok, av {person.person_id}",
            mal_nytt_aktiviteter="Tio minuter om dagen",
            mal_nytt_ansvar="Hemma och i skolan",
            **{f"mal-nytt-amne-{MATHS}": "ja"},
        )
        assert page.address == f"{at}?klart=foreslaget", page.text
    page = reader(school.principal).get(at)
    assert len(page.all("article.goal")) == 5
    assert "Föreslaget av Guardian Testguardian , vårdnadshavare" in page.text
    assert page.text.count("Tio minuter om dagen") == page.text.count("Ämnen: Matematik") == 5
    assert not page.has("main form")
    assert reader(school.outsider).get(at).status == 404


def test_the_same_proposal_sent_twice_is_one(school: School, reader: ReaderOf) -> None:
    """Pressing twice, or reloading, makes no second goal."""
    pupil = reader(school.pupil)
    page = pupil.get(place(school, school.start()))
    pupil.submit(page, "#nytt-mal", mal_nytt_text=TEXT)
    assert pupil.submit(page, "#nytt-mal", mal_nytt_text=TEXT).all("article.goal h3") == [TEXT]


def test_what_cannot_be_saved_stays_and_a_warned_author_goes_on(school: School, reader: ReaderOf) -> None:
    """An empty goal is named at its box, with the rest kept; a warning can be passed."""
    pupil = reader(school.pupil)
    page = pupil.get(place(school, school.start()))
    wrong = pupil.submit(page, "#nytt-mal", mal_nytt_aktiviteter="Läsa", **{f"mal-nytt-amne-{MATHS}": "ja"})
    assert wrong.status == 422
    assert wrong.has('#fel a[href="#mal-nytt-text"]')
    assert wrong.one("#mal-nytt-aktiviteter").text.strip() == "Läsa"
    assert wrong.one(f"#mal-nytt-amne-{MATHS}").has_attr("checked")
    warned = pupil.submit(wrong, "#nytt-mal", mal_nytt_text="Ring 811218-9876")
    assert warned.has("#mal-nytt-text-varning")
    assert pupil.submit(warned, "#nytt-mal", "anda").all("article.goal h3") == ["Ring 811218-9876"]


def test_who_proposed_words_it_anew_and_takes_it_back(school: School, reader: ReaderOf) -> None:
    """Until it is accepted; nobody else but the mentor is offered to change it."""
    plan = school.start()
    goal = id_of(school.propose(plan))
    pupil, change = reader(school.pupil), f"{place(school, plan, 'mal')}?mal={goal}"
    page = pupil.submit(pupil.get(change), "#malet", **{f"mal-{goal}-text": "Kunna dem utantill"})
    assert page.all("article.goal h3") == ["Kunna dem utantill"]
    assert "Ändrade målet: Pupil Testpupil , elev" in page.text
    assert reader(school.mentor).get(change).has("#malet")
    other = reader(school.guardian).get(change)
    assert other.address == place(school, plan)
    assert not other.has(f"#aterta-{goal}")
    page = pupil.submit(page, f"#aterta-{goal}", "till")
    assert page.address.endswith("klart=aterkallat")
    assert "Återtaget" in page.one(f"#mal-{goal}").text
    assert not page.has(f"#mal-{goal} form")


def test_two_who_change_a_goal_see_both_wordings(school: School, reader: ReaderOf) -> None:
    """The second chooses; nothing that was typed or ticked is lost."""
    plan = school.start()
    goal = id_of(school.propose(plan, activities="Öva"))
    pupil, mentor = reader(school.pupil), reader(school.mentor)
    change = f"{place(school, plan, 'mal')}?mal={goal}"
    first, second = pupil.get(change), mentor.get(change)
    pupil.submit(first, "#malet", **{f"mal-{goal}-text": "Elevens ord"})
    both = mentor.submit(second, "#malet", **{f"mal-{goal}-text": "Mentorns ord", f"mal-{goal}-amne-{MATHS}": "ja"})
    assert both.status == 409
    assert "Elevens ord" in both.text
    assert "Pupil Testpupil" in both.text
    page = mentor.submit(both, "#konflikt")
    assert page.all("article.goal h3") == ["Mentorns ord"]
    assert "Öva" in page.text
    assert "Ämnen: Matematik" in page.text


def test_the_mentor_accepts_and_declines_at_the_conversation(school: School, reader: ReaderOf) -> None:
    """A declined one says why, and stays to be read; the page says what became of each."""
    plan = school.start()
    yes, no = id_of(school.propose(plan)), id_of(school.propose(plan, text="Bli bäst"))
    mentor = reader(school.mentor)
    page = mentor.submit(mentor.get(place(school, plan)), f"#godta-{yes}", "till")
    assert page.address.endswith("klart=godtaget")
    page = mentor.submit(page, f"#avboj-{no}", **{f"mal-{no}-skal-nej": "Vi väntar med det."})
    assert page.address.endswith("klart=avbojt")
    seen = reader(school.guardian).get(place(school, plan))
    assert "Varför: Vi väntar med det." in seen.text
    assert seen.one(f"#mal-{yes} [aria-current=step]").text.startswith("Nytt")
    assert not seen.has(f"#godta-{yes}")


@pytest.mark.requirement("S-GOA-3")
@pytest.mark.requirement("S-GOA-4")
@pytest.mark.requirement("S-GOA-5")
@pytest.mark.requirement("S-GOA-6")
@pytest.mark.requirement("S-GOA-7")
@pytest.mark.requirement("S-GOA-8")
def test_a_goal_climbs_its_staircase(school: School, reader: ReaderOf) -> None:
    """The pupil starts it and finds it done, a teacher confirms; pressed twice it is one step."""
    plan, goal = school.locked_with_goal()
    at, goal = place(school, plan), id_of(goal)
    pupil, teacher = reader(school.pupil, level=1), reader(school.teacher)
    page = pupil.get(at)
    assert page.one(f"#mal-{goal} [aria-current=step]").text.startswith("Nytt")
    after = pupil.submit(page, f"#steg-{goal}", "till")
    assert after.address == f"{at}?klart=steg"
    assert pupil.submit(page, f"#steg-{goal}", "till").status == 200
    after = pupil.submit(after, f"#steg-{goal}", "till")
    assert after.all(f"#mal-{goal} .passed") == ["Nytt", "Påbörjat"]
    assert not after.has(f"#steg-{goal}")
    assert "Till Klart: tycker att målet är nått: Pupil Testpupil , elev" in after.text
    page = teacher.submit(teacher.get(at), f"#steg-{goal}", "till")
    assert page.one(f"#mal-{goal} [aria-current=step]").text.startswith("Uppnått")
    assert not page.has(f"#steg-{goal}")


def test_the_mentor_opens_again_and_breaks_off_with_a_reason(school: School, reader: ReaderOf) -> None:
    """Without a reason nothing is done; the reason is for all to read (G-4)."""
    plan, goal = school.locked_with_goal()
    at, goal_id = place(school, plan), id_of(goal)
    for person, to in ((school.pupil, "started"), (school.pupil, "done")):
        person.post(f"{goal}/status", to=to)
    mentor = reader(school.mentor)
    wrong = mentor.submit(mentor.get(at), f"#oppna-{goal_id}")
    assert wrong.status == 422
    assert wrong.has(f'#fel a[href="#mal-{goal_id}-skal-started"]')
    page = mentor.submit(wrong, f"#oppna-{goal_id}", **{f"mal-{goal_id}-skal-started": "Tvåorna är kvar."})
    assert page.one(f"#mal-{goal_id} [aria-current=step]").text.startswith("Påbörjat")
    assert "Varför: Tvåorna är kvar." in page.text
    page = mentor.submit(page, f"#avbryt-{goal_id}", **{f"mal-{goal_id}-skal-abandoned": "Annat är viktigare."})
    assert "Avbrutet" in page.one(f"#mal-{goal_id} .abandoned").text
    assert "Varför: Annat är viktigare." in reader(school.guardian).get(at).text


@pytest.mark.requirement("S-GOA-10")
def test_each_party_evaluates_at_the_bottom_of_the_goal(school: School, reader: ReaderOf) -> None:
    """Everybody's text stands with name and day; the own one can be changed, and two windows show both."""
    plan, goal = school.locked_with_goal()
    at, goal = place(school, plan), id_of(goal)
    box = f"mal-{goal}-utvardering"
    guardian, pupil = reader(school.guardian), reader(school.pupil)
    window = guardian.get(at)
    page = guardian.submit(guardian.get(at), f"#utvardera-{goal}", **{box: "Hon övar varje kväll."})
    assert page.one(f"#{box}").text.strip() == "Hon övar varje kväll."
    both = guardian.submit(window, f"#utvardera-{goal}", **{box: "Hon övar ofta."})
    assert both.status == 409
    guardian.submit(both, "#konflikt")
    page = pupil.submit(pupil.get(at), f"#utvardera-{goal}", **{box: "Jag kan alla."})
    assert page.all(f"#mal-{goal} > .written .typed") == ["Hon övar ofta."]
    seen = reader(school.principal).get(at)
    assert seen.all(f"#mal-{goal} > .written .typed") == ["Hon övar ofta.", "Jag kan alla."]
    assert not seen.has("main form")


def test_a_goal_is_put_right_after_the_lock(school: School, reader: ReaderOf) -> None:
    """By the mentor and the one who proposed it; everybody reads why, and what stood there before (G-6)."""
    plan, goal = school.locked_with_goal()
    at, goal = place(school, plan), id_of(goal)
    link = f'#mal-{goal} a[href*="/rattelse?slag=goal"]'
    assert not reader(school.guardian).get(at).has(link)
    pupil = reader(school.pupil)
    page = pupil.get(str(pupil.get(at).one(link)["href"]))
    text, reason = [str(box["name"]) for box in page.soup.select("main textarea")]
    page = pupil.submit(page, "main form", **{text: "Jag vill kunna tiotabellen", reason: "Fel ord."})
    assert page.all(f"#mal-{goal} h3") == ["Jag vill kunna tiotabellen"]
    seen = reader(school.guardian).get(at).one(f"#mal-{goal}").text
    assert "Fel ord." in seen
    assert TEXT in seen


@pytest.mark.requirement("S-GOA-9")
def test_all_goals_of_all_plans_stand_under_focus(school: School, reader: ReaderOf) -> None:
    """The newest plan first, each goal with its step, leading to where it stands; carried on ones say from where."""
    plan, goal = school.locked_with_goal()
    school.pupil.put(f"{goal}/evaluation", text="På väg")
    school.pupil.post(f"{goal}/status", to="started")
    second = school.start(term="VT", carry_over=[id_of(goal)])
    page = reader(school.guardian).get(f"/elever/{school.student}/fokus")
    assert page.all(".tabs a") == ["IUP-mål"]
    assert page.all("main h2") == ["Läsår 2026/2027, vårterminen", "Läsår 2026/2027, höstterminen (arkiverad)"]
    assert page.all("main article > p strong") == ["Förslag"]
    assert [one.text.split()[0] for one in page.soup.select("[aria-current=step]")] == ["Nytt", "Påbörjat"]
    kept = str(page.soup.select("main article h3 a")[1]["href"])
    assert kept == f"{place(school, plan)}#mal-{id_of(goal)}"
    archived = reader(school.mentor).get(kept)
    assert archived.has(f"#mal-{id_of(goal)}")
    assert not archived.has("main form")
    now = reader(school.mentor).get(place(school, second))
    assert now.one(f'article.goal a[href="{kept}"]').text == "Fortsätter från förra planen"
    assert reader(school.outsider).get(page.address).status == 404


def test_no_goals_say_what_comes_next(own_school: School, reader: ReaderOf) -> None:
    """In both languages, before the first plan and in one without goals."""
    school = own_school
    focus = f"/elever/{school.student}/fokus"
    assert "Det finns inga mål än." in reader(school.guardian).get(focus).text
    assert "There are no goals yet." in reader(school.guardian, language="en").get(focus).text
    plan = school.start()
    assert "Inget är föreslaget än." in reader(school.guardian).get(place(school, plan)).text
    school.lock(plan)
    page = reader(school.guardian, language="en").get(place(school, plan))
    assert "No goal was agreed on in this plan." in page.text


def test_a_goal_is_linked_to_the_syllabus(school: School, reader: ReaderOf, installation: Installation) -> None:
    """The subjects that are ticked show their items for the pupil's year; what is ticked stands on the goal."""
    item = imported(installation)
    plan = school.start()
    goal = id_of(school.propose(plan, by=school.teacher))
    teacher, change = reader(school.teacher), f"{place(school, plan, 'mal')}?mal={goal}"
    page = teacher.submit(teacher.get(change), "#malet", "sokning", **{f"mal-{goal}-amne-{MATHS}": "ja"})
    assert page.status == 200
    (label,) = [label for label in page.soup.select("details label") if item["wording"] in label.text]
    page = teacher.submit(page, "#malet", **{str(label["for"]): "ja"})
    assert item["wording"] in page.one(f"#mal-{goal}").text
    assert "Ämnen: Matematik" in page.text
    unticked: dict[str, Any] = {str(label["for"]): None}
    page = teacher.submit(teacher.get(change), "#malet", **unticked)
    assert item["wording"] not in page.text


def imported(installation: Installation) -> dict[str, Any]:
    """An item that the syllabus has for the pupil's year."""
    wording = "Naturliga tal och enkla tal i bråkform."
    item = SyllabusItem(subject=MATHS, years="4-6", kind=SyllabusKind.CONTENT, ordinal=77, version="7" * 64)
    changes = SyllabusChanges(subjects={MATHS: "Matematik"}, wordings=[Wording(item, wording)])
    installation.services.context.syllabus.save(changes)
    return {"wording": wording}
