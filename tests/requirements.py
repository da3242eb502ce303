"""Which requirement rows the tests prove; `make requirements` prints a line for each.

The rows stand in docs/requirements.md. A test that shows one working says so: `@pytest.mark.requirement("S-OVR-3")`,
with `surface="api"` where it goes the way of the person or program the row is for.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROWS = ROOT / "docs" / "requirements.md"
RUNS = ROOT / "build" / "requirements"
SURFACES = ("api", "browser", "cli")
_ROW = re.compile(r"^\| (S-[A-Z]+-\d+[a-z]?) \|.*\| (row|fact) \|\s*$", re.MULTILINE)


@dataclass
class Proof:
    """What the tests of one run said about one row."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    surfaces: set[str] = field(default_factory=set)

    @property
    def holds(self) -> bool:
        """Proven: some test shows it working where its person or program meets it, and none shows that it does not."""
        return bool(self.passed) and bool(self.surfaces) and not self.failed


def read_rows(text: str) -> dict[str, bool]:
    """Each row's id in the order of the page, and whether it counts; a fact is background and does not."""
    return {row: kind == "row" for row, kind in _ROW.findall(text)}


def commit() -> str:
    """The commit that is checked out, `unknown` outside a repository."""
    return _git("rev-parse", "HEAD").strip() or "unknown"


def is_changed() -> bool:
    """Whether a file differs from the commit."""
    return bool(_git("status", "--porcelain").strip())


def save(proofs: Mapping[str, Proof], *, at: str, changed: bool, folder: Path = RUNS) -> None:
    """Keep what a complete run proved, one file a commit."""
    rows = {
        row: {"passed": sorted(proof.passed), "failed": sorted(proof.failed), "surfaces": sorted(proof.surfaces)}
        for row, proof in sorted(proofs.items())
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{at}.json").write_text(json.dumps({"changed": changed, "rows": rows}, indent=1), encoding="utf-8")


def load(at: str, folder: Path = RUNS) -> tuple[dict[str, Proof], bool] | None:
    """What the last complete run at this commit proved, and whether files differed from it; None without such a run."""
    path = folder / f"{at}.json"
    if not path.exists():
        return None
    run = json.loads(path.read_text(encoding="utf-8"))
    return {
        row: Proof(kept["passed"], kept["failed"], set(kept["surfaces"])) for row, kept in run["rows"].items()
    }, run["changed"]


def lines(rows: Mapping[str, bool], proofs: Mapping[str, Proof]) -> Iterator[str]:
    """A line for each row, and last how many of those that count are proven."""
    for row, counts in rows.items():
        yield f"{row} {_verdict(proofs.get(row, Proof())) if counts else 'fact'}"
    counted = [row for row, counts in rows.items() if counts]
    yield f"{sum(proofs[row].holds for row in counted if row in proofs)} of {len(counted)} rows proven"


def _verdict(proof: Proof) -> str:
    if proof.failed:
        return f"open, {_tests(proof.failed)} failed"
    if not proof.passed:
        return "open"
    if not proof.surfaces:
        return f"open, {_tests(proof.passed)} below its surface"
    return f"proven ({', '.join(sorted(proof.surfaces))}) {_tests(proof.passed)}"


def _tests(names: Sequence[str]) -> str:
    return f"{len(names)} test{'' if len(names) == 1 else 's'}"


def _git(*arguments: str) -> str:
    try:
        command = ["git", "-C", str(ROOT), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def main(arguments: Iterable[str] = ()) -> int:
    """Print the lines; they speak of the last complete `make test` of the commit that is checked out."""
    at = next(iter(arguments), None) or commit()
    run = load(at)
    if run is None:
        print(f"There is no complete `make test` of commit {at[:12]}; nothing is proven until there is.")
    proofs, changed = run or ({}, False)
    if changed:
        print(f"The last complete `make test` of commit {at[:12]} ran with files changed since that commit.")
    for line in lines(read_rows(ROWS.read_text(encoding="utf-8")), proofs):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
