"""The section on what the detector finds, and how outlines cover hand-made masks."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.finding import FindingRow, OutlineRow, rows
from vision.weights import ModelStore

ABOUT = """Objects are those of `benchmarks/labels.json`, written down by looking; one is found
where a find overlaps it by an IoU of at least 0.5, whatever its label. Of two figures the first
is for a look at the whole picture, the second with tiles. The masks of `pairs/` are dilated, so
their IoU has a ceiling below 1."""


def measure(photos: Path) -> str:
    """The tables in Markdown."""
    found = list(rows(photos, ModelStore.from_environment()))
    detection = [row for row in found if isinstance(row, FindingRow)]
    outlines = [row for row in found if isinstance(row, OutlineRow)]
    return f"{ABOUT}\n\n{_detection(detection)}\n\n{_outlines(outlines)}"


def _detection(found: list[FindingRow]) -> str:
    """A line a photo, both ways side by side, and all of them together."""
    lines = ["| photo | objects | found | false | seconds |", "|---|---|---|---|---|"]
    whole = {row.photo: row for row in found if row.way == "whole picture"}
    tiled = {row.photo: row for row in found if row.way == "with tiles"}
    lines += [_pair(name, [whole[name]], [tiled[name]]) for name in whole]
    lines.append(_pair("**all**", whole.values(), tiled.values()))
    return "\n".join(lines)


def _pair(name: str, whole: Iterable[FindingRow], tiled: Iterable[FindingRow]) -> str:
    one, other = list(whole), list(tiled)
    cells = [
        name,
        str(sum(row.objects for row in one)),
        *(
            " / ".join(str(sum(getattr(row, what) for row in rows)) for rows in (one, other))
            for what in ("found", "false")
        ),
        " / ".join(f"{sum(row.seconds for row in rows):.2f}" for rows in (one, other)),
    ]
    return f"| {' | '.join(cells)} |"


def _outlines(found: list[OutlineRow]) -> str:
    lines = ["| pair | mask covered | IoU | seconds an outline |", "|---|---|---|---|"]
    lines += [f"| {r.photo} | {r.recall:.3f} | {r.iou:.3f} | {r.seconds:.2f} |" for r in found]
    return "\n".join(lines)
