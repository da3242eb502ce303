"""The rules a command can break: each has a permanent name, says what holds and what to do; a module a subject."""

from importlib import import_module
from pkgutil import iter_modules
from typing import ClassVar


class Refusal(Exception):
    """A rule said no. Nothing was stored.

    `code` is the stable problem type, `status` its HTTP status, `rule` what holds, `remedy` what to do. None of them
    ever holds anything that the caller sent.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409
    rule: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.code)


def refusals() -> list[type[Refusal]]:
    """Every refusal there is, by code: those of all modules of this package, and of what else is imported."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    found: dict[str, type[Refusal]] = {}
    waiting = list(Refusal.__subclasses__())
    while waiting:
        refusal = waiting.pop()
        waiting.extend(refusal.__subclasses__())
        if "code" in refusal.__dict__:
            found[refusal.code] = refusal
    return [found[code] for code in sorted(found)]


class NotFound(Refusal):
    """What the address names is not there, or is not for the caller to know of."""

    status = 404
    remedy = "Check the address; read the list that it belongs to."


class VersionMismatch(Refusal):
    """The resource has changed since the version named in If-Match."""

    code = "version-mismatch"
    status = 412
    rule = "The resource has changed since the version that you named."
    remedy = "Read it again, look at what the other person wrote, and save with the new ETag."
