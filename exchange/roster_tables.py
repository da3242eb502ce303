"""What a roster says, whatever its format: rows by kind, each with its place in the files, not yet held together."""

from dataclasses import dataclass, field
from datetime import date

from exchange.roster_rows import Fault, Faults, Row


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation; only schools matter here."""

    name: str
    is_school: bool
    row: Row


@dataclass(frozen=True, slots=True)
class User:
    """A person as one row of the roster has it.

    `username` is the roster's name for the person's account, `user_ids` further ids with their types (in lower case).
    """

    given_name: str
    family_name: str
    row: Row
    username: str = ""
    user_ids: tuple[tuple[str, str], ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a person is at an organisation: the roster's own word for the role, in lower case."""

    user: str
    org: str
    role: str
    grades: tuple[str, ...]
    is_primary: bool
    since: date | None
    until: date | None
    row: Row


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class or teaching group; `subjects` in the roster's own codes or names, else those of its `course`."""

    title: str
    org: str
    is_homeroom: bool
    subjects: tuple[str, ...]
    course: str
    grades: tuple[str, ...]
    sessions: tuple[str, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A person's place in a class."""

    school_class: str
    user: str
    role: str
    is_primary: bool
    since: date | None
    until: date | None
    row: Row


@dataclass(frozen=True, slots=True)
class Kinship:
    """What an adult is to a pupil, in the roster's own word; empty where the adult's own role says it."""

    pupil: str
    adult: str
    role: str
    row: Row


@dataclass(slots=True)
class Tables:
    """All rows of a roster that could be read, and a fault for each that could not.

    `left_out` are rows that were understood and that we choose not to use, each with the reason. `rows` counts the rows
    of each file. `courses` are subjects by course. `aliases` leads from a user's id to the one that stands for the same
    person. `protected` are users whom a bad row names: nothing of theirs ends because of it. `silent_on_classes` and
    `silent_on_guardians`: a file with these is missing or cannot be used, so that the roster does not say who they are,
    nor that there are none.
    """

    format: str
    orgs: dict[str, Org] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    courses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    enrollments: list[Enrollment] = field(default_factory=list)
    kinships: list[Kinship] = field(default_factory=list)
    sessions: dict[str, tuple[date, date]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    left_out: list[Fault] = field(default_factory=list)
    protected: set[str] = field(default_factory=set)
    silent_on_classes: bool = False
    silent_on_guardians: bool = False

    def person(self, user: str) -> str:
        """The id that stands for this user's person."""
        return self.aliases.get(user, user)


def last_day(tables: Tables, today: date) -> date:
    """The day to read the roster as of: today, or the last day of its sessions where all of them are over."""
    ends = [end for _, end in tables.sessions.values()]
    return min(today, max(ends)) if ends else today


class RosterUnusable(Exception):
    """The folder holds no roster that can be read; `faults` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
