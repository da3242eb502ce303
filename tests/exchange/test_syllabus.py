"""The national syllabus from files: Swedish wordings, versions by their text, earlier wordings kept."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.wiring import Parts
from events.syllabus import SyllabusItem, SyllabusKind
from exchange.syllabus import SyllabusFiles, difference, plain, read_syllabus, version_of
from tests.exchange.conftest import Run

LGR22 = Path(__file__).parents[3] / "shared" / "data" / "lgr22"


def text(local: str) -> dict[str, str]:
    """A text as the files have it: Swedish, and an English one that is never read."""
    return {"local": local, "en": "NOT READ"}


def subject(code: str = "GRTEST01") -> dict[str, Any]:
    """A small subject."""
    return {
        "source": {"aiEnriched": ["description.en", "interdisciplinaryThemes", "basicSkills"]},
        "subject": {
            "code": code,
            "name": text("Provkunskap"),
            "coreElements": [{"code": "", "name": text("förmåga att pröva"), "description": text("annat")}],
            "interdisciplinaryThemes": [{"code": "TT1", "name": text("PÅHITTAT")}],
            "gradeBands": [
                {
                    "afterGrade": 3,
                    "label": text("Årskurs 1-3"),
                    "competenceGoals": [
                        {"code": "X", "text": text("Ett prov.")},
                        {"code": "X", "text": text("Två prov.")},
                        {"code": "", "text": text("Ett prov.")},
                    ],
                    "knowledgeCriteria": [{"gradeStep": "", "text": text("Eleven prövar.")}],
                }
            ],
        },
    }


def write(folder: Path, *documents: dict[str, Any]) -> Path:
    """A folder of these files."""
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    for number, document in enumerate(documents):
        (folder / f"{number}.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder


def places(read: SyllabusFiles) -> list[tuple[str, str, str, int, str, str]]:
    """Everything read, as tuples."""
    return [
        (w.item.subject, w.item.years, w.item.kind.value, w.item.ordinal, w.wording, w.label) for w in read.wordings
    ]


def test_a_file_is_read_in_its_swedish_wording(tmp_path: Path) -> None:
    """Place by subject, years, kind and ordinal; the same text twice in one place counts once; codes are labels."""
    read = read_syllabus(write(tmp_path / "s", subject()))
    assert read.subjects == {"GRTEST01": "Provkunskap"}
    assert places(read) == [
        ("GRTEST01", "1-9", "aim", 1, "förmåga att pröva", ""),
        ("GRTEST01", "1-3", "content", 1, "Ett prov.", "X"),
        ("GRTEST01", "1-3", "content", 2, "Två prov.", "X"),
        ("GRTEST01", "1-3", "criterion", 1, "Eleven prövar.", ""),
    ]
    assert read.wordings[1].item.version == version_of("Ett prov.")
    assert "NOT READ" not in repr(read)
    assert "PÅHITTAT" not in repr(read)


def test_what_the_publisher_marks_as_made_by_a_machine_is_not_read(tmp_path: Path) -> None:
    """Whatever field it is."""
    document = subject()
    document["source"]["aiEnriched"].append("coreElements")
    read = read_syllabus(write(tmp_path / "s", document))
    assert {w.item.kind for w in read.wordings} == {SyllabusKind.CONTENT, SyllabusKind.CRITERION}


def test_a_version_does_not_depend_on_how_the_text_is_broken() -> None:
    """Soft hyphens, doubled spaces and decomposed letters are no new wording."""
    assert plain("an\u00advän\u00adds  i\nA\u030a") == "används i Å"


def test_a_heading_that_ran_into_its_text_is_a_sentence_of_its_own() -> None:
    """As the publisher's files have it; capitals and years elsewhere stay as they are."""
    assert plain("Kriterier i slutet av årskurs 6Eleven visar") == "Kriterier i slutet av årskurs 6. Eleven visar"
    assert plain("Inom ramen för språkvalBetygskriterier") == "Inom ramen för språkval. Betygskriterier"
    assert plain("FN:s arbete från år 1948. DNA, EU och IKT") == "FN:s arbete från år 1948. DNA, EU och IKT"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"{", "line 1"),
        (b"\xff\xfe", "file"),
        (b'{"subject": 1}', "subject"),
        (b'{"subject": {"code": "A B"}}', "subject.code"),
        (b'{"subject": {"code": "AB"}}', "subject.name.local"),
        (b'{"subject": {"code": "AB", "name": {"local": "Ab"}}}', "subject"),
    ],
)
def test_a_bad_file_is_named_and_the_others_are_read(tmp_path: Path, content: bytes, where: str) -> None:
    """By file and place, never by its text."""
    folder = write(tmp_path / "s", subject())
    (folder / "bad.json").write_bytes(content)
    read = read_syllabus(folder)
    assert list(read.subjects) == ["GRTEST01"]
    assert [(fault.file, fault.where) for fault in read.faults] == [("bad.json", where)]


def test_a_bad_part_is_named_and_the_rest_of_the_file_is_read(tmp_path: Path) -> None:
    """The part's place is counted from 1."""
    document = subject()
    document["subject"]["gradeBands"][0]["competenceGoals"][1]["text"] = {"en": "only"}
    document["subject"]["gradeBands"].append({"label": text("Alla år"), "competenceGoals": []})
    read = read_syllabus(write(tmp_path / "s", document))
    assert len(read.wordings) == 3
    assert [fault.where for fault in read.faults] == [
        "subject.gradeBands[1].competenceGoals[2].text.local",
        "subject.gradeBands[2].label.local",
    ]


def test_two_files_of_one_subject_are_not_mixed(tmp_path: Path) -> None:
    """The second is named."""
    read = read_syllabus(write(tmp_path / "s", subject(), subject()))
    assert [(fault.file, fault.where) for fault in read.faults] == [("1.json", "subject.code")]


def test_a_reworded_item_is_a_new_version_beside_the_old(parts: Parts, tmp_path: Path) -> None:
    """Links to the old wording still lead somewhere; what is gone is no longer current; coming back restores it."""
    syllabus = parts.context.syllabus

    def bring_in(*documents: dict[str, Any]) -> dict[str, int]:
        read = read_syllabus(write(tmp_path / "s", *documents))
        found = difference(syllabus.subjects(), syllabus.items(with_former=True), read)
        syllabus.save(found.changes)
        assert difference(syllabus.subjects(), syllabus.items(with_former=True), read).is_empty
        return {name: count for name, count in found.counts.items() if count}

    first, second = subject(), deepcopy(subject())
    second["subject"]["gradeBands"][0]["competenceGoals"][0]["text"] = text("Ett nytt prov.")
    second["subject"]["gradeBands"][0]["knowledgeCriteria"] = []
    assert bring_in(first) == {"new": 4}
    old = syllabus.items(subject="GRTEST01", kind=SyllabusKind.CONTENT)[0]
    assert bring_in(second) == {"reworded": 1, "gone": 1, "new": 1, "same": 2}
    assert syllabus.unknown([old.item]) == []
    assert syllabus.wordings([old.item])[old.item].wording == "Ett prov."
    assert not syllabus.wordings([old.item])[old.item].is_current
    assert bring_in(first) == {"restored": 2, "gone": 1, "same": 2}
    assert bring_in(subject("GRTEST02")) == {"new": 4, "gone": 4}
    assert list(syllabus.subjects()) == ["GRTEST02"]
    assert set(syllabus.subjects(with_former=True)) == {"GRTEST01", "GRTEST02"}
    assert {w.item.subject for w in syllabus.items()} == {"GRTEST02"}


def test_nothing_is_gone_because_of_a_file_that_cannot_be_read(parts: Parts, tmp_path: Path) -> None:
    """It may be the one that still has it."""
    syllabus = parts.context.syllabus
    folder = write(tmp_path / "s", subject())
    syllabus.save(difference({}, [], read_syllabus(folder)).changes)
    write(folder, subject("GRTEST02"))
    (folder / "bad.json").write_text("{")
    found = difference(syllabus.subjects(), syllabus.items(with_former=True), read_syllabus(folder))
    assert (found.counts["new"], found.counts["gone"], found.changes.gone_subjects) == (4, 0, [])


def test_an_item_that_was_never_imported_is_unknown(parts: Parts) -> None:
    """A link must lead somewhere."""
    item = SyllabusItem(subject="X", years="1-3", kind=SyllabusKind.AIM, ordinal=1, version="0" * 64)
    assert parts.context.syllabus.unknown([item]) == [item]
    assert parts.context.syllabus.unknown([]) == []


def test_a_dry_run_of_the_syllabus_keeps_nothing(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """Only --yes does; a second run finds everything the same; an empty folder is refused."""
    folder = str(write(tmp_path / "s", subject()))
    code, told = liggare("import", "syllabus", folder, "--dry-run")
    assert (code, told["carried_out"], told["items"]["new"]) == (0, False, 4)
    assert parts.context.syllabus.subjects() == {}
    assert liggare("import", "syllabus", folder, "--yes")[1]["carried_out"]
    code, told = liggare("import", "syllabus", folder, "--yes")
    assert (code, told["carried_out"], told["items"]["same"]) == (0, False, 4)
    assert liggare("import", "syllabus", str(write(tmp_path / "s")), "--yes")[0] == 1


@pytest.mark.skipif(not LGR22.is_dir(), reason="the syllabus files are not beside the checkout")
def test_the_whole_of_lgr22(parts: Parts, liggare: Run) -> None:
    """Twenty subjects in Swedish only, each with aims, content and criteria for years 3, 6 or 9."""
    code, told = liggare("import", "syllabus", str(LGR22), "--yes")
    assert (code, told["subjects"], told["faults"], told["passed_over"]) == (0, 20, [], ["metadata.json"])
    items = parts.context.syllabus.items()
    assert len(items) == told["items"]["new"]
    assert {w.item.kind for w in items} == set(SyllabusKind)
    assert all(version_of(w.wording) == w.item.version and plain(w.wording) == w.wording for w in items)
    assert parts.context.syllabus.items(subject="GRGRMAT01", years="1-3", kind=SyllabusKind.CRITERION)
    assert not any(" the " in w.wording for w in items)
    assert liggare("import", "syllabus", str(LGR22), "--yes")[1]["items"]["same"] == len(items)
