"""How well the guard does on labelled texts: `python -m tests.guard.measuring` prints what docs/free-text.md shows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from commands.guard import Kind, warnings_in

HERE = Path(__file__).parent
MEASURED_ON, TUNED_ON, HARD = "measured_on", "tuned_on", "hard"
INNOCENT = "innocent"


def labelled(name: str) -> Iterator[tuple[str, frozenset[Kind]]]:
    """Each text of a file with the kinds that it tells; none for an innocent one."""
    read = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    for label, texts in read.items():
        kinds = frozenset(Kind(kind) for kind in label.split() if kind != INNOCENT)
        yield from ((text, kinds) for text in texts)


@dataclass
class Measured:
    """How often a warning was right, was wrong, and was missing, by kind; and how many texts were warned of wrongly."""

    right: Counter[Kind] = field(default_factory=Counter)
    wrong: Counter[Kind] = field(default_factory=Counter)
    missing: Counter[Kind] = field(default_factory=Counter)
    texts: int = 0
    innocent: int = 0
    warned_innocent: int = 0

    def precision(self, *kinds: Kind) -> float:
        """Of the warnings of these kinds, the share that were right; 1 where there was none."""
        right, wrong = (sum(count[kind] for kind in kinds) for count in (self.right, self.wrong))
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, *kinds: Kind) -> float:
        """Of what should be warned of, the share that was; 1 where there was nothing."""
        right, missing = (sum(count[kind] for kind in kinds) for count in (self.right, self.missing))
        return right / (right + missing) if right + missing else 1.0


def measured(name: str) -> Measured:
    """Look through every text of a file."""
    result = Measured()
    for text, told in labelled(name):
        seen = warnings_in(text)
        result.right.update(seen & told)
        result.wrong.update(seen - told)
        result.missing.update(told - seen)
        result.texts += 1
        result.innocent += not told
        result.warned_innocent += bool(seen and not told)
    return result


def table() -> str:
    """The figures as the page in docs has them: of the texts that are only measured on, and of the hard ones."""
    easy, hard = measured(MEASURED_ON), measured(HARD)
    lines = [
        "| Kind | Texts | Precision | Recall | Hard texts | Precision | Recall |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, kinds in [*((kind.value.replace("_", " "), (kind,)) for kind in Kind), ("all", tuple(Kind))]:
        cells = [cell for result in (easy, hard) for cell in _cells(result, kinds)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    first, second = (f"{result.warned_innocent} of {result.innocent}" for result in (easy, hard))
    return "\n".join([*lines, "", f"Innocent texts that were warned of: {first}; of the hard ones {second}."])


def _cells(result: Measured, kinds: tuple[Kind, ...]) -> list[str]:
    told = sum(result.right[kind] + result.missing[kind] for kind in kinds)
    return [str(told), f"{result.precision(*kinds):.2f}", f"{result.recall(*kinds):.2f}"]


if __name__ == "__main__":
    print(table())  # noqa: T201 - what it prints is its result
