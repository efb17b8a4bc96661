"""The parts of `make bench-vision`: reference pipeline, profile, document, tables, sheets."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.peaks import ChildPeak, read_own_peak
from benchmarks.vision import document, profiling, quality, sheets
from benchmarks.vision.files import write_facts, write_hole, write_rgb
from benchmarks.vision.reference import Reference
from benchmarks.vision.sampler import Sampler
from tests.frozen_graph import OFFSET_BGR, write_frozen_graph


def test_the_reference_fills_the_hole_and_leaves_distant_pixels(tmp_path: Path) -> None:
    photo = np.full((96, 128, 3), (40, 90, 160), np.uint8)
    hole = np.zeros((96, 128), np.bool_)
    hole[40:60, 50:80] = True
    photo[hole] = 255
    reference = Reference(write_frozen_graph(tmp_path / "hifill.pb"), least_multiple=2)
    result = reference.remove(photo, hole)

    # The reference truncates, so up to one level is lost.
    middle = result[48:52, 60:70].astype(np.float64)
    assert np.abs(middle - (np.array([40, 90, 160]) + OFFSET_BGR)).max() <= 1.01
    assert (result[:30] == photo[:30]).all()
    assert reference.network_seconds > 0


def call_sleep() -> None:
    """Call a function that takes all the time."""
    sleep_briefly()


def sleep_briefly() -> None:
    """Spend time in the standard library."""
    time.sleep(0.3)


def test_time_is_counted_for_the_innermost_own_function() -> None:
    with Sampler("tests/project/") as sampler:
        call_sleep()
    total = sum(sampler.seconds.values())

    assert sampler.seconds["test_bench_vision.sleep_briefly"] > 0.8 * total
    assert total > 0.25


def test_a_profile_lists_what_takes_long_in_any_column() -> None:
    columns = [{"a.x": 1.0, "a.y": 0.01}, {"a.x": 1.0, "a.y": 1.0}, {"a.z": 0.001, "a.y": 3.0}]
    lines = profiling.format_table("hifill", columns).splitlines()

    assert [line.split(" | ")[0] for line in lines[2:]] == [
        "| `a.y`",
        "| `a.x`",
        "| the rest",
        "| **all**",
    ]
    assert "| 0.010 s, 1% | 1.000 s, 50% | 3.000 s, 100% |" in lines[2]


def test_a_part_replaces_only_its_own_section(tmp_path: Path) -> None:
    results = tmp_path / "VISION.md"
    document.write_section("Contact sheets", "three", results)
    document.write_section("Speed and memory", "slow", results)
    document.write_section("Speed and memory", "fast", results)
    text = results.read_text()

    assert text.index("## Speed and memory\n\nfast") < text.index("## Contact sheets\n\nthree")
    assert "slow" not in text
    assert text.count("## ") == 3


def test_the_best_is_the_highest_the_lowest_or_the_nearest_to_1() -> None:
    facts = {
        "one": {"psnr": 30.0, "flip": 0.2, "sharpness": 0.5},
        "other": {"psnr": 20.0, "flip": 0.1, "sharpness": 1.5},
    }

    assert quality.find_best_method(facts, "psnr") == "one"
    assert quality.find_best_method(facts, "flip") == "other"
    assert quality.find_best_method(facts, "sharpness") == "other"


def test_a_sheet_shows_every_available_method(tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    hole = np.zeros((200, 300), np.bool_)
    hole[80:120, 100:160] = True
    write_rgb(tmp_path / "before.png", picture)
    write_hole(tmp_path / "mask.png", hole)
    for method in ("patchmatch", "telea"):
        write_rgb(tmp_path / f"{method}.png", picture)
        write_facts(tmp_path / f"{method}.json", {"seconds": 1.5})
    sheets.draw(tmp_path, tmp_path / "sheet.jpg")

    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert sheet.width == 4 * (sheets.COLUMN + sheets.GAP) + sheets.GAP


def test_the_detail_crop_is_where_edges_meet_the_hole() -> None:
    picture = np.full((2000, 2000, 3), 128, np.uint8)
    picture[::2, 1100:] = 0
    hole = np.zeros((2000, 2000), np.bool_)
    hole[500:1500, 500:1100] = True
    rows, columns = sheets.choose_edge_crop(picture, hole)

    assert columns.start < 1100 < columns.stop
    assert rows.stop - rows.start == sheets.COLUMN


def test_a_childs_memory_is_its_own() -> None:
    data = np.ones(150_000_000, np.uint8)
    code = "import time; held = b'x' * {}; time.sleep(0.3)"
    commands = [[sys.executable, "-c", code.format(size)] for size in (200_000_000, 40_000_000)]
    with subprocess.Popen([*commands[0]]) as other:
        with ChildPeak() as children:
            subprocess.run(commands[1], check=True)
        other.kill()

    assert 40_000_000 < children.peak < 100_000_000
    assert read_own_peak() > len(data)


def test_two_methods_are_compared_on_the_holes_that_both_filled() -> None:
    figures = dict.fromkeys(quality.FIGURES, 0.5) | {"seconds": 1.0}
    cases: list[quality.Facts] = [
        {"patchmatch": figures | {"flip": 0.1}, "telea": figures | {"flip": 0.3}},
        {"patchmatch": figures | {"flip": 0.4}, "telea": figures | {"flip": 0.3}},
        {"patchmatch": figures | {"flip": 0.9}},
    ]

    assert quality.compare_methods("flip", "patchmatch", "telea", cases) == (
        "**ahead**, 1 of 2; 0.250, 0.300"
    )
    assert quality.compare_methods("flip", "patchmatch", "shiftmap", cases) == "–"
