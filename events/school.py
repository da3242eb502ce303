"""A school, who runs it, its dated settings, and its groups."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from events.base import Event, Grade, Role, Value
from events.text import Name


class ForecastVocabulary(StrEnum):
    """Which words the screens use for the summative part: the sources' of 2011 or those in force since 2022."""

    KUNSKAPSKRAV_2011 = "kunskapskrav_2011"
    BETYGSKRITERIER_2022 = "betygskriterier_2022"


class Interval(StrEnum):
    """How often something must be done."""

    TERM = "term"
    SCHOOL_YEAR = "school_year"


class Module(StrEnum):
    """What a school switches on beside the plan itself (S-NAV-7, S-GEN-9)."""

    FOCUS = "focus"
    """All of a pupil's goals over all plans (Fokus)."""
    ASSESSMENT = "assessment"
    """A way of its own to the assessments of the plan (Bedömning)."""
    LEARNING_BLOG = "learning_blog"
    """The pupil's learning blog (Lärblogg)."""


class SchoolSettings(Value):
    """What law and practice let a school or a year decide; a default of 2026, never a constant in code."""

    iup_years: tuple[Grade, ...] = (1, 2, 3, 4, 5)
    """School years that must have a plan (skollagen 10:13)."""
    iup_interval: Interval = Interval.SCHOOL_YEAR
    conversation_years: tuple[Grade, ...] = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    """School years that must have conversations (skollagen 10:12; for F-klass 9:11)."""
    conversation_interval: Interval = Interval.TERM
    vocabulary: ForecastVocabulary = ForecastVocabulary.BETYGSKRITERIER_2022
    only_mentor_confirms: bool = False
    """Narrows Klart→Uppnått to the mentor alone (G-1)."""
    risk_needs_programme: bool = True
    """A published risk opens a duty until an action programme, or the decision not to draw one up, is linked."""


class SchoolFounded(Event):
    """A school is part of the municipality's ledger."""

    code: ClassVar[str] = "school_founded.v1"
    name: Name


class SchoolRenamed(Event):
    """The school has another name."""

    code: ClassVar[str] = "school_renamed.v1"
    name: Name


class SchoolRoleGranted(Event):
    """A person is administrator, principal or other staff at the school."""

    code: ClassVar[str] = "school_role_granted.v1"
    relation_id: UUID
    person_id: UUID
    role: Role
    since: date
    until: date | None = None


class SchoolRoleRevoked(Event):
    """The person no longer has that part at the school."""

    code: ClassVar[str] = "school_role_revoked.v1"
    relation_id: UUID
    ended_on: date


class SettingsAdopted(Event):
    """The school decided on settings that hold from a day; what held before stays true of the time before."""

    code: ClassVar[str] = "settings_adopted.v1"
    valid_from: date
    settings: SchoolSettings


class ModulesChosen(Event):
    """The school decided which modules it uses; until it does it uses all (S-GEN-9)."""

    code: ClassVar[str] = "modules_chosen.v1"
    modules: tuple[Module, ...]


class GroupKind(StrEnum):
    """A class (klass) or a teaching group (undervisningsgrupp)."""

    CLASS = "class"
    TEACHING = "teaching"


class GroupFormed(Event):
    """A class or teaching group was formed at a school; who belongs stands in each pupil's file."""

    code: ClassVar[str] = "group_formed.v1"
    school_id: UUID
    name: Name
    kind: GroupKind


class GroupRenamed(Event):
    """The group has another name."""

    code: ClassVar[str] = "group_renamed.v1"
    name: Name
