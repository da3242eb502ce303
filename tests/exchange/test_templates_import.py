"""IUP templates published from files, in the name of the school's own people."""

import shutil
from pathlib import Path
from uuid import UUID

import pytest

from app.first_administrator import add_administrator
from app.local import bring_up_directory
from app.wiring import Parts
from events.base import Role
from exchange.iup_template_file import TEMPLATE_FOLDER
from tests.exchange.conftest import Run


def found(parts: Parts) -> UUID:
    """A school with an administrator and a principal."""
    first = add_administrator(parts.context, given_name="Anna", family_name="Ek", school_name="Björkskolan")
    school_id = first.school_id
    add_administrator(
        parts.context,
        given_name="Bo",
        family_name="Alm",
        school_id=school_id,
        role=Role.PRINCIPAL,
        another=True,
    )
    bring_up_directory(parts)
    return school_id


@pytest.mark.requirement("S-TPL-1")
@pytest.mark.requirement("S-TPL-7")
def test_the_templates_that_come_with_liggare_are_published_once(parts: Parts, liggare: Run) -> None:
    """Drafted and approved, one for each range of school years; a second run publishes nothing."""
    school_id = found(parts)
    assert liggare("import", "templates", "--dry-run")[1]["published"] == 0
    code, told = liggare("import", "templates", "--yes")
    assert (code, told["published"], told["schools_without_people"]) == (0, 4, [])
    bring_up_directory(parts)
    entries = parts.context.directory.templates_of_school(school_id)
    assert [(entry.template_version, entry.approved_at is not None) for entry in entries] == [(1, True)] * 4
    assert {grade for entry in entries for grade in entry.content.grades} == set(range(10))
    assert liggare("import", "templates", "--yes")[1]["due"] == []


def test_a_changed_file_is_a_new_version_and_a_bad_one_is_named(parts: Parts, tmp_path: Path, liggare: Run) -> None:
    """The earlier version stays for the plans that were started from it."""
    school_id = found(parts)
    folder = shutil.copytree(TEMPLATE_FOLDER, tmp_path / "t")
    assert liggare("import", "templates", str(folder), "--yes")[1]["published"] == 4
    path = folder / "ar-4-6.yaml"
    path.write_text(path.read_text("utf-8").replace("name: IUP årskurs", "name: Plan för årskurs"), "utf-8")
    (folder / "bad.yaml").write_text("name: [\n", "utf-8")
    code, told = liggare("import", "templates", str(folder), "--yes", "--school", str(school_id))
    assert (code, [due["template"] for due in told["due"]], told["published"]) == (0, ["ar-4-6"], 1)
    assert told["faults"][0].startswith("bad.yaml:")
    bring_up_directory(parts)
    versions = [entry.template_version for entry in parts.context.directory.templates_of_school(school_id)]
    assert sorted(versions) == [1, 1, 1, 1, 2]


def test_a_school_without_its_people_is_named(parts: Parts, liggare: Run) -> None:
    """Nobody else approves in the principal's place (G-9)."""
    added = add_administrator(parts.context, given_name="Anna", family_name="Ek", school_name="Björkskolan")
    code, told = liggare("import", "templates", "--yes")
    assert (code, told["published"], told["schools_without_people"]) == (1, 0, [str(added.school_id)])
