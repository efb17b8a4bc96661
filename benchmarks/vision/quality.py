"""The fills' quality against true pixels: our inpainters beside the classical methods."""

from collections.abc import Iterable, Mapping
from math import log
from pathlib import Path
from statistics import geometric_mean, mean
from typing import Any

from benchmarks.vision import ours
from benchmarks.vision.elsewhere import run_elsewhere
from benchmarks.vision.files import CASES, read_facts, read_hole
from benchmarks.vision.places import Place, places
from vision.images import decode

OURS = ("hifill", "patchmatch")
CLASSICAL = ("telea", "navier-stokes", "shiftmap", "biharmonic")
METHODS = (*OURS, *CLASSICAL)
ABOUT = """Holes of the shapes of hand-made masks, and free-form strokes, stand where nothing is to
be removed ([places.json](vision/places.json)); what fills them is held against the true pixels,
over the hole's box and 8 px around it, at full resolution. Ours get the whole photo, the others
the hole with 0.75 of its length around it; biharmonic fills holes under 100,000 px only. Seam and
sharpness are defined in [metrics.py](vision/metrics.py). PSNR, SSIM and FLIP compare pixel by
pixel, so a blur counts as less of an error than texture that is right but for its place: read
them beside sharpness."""
FIGURES = ("psnr", "ssim", "gmsd", "flip", "seam", "sharpness")
HIGHER_IS_BETTER = {"psnr", "ssim"}
TITLES = {
    "psnr": "PSNR, dB ↑",
    "ssim": "SSIM ↑",
    "gmsd": "GMSD ↓",
    "flip": "FLIP ↓",
    "seam": "seam ↓",
    "sharpness": "sharpness → 1",
}
LEAST = 1e-4
"""A sharpness of 0 has no inverse."""
PLACES_AFTER_POINT = {"psnr": 2, "sharpness": 2}

Facts = Mapping[str, Mapping[str, Any]]
"""By method: its seconds and figures on one case."""


def measure(photos: Path, words: Iterable[str]) -> str:
    """Fill and judge the cases whose name holds one of the words (all without); the section."""
    words = tuple(words)
    chosen = [one for one in places() if not words or any(word in one.name for word in words)]
    for one in chosen:
        picture = decode(photos / one.photo)
        hole = one.hole(photos, (picture.height, picture.width))
        ours.fill(CASES / one.name, picture, hole)
    names = [one.name for one in chosen]
    run_elsewhere("classical", names)
    run_elsewhere("judge", names)
    return section(chosen)


def section(chosen: list[Place]) -> str:
    """The tables in Markdown."""
    cases = {one.name: _facts(CASES / one.name) for one in chosen}
    listed: list[Facts] = list(cases.values())
    against = [_against(method, listed) for method in OURS if any(method in one for one in listed)]
    parts = [ABOUT, _means(listed), *against, _each(cases, "flip"), _each(cases, "gmsd")]
    return "\n\n".join(parts)


def _facts(case: Path) -> dict[str, dict[str, Any]]:
    found = {name: read_facts(case / f"{name}.json") for name in METHODS}
    return {name: facts for name, facts in found.items() if facts}


def _means(cases: list[Facts]) -> str:
    """A line a method: means over the cases, how often it was best, seconds."""
    head = ["method", "cases", *(TITLES[name] for name in FIGURES), "best of", "seconds"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for method in METHODS:
        mine = [facts[method] for facts in cases if method in facts]
        if not mine:
            continue
        figures = [_shown(name, _middle(name, mine)) for name in FIGURES]
        wins = sum(best(facts, name) == method for facts in cases for name in FIGURES)
        seconds = f"{mean(facts['seconds'] for facts in mine):.1f}"
        cells = [method, str(len(mine)), *figures, f"{wins}/{len(cases) * len(FIGURES)}", seconds]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _middle(figure: str, facts: list[Mapping[str, Any]]) -> float:
    """The mean; of sharpness the geometric one, for half and double are equally far off."""
    average = geometric_mean if figure == "sharpness" else mean
    return average([max(one[figure], LEAST) for one in facts])


def _against(method: str, cases: list[Facts]) -> str:
    """A line a figure, a column an opponent."""
    lines = [
        f"| {method} against (cases won; mean of ours, of theirs) | {' | '.join(CLASSICAL)} |",
        "|---" * (len(CLASSICAL) + 1) + "|",
    ]
    for figure in FIGURES:
        cells = [duel(figure, method, other, cases) for other in CLASSICAL]
        lines.append(f"| {TITLES[figure]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def duel(figure: str, method: str, other: str, cases: list[Facts]) -> str:
    """How the two did in the cases that both have filled."""
    both = [facts for facts in cases if method in facts and other in facts]
    if not both:
        return "–"
    mine, theirs = ([facts[name] for facts in both] for name in (method, other))
    worse = [
        _badness(figure, one[figure]) - _badness(figure, two[figure])
        for one, two in zip(mine, theirs, strict=True)
    ]
    wins = sum(difference < 0 for difference in worse)
    verdict = "**ahead**" if mean(worse) < 0 else "behind"
    shown = ", ".join(_shown(figure, _middle(figure, facts)) for facts in (mine, theirs))
    return f"{verdict}, {wins} of {len(both)}; {shown}"


def _each(cases: Mapping[str, Facts], figure: str) -> str:
    """A line a case, a column a method, the best in bold."""
    head = [TITLES[figure], "hole, px", *METHODS]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, facts in cases.items():
        winner = best(facts, figure)
        cells = [name.removeprefix("truth-"), str(int(read_hole(CASES / name / "mask.png").sum()))]
        for method in METHODS:
            shown = _shown(figure, facts[method][figure]) if method in facts else "–"
            cells.append(f"**{shown}**" if method == winner else shown)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def best(facts: Facts, figure: str) -> str:
    """The method that did best on one case."""
    return min(facts, key=lambda method: _badness(figure, facts[method][figure]))


def _badness(figure: str, value: float) -> float:
    """The lower the better; of sharpness how many times it is off, as a logarithm."""
    if figure == "sharpness":
        return abs(log(max(value, LEAST)))
    return -value if figure in HIGHER_IS_BETTER else value


def _shown(figure: str, value: float) -> str:
    return f"{value:.{PLACES_AFTER_POINT.get(figure, 3)}f}"
