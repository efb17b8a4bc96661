"""Seconds that the benchmarks measured, read strictly from the tables that they wrote."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
RESULTS = BENCHMARKS / "RESULTS.md"
SERVICES = BENCHMARKS / "SERVICES.md"

INPAINTERS = ("HiFill", "PatchMatch")
"""The better one first: it counts where it was measured."""

_SECONDS = re.compile(r"(\d+(?:\.\d+)?) s(?: \(.*\))?")


class NotMeasured(ValueError):
    """A figure that is needed is not in the benchmarks' tables."""


@dataclass(frozen=True)
class Measured:
    """Seconds on two cores, which is what a worker's task has.

    Attributes:
        inpainter: whose seconds these are.
        removal: by megapixels, the filling alone.
        around: opening the photo, making its renditions and storing them in S3; that of an
            upload, which does the same.
        ring: from Remove to running where a worker is idle.
        start: of the whole platform on AWS's services, which a worker's own is a part of.
    """

    inpainter: str
    removal: dict[int, float]
    around: float
    ring: float
    start: float

    @classmethod
    def read(cls, results: Path = RESULTS, services: Path = SERVICES) -> Self:
        """From the files of `make bench` and `make bench-services`. Raises NotMeasured."""
        inpainter, removal = _removal(_table(results, "time"))
        on_services = _table(services, "AWS-like")
        return cls(
            inpainter=inpainter,
            removal=removal,
            around=_seconds(on_services, "Upload to first thumbnail"),
            ring=_seconds(on_services, "Queue: from Remove to running"),
            start=_seconds(on_services, "Start-up again"),
        )


def _removal(cells: dict[str, str]) -> tuple[str, dict[int, float]]:
    """Of the first inpainter that was measured at all."""
    for inpainter in INPAINTERS:
        rows = {size: f"Removal at {size} MP with {inpainter}, later" for size in (1, 12)}
        if any(row in cells for row in rows.values()):
            return inpainter, {size: _seconds(cells, row) for size, row in rows.items()}
    raise NotMeasured(f"No removal with {' or '.join(INPAINTERS)} was measured")


def _seconds(cells: dict[str, str], what: str) -> float:
    if what not in cells:
        raise NotMeasured(f"“{what}” is not among what was measured")
    found = _SECONDS.fullmatch(cells[what])
    if found is None or float(found[1]) <= 0:
        raise NotMeasured(f"“{what}” has no seconds: {cells[what]}")
    return float(found[1])


def _table(file: Path, column: str) -> dict[str, str]:
    """The first cell of each row to that in the column, of the first table that has it."""
    place = None
    cells: dict[str, str] = {}
    for line in file.read_text().splitlines():
        row = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if place is None:
            place = row.index(column) if line.startswith("|") and column in row else None
        elif not line.startswith("|"):
            break
        elif len(row) <= place or row[0] in cells:
            raise NotMeasured(f"{file.name} has a row that is short or there twice: {line}")
        else:
            cells[row[0]] = row[place]
    if place is None:
        raise NotMeasured(f"{file.name} has no table with a column “{column}”")
    return cells
