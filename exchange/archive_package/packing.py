"""Puts a package together and packs it: a tar of one folder, the same bytes whenever it is made of the same."""

import io
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.archive_package import mets, premis
from exchange.archive_package.content import REPRESENTATION, TEXT, About, PackageFile
from exchange.archive_package.described import described

_DOCUMENTATION = Path(__file__).with_name("om-paketet.txt")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package holds beside what tells of it: the data, by their paths within `rep1`, and the schemas of them."""

    data: Sequence[PackageFile]
    schemas: Sequence[PackageFile]


def files_of(about: About, contents: Contents) -> list[PackageFile]:
    """Every file of the package, by its path within the package's folder, sorted."""
    folder = f"representations/{REPRESENTATION}"
    preservation = premis.of_representation(about, contents.data)
    of_representation = mets.of_representation(about, preservation=preservation, data=contents.data).below(folder)
    documentation = [PackageFile("documentation/om-paketet.txt", _DOCUMENTATION.read_bytes(), TEXT)]
    descriptive, of_package = described(about), premis.of_package(about)
    whole = mets.of_package(
        about,
        descriptive=descriptive,
        preservation=of_package,
        documentation=documentation,
        schemas=contents.schemas,
        representation=of_representation,
    )
    inner = [file.below(folder) for file in (preservation, *contents.data)]
    everything = [whole, descriptive, of_package, *documentation, *contents.schemas, of_representation, *inner]
    return sorted(everything, key=lambda file: file.path)


def packed(about: About, contents: Contents) -> bytes:
    """The package as a tar: no name of a machine or person in its heads, every moment that of the package."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for file in files_of(about, contents):
            head = tarfile.TarInfo(f"{about.folder}/{file.path}")
            head.size, head.mode, head.mtime = len(file.content), 0o644, int(about.at.timestamp())
            archive.addfile(head, io.BytesIO(file.content))
    return made.getvalue()
