"""A pupil's file as a package for the archive: an E-ARK SIP that stands by itself, made the same each time."""

import base64
import hashlib
import hmac
import io
import json
import resource
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest
from jsonschema_rs import Draft202012Validator, meta
from pypdf import PdfReader

from aggregates.disposal_run import DisposalRun, RunState
from app.archiving import hand_over, package_by_hand, transfers
from app.cli import main
from app.disposing import carry_out
from app.postgres_roles import Urls
from app.settings import Settings, read_settings
from app.wiring import Parts, open_parts
from commands.disposal import Transferred
from events.retention import SkipReason
from exchange.archive_package.checking import check_package
from exchange.archive_package.errors import PackageDamaged, PackageError, PackageNotKept
from exchange.archive_package.gathering import Order
from exchange.archive_package.keeping import keep_package
from retention.certificates import Mandate
from retention.items import Item
from retention.register import Register
from store.access_record import ARCHIVE
from tests.api.archive import DECISION, Archive
from tests.api.template import MATHS
from transparency.notes import VerifierKey
from transparency.proofs import Proof

DATA = "representations/rep1/data"
Files = dict[str, bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The archive's folder."""
    made = tmp_path / "archive"
    made.mkdir()
    return made


@pytest.fixture
def settings(
    archive: Archive, databases: Urls, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """What the machine of the municipality reads."""
    ours = {
        "LIGGARE_HOME": str(tmp_path),
        "LIGGARE_KEY_FILE": str(archive.installation.ledger.settings.key_file),
        "LIGGARE_ARCHIVE_FOLDER": str(folder),
        "LIGGARE_ARCHIVE_CREATOR": "Testkommun, barn- och utbildningsnämnden; 212000-0000",
        "LIGGARE_ARCHIVE_AGREEMENT": "Överenskommelse 2026/3",
    }
    for name, value in (databases.environment() | ours).items():
        monkeypatch.setenv(name, value)
    Register.begin(tmp_path / "register" / "purged.jsonl")
    return read_settings()


@pytest.fixture
def parts(settings: Settings, databases: Urls, tmp_path: Path) -> Iterator[Parts]:
    """Everything open, beside the server."""
    with open_parts(settings, databases, tmp_path) as opened:
        yield opened


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """A file with an agreed plan, whose schooling has ended."""
    school = archive.school
    plan = school.start()
    school.pupil.put(f"{plan}/answers/trivs", text="Jag trivs <bäst> & i skogen.")
    school.teacher.put(f"{plan}/assessments/{MATHS}", forecast="at_risk", text="Du kan räkna till hundra.")
    school.accept(school.propose(plan, activities="Öva varje dag", responsibility="Jag och pappa"))
    school.lock(plan)
    archive.finishes()
    return archive


Make = Callable[[], Transferred]


@pytest.fixture
def make(filled: Archive, settings: Settings, parts: Parts, folder: Path) -> Make:
    """Makes the package of the file by hand."""
    student = UUID(filled.school.student)
    return lambda: hand_over(settings, parts, Order(package_by_hand(student, 1), student), folder)


def read(path: Path) -> Files:
    """The files of a package by their paths in it."""
    with tarfile.open(path) as archive:
        return {
            member.name.partition("/")[2]: found.read() for member in archive if (found := archive.extractfile(member))
        }


def only(folder: Path) -> Path:
    """The one package in the folder; nothing else is left there."""
    (found,) = folder.iterdir()
    return found


def test_a_package_holds_the_whole_file(make: Make, filled: Archive, folder: Path) -> None:
    """Each plan as it is printed, every event in order, what tells of them, and whose they are."""
    made = make()
    path = only(folder)
    assert path.name == f"uuid-{made.package_id}.tar"
    assert check_package(path) == made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    files = read(path)
    assert sorted(files) == [
        "METS.xml", "documentation/om-paketet.txt", "metadata/descriptive/dc.xml", "metadata/preservation/premis.xml",
        "representations/rep1/METS.xml", f"{DATA}/events.json", f"{DATA}/plans/01-2026-2027-ht.pdf",
        "representations/rep1/metadata/preservation/premis.xml", "schemas/events.schema.json",
    ]  # fmt: skip
    printed = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(files[f"{DATA}/plans/01-2026-2027-ht.pdf"])).pages
    )
    assert "Jag trivs <bäst> & i skogen." in " ".join(printed.replace("\u200b", "").split())
    said = [
        (element.tag.rpartition("}")[2], element.text)
        for element in ET.fromstring(files["metadata/descriptive/dc.xml"])  # noqa: S314 - our own
    ]
    assert ("title", "Elevakt med individuella utvecklingsplaner: Pupil Testpupil") in said
    assert ("contributor", "Björkskolan") in said
    assert ("creator", "Testkommun, barn- och utbildningsnämnden") in said
    events = json.loads(files[f"{DATA}/events.json"])["events"]
    assert [one["version"] for one in events] == list(range(1, len(events) + 1))
    assert [one["code"] for one in events] == filled.school.codes()
    assert "Du kan räkna till hundra." in [one["event"].get("text") for one in events]


def test_every_event_is_proven_without_the_ledger(make: Make, folder: Path) -> None:
    """As the enclosed text says: the commitment from what is read, the leaf that holds it, the signed root."""
    make()
    said = json.loads(read(only(folder))[f"{DATA}/events.json"])
    key = VerifierKey.parse(said["key"])
    assert len(said["events"]) > 10
    for one in said["events"]:
        actor, event = (
            json.dumps(one[part], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            for part in ("actor", "event")
        )
        payload = f'{{"actor":{actor},"event":{event}}}'.encode()
        committed = hmac.digest(base64.b64decode(one["nonce"]), payload, "sha256")
        leaf = base64.b64decode(one["proof"]["data"])
        assert committed in leaf
        assert leaf.endswith(one["code"].encode())
        path = [base64.b64decode(part) for part in one["proof"]["path"]]
        Proof(leaf, one["proof"]["leaf"], path, said["checkpoint"].encode()).check(key)


def test_the_enclosed_schema_fits_the_events(make: Make, folder: Path) -> None:
    """And fits nothing that lacks a field, or has one that is not told of."""
    make()
    files = read(only(folder))
    schema, said = (json.loads(files[path]) for path in ("schemas/events.schema.json", f"{DATA}/events.json"))
    assert meta.is_valid(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(said)
    wrongs: tuple[dict[str, Any], ...] = ({"code": "goal_unheard_of.v1"}, {"more": 1}, {"event": {}})
    for wrong in wrongs:
        assert not validator.is_valid(said | {"events": [said["events"][0] | wrong]})


def test_it_is_the_same_bytes_when_it_is_made_again(make: Make, filled: Archive, folder: Path) -> None:
    """Also when the ledger has grown meanwhile, and other checkpoints were signed; it lies once in the folder."""
    first = make()
    content = only(folder).read_bytes()
    filled.adopts()
    assert make() == first
    assert only(folder).read_bytes() == content
    with tarfile.open(only(folder)) as packed:
        for head in packed:
            assert (head.uid, head.gid, head.uname, head.gname, head.mode) == (0, 0, "", "", 0o644)
    assert only(folder).stat().st_mode & 0o777 == 0o600


def test_whatever_is_changed_in_a_package_is_found(make: Make, folder: Path) -> None:
    """A byte of any file, a file that is gone, one that nothing tells of, another folder's name."""
    make()
    path = only(folder)
    files = read(path)

    def is_refused(changed: Files, name: str = path.stem) -> str:
        with tarfile.open(path, "w") as packed:
            for inner, content in changed.items():
                head = tarfile.TarInfo(f"{name}/{inner}")
                head.size = len(content)
                packed.addfile(head, io.BytesIO(content))
        with pytest.raises(PackageDamaged) as refused:
            check_package(path)
        return str(refused.value)

    for inner in files.keys() - {"METS.xml"}:
        assert is_refused(files | {inner: files[inner] + b" "}) == f"{inner} is not what its checksum says"
        assert is_refused({key: value for key, value in files.items() if key != inner}) == (
            f"{inner} is told of and not there"
        )
    assert is_refused(files | {"more.txt": b""}) == "more.txt is told of by no METS document"
    assert "does not belong" in is_refused(files, "uuid-of-another")
    assert "does not belong" in is_refused({"../outside": b""})
    assert is_refused({}) == "there is no METS.xml"
    root = files["METS.xml"]
    for found, put, why in (
        (b'OBJID="uuid-', b'OBJID="', "is not the METS document of"),
        (b'LABEL="CSIP"', b'LABEL="Mine"', "lacks what CSIP80 asks for"),
        (b'USE="Schemas"', b'USE="Other"', "lacks what CSIP113 asks for"),
        (b'TYPE="ORGANIZATION"', b'TYPE="INDIVIDUAL"', "lacks what SIP15 asks for"),
        (b'ID="grp-schemas"', b'ID="grp-documentation"', "is taken twice"),
        (b"SHA-256", b"MD5", "is told of without"),
        (b"</mets:mets>", b"", "is not XML"),
    ):
        assert found in root
        assert why in is_refused(files | {"METS.xml": root.replace(found, put)})
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(PackageDamaged):
        check_package(path)


NOT_OURS = {("Error", "CSIP12"), ("Error", "CSIP13"), ("Error", "CSIP16"), ("Error", "SIP14"), ("Warn", "CSIP105")}
"""What version 1.1.3 says of every package that has what the specification asks for.

It takes each agent whose role is CREATOR for the program (CSIP12 to CSIP16), and so refuses the specification's own
example of who hands over; it looks for NOTETYPE outside the namespace in which it is (SIP14), and for representations
one step further in than the specification's example has them (CSIP105).
"""


def test_the_validator_of_the_specification_finds_nothing_else(make: Make, folder: Path) -> None:
    """Neither in the structure nor by the schema of METS; by the rules of CSIP and SIP only what contradicts itself."""
    program = shutil.which("eark-validator")
    if program is None:
        pytest.skip("eark-validator is not on this machine")
    make()
    asked = [program, "--specification_version", "V2.1.0", str(only(folder))]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120)
    said = json.loads(done.stdout.partition("\n")[2])
    assert said["structure"]["status"] == "WellFormed"
    assert {one["severity"] for one in said["structure"]["messages"]} <= {"Info"}
    assert said["metadata"]["schema_results"] == {"status": "VALID", "messages": []}
    found = said["metadata"]["schematron_results"]["messages"]
    assert {(one["severity"], one["rule_id"]) for one in found if one["severity"] != "Info"} == NOT_OURS


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows larger than this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_a_clear_refusal_that_leaves_what_was_there(make: Make, folder: Path) -> None:
    """Nothing half is left in the folder, and an earlier package of the same id is as it was."""
    make()
    path = only(folder)
    content = path.read_bytes()
    with room_for(1000), pytest.raises(PackageNotKept, match="the archive's folder cannot be written: File too large"):
        keep_package(folder, path.stem, content)
    assert only(folder).read_bytes() == content
    with pytest.raises(PackageDamaged):
        keep_package(folder, path.stem, content[:2000])
    assert only(folder).read_bytes() == content


class TestRun:
    """A disposal run whose schedule says that files are handed over first."""

    @pytest.fixture
    def begun(self, filled: Archive) -> str:
        """A run over the one file, begun."""
        filled.adopts(action="transfer")
        filled.wait(3000)
        return filled.begins()

    def test_a_file_is_handed_over_and_then_destroyed(
        self, begun: str, filled: Archive, settings: Settings, parts: Parts, folder: Path
    ) -> None:
        """The package that the archive has is the one that the run and the certificate name; it says by what right."""
        done = filled.carries_out(begun, transfer=transfers(settings, parts))
        assert (done.state, len(done.purged)) == (RunState.FINISHED, 1)
        handed_over = done.transferred[1]
        assert only(folder).name == f"uuid-{handed_over.package_id}.tar"
        assert check_package(only(folder)) == handed_over.sha256
        note = filled.auditor.get(f"{begun}/items/1/certificate").response.content.decode()
        assert f'"transferred":{{"package":"{handed_over.package_id}","sha256":"{handed_over.sha256}"}}' in note
        told = read(only(folder))["metadata/preservation/premis.xml"].decode()
        for said in (
            "Arkivlagen 10 §", f"Beslut: {DECISION}", "Operator Testoperator", "Other_operator Testother_operator",
            "<premis:eventType>appraisal</premis:eventType>",
        ):  # fmt: skip
            assert said in told
        assert filled.school.student not in f"{handed_over.package_id} {note}"

    def test_what_carries_runs_out_hands_over(
        self, begun: str, filled: Archive, settings: Settings, databases: Urls, tmp_path: Path, folder: Path
    ) -> None:
        """As the worker and the command do, with nothing but the settings."""
        looking_ahead = settings.model_copy(update={"today": filled.today})
        with open_parts(looking_ahead, databases, tmp_path) as parts:
            done = carry_out(looking_ahead, databases, parts, UUID(begun.rpartition("/")[2]))
        assert (done.state, len(done.purged)) == (RunState.FINISHED, 1)
        assert check_package(only(folder)) == done.transferred[1].sha256

    @pytest.mark.parametrize("way", ["not set", "missing", "full"])
    def test_nothing_is_destroyed_that_the_archive_cannot_take(
        self, begun: str, filled: Archive, settings: Settings, parts: Parts, folder: Path, way: str
    ) -> None:
        """The item is left with its reason, and the file is as it was."""
        settings = settings.model_copy(update={"archive_folder": None} if way == "not set" else {})
        if way == "missing":
            folder.rmdir()
        transfer = transfers(settings, parts)

        def cramped(item: Item, mandate: Mandate, run: DisposalRun) -> Transferred:
            with room_for(4000):
                return transfer(item, mandate, run)

        done = filled.carries_out(begun, transfer=cramped if way == "full" else transfer)
        assert _left(done) == {1: SkipReason.NOT_TRANSFERRED}
        assert filled.at_level("mentor", 2).get(filled.school.path).status == 200
        assert not folder.exists() or not list(folder.iterdir())

    def test_a_package_made_again_for_the_same_item_is_the_same(
        self, begun: str, filled: Archive, settings: Settings, parts: Parts, folder: Path
    ) -> None:
        """So a run that was interrupted after the package goes on with it."""
        transfer = transfers(settings, parts)
        made: list[Transferred] = []

        def twice(item: Item, mandate: Mandate, run: DisposalRun) -> Transferred:
            made.extend(transfer(item, mandate, run) for _ in range(2))
            return made[0]

        assert len(filled.carries_out(begun, transfer=twice).purged) == 1
        assert made[0] == made[1]
        assert check_package(only(folder)) == made[0].sha256


def _left(run: DisposalRun) -> dict[int, SkipReason]:
    assert run.state is RunState.FINISHED
    return run.skipped


class TestCommand:
    """`liggare export package`."""

    @staticmethod
    def exports(archive: Archive, who: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, level: int = 3) -> int:
        """The exit code, when an officer asks for the package of the file."""
        session = archive.installation.issue(archive.school.known.people[who]["person_id"], level)
        monkeypatch.setenv("LIGGARE_SESSION", session)
        return main(["export", "package", archive.school.student, str(folder), "--json"])

    def test_an_officer_makes_one_by_hand_and_that_is_on_record(
        self,
        filled: Archive,
        settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Guardians see who took out the file, and why; nothing is destroyed."""
        assert settings.archive_folder
        other = tmp_path / "other"
        other.mkdir()
        assert self.exports(filled, "operator", other, monkeypatch) == 0
        printed = json.loads(capsys.readouterr().out)
        assert check_package(other / f"uuid-{printed['package_id']}.tar") == printed["sha256"]
        looks = filled.at_level("guardian", 2).items(f"{filled.school.path}/access-record")
        assert [one["role"] for one in looks if one["purpose"] == ARCHIVE] == ["retention_operator"]
        assert self.exports(filled, "operator", other, monkeypatch) == 0
        assert json.loads(capsys.readouterr().out) == printed
        assert self.exports(filled, "operator", tmp_path / "nowhere", monkeypatch) == 2

    @pytest.mark.parametrize(("who", "level"), [("auditor", 3), ("registrar", 3), ("mentor", 3), ("operator", 2)])
    def test_nobody_else_does(
        self,
        filled: Archive,
        settings: Settings,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        who: str,
        level: int,
    ) -> None:
        """Nor an operator who is not surely enough identified; then nothing is written."""
        assert settings.archive_folder == folder
        assert self.exports(filled, who, folder, monkeypatch, level=level) == 1
        assert list(folder.iterdir()) == []

    def test_a_file_that_is_not_there_gives_no_package(
        self, filled: Archive, settings: Settings, parts: Parts, folder: Path
    ) -> None:
        """Neither by the command nor beneath it."""
        nobody = uuid4()
        with pytest.raises(PackageError):
            hand_over(settings, parts, Order(package_by_hand(nobody, 1), nobody), folder)
        assert filled.school.student
        assert list(folder.iterdir()) == []
