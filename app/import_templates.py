"""`liggare import templates` at the terminal: drafted by an administrator, approved by the principal (S-TPL-1, G-9)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid5

import click

from aggregates.school import SchoolRole
from app.databases import reach
from app.importing import DONE, REFUSED, may_go_on, print_counts, print_json, print_lines
from app.local import open_current, system_command
from app.settings import read_settings
from commands import schools
from commands.context import Caller, Command, Context
from commands.streams import TEMPLATE, find
from events.base import Role
from events.template import TemplateContent
from exchange.iup_template_file import TEMPLATE_FOLDER, TemplateFileError, read_template

LEVEL = 2


def import_templates(folder: Path | None, *, school: UUID | None, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Publish the templates of a folder at one school or all. A file's name is the template's own for ever. Exit code.

    A file with faults is named with its lines and left out; the others are published.
    """
    read, faults = read_folder(folder or TEMPLATE_FOLDER)
    settings = read_settings()
    with reach(settings) as reached, open_current(settings, reached) as parts:
        publishing = Publishing(parts.context)
        chosen = [entry.school_id for entry in parts.context.directory.schools() if school in (None, entry.school_id)]
        due = [(i, name) for i in chosen for name, content in read.items() if publishing.is_due(i, name, content)]
        lacking = [school_id for school_id in chosen if publishing.missing_people(school_id)]
        if not as_json:
            print_lines("Not used", faults)
            print_lines("Schools without an administrator or a principal", lacking)
            print_counts("To be published", Counter(name for _, name in due), heading="Template")
        going = bool(due) and may_go_on(dry_run=dry_run, yes=yes, as_json=as_json)
        published = [(s, n) for s, n in due if s not in lacking] if going else []
        for school_id, name in published:
            publishing.publish(school_id, name, read[name])
    if as_json:
        print_json(
            {
                "due": [{"school": str(school_id), "template": name} for school_id, name in due],
                "published": len(published),
                "faults": faults,
                "schools_without_people": [str(school_id) for school_id in lacking],
            }
        )
    elif published:
        click.echo(f"Done: {len(published)} published.")
    return REFUSED if not read or (going and lacking) else DONE


def read_folder(folder: Path) -> tuple[dict[str, TemplateContent], list[str]]:
    """The templates of a folder by the name of their file, and a line for each fault."""
    read: dict[str, TemplateContent] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            read[path.stem] = read_template(path)
        except TemplateFileError as error:
            faults.extend(f"{path.name}:{fault.line}: {fault.where}: {fault.advice}" for fault in error.faults)
    return read, faults


class Publishing:
    """Publishes templates through the commands that everybody uses, as the people whose business it is."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def template_id(self, school_id: UUID, name: str) -> UUID:
        """The id of the school's template of this name."""
        return uuid5(_first_draft(school_id, name), "template")

    def is_due(self, school_id: UUID, name: str, content: TemplateContent) -> bool:
        """Whether the school does not have this wording as its latest, approved version."""
        template = find(self._context, TEMPLATE, self.template_id(school_id, name))
        if template is None:
            return True
        latest = max(template.versions)
        return template.versions[latest] != content or latest not in template.approved

    def missing_people(self, school_id: UUID) -> bool:
        """Whether the school lacks the people who draft and approve."""
        return not (self._holders(school_id, Role.ADMINISTRATOR) and self._holders(school_id, Role.PRINCIPAL))

    def publish(self, school_id: UUID, name: str, content: TemplateContent, *, command: Command | None = None) -> int:
        """Draft and approve; the number of the version. Raises what the commands refuse."""
        command = command or system_command()
        template_id = self.template_id(school_id, name)
        template = find(self._context, TEMPLATE, template_id)
        latest = max(template.versions) if template else 0
        if template is None or template.versions[latest] != content:
            drafting = self._as(command, school_id, Role.ADMINISTRATOR, f"draft {template_id}")
            if template is None:
                drafting = replace(drafting, command_id=_first_draft(school_id, name))
            schools.draft_template(
                self._context,
                drafting,
                school_id=school_id,
                content=content,
                template_id=template_id if template else None,
            )
            latest += 1
        approving = self._as(command, school_id, Role.PRINCIPAL, f"approve {template_id}")
        schools.approve_template(self._context, approving, template_id=template_id, template_version=latest)
        return latest

    def _as(self, command: Command, school_id: UUID, role: Role, what: str) -> Command:
        holder = self._holders(school_id, role)[0]
        person = self._context.directory.person(holder.person_id)
        name = f"{person.given_name} {person.family_name}" if person else str(role)
        caller = Caller(holder.person_id, name, LEVEL)
        return replace(command, caller=caller, acting_as=holder.id, command_id=command.new_id(what))

    def _holders(self, school_id: UUID, role: Role) -> Sequence[SchoolRole]:
        today, staff = system_command().on, self._context.directory.staff(school_id)
        return [part.role for part in staff if part.role.role is role and part.role.holds(today)]


def _first_draft(school_id: UUID, name: str) -> UUID:
    """The id of the command that drafts a school's template of this name for the first time."""
    return uuid5(school_id, f"template {name}")
