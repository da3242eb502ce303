"""Where the demo's server answers, as its data folder says while it runs: a sign-in at a terminal looks there."""

from pathlib import Path

_FILE = "demo-address"


def keep_address(home: Path, address: str) -> None:
    """Say in the data folder where the server answers."""
    (home / _FILE).write_text(address)


def forget_address(home: Path) -> None:
    """It does not answer any more."""
    (home / _FILE).unlink(missing_ok=True)


def address_in(home: Path) -> str | None:
    """Where the server of this data folder answers; None where none has said so."""
    try:
        return (home / _FILE).read_text()
    except FileNotFoundError:
        return None
