"""The network converted to LiteRT (TensorFlow Lite's successor), in its interpreter."""

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.contract import (
    OUTPUTS,
    as_inputs,
    as_outputs,
    bad_graph,
    crashed,
    unavailable,
)
from vision.processors import usable_processors


class LiteRtNetwork:
    """The model, loaded. To be made in the process that uses it.

    Args:
        path: a LiteRT model with inputs and outputs called as the frozen graph's.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no LiteRT), inpainter_bad_graph.
    """

    def __init__(self, path: Path) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise unavailable("LiteRT", "ai-edge-litert", error) from error
        try:
            self._interpreter = Interpreter(str(path), num_threads=usable_processors())
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise bad_graph(f"LiteRT does not open {path.name} ({error})") from error
        self._inputs = _places(self._interpreter.get_input_details())
        self._outputs = _places(self._interpreter.get_output_details())
        # Its tensors are the interpreter's own, one run's at a time.
        self._running = Lock()

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See `Network.run`."""
        try:
            with self._running:
                for name, value in as_inputs(picture, hole).items():
                    self._interpreter.set_tensor(self._inputs[name], value)
                self._interpreter.invoke()
                filled, attention = (
                    self._interpreter.get_tensor(self._outputs[name]) for name in OUTPUTS
                )
        except (KeyError, ValueError) as error:
            raise bad_graph(f"LiteRT does not take the picture ({error})") from error
        except RuntimeError as error:
            raise crashed(error) from error
        return as_outputs(filled, attention)


def _places(details: list[dict[str, Any]]) -> dict[str, int]:
    """Where each tensor lies, by its name in the frozen graph."""
    return {f"{tensor['name'].partition(':')[0]}:0": tensor["index"] for tensor in details}
