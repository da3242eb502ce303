"""The METS documents of a package, by the profile of E-ARK SIP 2.1.0: one of the whole, one of the representation.

What the numbers in comments mean stands in the specifications CSIP and SIP.
"""

from collections.abc import Iterator, Sequence
from itertools import count

from exchange.archive_package.content import REPRESENTATION, XML, About, PackageFile
from exchange.archive_package.xml import CSIP, METS, SIP, XLINK, Element, Maker, name, schema_location, written

PATH = "METS.xml"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
CONTENT_TYPE = "Liggare elevakt 1"
"""What the content is made by: no content information type specification is published for it."""

_m = Maker(METS)
_CONTENT = {
    name(CSIP, "CONTENTINFORMATIONTYPE"): "OTHER",
    name(CSIP, "OTHERCONTENTINFORMATIONTYPE"): CONTENT_TYPE,
}


def of_package(
    about: About,
    *,
    descriptive: PackageFile,
    preservation: PackageFile,
    documentation: Sequence[PackageFile],
    schemas: Sequence[PackageFile],
    representation: PackageFile,
) -> PackageFile:
    """The root document; `representation` is the METS document of the representation, by its path in the package."""
    use = f"Representations/{REPRESENTATION}"
    body = [
        _header(about),
        _m("dmdSec", None, _reference(about, descriptive, "DC"), ID="dmd-1", CREATED=about.moment, STATUS="CURRENT"),
        _administrative(about, preservation, ""),
        _m(
            "fileSec",
            None,
            _group(about, "Documentation", "grp-documentation", documentation, "documentation"),
            _group(about, "Schemas", "grp-schemas", schemas, "schema"),
            _group(about, use, f"grp-{REPRESENTATION}", [representation], REPRESENTATION),
            ID="files",
        ),
        _structure(
            about.folder,
            "",
            _division("Metadata", "div-metadata", ADMID="digiprov-1", DMDID="dmd-1"),
            _division("Documentation", "div-documentation", _pointer("grp-documentation")),
            _division("Schemas", "div-schemas", _pointer("grp-schemas")),
            _division("Representations", "div-representations", _pointer(f"grp-{REPRESENTATION}")),
            _division(use, f"div-{REPRESENTATION}", _to_representation(representation)),
        ),
    ]
    return _document(about.folder, body, label=f"Elevakt ur Liggare, {about.creator.name}")


def of_representation(about: About, *, preservation: PackageFile, data: Sequence[PackageFile]) -> PackageFile:
    """The document of the representation; paths are those within its folder."""
    prefix = f"{REPRESENTATION}-"
    group = f"{prefix}grp-data"
    body = [
        _header(about),
        _administrative(about, preservation, prefix),
        _m("fileSec", None, _group(about, "Data", group, data, f"{prefix}data"), ID=f"{prefix}files"),
        _structure(
            REPRESENTATION,
            prefix,
            _division("Metadata", f"{prefix}div-metadata", ADMID=f"{prefix}digiprov-1"),
            _division("Data", f"{prefix}div-data", _pointer(group)),
        ),
    ]
    return _document(REPRESENTATION, body, label="Planer och händelser")


def _document(own_id: str, body: Sequence[Element], *, label: str) -> PackageFile:
    attributes = {  # CSIP1-CSIP6, SIP1, SIP2
        "OBJID": own_id,
        "LABEL": label,
        "TYPE": "Mixed",
        "PROFILE": PROFILE,
        **_CONTENT,
        **schema_location(METS, CSIP, SIP, XLINK),
    }
    return PackageFile(PATH, written(_m.with_names("mets", attributes, *body)), XML)


def _header(about: About) -> Element:
    attributes = {  # CSIP7-CSIP9, SIP3, SIP4
        "CREATEDATE": about.moment,
        "LASTMODDATE": about.moment,
        "RECORDSTATUS": "NEW",
        name(CSIP, "OAISPACKAGETYPE"): "SIP",
    }
    return _m.with_names("metsHdr", attributes, *_agents(about), *_agreement(about))


def _agents(about: About) -> Iterator[Element]:
    """The program (CSIP10-CSIP16), whose records they are (SIP9-SIP14) and who hands them over (SIP15-SIP20)."""
    yield _m(
        "agent",
        None,
        _m("name", "Liggare"),
        _note("SOFTWARE VERSION", about.software),
        ROLE="CREATOR",
        TYPE="OTHER",
        OTHERTYPE="SOFTWARE",
    )
    code = about.creator.code
    for role in ("ARCHIVIST", "CREATOR"):
        yield _m(
            "agent",
            None,
            _m("name", about.creator.name),
            _note("IDENTIFICATIONCODE", code) if code else None,
            ROLE=role,
            TYPE="ORGANIZATION",
        )


def _note(kind: str, text: str) -> Element:
    return _m.with_names("note", {name(CSIP, "NOTETYPE"): kind}, content=text)


def _agreement(about: About) -> Iterator[Element]:
    if about.agreement:  # SIP5
        yield _m("altRecordID", about.agreement, TYPE="SUBMISSIONAGREEMENT")


def _administrative(about: About, preservation: PackageFile, prefix: str) -> Element:
    reference = _reference(about, preservation, "PREMIS", MDTYPEVERSION="3.0")
    provenance = _m("digiprovMD", None, reference, ID=f"{prefix}digiprov-1", STATUS="CURRENT", CREATED=about.moment)
    return _m("amdSec", None, provenance)  # CSIP31-CSIP44


def _reference(about: About, file: PackageFile, kind: str, **more: str) -> Element:
    """Where metadata are, and their checksum (CSIP21-CSIP30, CSIP35-CSIP44)."""
    return _m.with_names("mdRef", {**_location(file.path), "MDTYPE": kind, **more, **_facts(about, file)})


def _location(path: str) -> dict[str, str]:
    return {"LOCTYPE": "URL", name(XLINK, "type"): "simple", name(XLINK, "href"): path}


def _facts(about: About, file: PackageFile) -> dict[str, str | None]:
    return {
        "MIMETYPE": file.format.mime_type,
        "SIZE": str(len(file.content)),
        "CREATED": about.moment,
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _group(about: About, use: str, group: str, files: Sequence[PackageFile], prefix: str) -> Element:
    """The files of a use, each with its checksum and format (CSIP60-CSIP79, SIP32-SIP35)."""
    numbers = count(1)
    made = [
        _m.with_names(
            "file",
            {
                "ID": f"file-{prefix}-{next(numbers)}",
                **_facts(about, file),
                name(SIP, "FILEFORMATNAME"): file.format.name,
                name(SIP, "FILEFORMATVERSION"): file.format.version,
                name(SIP, "FILEFORMATREGISTRY"): "PRONOM",
                name(SIP, "FILEFORMATKEY"): file.format.key,
            },
            _m.with_names("FLocat", _location(file.path)),
        )
        for file in files
    ]
    return _m.with_names("fileGrp", {"ID": group, "USE": use, **_CONTENT}, *made)


def _structure(label: str, prefix: str, *divisions: Element) -> Element:
    """The one physical map (CSIP80-CSIP112)."""
    whole = _division(label, f"{prefix}div-all", *divisions)
    return _m("structMap", None, whole, ID=f"{prefix}structure", TYPE="PHYSICAL", LABEL="CSIP")


def _division(label: str, own_id: str, *children: Element, **more: str) -> Element:
    return _m.with_names("div", {"ID": own_id, "LABEL": label, **more}, *children)


def _pointer(group: str) -> Element:
    return _m("fptr", FILEID=group)


def _to_representation(representation: PackageFile) -> Element:
    title = {name(XLINK, "title"): f"grp-{REPRESENTATION}"}
    return _m.with_names("mptr", {**_location(representation.path), **title})
