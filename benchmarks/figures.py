"""Figures and their table."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    Attributes:
        what: what was measured.
        seconds: one for each run.
        peak_bytes: the peak memory; None if it was not measured.
        note: shown after the numbers, or instead of them if nothing could be measured.
    """

    what: str
    seconds: tuple[float, ...] = ()
    peak_bytes: int | None = None
    note: str = ""


def format_table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table."""
    head = "| what | time | peak memory | note |\n|---|---|---|---|"
    return "\n".join([head, *map(format_row, figures)])


def format_row(figure: Figure) -> str:
    """Return the figure's row of the table."""
    cells = (
        figure.what,
        format_time(figure.seconds),
        _format_memory(figure.peak_bytes),
        figure.note,
    )
    return f"| {' | '.join(cells)} |"


def format_time(seconds: tuple[float, ...]) -> str:
    """Return the median, and the lowest and the highest of several."""
    if not seconds:
        return "–"
    middle = f"{median(seconds):.2f} s"
    if len(seconds) == 1:
        return middle
    return f"{middle} ({min(seconds):.2f}–{max(seconds):.2f}, {len(seconds)} times)"


def _format_memory(peak_bytes: int | None) -> str:
    return "–" if peak_bytes is None else f"{peak_bytes / 2**20:.0f} MiB"
