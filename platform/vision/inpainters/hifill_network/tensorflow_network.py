"""The released frozen graph in TensorFlow, which is imported when the first graph is loaded."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.hifill_network.contract import (
    HOLE,
    OUTPUTS,
    PICTURE,
    SIDE,
    build_crash_error,
    build_graph_error,
    build_import_error,
    to_inputs,
    to_results,
)
from vision.processors import count_usable_processors


class TensorFlowNetwork:
    """The graph, loaded and run once, on the CPU. Create it in the process that uses it.

    TensorFlow takes seconds to load and half a gigabyte, and does not survive a fork.

    Args:
        path: a frozen GraphDef with the tensors of the release: `img:0`, `mask:0`, `inpainted:0`,
            `attention:0`.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no TensorFlow), inpainter_bad_graph.
    """

    def __init__(self, path: Path) -> None:
        self._tensorflow = import_tensorflow()
        self._session = _open_session(self._tensorflow, path)
        middle = np.zeros((SIDE, SIDE), dtype=np.bool_)
        middle[192:320, 192:320] = True
        self.run(np.zeros((SIDE, SIDE, 3), dtype=np.float32), middle)

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fill the hole. See `Network.run`."""
        try:
            pixels, attention = self._session.run(OUTPUTS, to_inputs(picture, hole))
        except self._tensorflow.errors.OpError as error:
            raise build_crash_error(error) from error
        except (ValueError, TypeError) as error:
            raise build_graph_error(f"it does not accept the picture ({error})") from error
        return to_results(pixels, attention)


def import_tensorflow() -> Any:
    """Import TensorFlow and return it. Raise InpainterFailed, code inpainter_unavailable."""
    # TensorFlow reads both when it is imported; without the first it disables oneDNN on some CPUs.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        import tensorflow
    except ImportError as error:
        raise build_import_error("TensorFlow", "tensorflow", error) from error
    return tensorflow


def read_definition(tensorflow: Any, path: Path) -> Any:
    """Read the GraphDef in a file. Raise InpainterFailed, code inpainter_bad_graph."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    definition = tensorflow.compat.v1.GraphDef()
    try:
        definition.ParseFromString(path.read_bytes())
    except DecodeError as error:
        raise build_graph_error(f"{path.name} is not HiFill's frozen graph ({error})") from error
    return definition


def _open_session(tensorflow: Any, path: Path) -> Any:
    definition = read_definition(tensorflow, path)
    graph = tensorflow.Graph()
    try:
        with graph.as_default():
            tensorflow.import_graph_def(definition, name="")
        for name in (PICTURE, HOLE, *OUTPUTS):
            graph.get_tensor_by_name(name)
    except (ValueError, KeyError, TypeError) as error:
        raise build_graph_error(f"{path.name} is not HiFill's frozen graph ({error})") from error
    settings = tensorflow.compat.v1.ConfigProto(
        device_count={"GPU": 0}, intra_op_parallelism_threads=count_usable_processors()
    )
    return tensorflow.compat.v1.Session(graph=graph, config=settings)
