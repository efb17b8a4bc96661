"""The document VISION.md, in which each part of the benchmark writes its own section."""

import re
from pathlib import Path

from benchmarks import machine

RESULTS = Path(__file__).resolve().parents[1] / "VISION.md"
TRIED = Path(__file__).with_name("TRIED.md")
HEAD = """# Removal: speed, quality, detection

Written by `make bench-vision`; `.venv/bin/python -m benchmarks.vision PART` updates one section.
"""
TRIED_TITLE = "Missed targets and rejected attempts"
TITLES = (
    "Speed and memory",
    "Start of the commands",
    "The network by itself",
    "Where the time goes",
    "Quality against true pixels",
    "Masks that are too small",
    "Detection and outlines",
    "Contact sheets",
    TRIED_TITLE,
)


def write_section(title: str, text: str, results: Path = RESULTS) -> None:
    """Write one section and keep the others; the head describes the machine of the last run."""
    sections = _split_sections(results.read_text()) if results.exists() else {}
    sections |= {title: text, TRIED_TITLE: TRIED.read_text()}
    parts = [f"## {one}\n\n{sections[one].strip()}" for one in TITLES if one in sections]
    results.write_text("\n\n".join([HEAD.strip(), machine.describe_machine(), *parts]) + "\n")


def _split_sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
