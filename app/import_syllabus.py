"""`liggare import syllabus` at the terminal."""

from pathlib import Path

from app.databases import reach
from app.importing import DONE, REFUSED, may_go_on, print_counts, print_json, print_lines
from app.settings import read_settings
from exchange.syllabus import difference, read_syllabus
from store.database import open_pool
from store.syllabus import Syllabus


def import_syllabus(folder: Path, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Read the folder, show what would change of the kept syllabus, and keep it if told to. The exit code.

    A folder without any subject is refused; a folder with some bad files keeps the good ones.
    """
    settings = read_settings()
    read = read_syllabus(folder)
    with (
        reach(settings) as reached,
        open_pool(reached.urls.app, schema=settings.tenant, size=2, name="syllabus") as pool,
    ):
        syllabus = Syllabus(pool)
        found = difference(syllabus.subjects(), syllabus.items(with_former=True), read)
        if not as_json:
            print_lines("Not a subject, passed over", read.passed_over)
            print_lines("Not used", (f"{fault.file}: {fault.where}: {fault.reason}" for fault in read.faults))
            counts = {name: count for name, count in found.counts.items() if count}
            print_counts(f"{len(read.subjects)} subjects, {len(read.wordings):,} items", counts, heading="Item")
        saved = not found.is_empty and bool(read.subjects) and may_go_on(dry_run=dry_run, yes=yes, as_json=as_json)
        if saved:
            syllabus.save(found.changes)
    if as_json:
        faults = [{"file": fault.file, "where": fault.where, "reason": fault.reason} for fault in read.faults]
        print_json(
            {
                "subjects": len(read.subjects),
                "items": found.counts,
                "faults": faults,
                "passed_over": read.passed_over,
                "carried_out": saved,
            }
        )
    return DONE if read.subjects else REFUSED
