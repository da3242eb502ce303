"""The printed plan for the archive: the same record as anybody prints, made for nobody and looked at by nobody here."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from aggregates.plan import Plan
from aggregates.student_file import StudentFile
from commands.context import SYSTEM_ID, Context
from projections.directory import Directory
from web.plan.page import Reader
from web.plan.printed.content import document_of
from web.plan.printed.press import typeset


@dataclass(frozen=True, slots=True)
class _Nobody:
    """Reads on a day; it is the system that asks."""

    context: Context
    on: date
    person_id: UUID = SYSTEM_ID

    @property
    def directory(self) -> Directory:
        """The directory, asked for the system."""
        return self.context.directory


@dataclass(frozen=True, slots=True)
class _Archived:
    visit: Reader
    file: StudentFile
    plan: Plan
    as_it_was: date | None = None

    @property
    def name(self) -> str:
        """The pupil's name."""
        return self.file.name


def archived_plan(context: Context, file: StudentFile, plan: Plan, *, on: date, fonts: Path | None) -> bytes:
    """The PDF of a plan as it stands; `on` is the day that counts for a plan that was never locked nor archived.

    Raises TooLongToPrint, PrintsTooMuch.
    """
    document, at = document_of(_Archived(_Nobody(context, on), file, plan))
    return typeset(document, at, fonts=fonts)
