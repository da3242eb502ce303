"""A process that applies the purge register and kills itself at a step, as `tests.retention.dying` does."""

from pathlib import Path
from typing import Any

from app.postgres_roles import Urls
from app.replaying import apply_register
from app.settings import Settings
from tests.retention.dying import counted_steps, main


def work(asked: dict[str, Any]) -> None:
    """Apply what is waiting and die on the way."""
    steps = counted_steps()
    steps.left = asked["step"]
    apply_register(Settings(home=Path(asked["home"])), Urls(**asked["urls"]))
    steps.left = 0


if __name__ == "__main__":
    main(work)
