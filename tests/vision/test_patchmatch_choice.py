"""The choice among several fills, and the variants that stay available."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.errors import VisionError
from vision.inpainters.base import FillOptions
from vision.inpainters.patchmatch import PatchMatchInpainter, choosing
from vision.inpainters.patchmatch.candidates import (
    AUTOMATIC,
    COUNT,
    MARGIN,
    Score,
    list_candidates,
    rank_scores,
)
from vision.inpainters.patchmatch.lines import find_lines
from vision.inpainters.patchmatch.scoring import (
    measure_breaks,
    measure_incoherence,
    measure_strangeness,
)
from vision.inpainters.patchmatch_child.tasks import Task
from vision.inpainters.registry import count_variants
from vision.inpainters.variants import check_variant
from vision.progress import Checkpoint, ignore_progress

Rgb = NDArray[np.uint8]
HOLE = np.zeros((160, 200), np.bool_)
HOLE[50:110, 70:130] = True
NOTHING = np.zeros_like(HOLE)


def build_shore() -> Rgb:
    """Return a light sky above dark water, both a little noisy."""
    picture = np.full((*HOLE.shape, 3), (170, 190, 220), np.uint8)
    picture[80:] = (40, 70, 90)
    noise = np.random.default_rng(4).integers(0, 6, picture.shape, dtype=np.uint8)
    return picture + noise


def score(fill: Rgb) -> Score:
    return Score.from_fill(fill, HOLE, find_lines(build_shore(), HOLE), NOTHING)


def test_a_broken_waterline_is_worse_than_a_continued_one() -> None:
    good = build_shore()
    broken = good.copy()
    broken[80:110, 70:130] = (170, 190, 220)
    lines = find_lines(good, HOLE)
    assert measure_breaks(good, lines) < 0.2
    assert measure_breaks(broken, lines) > 0.8
    assert rank_scores([score(broken), score(good)]) == [1, 0]


def test_a_dark_tree_in_an_evening_sky_is_strange() -> None:
    # The tree is elsewhere in the photo, so its patches are known, but not beside the hole.
    sky = np.full((*HOLE.shape, 3), (230, 160, 110), np.uint8)
    sky[:, 170:] = (15, 20, 12)
    tree = sky.copy()
    cv2.circle(tree, (100, 80), 18, (15, 20, 12), -1)
    assert measure_strangeness(sky, HOLE, NOTHING) == 0
    assert measure_strangeness(tree, HOLE, NOTHING) > 3
    assert rank_scores([score(tree), score(sky)])[0] == 1


def test_what_another_hole_hides_is_no_reason_for_a_colour() -> None:
    sky = np.full((*HOLE.shape, 3), (230, 160, 110), np.uint8)
    sky[:, 130:140] = (15, 20, 12)
    tree = sky.copy()
    tree[HOLE] = (15, 20, 12)
    hidden = np.zeros_like(HOLE)
    hidden[:, 130:] = True
    assert measure_strangeness(tree, HOLE, hidden) > measure_strangeness(tree, HOLE, NOTHING) + 3
    assert measure_incoherence(tree, HOLE, hidden) > measure_incoherence(tree, HOLE, NOTHING)


def test_patches_that_are_nowhere_else_are_incoherent() -> None:
    good = build_shore()
    checks = good.copy()
    rows, columns = np.nonzero(HOLE)
    checks[HOLE] = (((rows // 5 + columns // 5) % 2) * 200)[:, np.newaxis]
    assert measure_incoherence(checks, HOLE, NOTHING) > 3 * measure_incoherence(good, HOLE, NOTHING)


def test_the_first_candidate_stays_unless_another_is_clearly_better() -> None:
    first = Score(breaks=0.5, strangeness=0.0, incoherence=10.0)
    by_chance = Score(breaks=0.5, strangeness=0.0, incoherence=10.0 - 9 * MARGIN)
    clearly = Score(breaks=0.5, strangeness=0.0, incoherence=10.0 - 11 * MARGIN)
    assert rank_scores([first, by_chance])[0] == 0
    assert rank_scores([first, clearly])[0] == 1


@pytest.mark.parametrize("angles", [[], [0.5], [0.5, 1.5]])
def test_there_are_as_many_candidates_with_any_number_of_directions(angles: list[float]) -> None:
    candidates = list_candidates(angles, 512, 300)
    assert len(set(candidates)) == COUNT
    assert candidates[0].angle is None
    guided = [candidate.angle for candidate in candidates if candidate.angle is not None]
    assert guided == (angles or [0.0])


class RecordedChild:
    """Stands in for the child process: fills each task with a colour of its own."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def __call__(self, tasks: list[Task], checkpoint: Checkpoint) -> list[Rgb]:
        checkpoint(0.5)
        self.calls.append(len(tasks))
        return [self._fill(task) for task in tasks]

    @staticmethod
    def _fill(task: Task) -> Rgb:
        picture = task.picture.copy()
        shade = 100 + 10 * task.seed + (20 if task.angle is not None else 0)
        picture[task.hole] = (shade, len(picture) % 100, 60)
        return picture


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> RecordedChild:
    """The child process, replaced."""
    recorded = RecordedChild()
    monkeypatch.setattr(choosing, "fill_in_child", recorded)
    return recorded


def fill(picture: Rgb, variant: int = 0, *, quick: bool = False) -> Rgb:
    mask = np.where(HOLE, np.uint8(255), np.uint8(0))
    return PatchMatchInpainter().fill_variant(
        picture, mask, FillOptions(variant=variant, quick=quick), checkpoint=ignore_progress
    )


def test_a_plain_hole_is_filled_once(child: RecordedChild) -> None:
    fill(np.full((*HOLE.shape, 3), (115, 60, 60), np.uint8))
    assert child.calls == [1]


def test_where_lines_break_other_candidates_are_made(child: RecordedChild) -> None:
    fill(build_shore())
    assert child.calls == [1, AUTOMATIC - 1]


def test_a_quick_fill_has_no_other_candidates(child: RecordedChild) -> None:
    fill(build_shore(), quick=True)
    assert child.calls == [1]


def test_a_strange_first_fill_is_not_the_last(child: RecordedChild) -> None:
    fill(np.full((*HOLE.shape, 3), (10, 250, 250), np.uint8))
    assert child.calls == [1, AUTOMATIC - 1]


@pytest.mark.usefixtures("child")
@pytest.mark.parametrize("quick", [True, False])
def test_every_variant_is_another_fill(*, quick: bool) -> None:
    fills = [fill(build_shore(), variant, quick=quick) for variant in range(COUNT)]
    assert len({one.tobytes() for one in fills}) == COUNT


def test_a_waterline_continues_through_a_real_fill() -> None:
    filled = fill(build_shore()).astype(int)
    inside = filled[:, 75:125].mean(axis=(1, 2))
    assert inside[55:74].min() > 150
    assert inside[86:105].max() < 110


def test_an_inpainter_without_variants_has_one() -> None:
    assert PatchMatchInpainter.variant_count == count_variants("patchmatch") == COUNT
    with pytest.raises(VisionError) as caught:
        check_variant(PatchMatchInpainter(), COUNT)
    assert caught.value.code == "no_such_variant"
