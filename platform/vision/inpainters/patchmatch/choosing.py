"""Filling of a hole with several candidates, and the choice of one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.patchmatch.candidates import (
    AUTOMATIC,
    COUNT,
    DOUBTFUL_BREAKS,
    DOUBTFUL_STRANGENESS,
    Candidate,
    Score,
    list_candidates,
    rank_scores,
)
from vision.inpainters.patchmatch.lines import Line, find_directions, find_lines
from vision.inpainters.patchmatch.process import fill_in_child
from vision.inpainters.patchmatch.scenes import Crop, Scene
from vision.inpainters.patchmatch.scoring import measure_breaks, measure_strangeness
from vision.inpainters.patchmatch_child.tasks import Task
from vision.progress import Checkpoint, scale_checkpoint

_Fill = NDArray[np.uint8]


def choose_fill(crop: Crop, side: int, checkpoint: Checkpoint) -> tuple[_Fill, Scene]:
    """Return the fill that the crop's options ask for, and the scene that it fills.

    The variants are the best candidate and the others in their order. The best one is chosen among
    `AUTOMATIC` ones if the first is doubtful and there is time; else it is the first. A crop that
    is nearly all hole may have one variant less; its last one is then returned twice.
    """
    variant, quick = crop.options.variant, crop.options.quick
    scene = crop.get_scene(side)
    if quick and not variant:
        return _fill(crop, [Candidate(side)], checkpoint)[0], scene
    lines = find_lines(scene.picture, scene.hole)
    angles = find_directions(lines, scene.hole, limit=2)
    candidates = [
        candidate
        for candidate in list_candidates(angles, side, max(scene.hole.shape))
        if crop.has_source(candidate.side)
    ]
    fills = _fill(crop, candidates[: COUNT if variant else 1], checkpoint)
    is_doubtful = not quick and _is_doubtful(fills[0], scene, lines if angles else ())
    compared = AUTOMATIC if is_doubtful else 1
    fills += _fill(crop, candidates[len(fills) : compared], scale_checkpoint(checkpoint, 1, 1))
    if len(fills) == 1:
        return fills[0], scene
    ranked = _rank(fills, scene, lines, compared)
    chosen = ranked[min(variant, len(ranked) - 1)]
    return fills[chosen], crop.get_scene(candidates[chosen].side)


def _is_doubtful(fill: _Fill, scene: Scene, lines: Sequence[Line]) -> bool:
    """Return whether lines break in a fill, or its surroundings do not have its colours."""
    return (
        measure_breaks(fill, lines) > DOUBTFUL_BREAKS
        or measure_strangeness(fill, scene.hole, scene.blocked) > DOUBTFUL_STRANGENESS
    )


def _fill(crop: Crop, candidates: Sequence[Candidate], checkpoint: Checkpoint) -> list[_Fill]:
    """Return the candidates' fills at their working sizes."""
    tasks = []
    for candidate in candidates:
        scene = crop.get_scene(candidate.side)
        tasks.append(
            Task(scene.picture, scene.hole, scene.blocked, candidate.seed, candidate.angle)
        )
    return fill_in_child(tasks, checkpoint) if tasks else []


def _rank(fills: Sequence[_Fill], scene: Scene, lines: Sequence[Line], compared: int) -> list[int]:
    """Return the numbers of the fills: the best of the first `compared` ones, then the others."""
    scores = [
        Score.from_fill(scene.paste(fill), scene.hole, lines, scene.blocked) for fill in fills
    ]
    best = rank_scores(scores[:compared])[0] if compared > 1 else 0
    return [best, *(number for number in rank_scores(scores) if number != best)]
