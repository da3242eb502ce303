"""What a command needs to know: the ledger and read models, who asks, and what the asker is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from access.levels import DEFAULT_LEVELS, Levels
from access.scopes import ClientGrant
from projections.directory import Directory
from projections.seen_by import SeenBy
from retention.due import RetentionRows
from retention.items import Items
from store.access_record import AccessRecord
from store.attachments import Attachments
from store.drafts import Drafts
from store.ledger import Ledger
from store.syllabus import Syllabus

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SYSTEM_ID = UUID(int=0)
NO_REQUEST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Context:
    """What commands work on. `announce` tells the worker that a feed has something new; it never fails.

    `record` takes every look at a pupil's file; `drafts` keep what is typed and not saved. `levels` are the lowest
    assurance levels in force. `longest_delegation`: for how long, from the day of consent, a guardian lets another
    adult read. `retention` lists what is due, `items` what a run is to destroy. `today` is the day on which due days
    are looked at, where a demo or test has set one.
    """

    ledger: Ledger
    directory: Directory
    syllabus: Syllabus
    announce: Callable[[int], None]
    attachments: Attachments
    record: AccessRecord
    drafts: Drafts
    retention: RetentionRows
    items: Items
    levels: Levels = DEFAULT_LEVELS
    longest_delegation: timedelta = timedelta(days=365)
    today: date | None = None

    def due_day(self, on: date) -> date:
        """The day on which what is due is due: the day itself, unless a demo or test looks ahead."""
        return self.today or on


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person with the name of today and the session's assurance level, or the system itself.

    Only what the operator starts on the machine (roster import, the first administrator, the demo) is the system.
    `client` is the grant of a program, whose id then is the person's. `at` is the moment (UTC) of what is asked:
    without it a file that was opened in an emergency counts as closed. `correlation_id` is the request's.
    """

    person_id: UUID
    name: str
    level: int
    is_system: bool = False
    client: ClientGrant | None = None
    at: datetime | None = None
    correlation_id: UUID = NO_REQUEST

    def eyes(self, on: date) -> SeenBy:
        """For whom the read models are asked what is shown to the caller: behind the decision stands a second wall."""
        return SeenBy(self.person_id, on, self.client.school_id if self.client else None)


SYSTEM = Caller(SYSTEM_ID, "Liggare", 0, is_system=True)


@dataclass(frozen=True, slots=True)
class Command:
    """One request to change something.

    `acting_as` is the relation it is made in (G-13). `command_id` is derived from the caller and the client's key, or
    random; `is_keyed` says which, since only a client's own key can come twice. `body_hash` covers the whole request.
    `if_match` is the version that the resource must still have, 0 where it must not be there yet. `at` is UTC.
    `is_warned`: the author was shown a warning of the text (S-FRE), and went on.
    """

    caller: Caller
    acting_as: UUID | None
    command_id: UUID
    body_hash: bytes
    correlation_id: UUID
    at: datetime
    is_keyed: bool = False
    if_match: int | None = None
    is_warned: bool = False

    @property
    def on(self) -> date:
        """The day of the command where the schools are (Europe/Stockholm)."""
        return self.at.astimezone(STOCKHOLM).date()

    def new_id(self, what: str) -> UUID:
        """The id of a thing that this command creates: the same when the command is sent again."""
        return uuid5(self.command_id, what)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: the resource it concerned and the version at which that last changed.

    `feed` and `position` say where to wait for the read models; None where nothing new was stored because the resource
    already said so. `replayed`: the same command had been carried out before.
    """

    resource_id: str
    version: int
    feed: int | None = None
    position: int | None = None
    replayed: bool = False

    def to_receipt(self) -> bytes:
        """What is kept, sealed, to answer the same command again."""
        return json.dumps([self.resource_id, self.version]).encode()
