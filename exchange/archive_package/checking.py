"""Checks a package as it lies on the disk, by itself: structure, ids, and every checksum that it states.

What can go wrong is that something is destroyed here and cannot be read there. So nothing of what made the package is
asked here: it is unpacked, read by what its own METS documents say, and every file in it must be told of by one.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NoReturn
from xml.etree import ElementTree as ET

from exchange.archive_package.errors import PackageDamaged
from exchange.archive_package.xml import CSIP, METS, PREMIS, XLINK, Element, name

_ROOT = "METS.xml"
_NAMES: dict[str, str] = {"m": METS, "p": PREMIS}
_NEEDED = {
    "CSIP117": "m:metsHdr[@CREATEDATE]",
    "CSIP10": "m:metsHdr/m:agent[@ROLE='CREATOR'][@TYPE='OTHER'][@OTHERTYPE='SOFTWARE']/m:name",
    "CSIP15": "m:metsHdr/m:agent[@OTHERTYPE='SOFTWARE']/m:note",
    "SIP15": "m:metsHdr/m:agent[@ROLE='CREATOR'][@TYPE='ORGANIZATION']/m:name",
    "CSIP32": "m:amdSec/m:digiprovMD[@ID]/m:mdRef[@MDTYPE='PREMIS']",
    "CSIP59": "m:fileSec[@ID]",
    "CSIP66": "m:fileSec/m:fileGrp[@ID][@USE]/m:file[@ID]",
    "CSIP80": "m:structMap[@TYPE='PHYSICAL'][@LABEL='CSIP'][@ID]/m:div[@ID]",
    "CSIP88": "m:structMap/m:div/m:div[@LABEL='Metadata'][@ADMID]",
}
"""What each METS document has, by the requirement that asks for it."""
_NEEDED_AT_ROOT = {
    "CSIP17": "m:dmdSec[@ID][@CREATED]/m:mdRef",
    "CSIP60": "m:fileSec/m:fileGrp[@USE='Documentation']/m:file",
    "CSIP113": "m:fileSec/m:fileGrp[@USE='Schemas']/m:file",
    "CSIP105": "m:structMap/m:div/m:div[@LABEL]/m:mptr",
}
_STATED = ("MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE")
_ATTRIBUTES = ("TYPE", "PROFILE", name(CSIP, "CONTENTINFORMATIONTYPE"))


def check_package(path: Path) -> str:
    """The SHA-256 of a package that is whole and is named by its id. Raises PackageDamaged."""
    try:
        packed = path.read_bytes()
        files = _unpacked(packed, path.stem)
    except (OSError, tarfile.TarError, EOFError) as error:
        msg = f"the package cannot be read back: {type(error).__name__}"
        raise PackageDamaged(msg) from None
    _Check(files).package(path.stem)
    return hashlib.sha256(packed).hexdigest()


def _unpacked(packed: bytes, folder: str) -> dict[str, bytes]:
    """The files by their paths within the package's folder; there is no other folder, link or path beside it."""
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as archive:
        for member in archive:
            place = PurePosixPath(member.name)
            inner = str(PurePosixPath(*place.parts[1:]))
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or place.parts[0] != folder or ".." in place.parts or inner in files:
                _refuse(f"{inner} does not belong in the package")
            else:
                files[inner] = content.read()
    return files


class _Check:
    """One package: its files, those that some document has told of, and the ids that are taken."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files
        self._told = {_ROOT}
        self._ids: set[str] = set()

    def package(self, package_id: str) -> None:
        root = self._document(_ROOT, package_id)
        _need(root, _ROOT, _NEEDED_AT_ROOT)
        for pointer in root.iterfind(".//m:mptr", _NAMES):
            href = pointer.get(name(XLINK, "href"), "")
            if href not in self._told:
                _refuse(f"{href} is pointed at, and not told of by its checksum")
            folder = str(PurePosixPath(href).parent)
            self._document(href, PurePosixPath(folder).name, folder=f"{folder}/")
            self._fixity(f"{folder}/")
        for untold in sorted(self._files.keys() - self._told):
            _refuse(f"{untold} is told of by no METS document")

    def _document(self, path: str, own_id: str, *, folder: str = "") -> Element:
        """A METS document whose every reference holds. Paths in it begin at its own folder."""
        root = self._parsed(path)
        if root.tag != name(METS, "mets") or root.get("OBJID") != own_id or not all(map(root.get, _ATTRIBUTES)):
            _refuse(f"{path} is not the METS document of {own_id}")
        _need(root, path, _NEEDED)
        for element in root.iter():
            own = element.get("ID")
            if own is not None and own in self._ids:
                _refuse(f"the id {own} is taken twice")
            self._ids.update(filter(None, (own,)))
        for element, href in _references(root):
            self._holds(element, folder + href)
        return root

    def _holds(self, element: Element, path: str) -> None:
        """A file that is told of is there, and as it is said to be."""
        content = self._files.get(path)
        if content is None:
            _refuse(f"{path} is told of and not there")
        elif not all(map(element.get, _STATED)) or element.get("CHECKSUMTYPE") != "SHA-256":
            _refuse(f"{path} is told of without size, moment, format or SHA-256")
        elif element.get("SIZE") != str(len(content)) or element.get("CHECKSUM") != _sha256(content):
            _refuse(f"{path} is not what its checksum says")
        self._told.add(path)

    def _fixity(self, folder: str) -> None:
        """The preservation metadata of a representation tell of every file of its data, with the same checksums."""
        root = self._parsed(f"{folder}metadata/preservation/premis.xml")
        told = {
            folder + file.findtext("p:originalName", "", _NAMES): file.findtext(".//p:messageDigest", "", _NAMES)
            for file in root.iterfind("p:object", _NAMES)
        }
        there = {path: _sha256(data) for path, data in self._files.items() if path.startswith(f"{folder}data/")}
        if not there or told != there:
            _refuse(f"{folder}metadata/preservation/premis.xml does not tell of the data as they are")

    def _parsed(self, path: str) -> Element:
        if path not in self._files:
            _refuse(f"there is no {path}")
        try:
            return ET.fromstring(self._files[path])  # noqa: S314 - our own document, and no entity is ever fetched
        except ET.ParseError:
            _refuse(f"{path} is not XML")
            raise


def _references(root: Element) -> Iterator[tuple[Element, str]]:
    """What states a checksum, and where the file is that it is of."""
    for element in root.iterfind(".//m:mdRef", _NAMES):
        yield element, element.get(name(XLINK, "href"), "")
    for element in root.iterfind(".//m:file", _NAMES):
        location = element.find("m:FLocat", _NAMES)
        yield element, location.get(name(XLINK, "href"), "") if location is not None else ""


def _need(root: Element, path: str, needed: dict[str, str]) -> None:
    for requirement, place in needed.items():
        if root.find(place, _NAMES) is None:
            _refuse(f"{path} lacks what {requirement} asks for")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refuse(what: str) -> NoReturn:
    raise PackageDamaged(what)
