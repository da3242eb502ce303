"""Why the notary gives no more leaves, or does not sign: what somebody has to look into before all else."""

from transparency.errors import TransparencyError


class Alarm(TransparencyError):
    """Base of what stops the notary. `log_event` is the name of the line that the worker logs."""

    log_event = "tree_not_signed"

    @property
    def facts(self) -> dict[str, int]:
        """Where it is and how much is missing, by name, for the log."""
        return dict(vars(self))


class FeedHasGap(Alarm):
    """An event that was committed is not there and was never given a leaf: no purge does that."""

    log_event = "tree_not_extended"

    def __init__(self, feed: int, position: int) -> None:
        super().__init__(f"event {position} of feed {feed} is missing and has no leaf")
        self.feed = feed
        self.position = position


class NotALeaf(Alarm):
    """A row of the ledger holds what no event has."""

    log_event = "tree_not_extended"


class NotNumbered(Alarm):
    """An event has no leaf yet; `Notary.advance` gives it one."""


class TreeRolledBack(Alarm):
    """The tree is shorter than one that was signed: the database is an older copy, or its end was cut off."""

    def __init__(self, size: int, signed: int) -> None:
        super().__init__(f"the tree has {size} leaves, and {signed} were signed")
        self.size = size
        self.signed = signed


class TreeRewritten(Alarm):
    """The tree does not begin with the leaves that were signed."""

    def __init__(self, signed: int) -> None:
        super().__init__(f"the tree does not begin with the {signed} leaves that were signed")
        self.signed = signed


class AnotherKey(Alarm):
    """What was signed before, or is published, is not by this key."""


class AlreadyPublished(Alarm):
    """The folder of checkpoints has one, so nothing is to be published anew."""


class CheckpointsMissing(Alarm):
    """The folder of checkpoints is empty though checkpoints were signed: put it back, or publish it anew on purpose."""
