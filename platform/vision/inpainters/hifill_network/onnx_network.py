"""The network converted to ONNX, in ONNX Runtime."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.cell_window import window_around
from vision.inpainters.hifill_network.contract import (
    OUTPUTS,
    WINDOW,
    as_inputs,
    as_outputs,
    bad_graph,
    crashed,
    unavailable,
)
from vision.onnx_session import onnx_session
from vision.processors import usable_processors

MARGIN = "vanish_margin"
"""What the model's notes call the cells that a window needs around the hole."""


class OnnxNetwork:
    """The model, loaded. To be made in the process that uses it.

    Args:
        path: an ONNX model with inputs and outputs called as the frozen graph's. One that notes a
            margin has `window:0` too, and paints that window of cells alone.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no ONNX Runtime), inpainter_bad_graph.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._session = onnx_session(path, most_threads=usable_processors())
            margin = self._session.get_modelmeta().custom_metadata_map.get(MARGIN)
            self._margin = None if margin is None else int(margin)
        except ImportError as error:
            raise unavailable("ONNX Runtime", "onnxruntime", error) from error
        # Its errors have no class in common.
        except Exception as error:
            raise bad_graph(f"ONNX Runtime does not open {path.name} ({error})") from error

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See `Network.run`."""
        if self._margin is None:
            return as_outputs(*self._given(as_inputs(picture, hole)))
        window = window_around(hole, self._margin)
        filled, attention = self._given({**as_inputs(picture, hole), WINDOW: window.as_input})
        painted = picture.copy()
        size = painted[window.slices].shape[:2]
        painted[window.slices], weights = as_outputs(filled, attention, size)
        return painted, weights

    def _given(
        self, inputs: dict[str, NDArray[np.generic]]
    ) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        try:
            filled, attention = self._session.run(OUTPUTS, inputs)
        except Exception as error:
            raise crashed(error) from error
        return filled, attention
