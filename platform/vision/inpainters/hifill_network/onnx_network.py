"""The windowed ONNX model of the network, in ONNX Runtime.

It paints only a window of cells around the hole, because the rest of the picture is not needed.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.contract import (
    GRID,
    OUTPUTS,
    SIDE,
    WINDOW,
    build_crash_error,
    build_graph_error,
    build_import_error,
    to_inputs,
    to_results,
)
from vision.onnx_session import open_onnx_session
from vision.processors import count_usable_processors

CELL_SIDE = SIDE // GRID
MARGIN = "vanish_margin"
"""Key in the model's metadata: how many cells a window needs around the hole."""


@dataclass(frozen=True)
class CellWindow:
    """A rectangle in the grid of 32 x 32 cells: position and size in cells."""

    top: int
    left: int
    height: int
    width: int

    @property
    def as_input(self) -> NDArray[np.int32]:
        """The value of `window:0`, [4] int32."""
        return np.array([self.top, self.left, self.height, self.width], dtype=np.int32)

    @property
    def slices(self) -> tuple[slice, slice]:
        """The window's rows and columns of pixels in the picture of 512 x 512."""
        return (
            slice(self.top * CELL_SIDE, (self.top + self.height) * CELL_SIDE),
            slice(self.left * CELL_SIDE, (self.left + self.width) * CELL_SIDE),
        )


class OnnxNetwork:
    """The model, loaded. Create it in the process that uses it.

    Args:
        path: an ONNX model with the frozen graph's inputs and outputs, and with `window:0`: it
            paints that window of cells only. Its metadata holds the margin.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no ONNX Runtime), inpainter_bad_graph.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._session = open_onnx_session(path, max_threads=count_usable_processors())
            self._margin = int(self._session.get_modelmeta().custom_metadata_map[MARGIN])
        except ImportError as error:
            raise build_import_error("ONNX Runtime", "onnxruntime", error) from error
        # ONNX Runtime's exceptions share no base class of their own.
        except Exception as error:
            raise build_graph_error(f"ONNX Runtime can't open {path.name} ({error})") from error

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fill the hole. See `Network.run`."""
        window = find_window(hole, self._margin)
        inputs = {**to_inputs(picture, hole), WINDOW: window.as_input}
        try:
            pixels, attention = self._session.run(OUTPUTS, inputs)
        except Exception as error:
            raise build_crash_error(error) from error
        result = picture.copy()
        size = result[window.slices].shape[:2]
        result[window.slices], weights = to_results(pixels, attention, size)
        return result, weights


def find_window(hole: NDArray[np.bool_], margin: int) -> CellWindow:
    """Return the smallest window in the grid that holds the hole and a margin around it.

    Args:
        hole: [512,512] bool; if it is empty, the window is the whole grid.
        margin: cells on each side.
    """
    top, bottom = _find_range(hole.any(axis=1), margin)
    left, right = _find_range(hole.any(axis=0), margin)
    return CellWindow(top, left, bottom - top, right - left)


def _find_range(is_hole: NDArray[np.bool_], margin: int) -> tuple[int, int]:
    """Return the first cell, and the one after the last, along one axis."""
    places = np.flatnonzero(is_hole)
    if not places.size:
        return 0, GRID
    first, last = int(places[0]) // CELL_SIDE, int(places[-1]) // CELL_SIDE
    return max(0, first - margin), min(GRID, last + 1 + margin)
