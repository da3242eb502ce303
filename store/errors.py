"""What the store refuses, each by its own name; the words never hold anything from a file or an event."""

from uuid import UUID


class StoreError(Exception):
    """Base of all errors of the store."""


class StreamNotFound(StoreError):
    """No event has this stream id (or none up to the version asked for)."""

    def __init__(self, stream_id: UUID) -> None:
        super().__init__(f"no stream {stream_id}")
        self.stream_id = stream_id


class VersionConflict(StoreError):
    """The stream went on since it was loaded; load, decide and append again."""

    def __init__(self, stream_id: UUID, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream_id} is at version {actual}, not {expected}")
        self.stream_id = stream_id
        self.expected = expected
        self.actual = actual


class CommandReused(StoreError):
    """The command id was used before by another caller or with another body."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command {command_id} was used for something else")
        self.command_id = command_id


class SubjectErased(StoreError):
    """The subject was purged: its key is destroyed and nothing is ever appended, opened or copied again."""

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(f"subject {subject_id} is erased")
        self.subject_id = subject_id


class SubjectFenced(StoreError):
    """The subject is just now being destroyed, or will be let go again in a moment; nothing is appended meanwhile."""

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(f"subject {subject_id} is about to be destroyed")
        self.subject_id = subject_id


class KeyMissing(StoreError):
    """The keys database knows no key of the subject though it should; never the same as an erased subject."""

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(f"no key for subject {subject_id}")
        self.subject_id = subject_id


class EventTooLarge(StoreError):
    """An event is larger than an event may be."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the event is {size} bytes, the limit is {limit}")
        self.size = size
        self.limit = limit


class TooManyEvents(StoreError):
    """A command made more events than one command may make."""

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(f"the command makes {count} events, the limit is {limit}")
        self.count = count
        self.limit = limit


class NotAuthentic(StoreError):
    """A ciphertext does not open: it was altered, moved to another place, or sealed under another key."""


class UnreadableEvent(StoreError):
    """An event of a feed cannot be read. A consumer stops here; it never skips.

    `why` is one of unknown_kind, subject_erased, key_missing, not_authentic, not_valid.
    """

    def __init__(self, feed: int, position: int, code: str, why: str) -> None:
        super().__init__(f"event {position} of feed {feed} ({code}) cannot be read: {why}")
        self.feed = feed
        self.position = position
        self.code = code
        self.why = why


class StoreUnavailable(StoreError):
    """The database does not answer, or answered too late. Safe to try again with the same command id."""


class UnsafeSetting(StoreError):
    """The environment would put another recorder, mapper, cipher or cache in place of the ledger's own."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is set; the ledger does not start with it, unset it")
        self.name = name


class KeyRingError(StoreError):
    """Base of what can be wrong with the key file."""


class KeyRingMissing(KeyRingError):
    """There is no key file though there is data sealed with one; put it back, none is ever made over old data."""


class KeyRingUnreadable(KeyRingError):
    """The key file cannot be read, is not a key file, or may be read by others than its owner."""


class KeyRingBusy(KeyRingError):
    """Another process is changing the wrapping key; wait until it is done, or look why it is not."""


class KeyRingMismatch(KeyRingError):
    """The key file belongs to another ledger or lacks a key that this ledger was sealed with."""


class KeysBehind(KeyRingError):
    """The database of keys lacks keys of subjects that the ledger has: it is older, or another ledger's."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"the database of keys lacks the keys of {count} subjects; restore the backup of the keys that was taken "
            "with the ledger's, or a later one"
        )


class MigrationError(StoreError):
    """A migration could not be applied."""


class MigrationChanged(MigrationError):
    """A released migration file was changed, renamed or removed after it was applied."""

    def __init__(self, name: str) -> None:
        super().__init__(f"migration {name} is not what was applied; released migrations are never changed")
        self.name = name
