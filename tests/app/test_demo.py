"""The demo: who there is, its rosters, and a school year that went through the real commands."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from access.actions import Action
from access.decide import permit_officer
from aggregates.assessments import taught_subjects
from aggregates.plan import PlanState
from aggregates.student_file import StudentFile, student_file_id
from app.cli import main
from app.databases import Reached
from app.demo.calendar import Clock, SchoolYear, term_under_way, whole_years
from app.demo.cast import Cast, Story, cast_of
from app.demo.dirt import make_dirty
from app.demo.identifiers import guardians_have_numbers
from app.demo.people import NEW, DemoPeople
from app.demo.people import Played as PlayedFrom
from app.demo.roster_files import NEVER_READ, write_roster, year_of
from app.demo.run import Demo, fill
from app.errors import RefusedByRule
from app.local import bring_up
from app.postgres_roles import Urls
from app.settings import Settings, read_settings
from app.wiring import open_parts
from commands.context import STOCKHOLM
from commands.due import to_be_destroyed
from commands.officers import offices_of
from commands.schedules import find_policy
from commands.sign_in_identifiers import person_signing_in
from commands.streams import PERSON, STUDENT_FILE, find
from commands.terms import CURRENT_TERMS
from events.base import Role
from events.goals import GoalStatus
from events.person import IdentifierKind
from events.retention import DocumentClass
from exchange.roster_building import wanted_of
from exchange.roster_format import read_roster
from exchange.roster_words import RosterIds
from projections.due import DueProjection
from store.bulk import load_many
from tests.accepted import accepted_by

TODAY = date(2026, 11, 22)
PUPILS, SEED = 14, 2
"""Two classes of seven, and a seed by which every kind of trouble comes up."""

Played = tuple[Demo, list[StudentFile], Settings]
LAST = SchoolYear(2025)


def test_the_same_seed_gives_the_same_people() -> None:
    """And another seed others."""
    assert cast_of(pupils=60, years=1, seed=3) == cast_of(pupils=60, years=1, seed=3)
    assert cast_of(pupils=60, years=1, seed=3) != cast_of(pupils=60, years=1, seed=4)


@pytest.mark.parametrize("pupils", [50, 13_000])
def test_every_guardian_has_a_number_to_sign_in_by(pupils: int) -> None:
    """Also where there are too few for everybody; staff and pupils sign in by their accounts."""
    assert guardians_have_numbers(cast_of(pupils=pupils, years=1, seed=1))


@pytest.mark.parametrize("pupils", [1, 24, 50, 399, 1000])
def test_there_are_as_many_pupils_as_asked_for(pupils: int) -> None:
    """In classes of about 25; every id once."""
    cast = cast_of(pupils=pupils, years=1, seed=1)
    sizes = [len(form.pupils) for _, form in cast.forms]
    assert sum(sizes) == pupils
    assert max(sizes) - min(sizes) <= 1
    ids = [pupil.id for _, form in cast.forms for pupil in form.pupils] + list(cast.adults)
    assert len(ids) == len(set(ids))


def test_families_are_of_all_kinds() -> None:
    """Siblings, guardians who live apart, one guardian, employees who are guardians (S-ROL-9), a new mentor."""
    cast = cast_of(pupils=400, years=1, seed=1)
    pupils = [pupil for _, form in cast.forms for pupil in form.pupils]
    households = Counter(pupil.guardians for pupil in pupils)
    staff = {adult.id for school in cast.schools for adult in school.staff}
    assert max(households.values()) > 1
    assert any(pupil.is_separated for pupil in pupils)
    assert {len(pupil.guardians) for pupil in pupils} == {1, 2}
    assert any(set(pupil.guardians) & staff for pupil in pupils)
    assert any(form.new_mentor for _, form in cast.forms)


@pytest.mark.parametrize(
    ("today", "last", "is_under_way"),
    [
        (date(2026, 11, 22), 2025, True),
        (date(2026, 8, 1), 2025, False),
        (date(2026, 6, 12), 2024, True),
        (date(2026, 6, 13), 2025, False),
        (date(2027, 1, 3), 2025, True),
    ],
)
def test_the_demo_ends_with_a_whole_school_year(today: date, last: int, *, is_under_way: bool) -> None:
    """And begins the term under way, if there is one."""
    assert [year.begins_in for year in whole_years(today, 2)] == [last - 1, last]
    assert (term_under_way(today) is not None) == is_under_way


def test_the_clock_only_goes_forward_and_never_past_now() -> None:
    """Whatever days it is asked for."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    clock = Clock(Random(1), now)  # noqa: S311 - repeatable chance
    days = [date(2025, 9, 1), date(2025, 9, 1), date(2025, 8, 1), date(2026, 2, 1), date(2027, 1, 1)]
    moments = [clock.on(day) for day in days]
    assert moments == sorted(moments)
    assert moments[-1] == now
    assert moments[0].date() == days[0]


@pytest.fixture(scope="module")
def cast() -> Cast:
    """A school of some classes."""
    return cast_of(pupils=120, years=1, seed=1)


def test_its_roster_has_no_fault_and_everybody_in_it(cast: Cast, tmp_path: Path) -> None:
    """Every pupil with mentor, teachers and guardians; nobody is left out."""
    write_roster(cast, tmp_path / "r", school_year=LAST, last=LAST, on=TODAY)
    tables = read_roster(tmp_path / "r")
    wanted = wanted_of(tables, RosterIds("t", "demo"), on=date(2026, 5, 1), known={})
    assert tables.faults.found == []
    assert wanted.without_mentor == []
    assert len(wanted.pupils) == 120
    for pupil in wanted.pupils.values():
        assert {Role.GUARDIAN, Role.MENTOR} <= {relation.role for relation in pupil.relations}


def test_spoilt_rows_are_named_and_every_other_pupil_is_kept(cast: Cast, tmp_path: Path) -> None:
    """Each kind of fault is found by the import's own reader, and the password column by nobody."""
    write_roster(cast, tmp_path / "r", school_year=LAST, last=LAST, on=TODAY)
    spoilt = make_dirty(tmp_path / "r", seed=1)
    tables = read_roster(tmp_path / "r")
    wanted = wanted_of(tables, RosterIds("t", "demo"), on=date(2026, 5, 1), known={})
    named = {(fault.file, fault.line) for fault in (*tables.faults.found, *tables.left_out)}
    assert len(named) >= spoilt
    assert 120 - 14 <= len(wanted.pupils) < 120
    assert NEVER_READ not in repr(tables)


def test_a_roster_folder_is_written_without_a_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As many pupils as asked for; a folder with something in it is left as it is."""
    folder = tmp_path / "out"
    assert main(["demo", "--pupils", "30", "--as-roster", str(folder), "--dirty", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"]["users.csv"] > 30
    assert told["spoilt"] > 0
    assert main(["demo", "--as-roster", str(folder)]) == 1


@pytest.fixture(scope="module")
def played(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:  # noqa: ANN401 - the fixture's own type
    """A demo of two small classes, played once for all tests that look at it."""
    from app.postgres_roles import DATABASES
    from tests.conftest import _two_databases

    main_name, keys_name = (f"{name}_template" for name in DATABASES)
    home = tmp_path_factory.mktemp("demo")
    with _two_databases(cluster, main_name, keys_name) as urls, pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.demo.cast.CLASS_SIZE", PUPILS // 2)
        settings = _settings(urls, home)
        demo = fill(settings, Reached(urls, home), pupils=PUPILS, years=1, seed=SEED, tell=_silent)
        with open_parts(settings, urls, home) as parts:
            schools = parts.context.directory.schools()
            former = {_file_of(settings, one.pupil.id) for one in cast_of(pupils=PUPILS, years=1, seed=SEED).former}
            ids = [s.student_id for e in schools for s in parts.context.directory.students_of_school(e.school_id)]
            ids = [student_id for student_id in ids if student_id not in former]
            yield demo, list(load_many(parts.ledger, ids, STUDENT_FILE.fold).values()), settings


def _file_of(settings: Settings, sourced_id: str) -> UUID:
    return student_file_id(RosterIds(settings.tenant, "demo").person(sourced_id))


def _settings(urls: Urls, home: Path) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in urls.environment().items():
            patch.setenv(name, value)
        patch.setenv("LIGGARE_HOME", str(home))
        return read_settings()


def _silent(_: str, __: int, ___: int) -> None:
    """Nobody is told."""


def test_each_pupil_has_a_whole_school_year(played: Played) -> None:
    """40 answers, 6 goals with their history, an assessment in each subject and 2 conversations at least."""
    _, files, _ = played
    assert len(files) == PUPILS
    for file in files:
        plans = [plan for plan in file.plans.values() if plan.school_year == whole_years(_today(), 1)[0].name]
        assert [plan.term for plan in plans] == ["HT", "VT"]
        assert sum(len(plan.answers) for plan in plans) >= 40
        assert sum(len(plan.agreed_goals) for plan in plans) >= 6
        assert all(plan.lock is not None for plan in plans)
        assert plans[0].state is PlanState.ARCHIVED
        for plan in plans:
            taught = taught_subjects(file, plan, since=date.min, until=date.max)
            assert 10 <= len(taught) < len(plan.subjects)
            assert taught <= set(plan.assessments) | {"GRGRMSP01"}
            assert not any(goal.awaits_evaluation for goal in plan.goals.values())


def _today() -> date:
    return datetime.now(STOCKHOLM).date()


def test_the_years_have_their_troubles(played: Played) -> None:
    """Goals in every state, declined proposals, open obligations beside met ones, and a mentor who left."""
    _, files, _ = played
    plans = [plan for file in files for plan in file.plans.values()]
    statuses = {goal.status for plan in plans for goal in plan.goals.values()}
    assert statuses == set(GoalStatus)
    programmes = {programme is None for plan in plans for programme in plan.obligations.values()}
    assert programmes == {True, False}
    assert any(r.role is Role.MENTOR and r.ended_on for file in files for r in file.relations.values())
    assert any(plan.concerns for plan in plans)


def test_time_goes_forward_in_every_file(played: Played) -> None:
    """From August of the school year until now at the latest."""
    _, files, _ = played
    for file in files:
        starts = [plan.started_at for plan in file.plans.values()]
        assert starts == sorted(starts)
        assert starts[-1] <= datetime.now(UTC)


def test_everybody_can_sign_in_and_all_but_the_new_ones_have_accepted_the_terms(played: Played) -> None:
    """By account name and personal number; a stranger's lead to nobody."""
    demo, _, settings = played
    urls = settings.urls()
    assert urls is not None
    parts_played = {part: UUID(person_id) for part, _, person_id in demo.people}
    start = PlayedFrom(demo.pupils, demo.years, demo.seed, date.fromisoformat(demo.on), parts_played)
    everybody = DemoPeople(start, tenant=settings.tenant).everybody
    new = {parts_played[part] for part in NEW}
    with open_parts(settings, urls, settings.home) as parts:
        for person in everybody:
            for kind in IdentifierKind:
                found = person_signing_in(parts.context, kind, str(person.identifiers.of_kind(kind)))
                assert found == (None if person.part == "stranger" else person.id)
            if person.part != "stranger":
                assert accepted_by(parts.context, person.id) == (None if person.id in new else CURRENT_TERMS)
                known = find(parts.context, PERSON, person.id)
                assert known is not None
                assert known.sign_ins.new == [], "two ways in that the school gave at first are no news"


def test_guardians_have_said_how_they_are_reached_and_the_school_has_given_pupils_addresses(played: Played) -> None:
    """Most of them, some for the class to see; a pupil's mail address came with the roster (S-ACC-12)."""
    _, files, settings = played
    urls = settings.urls()
    assert urls is not None
    guardians = {r.person_id for file in files for r in file.relations.values() if r.role is Role.GUARDIAN}
    pupils = [file.person_id for file in files]
    with open_parts(settings, urls, settings.home) as parts:
        reached = parts.context.directory.persons(guardians)
        own = parts.context.directory.persons(pupils)
    given = [person for person in reached.values() if person.contact.mobile]
    assert len(given) >= len(guardians) * 2 // 3
    assert all((person.contact.email or "").endswith("@hemma.example") for person in given)
    assert {person.shows_contact for person in given} == {True, False}
    assert not any(person.school_email for person in reached.values())
    assert all((person.school_email or "").endswith("@elev.demokommunen.example") for person in own.values())


def test_pupils_who_left_long_ago_are_due_and_some_are_not(played: Played) -> None:
    """One is held, one has come back, one died, one teaches now and keeps the account; by an adopted schedule."""
    _, _, settings = played
    urls = settings.urls()
    assert urls is not None
    former = cast_of(pupils=PUPILS, years=1, seed=SEED).former
    ids = RosterIds(settings.tenant, "demo")
    files = {one.story: _file_of(settings, one.pupil.id) for one in former}
    with open_parts(settings, urls, settings.home) as parts:
        bring_up(parts, DueProjection())
        due = to_be_destroyed(parts.context, _today(), 100)
        policy = find_policy(parts.context)
        found = load_many(parts.ledger, list(files.values()), STUDENT_FILE.fold)
        office = permit_officer(
            Action.APPROVE_DISPOSAL,
            offices_of(parts.context, {part: UUID(of) for part, _, of in played[0].people}["second-operator"]),
            on=_today(), level=3, levels=parts.context.levels,
        )  # fmt: skip
    assert office.role is Role.RETENTION_OPERATOR
    assert all("nämnden" in schedule.decision_reference for schedule in policy.schedules.values())
    due_files = {one.subject_id for one in due if one.document_class is DocumentClass.STUDENT_FILE}
    assert due_files == {_file_of(settings, one.pupil.id) for one in former} - {files[Story.BACK]}
    assert {one.subject_id for one in due if one.is_held} == {files[Story.HELD]}
    due_accounts = {one.subject_id for one in due if one.document_class is DocumentClass.ACCOUNT}
    gone = {one.pupil.id for one in former if one.story in {Story.GROWN, Story.DECEASED}}
    assert due_accounts >= {ids.person(sourced_id) for sourced_id in gone}
    assert not due_accounts & {ids.person(one.pupil.id) for one in former if one.story in {Story.TEACHES, Story.BACK}}
    assert found[files[Story.HELD]].retention.holds
    assert found[files[Story.BACK]].schooling_ended is None
    assert all(file.plans for file in found.values())


def test_a_demo_with_more_guardians_than_numbers_is_refused(played: Played, tmp_path: Path) -> None:
    """By name, before anything is written: nobody could sign in as one of them."""
    _, _, settings = played
    urls = settings.urls()
    assert urls is not None
    with pytest.raises(RefusedByRule, match="test personal numbers"):
        fill(settings, Reached(urls, tmp_path), pupils=32_000, years=1, seed=1, tell=_silent)


def test_in_production_there_is_no_demo(played: Played, tmp_path: Path) -> None:
    """Not even in an empty ledger."""
    _, _, settings = played
    urls, production = settings.urls(), settings.model_copy(update={"environment": "production"})
    assert urls is not None
    with pytest.raises(RefusedByRule, match="production"):
        fill(production, Reached(urls, tmp_path), pupils=1, years=1, seed=1, tell=_silent)


def test_the_same_seed_plays_the_same_year(
    played: Played, databases: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the threads do first: the same ids, the same number of events."""
    demo, files, _ = played
    monkeypatch.setattr("app.demo.cast.CLASS_SIZE", PUPILS // 2)
    settings = _settings(databases, tmp_path)
    again = fill(settings, Reached(databases, tmp_path), pupils=PUPILS, years=1, seed=SEED, tell=_silent)
    assert (again.events, again.commands, again.people) == (demo.events, demo.commands, demo.people)
    with open_parts(settings, databases, tmp_path) as parts:
        same = load_many(parts.ledger, [file.id for file in files], STUDENT_FILE.fold)
    assert {i: (f.version, list(f.plans)) for i, f in same.items()} == {f.id: (f.version, list(f.plans)) for f in files}


def test_a_ledger_that_is_not_empty_is_refused(played: Played, tmp_path: Path) -> None:
    """Nothing is ever mixed with the demo."""
    _, _, settings = played
    urls = settings.urls()
    assert urls is not None
    with pytest.raises(RefusedByRule):
        fill(settings, Reached(urls, tmp_path), pupils=1, years=1, seed=1, tell=_silent)


def test_classes_grow_older_with_the_years() -> None:
    """A class of year 5 was in year 4 the year before, and is in year 6 the year after."""
    cast = cast_of(pupils=50, years=3, seed=1)
    form = cast.schools[0].forms[0]
    assert [year_of(form, SchoolYear(y), LAST) for y in (2023, 2024, 2025, 2026)] == [3, 4, 5, 6]
