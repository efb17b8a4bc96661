"""The released frozen graph in TensorFlow, which is imported with the first graph."""

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
    as_inputs,
    as_outputs,
    bad_graph,
    crashed,
    unavailable,
)
from vision.processors import usable_processors


class TensorFlowNetwork:
    """The graph, loaded and run once, on the CPU. To be made in the process that uses it.

    TensorFlow takes seconds and half a gigabyte, and does not survive a fork.

    Args:
        path: a frozen GraphDef with the tensors of the release: `img:0`, `mask:0`, `inpainted:0`,
            `attention:0`.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no TensorFlow), inpainter_bad_graph.
    """

    def __init__(self, path: Path) -> None:
        self._tensorflow = imported()
        self._session = _session(self._tensorflow, path)
        middle = np.zeros((SIDE, SIDE), dtype=np.bool_)
        middle[192:320, 192:320] = True
        self.run(np.zeros((SIDE, SIDE, 3), dtype=np.float32), middle)

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See `Network.run`."""
        try:
            filled, attention = self._session.run(OUTPUTS, as_inputs(picture, hole))
        except self._tensorflow.errors.OpError as error:
            raise crashed(error.message) from error
        except (ValueError, TypeError) as error:
            raise bad_graph(f"it does not take the picture ({error})") from error
        return as_outputs(filled, attention)


def imported() -> Any:
    """TensorFlow. Raises InpainterFailed, code inpainter_unavailable."""
    # Both are read at TensorFlow's import; without the first it leaves oneDNN off on some CPUs.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        import tensorflow
    except ImportError as error:
        raise unavailable("TensorFlow", "tensorflow", error) from error
    return tensorflow


def definition_in(tensorflow: Any, path: Path) -> Any:
    """The GraphDef that a file holds. Raises InpainterFailed, code inpainter_bad_graph."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    definition = tensorflow.compat.v1.GraphDef()
    try:
        definition.ParseFromString(path.read_bytes())
    except DecodeError as error:
        raise bad_graph(f"{path.name} is not HiFill's frozen graph ({error})") from error
    return definition


def _session(tensorflow: Any, path: Path) -> Any:
    definition = definition_in(tensorflow, path)
    graph = tensorflow.Graph()
    try:
        with graph.as_default():
            tensorflow.import_graph_def(definition, name="")
        for name in (PICTURE, HOLE, *OUTPUTS):
            graph.get_tensor_by_name(name)
    except (ValueError, KeyError, TypeError) as error:
        raise bad_graph(f"{path.name} is not HiFill's frozen graph ({error})") from error
    settings = tensorflow.compat.v1.ConfigProto(
        device_count={"GPU": 0}, intra_op_parallelism_threads=usable_processors()
    )
    return tensorflow.compat.v1.Session(graph=graph, config=settings)
