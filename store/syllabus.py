"""The national syllabus (kursplaner) as imported: its subjects, its items, and every wording they have had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from events.syllabus import SyllabusItem, SyllabusKind
from store.database import connection

_SUBJECTS = "select subject, name from syllabus_subjects where is_current or %s order by subject"
_ITEMS = """
select subject, years, kind, ordinal, version, wording, label, is_current from syllabus_items
where (%(subject)s::text is null or subject = %(subject)s) and (%(years)s::text is null or years = %(years)s)
and (%(kind)s::text is null or kind = %(kind)s) and (is_current or %(kept)s)
order by subject, years, array_position(array['aim', 'content', 'criterion'], kind), ordinal, is_current desc, version
"""
_KNOWN = """
select i.subject, i.years, i.kind, i.ordinal, i.version, i.wording, i.label, i.is_current from syllabus_items as i
join unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[]) as w (subject, years, kind, ordinal, version)
using (subject, years, kind, ordinal, version)
"""
_SAVE_SUBJECTS = """
insert into syllabus_subjects (subject, name) select * from unnest(%s::text[], %s::text[])
on conflict (subject) do update set name = excluded.name, is_current = true
"""
_RETIRE_SUBJECTS = "update syllabus_subjects set is_current = false where subject = any(%s)"
_RETIRE_ITEMS = """
update syllabus_items as i set is_current = false
from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) as w (subject, years, kind, ordinal)
where i.is_current and (i.subject, i.years, i.kind, i.ordinal) = (w.subject, w.years, w.kind, w.ordinal)
"""
_SAVE_ITEMS = """
insert into syllabus_items (subject, years, kind, ordinal, version, wording, label)
select * from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
on conflict (subject, years, kind, ordinal, version) do update set is_current = true, label = excluded.label
"""
_LOCK = "lock table syllabus_subjects in share row exclusive mode"

Place = tuple[str, str, SyllabusKind, int]
"""Subject code, years, kind, ordinal."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of an item. `label` is what the publisher calls it: often empty, sometimes repeated, never a key."""

    item: SyllabusItem
    wording: str
    label: str = ""
    is_current: bool = True

    @property
    def place(self) -> Place:
        """Where in the syllabus it stands, whatever its wording."""
        return (self.item.subject, self.item.years, self.item.kind, self.item.ordinal)


@dataclass(frozen=True, slots=True)
class SyllabusChanges:
    """What an import changes: subjects and wordings that are there from now on, and those that are no longer current.

    A place in `wordings` gets that wording; what stood there before is kept and no longer current.
    """

    subjects: dict[str, str] = field(default_factory=dict)
    wordings: Sequence[Wording] = ()
    gone: Sequence[Place] = ()
    gone_subjects: Sequence[str] = ()


class Syllabus:
    """Reads and keeps the syllabus of a tenant; every method is one round trip unless it says otherwise."""

    def __init__(self, pool: ConnectionPool[Connection[TupleRow]]) -> None:
        self._pool = pool

    def subjects(self, *, with_former: bool = False) -> dict[str, str]:
        """The subjects by code, with their Swedish names; `with_former` adds those the syllabus no longer has."""
        with connection(self._pool) as conn:
            return {str(code): str(name) for code, name in conn.execute(_SUBJECTS, (with_former,)).fetchall()}

    def items(
        self,
        *,
        subject: str | None = None,
        years: str | None = None,
        kind: SyllabusKind | None = None,
        with_former: bool = False,
    ) -> list[Wording]:
        """Items in order of subject, years, kind and ordinal; `with_former` adds earlier wordings after the current."""
        values = {"subject": subject, "years": years, "kind": kind, "kept": with_former}
        with connection(self._pool) as conn:
            return [_wording(row) for row in conn.execute(_ITEMS, values).fetchall()]

    def wordings(self, items: Iterable[SyllabusItem]) -> dict[SyllabusItem, Wording]:
        """The wordings these links point at, current or former; an item nobody imported is not among them."""
        wanted = list(items)
        if not wanted:
            return {}
        with connection(self._pool) as conn:
            rows = conn.execute(_KNOWN, _columns(wanted)).fetchall()
        return {found.item: found for found in map(_wording, rows)}

    def unknown(self, items: Iterable[SyllabusItem]) -> list[SyllabusItem]:
        """Those of the links that point at no wording ever imported, in the order given."""
        wanted = list(items)
        known = self.wordings(wanted)
        return [item for item in wanted if item not in known]

    def save(self, changes: SyllabusChanges) -> None:
        """Keep the changes, all or none; one import at a time. Several statements, one transaction."""
        with connection(self._pool) as conn, conn.transaction():
            conn.execute(_LOCK)
            conn.execute(_SAVE_SUBJECTS, (list(changes.subjects), list(changes.subjects.values())))
            conn.execute(_RETIRE_SUBJECTS, (list(changes.gone_subjects),))
            places = [*changes.gone, *(wording.place for wording in changes.wordings)]
            conn.execute(_RETIRE_ITEMS, _transposed(places, 4))
            rows = [(*w.place, w.item.version, w.wording, w.label) for w in changes.wordings]
            conn.execute(_SAVE_ITEMS, _transposed(rows, 7))


def _transposed(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[column] for row in rows] for column in range(width)]


def _columns(items: Sequence[SyllabusItem]) -> list[list[object]]:
    return _transposed([(i.subject, i.years, i.kind, i.ordinal, i.version) for i in items], 5)


def _wording(row: TupleRow) -> Wording:
    subject, years, kind, ordinal, version, text, label, is_current = row
    item = SyllabusItem(subject=subject, years=years, kind=SyllabusKind(kind), ordinal=ordinal, version=version)
    return Wording(item, text, label, is_current)
