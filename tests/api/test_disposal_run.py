"""A begun run is carried out: what is still due is destroyed and certified, what is not is left for a reason."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from aggregates.disposal_run import DisposalRun, RunState
from aggregates.errors.retention import RunNotStarted
from commands.disposal import NotTransferred, Transferred
from events.retention import SkipReason
from projections.runner import Runner
from retention.certificates import Mandate
from retention.items import Item
from retention.purge import Purger
from retention.register import Register
from store.errors import StoreError, StoreUnavailable
from store.ledger import FEEDS
from tests.api.archive import DECISION, HOLD, KEY, Archive
from transparency.notes import open_note


@pytest.fixture
def due(archive: Archive) -> Archive:
    """A municipality in which one pupil's file has been due for long, and the account with it."""
    archive.adopts()
    archive.adopts(document_class="account", years=1)
    archive.finishes()
    archive.wait(3000)
    return archive


def _left(run: DisposalRun) -> dict[int, SkipReason]:
    assert run.state is RunState.FINISHED
    return run.skipped


@pytest.mark.requirement("S-RET-1", surface="api")
def test_what_is_due_is_destroyed_and_certified(due: Archive) -> None:
    """The file, then the account; of neither an id is left, and the certificate says by what right."""
    run = due.begins()
    told: list[tuple[int, int]] = []
    done = due.carries_out(run, tell=lambda *counts: told.append(counts))
    assert (done.state, len(done.purged), done.skipped) == (RunState.FINISHED, 2, {})
    assert told == [(1, 2), (2, 2)]
    assert due.at_level("mentor", 2).get(due.school.path).problem == "student-not-found"
    items = due.auditor.items(f"{run}/items")
    assert [(one["subject_id"], one["state"]) for one in items] == [(None, "purged")] * 2
    note = due.auditor.get(f"{run}/items/1/certificate").response.content
    says = json.loads(open_note(note, [KEY.verifier]).text)
    assert says["decision_reference"] == DECISION
    assert says["pseudonym"] == items[0]["commitment"]
    officers = [says[step]["name"] for step in ("planned_by", "approved_by", "carried_out_by")]
    assert officers == ["Operator Testoperator", "Other_operator Testother_operator", "Operator Testoperator"]
    spoken = note.decode()
    for known in (due.school.student, due.school.known.people["pupil"]["person_id"], "Testpupil"):
        assert known not in spoken
    shown = due.auditor.get(run).body
    assert (shown["state"], shown["purged"], shown["skipped"]) == ("finished", 2, 0)
    assert due.events_of(run) == [
        "run_planned.v1", "run_approved.v1", "run_started.v1", "subject_purged.v1", "subject_purged.v1",
        "run_finished.v1",
    ]  # fmt: skip
    assert due.due() == []
    at_home = {due.school.known.people[name]["person_id"] for name in ("guardian", "other_guardian")}
    assert at_home <= {one["subject_id"] for one in due.due("account")}, "who was there because of the pupil alone"


@pytest.mark.requirement("S-RET-1", surface="api")
@pytest.mark.parametrize("reason", ["held", "schooling_not_ended", "not_due"])
def test_what_changed_after_the_approval_is_left_as_it_is(due: Archive, reason: str) -> None:
    """Held, come back, or its day moved: asked under the fence, which is lifted again; the account stays with it."""
    run = due.begins()
    path, administrator = due.school.path, due.at_level("administrator", 2)
    if reason == "held":
        assert due.registrar.post(f"{path}/holds", **HOLD).status == 201
    elif reason == "schooling_not_ended":
        back = {"school_id": due.school.id, "grade": 9}
        assert administrator.post(f"{path}/re-enrolment", **back).status == 200
    else:
        right = {"cause": "completed", "ended_on": str(due.today), "reason": "Fel dag"}
        assert administrator.put(f"{path}/schooling-end", **right).status == 200
    assert _left(due.carries_out(run)) == {1: SkipReason(reason), 2: SkipReason.IN_USE}
    assert due.at_level("mentor", 2).get(path).status == 200
    name = {"given_name": "Ny", "family_name": "Testny"}
    pupil = due.school.known.people["pupil"]["person_id"]
    assert administrator.put(f"persons/{pupil}/name", **name).status == 200
    assert [one["reason"] for one in due.auditor.items(f"{run}/items")] == [reason, "in_use"]


@pytest.mark.requirement("S-RET-1", surface="api")
def test_a_schedule_that_no_longer_counts_destroys_nothing(due: Archive) -> None:
    """The run was approved by one decision; another one needs another approval."""
    run = due.begins()
    due.adopts(years=6, valid_from=str(due.today))
    assert _left(due.carries_out(run)) == {1: SkipReason.NOT_DUE, 2: SkipReason.IN_USE}


def test_an_account_that_is_somebody_elses_now_is_left(due: Archive) -> None:
    """The former pupil became a guardian after the plan: the file goes, the account stays (G-19)."""
    run = due.begins()
    pupil = due.school.known.people["pupil"]["person_id"]
    other = f"students/{due.school.other_student}/relations"
    assert due.at_level("administrator", 2).post(other, person_id=pupil, role="guardian").status == 201
    done = due.carries_out(run)
    assert (set(done.purged), _left(done)) == ({1}, {2: SkipReason.IN_USE})
    listed = due.at_level("administrator", 2).get(f"persons/{pupil}").body
    assert listed["family_name"] == "Testpupil"


def test_an_account_that_the_directory_is_not_sure_of_is_not_touched(
    due: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The former pupil became a guardian a moment ago, and the read model lags: it is waited for, then asked again."""
    monkeypatch.setattr("commands.due._WAIT", 0.1)
    run = due.begins()
    pupil = due.school.known.people["pupil"]["person_id"]
    other = f"students/{due.school.other_student}/relations"
    installation = due.installation
    with monkeypatch.context() as paused:
        paused.setattr(Runner, "catch_up", lambda *_: 0)
        assert due.at_level("administrator", 2).post(other, person_id=pupil, role="guardian").status == 201
        with pytest.raises(StoreUnavailable):
            due.carries_out(run)
    for feed in range(FEEDS):
        installation.services.context.announce(feed)
    done = due.carries_out(run)
    assert (set(done.purged), _left(done)) == ({1}, {2: SkipReason.IN_USE})


def test_a_run_goes_on_where_it_was_interrupted(due: Archive) -> None:
    """Whoever carries it out again finishes it, and what is done stays done; then it is over."""
    run = due.begins()

    def breaks(done: int, items: int) -> None:
        if done < items:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        due.carries_out(run, tell=breaks)
    assert due.auditor.get(run).body["purged"] == 1
    assert len(due.carries_out(run).purged) == 2
    with pytest.raises(RunNotStarted):
        due.carries_out(run)


@pytest.mark.parametrize(
    "change",
    [
        "subject_id = %(other)s",
        "subject_id = %(other)s, nonce = null",
        "state = 'purged', subject_id = null, nonce = null",
        "schedule_id = gen_random_uuid()",
    ],
)
def test_a_list_that_somebody_changed_after_the_start_destroys_nothing(due: Archive, change: str) -> None:
    """A list is held against what was approved each time it is carried out, not only when it is begun.

    Whoever reaches the database lets an item name another pupil who is due and whom nobody approved, or be done with.
    """
    due.finishes(due.school.other_student)
    due.wait(3000)
    run = due.begins()
    with psycopg.connect(due.installation.urls.owner, autocommit=True) as connection:
        known = {"run": run.rpartition("/")[2], "own": due.school.student, "other": due.school.other_student}
        statement = f"update liggare.disposal_items set {change} where run_id = %(run)s and subject_id = %(own)s"
        assert connection.execute(statement, known).rowcount == 1
    with pytest.raises(StoreError):
        due.carries_out(run)
    for path in (due.school.path, f"students/{due.school.other_student}"):
        assert due.at_level("administrator", 2).get(path).status == 200
    assert due.auditor.get(run).body["purged"] == 0


def test_nothing_is_carried_out_that_is_not_begun(due: Archive) -> None:
    """Planned, or approved, is not begun."""
    run = due.plans()
    with pytest.raises(RunNotStarted):
        due.carries_out(run)
    due.approves(run)
    with pytest.raises(RunNotStarted):
        due.carries_out(run)


class TestTransfer:
    """Files that the schedule hands over to the archive first."""

    @pytest.fixture
    def handed_over(self, archive: Archive) -> Archive:
        """A municipality whose schedule says transfer, and one file that is due."""
        archive.adopts(action="transfer")
        archive.finishes()
        archive.wait(3000)
        return archive

    def test_a_file_is_destroyed_when_the_archive_has_it(self, handed_over: Archive) -> None:
        """The package stands in the run and in the certificate."""
        package = Transferred(uuid4(), "0e" * 32)
        asked: list[UUID | None] = []

        def transfer(item: Item, mandate: Mandate, _: DisposalRun) -> Transferred:
            assert mandate.decision_reference == DECISION
            asked.append(item.subject_id)
            return package

        run = handed_over.begins()
        assert len(handed_over.carries_out(run, transfer=transfer).purged) == 1
        assert asked == [UUID(handed_over.school.student)]
        assert "file_transferred.v1" in handed_over.events_of(run)
        note = handed_over.auditor.get(f"{run}/items/1/certificate").response.content
        says = json.loads(open_note(note, [KEY.verifier]).text)
        assert says["transferred"] == {"package": str(package.package_id), "sha256": package.sha256}

    @pytest.mark.parametrize("way", ["no archive", "refused", "written meanwhile"])
    def test_a_file_that_the_archive_lacks_stays(self, handed_over: Archive, way: str) -> None:
        """No archive, a full one, or a package that lacks what was written after it."""

        def transfer(*_: object) -> Transferred:
            if way == "refused":
                msg = "the folder is full"
                raise NotTransferred(msg)
            right = {"cause": "completed", "ended_on": str(handed_over.today - timedelta(days=2500)), "reason": "Fel"}
            administrator = handed_over.at_level("administrator", 2)
            assert administrator.put(f"{handed_over.school.path}/schooling-end", **right).status == 200
            return Transferred(uuid4(), "0e" * 32)

        more: dict[str, Any] = {} if way == "no archive" else {"transfer": transfer}
        run = handed_over.begins()
        assert _left(handed_over.carries_out(run, **more)) == {1: SkipReason.NOT_TRANSFERRED}
        assert handed_over.at_level("mentor", 2).get(handed_over.school.path).status == 200

    @pytest.mark.parametrize(("where", "times"), [((Register, "add"), 2), ((Purger, "_destroy_key"), 1)])
    def test_an_interrupted_item_is_handed_over_again_only_before_the_point_of_no_return(
        self, handed_over: Archive, monkeypatch: pytest.MonkeyPatch, where: tuple[type, str], times: int
    ) -> None:
        """Behind a fence that was left closed nothing was written; after the line in the register there is no file."""
        asked = []

        def transfer(*_: object) -> Transferred:
            asked.append(1)
            return Transferred(UUID(int=7), "0e" * 32)

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        run = handed_over.begins()
        with monkeypatch.context() as patched:
            patched.setattr(*where, killed)
            with pytest.raises(KeyboardInterrupt):
                handed_over.carries_out(run, transfer=transfer)
        assert handed_over.auditor.items(f"{run}/items")[0]["state"] == "purging"
        assert len(handed_over.carries_out(run, transfer=transfer).purged) == 1
        assert len(asked) == times


def test_months_of_the_access_record_go_like_everything_else(archive: Archive) -> None:
    """Planned by their schedule, approved by another, dropped whole, certified."""
    archive.installation.services.context.record.place(archive.today, months=0)
    archive.adopts(document_class="access_record", years=0, months=1)
    archive.at_level("mentor", 2).get(archive.school.path)
    first = archive.today.replace(day=1)
    archive.wait(75)
    run = archive.begins()
    done = archive.carries_out(run)
    assert len(done.purged) == done.items >= 1
    assert archive.due("access_record") == []
    months = [one["month"] for one in archive.auditor.items(f"{run}/items")]
    assert str(first) in months
