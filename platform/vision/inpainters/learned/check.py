"""The check that a network must pass before its first use.

The published file has a digest, but a digest does not say that this runtime computes it rightly, or
that we feed it rightly: so it fills holes in a picture whose true content is known.
"""

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed
from vision.inpainters.learned.check_notes import (
    CheckNote,
    build_runtime_missing_error,
    find_note,
    note_result,
)
from vision.inpainters.learned.contracts import SIDE, Contract
from vision.inpainters.learned.network import LearnedNetwork
from vision.onnx_session import is_onnx_installed

MAX_LEVELS = 8.0
"""Greatest mean difference, in grey levels of 0..255."""
RIM = 16
"""Pixels around a hole that a network may blend."""
_Pixels = NDArray[np.uint8]


class _Network(Protocol):
    def run(self, picture: _Pixels, hole: NDArray[np.bool_]) -> _Pixels: ...


def find_fault(network: _Network) -> str:
    """Return what is wrong with the network's fills, for administrators; empty if nothing is.

    It fills a hole in a gradient twice, with different colours in the hole. Raises InpainterFailed
    if the network does not run.
    """
    truth, hole = build_gradient(), build_hole()
    fills = [network.run(_cover(truth, hole, colour), hole) for colour in (20, 235)]
    known = cv2.dilate(hole.astype(np.uint8), np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)) == 0
    if (change := _measure(fills[0], truth, known)) > MAX_LEVELS:
        return f"it changes known pixels by {change:.1f} levels"
    if (change := _measure(fills[0], fills[1], hole)) > MAX_LEVELS:
        return f"it reads the hole's own pixels, which change the fill by {change:.1f} levels"
    if (change := _measure(fills[0], truth, hole)) > MAX_LEVELS:
        return f"it continues a gradient wrongly, by {change:.1f} levels"
    return ""


def build_gradient() -> _Pixels:
    """Return a picture whose channels grow in different directions: [512,512,3] uint8."""
    down, right = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1)
    return np.stack([60 + 120 * right, 60 + 120 * down, 180 - 120 * right], 2).astype(np.uint8)


def build_hole() -> NDArray[np.bool_]:
    """Return a hole beside the middle: [512,512] bool."""
    hole = np.zeros((SIDE, SIDE), np.bool_)
    hole[150:290, 210:330] = True
    return hole


def _cover(picture: _Pixels, hole: NDArray[np.bool_], level: int) -> _Pixels:
    covered = picture.copy()
    covered[hole] = level
    return covered


def _measure(one: _Pixels, other: _Pixels, where: NDArray[np.bool_]) -> float:
    """Return the mean difference of the worst channel, in grey levels."""
    difference = np.abs(one[where].astype(np.float32) - other[where].astype(np.float32))
    return float(difference.mean(axis=0).max())


def check_network(contract: Contract, model: Path, folders: tuple[Path, ...]) -> CheckNote:
    """Return the result of an earlier check, or else check the network now and note the result.

    The note goes into the first folder; where that can't be written, the next process checks again.
    It takes seconds. A network that does not load or run here gets no note: the next time it may.

    Args:
        contract: the network's inputs and outputs.
        model: its file.
        folders: where notes lie.

    Raises InpainterFailed if the network does not load or run.
    """
    if not is_onnx_installed():
        raise build_runtime_missing_error(contract)
    if earlier := find_note(contract, model, folders):
        return earlier
    network = LearnedNetwork(contract, model)
    try:
        fault = find_fault(network)
    except InpainterFailed as error:
        if not error.permanent:
            raise
        fault = str(error.__cause__ or error)
    return note_result(contract, model, fault, folders[0])
