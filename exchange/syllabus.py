"""Read the national syllabus (Lgr22) from JSON files and say what of the kept one it would change."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from events.syllabus import SyllabusItem, SyllabusKind
from store.syllabus import Place, SyllabusChanges, Wording

MAX_BYTES = 4_194_304
MAX_WORDING = 8_000
AIM_YEARS = "1-9"
"""The long-term aims (långsiktiga mål) of a subject hold for all years."""

_YEARS = re.compile(r"(\d{1,2})\s*[-\u2013]\s*(\d{1,2})")
_SOFT_HYPHEN = "\u00ad"
_RUN_TOGETHER = re.compile(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ][a-zåäö])")
"""Where the publisher has a heading run into the text under it: "årskurs 6Eleven"."""


@dataclass(frozen=True, slots=True, order=True)
class FileFault:
    """What is wrong in one file and where in it; nothing of the file's own text."""

    file: str
    where: str
    reason: str


@dataclass(slots=True)
class SyllabusFiles:
    """What a folder of syllabus files says. `passed_over` are JSON files that describe no subject."""

    subjects: dict[str, str] = field(default_factory=dict)
    wordings: list[Wording] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SyllabusDifference:
    """What an import would change, and how many items of each kind: new, reworded, restored, relabelled, gone, same."""

    changes: SyllabusChanges
    counts: dict[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        changes = self.changes
        return not (changes.subjects or changes.wordings or changes.gone or changes.gone_subjects)


@dataclass(frozen=True, slots=True)
class _At:
    where: str
    reason: str


class _Unusable(Exception):
    """The file cannot be used."""

    def __init__(self, at: _At) -> None:
        super().__init__(at)
        self.at = at


def plain(text: str) -> str:
    """A wording as it is kept and hashed: NFC, one space between words, no soft hyphens, headings as sentences."""
    return " ".join(_RUN_TOGETHER.sub(". ", unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, ""))).split())


def version_of(wording: str) -> str:
    """The version of a wording: SHA-256 of its plain Swedish text, in hex."""
    return hashlib.sha256(wording.encode()).hexdigest()


def read_syllabus(folder: Path) -> SyllabusFiles:
    """Every subject in the folder's `*.json`: aims, central content and criteria, in their Swedish wording only.

    A file that cannot be used is named and leaves out its subject; a part that cannot be used leaves out that part.
    """
    read = SyllabusFiles()
    for path in sorted(folder.glob("*.json")):
        try:
            _read_file(path, read)
        except _Unusable as error:
            read.faults.append(FileFault(path.name, error.at.where, error.at.reason))
    return read


def _read_file(path: Path, read: SyllabusFiles) -> None:
    document = _document(path)
    if not isinstance(document, dict) or "subject" not in document:
        read.passed_over.append(path.name)
        return
    subject = _Subject(path.name, document, read.faults)
    code, name = subject.code(), subject.name()
    if code in read.subjects:
        raise _Unusable(_At("subject.code", "another file has this subject already"))
    wordings = list(subject.wordings(code))
    if not wordings:
        raise _Unusable(_At("subject", "it has neither aims, content nor criteria"))
    read.subjects[code] = name
    read.wordings.extend(wordings)


def _document(path: Path) -> object:
    if path.stat().st_size > MAX_BYTES:
        raise _Unusable(_At("file", f"the file is larger than {MAX_BYTES} bytes"))
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _Unusable(_At("file", "the file is not UTF-8")) from None
    except json.JSONDecodeError as error:
        raise _Unusable(_At(f"line {error.lineno}", "the file is not JSON from here")) from None
    except RecursionError:
        raise _Unusable(_At("file", "the file is nested too deeply")) from None


class _Subject:
    """One subject's file; what the publisher marks as made by a machine is not read."""

    def __init__(self, file: str, document: dict[str, Any], faults: list[FileFault]) -> None:
        source = document.get("source")
        marked = source.get("aiEnriched") if isinstance(source, dict) else ()
        self._enriched = {str(path) for path in marked} if isinstance(marked, list) else set()
        self._file, self._faults = file, faults
        self._subject = document["subject"]
        if not isinstance(self._subject, dict):
            raise _Unusable(_At("subject", "the subject is not an object"))

    def code(self) -> str:
        code = self._subject.get("code")
        if not isinstance(code, str) or not re.fullmatch(r"[A-Za-z0-9ÅÄÖåäö._/:+-]{1,60}", code):
            raise _Unusable(_At("subject.code", "the subject has no code that can be used"))
        return code

    def name(self) -> str:
        name = self._swedish(self._subject, "name", "subject.name")
        if not name or len(name) > 200:  # noqa: PLR2004 - the length of a name
            raise _Unusable(_At("subject.name.local", "the subject has no Swedish name that can be used"))
        return name

    def wordings(self, code: str) -> Iterator[Wording]:
        """Each text once a place, numbered from 1 in the order of the file within subject, years and kind."""
        ordinals: Counter[tuple[str, SyllabusKind]] = Counter()
        seen: set[tuple[str, SyllabusKind, str]] = set()
        for years, kind, text, label in self._texts():
            version = version_of(text)
            if (years, kind, version) in seen:
                continue
            seen.add((years, kind, version))
            ordinals[years, kind] += 1
            try:
                item = SyllabusItem(
                    subject=code, years=years, kind=kind, ordinal=ordinals[years, kind], version=version
                )
            except ValidationError:
                raise _Unusable(_At("subject", "an item has years that cannot be used")) from None
            yield Wording(item, text, label)

    def _texts(self) -> Iterator[tuple[str, SyllabusKind, str, str]]:
        for where, element in self._list(self._subject, "coreElements", "subject.coreElements"):
            yield from self._one(AIM_YEARS, SyllabusKind.AIM, element, "name", where, label="code")
        for where, band in self._list(self._subject, "gradeBands", "subject.gradeBands"):
            years = _YEARS.search(self._swedish(band, "label", f"{where}.label") or "")
            if years is None:
                self._fault(f"{where}.label.local", "the years cannot be read from the label")
                continue
            span = f"{int(years[1])}-{int(years[2])}"
            for place, goal in self._list(band, "competenceGoals", f"{where}.competenceGoals"):
                yield from self._one(span, SyllabusKind.CONTENT, goal, "text", place, label="code")
            for place, criterion in self._list(band, "knowledgeCriteria", f"{where}.knowledgeCriteria"):
                yield from self._one(span, SyllabusKind.CRITERION, criterion, "text", place, label="gradeStep")

    def _one(
        self, years: str, kind: SyllabusKind, element: dict[str, Any], key: str, where: str, *, label: str
    ) -> Iterator[tuple[str, SyllabusKind, str, str]]:
        text = self._swedish(element, key, f"{where}.{key}")
        if not text:
            self._fault(f"{where}.{key}.local", "there is no Swedish text")
        elif len(text) > MAX_WORDING:
            self._fault(f"{where}.{key}.local", f"the text is longer than {MAX_WORDING} characters")
        else:
            yield years, kind, text, plain(str(element.get(label) or ""))[:60]

    def _list(self, parent: dict[str, Any], key: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if self._is_enriched(where):
            return
        elements = parent.get(key, [])
        if not isinstance(elements, list):
            self._fault(where, "it is not a list")
            return
        for number, element in enumerate(elements, 1):
            if isinstance(element, dict):
                yield f"{where}[{number}]", element
            else:
                self._fault(f"{where}[{number}]", "it is not an object")

    def _swedish(self, parent: dict[str, Any], key: str, where: str) -> str | None:
        texts = parent.get(key)
        if (
            self._is_enriched(f"{where}.local")
            or not isinstance(texts, dict)
            or not isinstance(texts.get("local"), str)
        ):
            return None
        return plain(texts["local"])

    def _is_enriched(self, where: str) -> bool:
        parts = re.sub(r"\[\d+\]", "", where).removeprefix("subject.").split(".")
        return any(".".join(parts[:end]) in self._enriched for end in range(1, len(parts) + 1))

    def _fault(self, where: str, reason: str) -> None:
        self._faults.append(FileFault(self._file, where, reason))


def difference(subjects: dict[str, str], kept: Sequence[Wording], read: SyllabusFiles) -> SyllabusDifference:
    """What importing `read` would change of the kept syllabus: its current subjects, and all wordings it ever had.

    A place or subject that is there no longer is gone, but only where the whole folder could be read: what a broken
    part said is not known.
    """
    current = {wording.place: wording for wording in kept if wording.is_current}
    known = {wording.item for wording in kept}
    counts: Counter[str] = Counter({"new": 0, "reworded": 0, "restored": 0, "relabelled": 0, "gone": 0, "same": 0})
    wordings: list[Wording] = []
    for wording in read.wordings:
        what = _what(wording, current.get(wording.place), known)
        counts[what] += 1
        if what != "same":
            wordings.append(wording)
    there = {wording.place for wording in read.wordings}
    gone: list[Place] = [] if read.faults else [place for place in current if place not in there]
    gone_subjects = [] if read.faults else [code for code in subjects if code not in read.subjects]
    counts["gone"] = len(gone)
    changed = {code: name for code, name in read.subjects.items() if subjects.get(code) != name}
    return SyllabusDifference(SyllabusChanges(changed, wordings, gone, gone_subjects), dict(counts))


def _what(wording: Wording, before: Wording | None, known: set[SyllabusItem]) -> str:
    if before is not None and before.item == wording.item:
        return "same" if before.label == wording.label else "relabelled"
    if wording.item in known:
        return "restored"
    return "new" if before is None else "reworded"
