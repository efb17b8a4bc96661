"""The section on what the detector finds, and how well outlines cover hand-made masks."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.detection import DetectionRow, OutlineRow, measure_photos
from vision.weights import ModelStore

ABOUT = """The objects are those of `benchmarks/labels.json`, labelled by hand. An object counts as
found if a detection overlaps it with an IoU of at least 0.5, with any label. Of two figures, the
first is for the whole picture and the second with tiles. The masks of `pairs/` are dilated, so the
IoU cannot reach 1."""


def measure(photos: Path) -> str:
    """Measure, and return the section's text."""
    rows = list(measure_photos(photos, ModelStore.from_environment()))
    detection = [row for row in rows if isinstance(row, DetectionRow)]
    outlines = [row for row in rows if isinstance(row, OutlineRow)]
    return f"{ABOUT}\n\n{_format_detection(detection)}\n\n{_format_outlines(outlines)}"


def _format_detection(rows: list[DetectionRow]) -> str:
    """Return a table with a row for each photo and the totals, with both methods side by side."""
    lines = ["| photo | objects | found | false | seconds |", "|---|---|---|---|---|"]
    whole = {row.photo: row for row in rows if row.method == "whole picture"}
    tiled = {row.photo: row for row in rows if row.method == "with tiles"}
    lines += [_format_pair(name, [whole[name]], [tiled[name]]) for name in whole]
    lines.append(_format_pair("**all**", whole.values(), tiled.values()))
    return "\n".join(lines)


def _format_pair(name: str, whole: Iterable[DetectionRow], tiled: Iterable[DetectionRow]) -> str:
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


def _format_outlines(rows: list[OutlineRow]) -> str:
    lines = ["| pair | mask covered | IoU | seconds an outline |", "|---|---|---|---|"]
    lines += [f"| {r.photo} | {r.recall:.3f} | {r.iou:.3f} | {r.seconds:.2f} |" for r in rows]
    return "\n".join(lines)
