"""What is applied after a restore, whatever was restored, and however often it is stopped."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import UUID, uuid4, uuid5

import pytest

from aggregates.disposal_run import RunState
from aggregates.municipality import municipality_id
from app.disposing import carry_out
from app.wiring import open_parts
from commands.streams import DISPOSAL_RUN, find
from events.base import Recorded
from events.retention import DisposalAction, DocumentClass, HoldGround, RetentionHeld, ScheduleAdopted, Trigger
from store.ledger import Append
from tests.aggregates.given import an_id
from tests.app.running import ROOT
from tests.backups.conftest import Installation, signed
from tests.projections.telling import tell
from tests.retention.purging import OPERATOR, World

MOST_STEPS = 200


@contextmanager
def dying() -> Iterator["subprocess.Popen[str]"]:
    """A process that forks for each death."""
    command = [sys.executable, "-m", "tests.backups.dying"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def dies(process: "subprocess.Popen[str]", installation: Installation, step: int) -> bool:
    """Let it apply the register; whether it died on the way."""
    assert process.stdin
    assert process.stdout
    asked = {"urls": vars(installation.urls), "home": str(installation.home), "step": step}
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline().strip()
    assert answer in {"died", "done"}
    return answer == "died"


@pytest.mark.slow
def test_killed_at_every_step_it_goes_on(installation: Installation) -> None:
    """Each line is applied whole or not at all, nothing starts in between, and in the end all are gone."""
    with installation.world() as world:
        stories = [world.pupil(f"Elev {number}", everywhere=False) for number in range(2)]
        other = world.pupil("Bo Ek")
        signed(world, installation)
    installation.back_up()
    with installation.world() as world:
        begun = world.begin_run(*(story.stream for story in stories))
        for number in range(1, 1 + len(stories)):
            begun.purge(number)
        before = rows_of(world, other.stream)
    installation.restore("--replace")
    deaths = 0
    with dying() as process, installation.world() as world:
        for step in range(1, MOST_STEPS):
            if not dies(process, installation, step):
                break
            deaths += 1
            left = [events_of(world, story.stream) for story in stories]
            assert all(count in {0, len(story.past)} for count, story in zip(left, stories, strict=True))
            assert applied(world) == left.count(0) == certificates(world)
        else:
            pytest.fail("it never came to its end")
        assert deaths > 20
        assert applied(world) == len(stories)
        assert world.holding(*(story.stream for story in stories)) == []
        assert rows_of(world, other.stream) == before


def test_keys_alone_that_were_put_back_are_noticed_and_destroyed_again(installation: Installation) -> None:
    """Without their rows they open nothing but other backups, which is enough."""
    with installation.world() as world:
        elsa = world.pupil("Elsa Åkesson", everywhere=False)
    installation.back_up()
    with installation.world() as world:
        world.begin_run(elsa.stream).purge()
    code, told = installation.give("restore", "--keys-from", installation.keys, "--replace")
    assert code == 0, told
    assert_refused(installation, "the database of keys is older than the purge register")
    code, told = installation.give("retention", "replay")
    assert (code, "lacks the keys of 1 subjects" in told) == (3, True)  # of the run, which was not there yet
    assert_refused(installation, "lacks the keys of 1 subjects")
    with installation.world() as world:
        assert world.holding(elsa.stream) == []


def test_keys_alone_of_before_the_last_purge_are_refused_by_the_register(installation: Installation) -> None:
    """Though each subject has its key."""
    with installation.world() as world:
        elsa = world.pupil("Elsa Åkesson", everywhere=False)
        begun = world.begin_run(elsa.stream)
    installation.back_up()
    with installation.world() as world:
        begun.world = world
        begun.run.ledger = world.ledger
        begun.purge()
    assert installation.give("restore", "--keys-from", installation.keys, "--replace")[0] == 0
    assert_refused(installation, "the database of keys is older than the purge register")
    done = installation.answer("retention", "replay")
    assert (done["lines"], done["subjects"], done["keys"]) == (0, 0, 1)
    assert installation.give("projections", "rebuild", "overview")[0] == 0


def test_the_ledger_alone_opens_nothing_of_who_was_destroyed_and_is_refused_too(installation: Installation) -> None:
    """Her rows are back and her key is not."""
    with installation.world() as world:
        elsa = world.pupil("Elsa Åkesson", everywhere=False)
    installation.back_up()
    with installation.world() as world:
        world.begin_run(elsa.stream).purge()
    assert installation.give("restore", installation.dumps, "--replace")[0] == 0
    assert_refused(installation, "liggare retention replay")
    done = installation.answer("retention", "replay")
    assert (done["lines"], done["subjects"], done["keys"]) == (1, 1, 0)


def test_a_register_that_is_missing_cut_or_anothers_is_a_refusal(installation: Installation) -> None:
    """Each by its name; none is ever begun beside a ledger that came back."""
    with installation.world() as world:
        elsa, bo = world.pupil("Elsa Åkesson", everywhere=False), world.pupil("Bo Ek", everywhere=False)
        begun = world.begin_run(elsa.stream, bo.stream)
        begun.purge(1)
    installation.back_up()
    register = installation.settings.register
    lines = register.read_bytes()
    register.unlink()
    restored = installation.restore("--replace")
    assert restored["register_there"] is False
    for command in (("retention", "replay"), ("projections", "rebuild", "overview")):
        code, told = installation.give(*command)
        assert (code, "there is no purge register" in told) == (3, True)
    for wrong, said in ((b"", "older than the ledger"), (lines.replace(b'"n":1', b'"n":7'), "line 1 of the purge")):
        register.write_bytes(wrong)
        for command in (("retention", "replay"), ("projections", "rebuild", "overview")):
            code, told = installation.give(*command)
            assert (code, said in told) == (3, True), told
    register.write_bytes(lines)
    assert installation.answer("retention", "replay")["lines"] == 0


def test_a_fresh_machine_begins_no_register_of_its_own(installation: Installation) -> None:
    """A backup from before the first purge would be at one with an empty register, and so bring everybody back."""
    with installation.world() as world:
        world.pupil("Elsa Åkesson", everywhere=False)
    installation.back_up()
    installation.settings.register.unlink()
    assert installation.restore("--replace")["register_there"] is False
    assert_refused(installation, "there is no purge register")


def test_events_after_the_backup_are_not_certified_of_a_tree_that_never_had_them(installation: Installation) -> None:
    """The certificate in the database is restated over the leaves that are there; the one given stays outside."""
    with installation.world() as world:
        elsa = world.pupil("Elsa Åkesson", everywhere=False)
        signed(world, installation)
    installation.back_up()
    with installation.world() as world:
        elsa.given(
            RetentionHeld(hold_id=uuid4(), ground=HoldGround.DISPUTE, authority="IVO", reference="1", reason="Prövas")
        )
        tell(world.ledger, elsa.past[-1:])
        begun = world.begin_run(elsa.stream)
        note = begun.purge().note
        signed(world, installation)
    installation.restore("--replace")
    assert installation.answer("retention", "replay")["certificates"] == 1
    kept = installation.settings.register.parent / "certificates" / f"{begun.run.id}-1.txt"
    assert kept.read_bytes() == note
    with installation.world() as world:
        row = world.owner.execute("select note from purge_certificates").fetchone()
        assert row is not None
        said = json.loads(row[0].partition(b"\n\n")[0])
    assert said["events"] == len(elsa.past) - 1
    code, told = installation.give("ledger", "verify", "--json")
    assert code == 1
    assert {finding["kind"] for finding in json.loads(told)["findings"]} == {"rolled_back"}


def test_a_run_that_was_begun_ends_after_it_was_put_back(installation: Installation) -> None:
    """What it does not know to have destroyed goes on record, and what was not destroyed yet is."""
    with installation.world() as world:
        elsa, bo = world.pupil("Elsa Åkesson", everywhere=False), world.pupil("Bo Ek", everywhere=False)
        signed(world, installation)
        adopt(world)
        begun = world.begin_run(elsa.stream, bo.stream)
    installation.back_up()
    with installation.world() as world:
        begun.world, begun.run.ledger = world, world.ledger
        begun.purge(1)
    installation.restore("--replace")
    installation.answer("retention", "replay")
    settings = installation.settings
    with open_parts(settings, installation.urls, installation.folder) as parts:
        ended = carry_out(settings, installation.urls, parts, begun.run.id)
        assert (ended.state, sorted(ended.purged)) == (RunState.FINISHED, [1])
        assert sorted(ended.skipped) == [2]  # the schedule has two hundred years
        again = find(parts.context, DISPOSAL_RUN, begun.run.id)
        assert again is not None
        assert again.state is RunState.FINISHED


def assert_refused(installation: Installation, why: str) -> None:
    """What opens the ledger does not start."""
    code, told = installation.give("projections", "rebuild", "overview")
    assert (code, why in told) == (3, True), told


def adopt(world: World) -> None:
    """A schedule for pupils' files, as `World.begin_run` names it."""
    adopted = ScheduleAdopted(
        schedule_id=an_id("schedule"),
        document_class=DocumentClass.STUDENT_FILE,
        trigger=Trigger.SCHOOLING_ENDED,
        years=200,
        action=DisposalAction.PURGE,
        legal_ground="Arkivlagen 10 §",
        decision_reference="BUN 2026/17 § 4",
        valid_from=date(2020, 1, 1),
    )
    tenant = municipality_id("liggare")
    policy, command = uuid5(tenant, "retention policy"), uuid4()
    recorded = Recorded(policy, 1, tenant, adopted, OPERATOR, datetime.now(UTC), command, command)
    world.ledger.append(Append("retention_policy", "municipality", tenant, policy, 0, [recorded]))


def rows_of(world: World, subject_id: UUID) -> dict[str, list[str]]:
    """The rows of a subject in every table."""
    return {table: [row for row in rows if str(subject_id) in row] for table, rows in world.rows().items()}


def events_of(world: World, stream_id: UUID) -> int:
    """How many events a stream has."""
    row = world.owner.execute("select count(*) from events where stream_id = %s", (stream_id,)).fetchone()
    return row[0] if row else 0


def applied(world: World) -> int:
    """How many lines of the register the ledger has been through."""
    row = world.owner.execute("select lines from register_state").fetchone()
    return row[0] if row else 0


def certificates(world: World) -> int:
    """How many certificates the ledger has."""
    row = world.owner.execute("select count(*) from purge_certificates").fetchone()
    return row[0] if row else 0
