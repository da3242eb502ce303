"""Writes XML in one spelling: the same elements are the same bytes. Names of METS, PREMIS and Dublin Core."""

import re
from collections.abc import Mapping
from typing import NewType
from xml.etree import ElementTree as ET

Element = ET.Element

Namespace = NewType("Namespace", str)
METS = Namespace("http://www.loc.gov/METS/")
CSIP = Namespace("https://DILCIS.eu/XML/METS/CSIPExtensionMETS")
SIP = Namespace("https://DILCIS.eu/XML/METS/SIPExtensionMETS")
XLINK = Namespace("http://www.w3.org/1999/xlink")
XSI = Namespace("http://www.w3.org/2001/XMLSchema-instance")
PREMIS = Namespace("http://www.loc.gov/premis/v3")
DC = Namespace("http://purl.org/dc/elements/1.1/")
OAI_DC = Namespace("http://www.openarchives.org/OAI/2.0/oai_dc/")

_PREFIXES = {
    "mets": METS,
    "csip": CSIP,
    "sip": SIP,
    "xlink": XLINK,
    "xsi": XSI,
    "premis": PREMIS,
    "dc": DC,
    "oai_dc": OAI_DC,
}
_SCHEMAS = {
    METS: "http://www.loc.gov/standards/mets/mets.xsd",
    CSIP: "https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd",
    SIP: "https://earksip.dilcis.eu/schema/DILCISExtensionSIPMETS.xsd",
    XLINK: "http://www.loc.gov/standards/mets/xlink.xsd",
    PREMIS: "http://www.loc.gov/standards/premis/v3/premis.xsd",
    OAI_DC: "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
}
"""Where the schemas are published; their texts are others', so a package names them and holds none of them."""

_NEVER_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _prefix, _namespace in _PREFIXES.items():
    ET.register_namespace(_prefix, _namespace)


def name(namespace: Namespace, local: str) -> str:
    """A name as ElementTree spells it."""
    return f"{{{namespace}}}{local}"


class Maker:
    """Makes the elements of one namespace; an attribute or child that is None is left out.

    What no XML may hold (XML 1.0, 2.2) stands as U+FFFD.
    """

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace

    def __call__(
        self, local: str, content: str | None = None, *children: Element | None, **attributes: str | None
    ) -> Element:
        """An element with a text, or with children."""
        return self.with_names(local, attributes, *children, content=content)

    def with_names(
        self, local: str, attributes: Mapping[str, str | None], *children: Element | None, content: str | None = None
    ) -> Element:
        """An element whose attributes have names of other namespaces too."""
        spelt = {key: _shown(value) for key, value in attributes.items() if value}
        made = Element(name(self._namespace, local), spelt)
        made.text = content and _shown(content)
        made.extend(child for child in children if child is not None)
        return made


def _shown(text: str) -> str:
    return _NEVER_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def schema_location(*namespaces: Namespace) -> dict[str, str]:
    """The attribute that says where the schemas of these namespaces are published."""
    return {name(XSI, "schemaLocation"): " ".join(f"{one} {_SCHEMAS[one]}" for one in namespaces)}


def written(root: Element) -> bytes:
    """The bytes of a document, indented, in UTF-8."""
    ET.indent(root)
    made: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made + b"\n"
