"""The quality of fills against true pixels: our inpainters compared with classical methods."""

from collections.abc import Iterable, Mapping
from math import log
from pathlib import Path
from statistics import geometric_mean, mean
from typing import Any

from benchmarks.vision import own_fills
from benchmarks.vision.bench_environment import run_module
from benchmarks.vision.files import CASES, read_facts, read_hole
from benchmarks.vision.places import Place, read_places
from vision.images import decode

OURS = ("hifill", "patchmatch")
CLASSICAL = ("telea", "navier-stokes", "shiftmap", "biharmonic")
METHODS = (*OURS, *CLASSICAL)
ABOUT = """The holes have the shapes of hand-made masks or of free-form strokes, and cover no object
([places.json](vision/places.json)). The fills are compared with the true pixels over the hole's
box and 8 px around it, at full resolution. Our inpainters get the whole photo; the others get the
hole with 0.75 of its length as context. Biharmonic fills only holes below 100,000 px. Seam and
sharpness are defined in [metrics.py](vision/metrics.py). PSNR, SSIM and FLIP compare pixel by
pixel: a blur counts as a smaller error than correct texture in a shifted position, so read them
together with sharpness."""
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
LEAST_FIGURE = 1e-4
"""A lower bound, because 0 has no logarithm."""
DECIMALS = {"psnr": 2, "sharpness": 2}

Facts = Mapping[str, Mapping[str, Any]]
"""The seconds and figures of each method on one case."""


def measure(photos: Path, words: Iterable[str]) -> str:
    """Fill and judge the cases with one of the words in their name, or all; return the section."""
    words = tuple(words)
    chosen = [one for one in read_places() if not words or any(word in one.name for word in words)]
    for one in chosen:
        picture = decode(photos / one.photo)
        hole = one.build_hole(photos, (picture.height, picture.width))
        own_fills.fill(CASES / one.name, picture, hole)
    names = [one.name for one in chosen]
    run_module("classical", names)
    run_module("judge", names)
    return format_section(chosen)


def format_section(chosen: list[Place]) -> str:
    """Return the section's text: the tables."""
    cases = {one.name: _read_method_facts(CASES / one.name) for one in chosen}
    listed: list[Facts] = list(cases.values())
    opponents = [
        _format_opponents(method, listed) for method in OURS if any(method in one for one in listed)
    ]
    parts = [
        ABOUT,
        _format_means(listed),
        *opponents,
        _format_cases(cases, "flip"),
        _format_cases(cases, "gmsd"),
    ]
    return "\n\n".join(parts)


def _read_method_facts(case: Path) -> dict[str, dict[str, Any]]:
    found = {name: read_facts(case / f"{name}.json") for name in METHODS}
    return {name: facts for name, facts in found.items() if facts}


def _format_means(cases: list[Facts]) -> str:
    """Return a table with a row for each method: means, number of best results, seconds."""
    head = ["method", "cases", *(TITLES[name] for name in FIGURES), "best of", "seconds"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for method in METHODS:
        mine = [facts[method] for facts in cases if method in facts]
        if not mine:
            continue
        figures = [_format_figure(name, _compute_mean(name, mine)) for name in FIGURES]
        wins = sum(find_best_method(facts, name) == method for facts in cases for name in FIGURES)
        seconds = f"{mean(facts['seconds'] for facts in mine):.1f}"
        cells = [method, str(len(mine)), *figures, f"{wins}/{len(cases) * len(FIGURES)}", seconds]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _compute_mean(figure: str, facts: list[Mapping[str, Any]]) -> float:
    """Return the mean; the geometric one of sharpness, because half and double are equally bad."""
    average = geometric_mean if figure == "sharpness" else mean
    return average([max(one[figure], LEAST_FIGURE) for one in facts])


def _format_opponents(method: str, cases: list[Facts]) -> str:
    """Return a table with a row for each figure and a column for each classical method."""
    lines = [
        f"| {method} against (cases won; mean of ours, of theirs) | {' | '.join(CLASSICAL)} |",
        "|---" * (len(CLASSICAL) + 1) + "|",
    ]
    for figure in FIGURES:
        cells = [compare_methods(figure, method, other, cases) for other in CLASSICAL]
        lines.append(f"| {TITLES[figure]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def compare_methods(figure: str, method: str, other: str, cases: list[Facts]) -> str:
    """Compare two methods in the cases that both have filled."""
    both = [facts for facts in cases if method in facts and other in facts]
    if not both:
        return "–"
    mine, theirs = ([facts[name] for facts in both] for name in (method, other))
    worse = [
        _compute_badness(figure, one[figure]) - _compute_badness(figure, two[figure])
        for one, two in zip(mine, theirs, strict=True)
    ]
    wins = sum(difference < 0 for difference in worse)
    verdict = "**ahead**" if mean(worse) < 0 else "behind"
    shown = ", ".join(
        _format_figure(figure, _compute_mean(figure, facts)) for facts in (mine, theirs)
    )
    return f"{verdict}, {wins} of {len(both)}; {shown}"


def _format_cases(cases: Mapping[str, Facts], figure: str) -> str:
    """Return a table with a row for each case and a column for each method, the best in bold."""
    head = [TITLES[figure], "hole, px", *METHODS]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, facts in cases.items():
        winner = find_best_method(facts, figure)
        cells = [name.removeprefix("truth-"), str(int(read_hole(CASES / name / "mask.png").sum()))]
        for method in METHODS:
            shown = _format_figure(figure, facts[method][figure]) if method in facts else "–"
            cells.append(f"**{shown}**" if method == winner else shown)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def find_best_method(facts: Facts, figure: str) -> str:
    """Return the method with the best figure in one case."""
    return min(facts, key=lambda method: _compute_badness(figure, facts[method][figure]))


def _compute_badness(figure: str, value: float) -> float:
    """Return how bad a figure is; for sharpness the absolute logarithm of its ratio to 1."""
    if figure == "sharpness":
        return abs(log(max(value, LEAST_FIGURE)))
    return -value if figure in HIGHER_IS_BETTER else value


def _format_figure(figure: str, value: float) -> str:
    return f"{value:.{DECIMALS.get(figure, 3)}f}"
