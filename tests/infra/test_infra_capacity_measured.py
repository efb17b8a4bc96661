"""The measured inputs are those of the benchmarks' tables."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.capacity import INPAINTER, INPUTS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
ROWS = {
    "fill_1": ("RESULTS.md", f"Removal at 1 MP with {INPAINTER}, later", "time"),
    "fill_12": ("RESULTS.md", f"Removal at 12 MP with {INPAINTER}, later", "time"),
    "local_detection": ("RESULTS.md", "Detection, later", "time"),
    "upload": ("SERVICES.md", "Upload to first thumbnail", "AWS-like"),
    "message": ("SERVICES.md", "Queue: from Remove to running", "AWS-like"),
    "start": ("SERVICES.md", "Start-up again", "AWS-like"),
}


def read_cells(file: str, column: str) -> Mapping[str, str]:
    """Return the first cell of each row and that of the column, of the first table that has it."""
    lines = [line.split("|") for line in (BENCHMARKS / file).read_text().splitlines()]
    rows = [[cell.strip() for cell in line] for line in lines]
    start = next(number for number, row in enumerate(rows) if column in row)
    end = next((number for number, row in enumerate(rows) if number > start and len(row) < 2), None)
    place = rows[start].index(column)
    cells = [(row[1], row[place]) for row in rows[start:end]]
    assert len(dict(cells)) == len(cells)
    return dict(cells)


@pytest.mark.parametrize("name", ROWS)
def test_seconds_are_those_of_the_benchmarks(name: str) -> None:
    file, row, column = ROWS[name]
    seconds, unit = read_cells(file, column)[row].split(" ")[:2]

    assert unit == "s"
    assert float(seconds) == INPUTS[name] > 0


def test_hifill_counts_once_it_is_measured() -> None:
    is_measured = any("with HiFill, later" in row for row in read_cells("RESULTS.md", "time"))

    assert ("HiFill" if is_measured else "PatchMatch") == INPAINTER
