"""Print how many lines and branches the tests ran: of each app and package, and in all.

    python tools/report_coverage.py

Reads the file that `coverage combine` wrote. Ends with 1 where less than 95 % of all lines ran.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

LEAST_LINES = 0.95
COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def read_counts() -> dict[str, list[int]]:
    """Return statements, covered lines, branches and covered branches by package."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)]
        subprocess.run(command, check=True)
        files = json.loads(report.read_text())["files"]
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    for name, file in files.items():
        package = "/".join(Path(name).parts[:2])
        for place, key in enumerate(COUNTS):
            counts[package][place] += file["summary"][key]
    return counts


def print_row(name: str, counts: list[int]) -> None:
    """Print one line of the table."""
    statements, lines, branches, taken = counts
    share = taken / branches if branches else 1.0
    print(f"{name:24} {lines / statements:7.1%} of {statements:6} lines {share:7.1%} of branches")


def main() -> int:
    """Print the table; return 1 where too few lines ran."""
    counts = read_counts()
    for package in sorted(counts):
        print_row(package, counts[package])
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    print_row("all", total)
    return 0 if total[1] >= LEAST_LINES * total[0] else 1


if __name__ == "__main__":
    sys.exit(main())
