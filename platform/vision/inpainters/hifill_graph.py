"""The released frozen graph of HiFill, in TensorFlow, which is imported with the first graph."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed

SIDE = 512
CELLS = 32 * 32
OUTPUTS = ("inpainted:0", "attention:0")


class HiFillGraph:
    """The graph, loaded and run once, on the CPU. To be made in the process that uses it.

    TensorFlow takes seconds and half a gigabyte, and does not survive a fork.

    Args:
        path: a frozen GraphDef with the tensors of the release: `img:0`, `mask:0`, `inpainted:0`,
            `attention:0`.

    Raises:
        InpainterFailed: codes inpainter_unavailable (no TensorFlow), inpainter_bad_graph.
    """

    def __init__(self, path: Path) -> None:
        self._tensorflow = _tensorflow()
        self._session = _session(self._tensorflow, path)
        noise = np.random.default_rng(0).uniform(0, 255, (SIDE, SIDE, 3)).astype(np.float32)
        middle = np.zeros((SIDE, SIDE), dtype=np.bool_)
        middle[192:320, 192:320] = True
        self.run(noise, middle)

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One pass of the network.

        Args:
            picture: [512,512,3] float32 BGR, 0..255.
            hole: [512,512] bool.

        Returns:
            The filled picture, [512,512,3] float32 BGR clipped to 0..255, not to be relied on
            outside the hole; and the attention, [1024,1024] float32, row = cell to fill, column =
            cell to take from.

        Raises:
            InpainterFailed: codes inpainter_bad_graph (outputs of another form) and
                inpainter_crashed (TensorFlow's own errors, as for want of memory).
        """
        given = {
            "img:0": picture[np.newaxis],
            "mask:0": hole[np.newaxis, :, :, np.newaxis].astype(np.float32),
        }
        try:
            filled, attention = self._session.run(OUTPUTS, given)
        except self._tensorflow.errors.OpError as error:
            raise InpainterFailed(
                f"HiFill's network stopped: {error.message}",
                code="inpainter_crashed",
                permanent=False,
                user_can_mend=False,
            ) from error
        except (ValueError, TypeError) as error:
            raise _bad_graph(f"it does not take the picture ({error})") from error
        painted = _checked(filled, "inpainted:0", [(1, SIDE, SIDE, 3)])
        weights = _checked(attention, "attention:0", [(1, 32, 32, CELLS), (1, CELLS, CELLS)])
        return np.clip(painted[0], 0, 255), weights.reshape(CELLS, CELLS)


def _tensorflow() -> Any:
    # Both are read at TensorFlow's import; without the first it leaves oneDNN off on some CPUs.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        import tensorflow
    except ImportError as error:
        raise InpainterFailed(
            f"HiFill needs TensorFlow, which does not load here ({error}): install it"
            " (`pip install tensorflow`), or choose PatchMatch.",
            code="inpainter_unavailable",
            user_can_mend=False,
        ) from error
    return tensorflow


def _session(tensorflow: Any, path: Path) -> Any:
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    definition = tensorflow.compat.v1.GraphDef()
    graph = tensorflow.Graph()
    try:
        definition.ParseFromString(path.read_bytes())
        with graph.as_default():
            tensorflow.import_graph_def(definition, name="")
        for name in ("img:0", "mask:0", *OUTPUTS):
            graph.get_tensor_by_name(name)
    except (DecodeError, ValueError, KeyError, TypeError) as error:
        raise _bad_graph(f"{path.name} is not HiFill's frozen graph ({error})") from error
    settings = tensorflow.compat.v1.ConfigProto(device_count={"GPU": 0})
    return tensorflow.compat.v1.Session(graph=graph, config=settings)


def _checked(
    given: NDArray[np.generic], name: str, shapes: list[tuple[int, ...]]
) -> NDArray[np.float32]:
    """The output as float32. Raises InpainterFailed where its shape or numbers can't be right."""
    array = np.asarray(given)
    if array.shape not in shapes:
        raise _bad_graph(f"{name} came as {array.shape}, not as {' or '.join(map(str, shapes))}")
    if array.dtype.kind not in "fui":
        raise _bad_graph(f"{name} came as {array.dtype}, not as numbers")
    numbers = array.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise _bad_graph(f"{name} holds numbers that are not finite")
    return numbers


def _bad_graph(reason: str) -> InpainterFailed:
    return InpainterFailed(
        f"HiFill's network can't be used: {reason}. Run `python manage.py weights verify`, or"
        " choose PatchMatch.",
        code="inpainter_bad_graph",
        user_can_mend=False,
    )
