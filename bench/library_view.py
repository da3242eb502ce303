"""The library's read side as its documentation shows it: a view with its tracking, and one upsert an event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from bench.databases import library_settings
from bench.library import Files

_TABLE = """
create table if not exists {}.overview (
    student_id uuid primary key, events bigint not null, changed_at timestamptz not null, changed_by text not null
)
"""
_UPSERT = """
insert into {}.overview as o (student_id, events, changed_at, changed_by) values (%s, 1, %s, %s)
on conflict (student_id) do update
set events = o.events + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""


class View(PostgresTrackingRecorder):
    """How much was written in each file, when last and by whom. `seen` is the last event's place in the sequence."""

    seen = 0

    def __init__(self, datastore: PostgresDatastore, **settings: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(datastore, **settings)
        schema = Identifier(datastore.schema)
        self.sql_create_statements.append(SQL(_TABLE).format(schema))
        self._upsert = SQL(_UPSERT).format(schema)

    def wrote(self, student_id: UUID, at: datetime, by: str, tracking: Tracking) -> None:
        """One event, with its place in the sequence, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._upsert, (student_id, at, by), prepare=True)
        self.seen = tracking.notification_id


class ViewProjection(Projection[View]):
    """Writes each event to the view."""

    name = "view"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401 - any event of the library
        """One upsert."""
        self.view.wrote(domain_event.originator_id, domain_event.timestamp, domain_event.by["name"], tracking)


def runner(url: str) -> ProjectionRunner[Files, View]:
    """The library's runner of this view over the files in this database, at work until it is left."""
    return ProjectionRunner(
        application_class=Files, projection_class=ViewProjection, view_class=View, env=library_settings(url)
    )
