"""Preservation metadata (PREMIS 3): the package and its files, what was done, by whom, and by what right."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from exchange.archive_package.content import REPRESENTATION, XML, About, PackageFile, spelt
from exchange.archive_package.xml import PREMIS, XSI, Element, Maker, name, schema_location, written
from retention.certificates import Mandate, Officer

PATH = "metadata/preservation/premis.xml"
_LOCAL = "local"
_SOFTWARE, _AUTHORITY = "software", "authority"
_p = Maker(PREMIS)


def of_package(about: About) -> PackageFile:
    """The package and its representation, the events that made it, who took part, and the right to hand it over."""
    return _document(
        [
            *_objects(about),
            *_events(about),
            *_agents(about),
            *(_rights(about, about.mandate) if about.mandate else ()),
        ]
    )


def of_representation(about: About, files: Sequence[PackageFile]) -> PackageFile:
    """The files of the representation: size, checksum, format, and that they belong to it."""
    return _document(_file(about, file) for file in files)


def _document(parts: Iterable[Element]) -> PackageFile:
    root = _p.with_names("premis", {"version": "3.0", **schema_location(PREMIS)}, *parts)
    return PackageFile(PATH, written(root), XML)


def _identifier(what: str, value: str, kind: str = _LOCAL) -> Element:
    return _p(f"{what}Identifier", None, _p(f"{what}IdentifierType", kind), _p(f"{what}IdentifierValue", value))


def _object(category: str, *children: Element | None) -> Element:
    return _p.with_names("object", {name(XSI, "type"): f"premis:{category}"}, *children)


def _part_of(sub_type: str, other: str) -> Element:
    return _p(
        "relationship",
        None,
        _p("relationshipType", "structural"),
        _p("relationshipSubType", sub_type),
        _identifier("relatedObject", other),
    )


def _representation(about: About) -> str:
    return f"{about.folder}/representations/{REPRESENTATION}"


def _objects(about: About) -> Iterator[Element]:
    yield _object(
        "intellectualEntity",
        _identifier("object", about.folder),
        _identifier("object", str(about.student_id), "UUID"),
        _part_of("has part", _representation(about)),
        _identifier("linkingRightsStatement", _statement(about)) if about.mandate else None,
    )
    yield _object("representation", _identifier("object", _representation(about)), _part_of("is part of", about.folder))


def _file(about: About, file: PackageFile) -> Element:
    form = file.format
    return _object(
        "file",
        _identifier("object", f"{_representation(about)}/{file.path}"),
        _p(
            "objectCharacteristics",
            None,
            _p(
                "fixity",
                None,
                _p("messageDigestAlgorithm", "SHA-256"),
                _p("messageDigest", file.sha256),
                _p("messageDigestOriginator", "Liggare"),
            ),
            _p("size", str(len(file.content))),
            _p(
                "format",
                None,
                _p(
                    "formatDesignation",
                    None,
                    _p("formatName", form.name),
                    _p("formatVersion", form.version) if form.version else None,
                ),
                _p(
                    "formatRegistry",
                    None,
                    _p("formatRegistryName", "PRONOM"),
                    _p("formatRegistryKey", form.key),
                ),
            ),
        ),
        _p("originalName", file.path),
        _part_of("is included in", _representation(about)),
    )


def _events(about: About) -> Iterator[Element]:
    """What was done: decided by officers where there is a run, and made by the program."""
    if about.mandate is not None:
        people = (("planner", "planned_by"), ("approver", "approved_by"), ("executor", "carried_out_by"))
        yield _event(
            about,
            "appraisal",
            f"Överlämnas till arkivet och förstörs därefter: {about.mandate.decision_reference}",
            tuple((part, role) for role, part in people),
            at=about.decided_at,
        )
    yield _event(
        about, "information package creation", "Paketet gjordes av elevens akt.", ((_SOFTWARE, "executing program"),)
    )
    yield _event(
        about, "message digest calculation", "SHA-256 räknades av varje fil.", ((_SOFTWARE, "executing program"),)
    )


def _event(
    about: About, kind: str, detail: str, agents: Iterable[tuple[str, str]], *, at: datetime | None = None
) -> Element:
    return _p(
        "event",
        None,
        _identifier("event", f"{about.folder}/{kind.replace(' ', '-')}"),
        _p("eventType", kind),
        _p("eventDateTime", spelt(at or about.at)),
        _p("eventDetailInformation", None, _p("eventDetail", detail)),
        _p("eventOutcomeInformation", None, _p("eventOutcome", "success")),
        *(
            _p(
                "linkingAgentIdentifier",
                None,
                _p("linkingAgentIdentifierType", _LOCAL),
                _p("linkingAgentIdentifierValue", agent),
                _p("linkingAgentRole", role),
            )
            for agent, role in agents
        ),
        _identifier("linkingObject", about.folder),
    )


def _agents(about: About) -> Iterator[Element]:
    yield _agent(_SOFTWARE, "Liggare", "software", about.software)
    yield _agent(_AUTHORITY, about.creator.name, "organization")
    if about.mandate is not None:
        for part in ("planned_by", "approved_by", "carried_out_by"):
            officer: Officer = getattr(about.mandate, part)
            yield _agent(part, officer.name, "software" if officer.person_id is None else "person")


def _agent(value: str, called: str, kind: str, version: str | None = None) -> Element:
    return _p(
        "agent",
        None,
        _identifier("agent", value),
        _p("agentName", called),
        _p("agentType", kind),
        _p("agentVersion", version) if version else None,
    )


def _statement(about: About) -> str:
    return f"{about.folder}/rights"


def _rights(about: About, mandate: Mandate) -> Iterator[Element]:
    """The legal ground of the schedule, and the decision by which it was adopted."""
    yield _p(
        "rights",
        None,
        _p(
            "rightsStatement",
            None,
            _identifier("rightsStatement", _statement(about)),
            _p("rightsBasis", "statute"),
            _p(
                "statuteInformation",
                None,
                _p("statuteJurisdiction", "se"),
                _p("statuteCitation", mandate.legal_ground),
                _p("statuteNote", f"Beslut: {mandate.decision_reference}"),
                _identifier("statuteDocumentation", mandate.decision_reference, "decision"),
            ),
            _p(
                "linkingAgentIdentifier",
                None,
                _p("linkingAgentIdentifierType", _LOCAL),
                _p("linkingAgentIdentifierValue", _AUTHORITY),
            ),
        ),
    )
