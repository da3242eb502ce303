"""What the page of the goals offers is what the commands carry out, and what it does not offer they refuse."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import pytest

from aggregates.student_file import StudentFile
from commands.streams import STUDENT_FILE, find
from tests.api.conftest import Installation
from tests.api.school import School
from tests.web.plan.conftest import ReaderOf
from tests.web.plan.test_goals import id_of, place
from tests.web.reader import Reader, Seen

READERS = ("pupil", "guardian", "teacher", "mentor", "educator", "principal")
WAY: dict[str, tuple[str, ...]] = {
    "new": (),
    "started": ("started",),
    "done": ("started", "done"),
    "achieved": ("started", "done", "achieved"),
    "abandoned": ("abandoned",),
}
"""The steps that lead to each status."""
FORMS = {
    "start": ("#steg-{goal} [value=started]", "malsteg", {"till": "started"}),
    "report": ("#steg-{goal} [value=done]", "malsteg", {"till": "done"}),
    "confirm": ("#steg-{goal} [value=achieved]", "malsteg", {"till": "achieved"}),
    "reopen": ("#oppna-{goal}", "malsteg", {"till": "started", "mal-{goal}-skal-started": "Mer träning"}),
    "abandon": ("#avbryt-{goal}", "malsteg", {"till": "abandoned", "mal-{goal}-skal-abandoned": "Annat nu"}),
    "accept": ("#godta-{goal}", "malbeslut", {"till": "accepted"}),
    "decline": ("#avboj-{goal}", "malbeslut", {"till": "declined", "mal-{goal}-skal-nej": "Vi väntar"}),
    "withdraw": ("#aterta-{goal}", "malbeslut", {"till": "withdrawn"}),
    "revise": ('a[href$="/mal?mal={goal}"]', "mal", {"mal-{goal}-text": "Nya ord", "version": "{version}"}),
    "evaluate": ("#utvardera-{goal}", "malutvardering", {"mal-{goal}-utvardering": "Bra", "version": "0"}),
}
"""Each thing that can be done with a goal: by what the page offers it, and the form that does it."""

Give = Callable[[], str]
"""One more goal: its id."""
Case = tuple[str, str, str]
"""Who, what, and in which pool of goals."""


@dataclass(frozen=True)
class Tried:
    """A plan, and what is tried on its goals."""

    installation: Installation
    school: School
    plan: str

    def file(self) -> StudentFile:
        """The pupil's file as it is now."""
        file = find(self.installation.services.context, STUDENT_FILE, UUID(self.school.student))
        assert file
        return file

    def page(self, one: Reader) -> Seen:
        """The page of the goals."""
        return one.get(place(self.school, self.plan))

    def goes(self, one: Reader, page: Seen, what: str, goal: str) -> bool:
        """Whether a form that does this, made up or not, changes the file."""
        before = self.file()
        version = before.plans[UUID(id_of(self.plan))].goals[UUID(goal)].version
        _, path, fields = FORMS[what]
        filled = {name.format(goal=goal): value.format(version=version) for name, value in fields.items()}
        seen = one.send(page, place(self.school, self.plan, path), mal=goal, **filled)
        changed = self.file().version > before.version
        assert seen.status == 200 or not changed
        return changed


def mismatches(
    tried: Tried, reader: ReaderOf, pools: Mapping[str, Give], whats: Iterable[str] = tuple(FORMS)
) -> Iterator[Case]:
    """Everything that is not offered and goes all the same, or is offered and does not go.

    Each pool gives one more goal of its kind. What is not offered is tried on the first, which nothing changes.
    """
    first = {pool: give() for pool, give in pools.items()}
    readers = {name: reader(getattr(tried.school, name)) for name in READERS}
    pages = {name: tried.page(one) for name, one in readers.items()}
    offered: list[Case] = []
    for name, one in readers.items():
        page = pages[name]
        for pool, goal in first.items():
            for what in whats:
                if page.has(FORMS[what][0].format(goal=goal)):
                    offered.append((name, what, pool))
                elif tried.goes(one, page, what, goal):
                    yield name, f"not offered: {what}", pool
    for name, what, pool in offered:
        goal = first[pool] if what == "evaluate" else pools[pool]()
        if not tried.goes(readers[name], pages[name], what, goal):
            yield name, f"offered: {what}", pool


def agreed(school: School, counts: Mapping[str, int]) -> tuple[str, Mapping[str, Give]]:
    """A locked plan with so many goals of each status."""
    plan = school.start()
    goals = {
        status: [school.propose(plan, text=f"{status} {n}") for n in range(many)] for status, many in counts.items()
    }
    for pool in goals.values():
        for goal in pool:
            school.accept(goal)
    school.lock(plan)
    for status, pool in goals.items():
        for goal in pool:
            for to in WAY[status]:
                reason = {"reason": "Annat nu"} if to == "abandoned" else {}
                assert school.mentor.post(f"{goal}/status", to=to, **reason).status == 200
    return plan, {status: partial(next, iter(map(id_of, pool))) for status, pool in goals.items()}


@pytest.mark.requirement("S-GOA-6")
@pytest.mark.requirement("S-GOA-7")
def test_on_the_staircase(school: School, reader: ReaderOf, installation: Installation) -> None:
    """Every role and every step (G-1, G-4)."""
    plan, pools = agreed(school, {"new": 4, "started": 4, "done": 5, "achieved": 2, "abandoned": 1})
    steps = ("start", "report", "confirm", "reopen", "abandon")
    assert list(mismatches(Tried(installation, school, plan), reader, pools, steps)) == []


def test_where_only_the_mentor_confirms(own_school: School, reader: ReaderOf, installation: Installation) -> None:
    """A school may narrow it: then its teachers are not offered to (G-1)."""
    own_school.principal.put(
        f"schools/{own_school.id}/settings", valid_from="2020-01-01", settings={"only_mentor_confirms": True}
    )
    plan, pools = agreed(own_school, {"done": 4})
    assert list(mismatches(Tried(installation, own_school, plan), reader, pools)) == []


def test_before_the_conversation(school: School, reader: ReaderOf, installation: Installation) -> None:
    """Proposals, and goals that are accepted already (G-14)."""
    plan = school.start()

    def accepted() -> str:
        goal = school.propose(plan)
        school.accept(goal)
        return id_of(goal)

    pools = {
        "the pupil's": lambda: id_of(school.propose(plan)),
        "the teacher's": lambda: id_of(school.propose(plan, school.teacher)),
        "accepted": accepted,
    }
    assert list(mismatches(Tried(installation, school, plan), reader, pools)) == []


@pytest.mark.parametrize("is_over", ["archived", "ended"])
def test_when_it_is_over(school: School, reader: ReaderOf, installation: Installation, is_over: str) -> None:
    """A plan that is archived, and a pupil whose schooling has ended: the latter's goals can still be evaluated."""
    plan, pools = agreed(school, {"new": 1, "done": 1})
    if is_over == "archived":
        school.start(term="VT", reason="Vi börjar om.")
    else:
        assert school.end_schooling().status == 200
    tried = Tried(installation, school, plan)
    assert list(mismatches(tried, reader, pools)) == []
    assert len(tried.page(reader(school.mentor)).all("[id^=utvardera-]")) == (0 if is_over == "archived" else 2)
