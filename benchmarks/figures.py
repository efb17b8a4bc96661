"""Figures and the table they are printed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        what: what was done, to what.
        seconds: one for each time that it was done.
        peak_bytes: the most memory held while it was done; None where it was not looked at.
        note: shown behind it, or instead of numbers where nothing could be measured.
    """

    what: str
    seconds: tuple[float, ...] = ()
    peak_bytes: int | None = None
    note: str = ""


def table(figures: Iterable[Figure]) -> str:
    """The figures in Markdown: median, and lowest to highest of several."""
    head = "| what | time | peak memory | note |\n|---|---|---|---|"
    return "\n".join([head, *map(row, figures)])


def row(figure: Figure) -> str:
    """The figure's line of the table."""
    cells = (figure.what, time_of(figure.seconds), _memory(figure.peak_bytes), figure.note)
    return f"| {' | '.join(cells)} |"


def time_of(seconds: tuple[float, ...]) -> str:
    """Median, and lowest to highest of several."""
    if not seconds:
        return "–"
    middle = f"{median(seconds):.2f} s"
    if len(seconds) == 1:
        return middle
    return f"{middle} ({min(seconds):.2f}–{max(seconds):.2f}, {len(seconds)} times)"


def _memory(peak_bytes: int | None) -> str:
    return "–" if peak_bytes is None else f"{peak_bytes / 2**20:.0f} MiB"
