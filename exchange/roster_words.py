"""The words that rosters use for roles, school years and subjects, and what they mean here."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

from pydantic import TypeAdapter, ValidationError

from events.base import Role
from events.text import Name

PUPIL = frozenset({"student"})
GUARDIANS = frozenset({"guardian", "parent"})
"""Only these make a guardian (G-20)."""

OTHER_ADULTS = frozenset(
    {"relative", "aide", "doctor", "child", "other", "emergencycontact", "contact", "caseworker", "sibling", "spouse"}
)
"""Adults around a pupil who are no guardians: named, never linked."""

TEACHERS = frozenset({"teacher", "substitute", "substituteteacher"})
MENTORS = frozenset({"mentor", "homeroomteacher", "classteacher"})

SCHOOL_ROLE: Mapping[str, Role] = {
    "administrator": Role.ADMINISTRATOR,
    "schooladministrator": Role.ADMINISTRATOR,
    "siteadministrator": Role.ADMINISTRATOR,
    "principal": Role.PRINCIPAL,
    "teacher": Role.STAFF,
    "substitute": Role.STAFF,
    "substituteteacher": Role.STAFF,
    "mentor": Role.STAFF,
    "homeroomteacher": Role.STAFF,
    "classteacher": Role.STAFF,
    "aide": Role.STAFF,
    "paraprofessional": Role.STAFF,
    "proctor": Role.STAFF,
    "staff": Role.STAFF,
    "counselor": Role.STAFF,
    "specialist": Role.STAFF,
    "assistant": Role.STAFF,
}
"""What an employee's part at a school is; that a teacher teaches a pupil comes from the classes."""

CLASS_BYSTANDERS = frozenset(
    {"aide", "administrator", "proctor", "paraprofessional", "assistant", "guardian", "parent"}
)
"""Understood in a class, but no relation to its pupils."""

HIGHEST_GRADE = 10
"""The highest school year that a pupil's file can have."""

_GRADES: Mapping[str, int] = {
    **dict.fromkeys(("f", "fk", "f-klass", "fklass", "förskoleklass", "kg", "k"), 0),
    **dict.fromkeys(("pk", "pr", "tk", "fs", "förskola"), -1),
    "it": -2,
}
_NUMBERED = re.compile(r"(?:åk|ak|grade|year|årskurs)?\s*(\d{1,2})")
_OUTSIDE = re.compile(r"ps\d?|ug|other|gy\s*\d|graduate|ap\d")

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "GRGRBIL01": ("bl", "bild"),
    "GRGRBIO01": ("bi", "biologi"),
    "GRGRENG01": ("en", "engelska"),
    "GRGRFYS01": ("fy", "fysik"),
    "GRGRGEO01": ("ge", "geografi"),
    "GRGRHIS01": ("hi", "historia"),
    "GRGRHKK01": ("hkk", "hem- och konsumentkunskap"),
    "GRGRIDR01": ("idh", "idrott och hälsa"),
    "GRGRKEM01": ("ke", "kemi"),
    "GRGRMAT01": ("ma", "matematik"),
    "GRGRMOD01": ("ml", "modersmål"),
    "GRGRMSP01": ("ms", "m1", "m2", "moderna språk"),
    "GRGRMUS01": ("mu", "musik"),
    "GRGRREL01": ("re", "religionskunskap"),
    "GRGRSAM01": ("sh", "samhällskunskap"),
    "GRGRSLJ01": ("sl", "slöjd"),
    "GRGRSVA01": ("sva", "svenska som andraspråk"),
    "GRGRSVE01": ("sv", "svenska"),
    "GRGRTEK01": ("tk", "teknik"),
    "GRGRTSP01": ("tn", "teckenspråk för hörande"),
}
"""The subject codes of the national syllabus, and the short codes and names that registers use for them."""

_SUBJECT_OF = {word: code for code, words in SUBJECTS.items() for word in (code.lower(), *words)}
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_CODE = re.compile(r"[A-Za-z0-9ÅÄÖåäö._/:+-]{1,60}")


def grade_of(text: str) -> int | None:
    """The school year a roster means, or None where it is none we know.

    1-10 as numbers with or without leading zero; F, KG and K are F-klass (0), PK, PR and TK preschool (-1), IT -2.
    """
    word = text.strip().lower()
    if word in _GRADES:
        return _GRADES[word]
    numbered = _NUMBERED.fullmatch(word)
    number = int(numbered[1]) if numbered else None
    return number if number is not None and number <= HIGHEST_GRADE else None


def is_outside_compulsory_school(text: str) -> bool:
    """Whether the school year is a known one, only not of compulsory school: upper secondary, postsecondary (PS)."""
    word = text.strip().lower()
    return bool(_OUTSIDE.fullmatch(word)) or (word.isdecimal() and int(word) > HIGHEST_GRADE)


def read_grade(grades: Sequence[str]) -> tuple[int | None, str]:
    """The one school year of a pupil, or None and why there is none."""
    if len(grades) != 1:
        return None, "more than one school year" if grades else "the school year is missing"
    grade = grade_of(grades[0])
    if grade is not None:
        return grade, ""
    is_outside = is_outside_compulsory_school(grades[0])
    return None, "the school year is outside compulsory school" if is_outside else "the school year is not one we know"


def subject_of(text: str) -> str | None:
    """The syllabus code of a subject; another code as it is, since a municipality may have its own; None for a text."""
    code = _SUBJECT_OF.get(text.strip().lower())
    return code or (text if _CODE.fullmatch(text) else None)


def name_of(text: str) -> str | None:
    """The text as a name of a person, school or group (one line, 1-200 characters); None where it is none."""
    try:
        return _NAME.validate_python(text)
    except ValidationError:
        return None


class RosterIds:
    """Ids made from a roster's own: the same tenant, source and id give the same person, school or group again."""

    def __init__(self, tenant: str, source: str) -> None:
        self._space = uuid5(UUID("6c1b7c52-3a39-5f0e-9d43-5b8f5c0a7e11"), f"{tenant}\x00{source}")
        self._made: dict[tuple[str, str], UUID] = {}

    def person(self, sourced_id: str) -> UUID:
        """The id of a person whom the ledger does not know by this roster's id yet."""
        return self._id("person", sourced_id)

    def school(self, sourced_id: str) -> UUID:
        """The id of a school."""
        return self._id("school", sourced_id)

    def group(self, sourced_id: str) -> UUID:
        """The id of a class or teaching group."""
        return self._id("group", sourced_id)

    def _id(self, kind: str, sourced_id: str) -> UUID:
        made = self._made.get((kind, sourced_id))
        if made is None:
            made = self._made[kind, sourced_id] = uuid5(self._space, f"{kind}\x00{sourced_id}")
        return made
