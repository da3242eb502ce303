"""The documents of a package, made of anything: what the specifications ask for, in the order of their schemas."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.archive_package.checking import check_package
from exchange.archive_package.content import JSON, PDF_A, About, Organisation, PackageFile
from exchange.archive_package.errors import PackageNotKept
from exchange.archive_package.keeping import keep_package
from exchange.archive_package.packing import Contents, files_of, packed
from retention.certificates import Mandate, Officer
from tests.aggregates.given import an_id

AT = datetime(2031, 6, 13, 3, 0, 5, 123456, tzinfo=UTC)
CONTENTS = Contents(
    [PackageFile("data/events.json", b"{}\n", JSON), PackageFile("data/plans/01.pdf", b"%PDF-1.7", PDF_A)],
    [PackageFile("schemas/events.schema.json", b"{}\n", JSON)],
)
MANDATE = Mandate(
    legal_ground="Arkivlagen 10 §",
    decision_reference="BUN 2026/17 § 4",
    planned_by=Officer(an_id("planner"), "Petra Planner"),
    approved_by=Officer(an_id("approver"), "Arne Approver"),
    carried_out_by=Officer(None, "Liggare"),
)


def about(
    *,
    name: str = "Ella Ek",
    creator: str = "Testkommun",
    code: str | None = None,
    mandate: Mandate | None = None,
    is_protected: bool = False,
) -> About:
    """A package about a pupil."""
    return About(
        package_id=UUID(int=7),
        at=AT,
        student_id=an_id("file"),
        name=name,
        schools=("Björkskolan", "Ekskolan"),
        enrolled_on=date(2017, 8, 20),
        ended_on=date(2026, 6, 12),
        events=17,
        plans=1,
        is_protected=is_protected,
        software="1.0",
        creator=Organisation(creator, code),
        mandate=mandate,
        decided_at=datetime(2031, 6, 1, tzinfo=UTC) if mandate else None,
    )


def document(of: About, path: str) -> ET.Element:
    """An XML document of the package."""
    (found,) = [file for file in files_of(of, CONTENTS) if file.path == path]
    return ET.fromstring(found.content)  # noqa: S314 - our own


def local(element: ET.Element) -> str:
    """A name without its namespace."""
    return element.tag.rpartition("}")[2]


IN_ORDER = {
    "premis": "object event agent rights",
    "object": "objectIdentifier objectCharacteristics originalName relationship linkingRightsStatementIdentifier",
    "objectCharacteristics": "fixity size format",
    "fixity": "messageDigestAlgorithm messageDigest messageDigestOriginator",
    "format": "formatDesignation formatRegistry",
    "formatDesignation": "formatName formatVersion",
    "formatRegistry": "formatRegistryName formatRegistryKey",
    "relationship": "relationshipType relationshipSubType relatedObjectIdentifier",
    "event": "eventIdentifier eventType eventDateTime eventDetailInformation eventOutcomeInformation "
    "linkingAgentIdentifier linkingObjectIdentifier",
    "eventDetailInformation": "eventDetail",
    "eventOutcomeInformation": "eventOutcome",
    "linkingAgentIdentifier": "linkingAgentIdentifierType linkingAgentIdentifierValue linkingAgentRole",
    "agent": "agentIdentifier agentName agentType agentVersion",
    "rights": "rightsStatement",
    "rightsStatement": "rightsStatementIdentifier rightsBasis statuteInformation linkingAgentIdentifier",
    "statuteInformation": "statuteJurisdiction statuteCitation statuteNote statuteDocumentationIdentifier",
}
"""What we use of PREMIS 3, in the order in which its schema has it; an identifier holds a type and a value."""


def _disorder(element: ET.Element) -> Iterator[str]:
    if not len(element):
        return
    parent, children = local(element), [local(child) for child in element]
    if parent not in IN_ORDER and parent.endswith("Identifier"):
        wanted = [f"{parent}Type", f"{parent}Value"]
    else:
        wanted = IN_ORDER[parent].split()
    if not set(children) <= set(wanted) or children != sorted(children, key=wanted.index):
        yield f"{parent}: {children}"
    for child in element:
        yield from _disorder(child)


@pytest.mark.parametrize("mandate", [None, MANDATE])
@pytest.mark.parametrize("folder", ["", "representations/rep1/"])
def test_preservation_metadata_are_in_the_order_of_premis(mandate: Mandate | None, folder: str) -> None:
    """And whatever is linked to is there."""
    of = about(mandate=mandate)
    root = document(of, f"{folder}metadata/preservation/premis.xml")
    assert list(_disorder(root)) == []
    said = {element.text for element in root.iter() if local(element).endswith("IdentifierValue")}
    told = {(element[0][0] if local(element) == "rights" else element[0])[1].text for element in root}
    outside = {f"{of.folder}/representations/rep1"} if folder else {str(of.student_id)}
    decision = {MANDATE.decision_reference} if mandate and not folder else set()
    assert said - told <= outside | decision


def test_the_right_to_hand_over_says_ground_decision_and_officers() -> None:
    """Who planned, approved and carried it out, and when it was decided."""
    root = document(about(mandate=MANDATE), "metadata/preservation/premis.xml")
    texts = [element.text for element in root.iter()]
    for said in (
        "Arkivlagen 10 §", "BUN 2026/17 § 4", "Petra Planner", "Arne Approver", "2031-06-01T00:00:00Z", "appraisal",
    ):  # fmt: skip
        assert said in texts
    assert "rights" not in [local(element) for element in document(about(), "metadata/preservation/premis.xml")]


def test_a_protected_identity_is_told_of() -> None:
    """So that nobody in the archive hands it out unaware."""
    says = "Elevens identitet var skyddad när paketet gjordes."
    path = "metadata/descriptive/dc.xml"
    assert says in [element.text for element in document(about(is_protected=True), path)]
    assert says not in [element.text for element in document(about(), path)]


def test_an_organisation_without_a_code_has_no_note() -> None:
    """A note of an agent is its code, and typed as that (SIP14, SIP20)."""
    counts = {
        code: sum(local(element) == "note" for element in document(about(code=code), "METS.xml").iter())
        for code in (None, "212000-0000")
    }
    assert counts == {None: 1, "212000-0000": 3}


def test_the_name_of_the_pupil_is_in_the_descriptive_metadata_alone() -> None:
    """Of what tells of the package: ids and structure can be read without it."""
    holding = [file.path for file in files_of(about(name="Xqzella"), CONTENTS) if b"Xqzella" in file.content]
    assert holding == ["metadata/descriptive/dc.xml"]


@settings(deadline=None)  # it writes files, beside others that do
@given(st.text(min_size=1), st.text(min_size=1))
def test_any_text_makes_a_package_that_holds(tmp_path_factory: pytest.TempPathFactory, name: str, creator: str) -> None:
    """Quotes, marks, what no XML may hold: it is read back as it was made, and made again it is the same."""
    made = packed(about(name=name, creator=creator), CONTENTS)
    assert packed(about(name=name, creator=creator), CONTENTS) == made
    path = tmp_path_factory.mktemp("package") / f"{about().folder}.tar"
    path.write_bytes(made)
    check_package(path)


def test_what_was_left_by_who_was_stopped_is_gone_when_it_is_made_again(tmp_path: Path) -> None:
    """A draft is half a pupil's file in the clear."""
    draft = tmp_path / f".{about().folder}" / f"{about().folder}.tar"
    draft.parent.mkdir()
    draft.write_bytes(b"half")
    keep_package(tmp_path, about().folder, packed(about(), CONTENTS))
    assert [path.name for path in tmp_path.iterdir()] == [draft.name]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """It is not made: a disk that is not mounted is to be noticed."""
    with pytest.raises(PackageNotKept, match="No such file or directory"):
        keep_package(tmp_path / "gone", about().folder, packed(about(), CONTENTS))
    assert list(tmp_path.iterdir()) == []
