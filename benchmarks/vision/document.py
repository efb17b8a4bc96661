"""VISION.md: a section for each part, each written by its own run."""

import re
from pathlib import Path

from benchmarks import machine

RESULTS = Path(__file__).resolve().parents[1] / "VISION.md"
TRIED = Path(__file__).with_name("TRIED.md")
HEAD = """# Removal: speed, quality, finding

Written by `make bench-vision`; `.venv/bin/python -m benchmarks.vision PART` renews one section.
"""
TRIED_TITLE = "What was missed, and what did not help"
TITLES = (
    "Speed and memory",
    "The network by itself",
    "Where the time goes",
    "Quality against true pixels",
    "Finding and outlines",
    "Contact sheets",
    TRIED_TITLE,
)


def put(title: str, text: str, results: Path = RESULTS) -> None:
    """Write one section, leave the others; the head tells the machine of the last run."""
    kept = _sections(results.read_text()) if results.exists() else {}
    kept |= {title: text, TRIED_TITLE: TRIED.read_text()}
    parts = [f"## {one}\n\n{kept[one].strip()}" for one in TITLES if one in kept]
    results.write_text("\n\n".join([HEAD.strip(), machine.description(), *parts]) + "\n")


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
