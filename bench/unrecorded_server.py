"""`python -m bench.unrecorded_server`: our server, but overviews are read without a wall and without a record.

One statement finds session, standing and overview in the name of the owner, whom no row-level security holds.
"""

import os
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app import server
from app.cli.serve import command
from projections.directory_entries import standing_from
from projections.overview import Overview, Overviews, Sight
from store.access_record import Look
from store.database import Pool, fetch, open_pool
from store.ledger import Ledger
from store.session_rows import WIDTH

_CONNECTIONS = 16
_QUERY = """
select
    t.session_hash, t.subject_id, t.level, t.provider, t.terms, t.began_at, t.seen_at, t.ends_at,
    t.surest_until, t.mac, s.school_id,
    (
        select jsonb_agg(
            jsonb_build_array(r.relation_id, r.role, r.since, r.until, r.ended_on, r.expires_at)
        )
        from relations as r
        where r.student_id = s.student_id and r.person_id = t.subject_id
    ),
    (
        select jsonb_agg(jsonb_build_array(r.relation_id, r.role, r.since, r.until, r.ended_on))
        from school_roles as r
        where r.school_id = s.school_id and r.person_id = t.subject_id
    ),
    s.is_protected,
    exists (select 1 from protected_readers as p where p.student_id = s.student_id and p.person_id = t.subject_id),
    o.plan_id, o.subject_id, o.version, o.changed_at, o.sealed
from sessions as t
left join students as s on s.student_id = %b
left join overview as o on o.student_id = s.student_id and o.newest
where t.session_hash = %b and t.ends_at > %b and t.seen_at > %b
"""


@dataclass(frozen=True, slots=True)
class _Found(Sight):
    overview: Overview | None = None


class Unrecorded(Overviews):
    """Finds everything with the standing, and reads nothing more."""

    def __init__(self, pool: Pool, ledger: Ledger) -> None:
        super().__init__(pool, ledger)
        owner = os.environ["LIGGARE_OWNER_URL"]
        self._owners = open_pool(owner, schema="liggare", size=_CONNECTIONS, name="unrecorded", by_index=True)

    def sight(
        self,
        session_key: bytes,
        student_id: UUID,
        *,
        now: datetime,
        seen_after: datetime,
        fresh: bool = False,  # noqa: ARG002 - it always is
    ) -> Sight | None:
        """Session, standing and overview in one query."""
        rows = fetch(self._owners, _QUERY, (student_id, session_key, now, seen_after))
        session = self._sessions.session(rows[0][:WIDTH], now) if rows else None
        if session is None:
            return None
        standing = rows[0][WIDTH : WIDTH + 5]
        overview = self._overview(*rows[0][WIDTH + 5 :])
        return _Found(session, standing_from(session.person_id, *standing), overview=overview)

    def read(
        self,
        sight: Sight,
        look: Look,  # noqa: ARG002 - it goes on no record
        *,
        now: datetime,  # noqa: ARG002 - as above
        on: date,  # noqa: ARG002 - as above
        seen_after: datetime,  # noqa: ARG002 - as above
        is_durable: bool = False,  # noqa: ARG002 - as above
    ) -> tuple[datetime, Overview | None]:
        """What was found."""
        if not isinstance(sight, _Found):
            raise TypeError(sight)
        return sight.session.seen_at, sight.overview


if __name__ == "__main__":
    vars(server)["Overviews"] = Unrecorded  # the one part in which this server differs
    command()
