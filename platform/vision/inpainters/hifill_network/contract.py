"""The inputs and outputs of HiFill's network, which are the same in TensorFlow and ONNX Runtime."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed

SIDE = 512
GRID = 32
CELLS = GRID * GRID
PICTURE = "img:0"
HOLE = "mask:0"
RESULT = "inpainted:0"
ATTENTION = "attention:0"
WINDOW = "window:0"
OUTPUTS = (RESULT, ATTENTION)


class Network(Protocol):
    """The network, loaded in one runtime."""

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fill the hole in one pass.

        Args:
            picture: [512,512,3] float32 BGR, 0..255.
            hole: [512,512] bool.

        Returns:
            The filled picture, [512,512,3] float32 BGR clipped to 0..255, which is defined inside
            the hole only; and the attention, [1024,1024] float32, row = cell to fill, column =
            cell to take from.

        Raises:
            InpainterFailed: codes inpainter_bad_graph (outputs of another shape or type) and
                inpainter_crashed (errors of the runtime, for example when memory runs out).
        """


def to_inputs(
    picture: NDArray[np.float32], hole: NDArray[np.bool_]
) -> dict[str, NDArray[np.generic]]:
    """Convert the arguments of `Network.run` to the values of `img:0` and `mask:0`."""
    return {
        PICTURE: np.ascontiguousarray(picture)[np.newaxis],
        HOLE: hole[np.newaxis, :, :, np.newaxis].astype(np.float32),
    }


def to_results(
    pixels: NDArray[np.generic],
    attention: NDArray[np.generic],
    size: tuple[int, ...] = (SIDE, SIDE),
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Convert the values of `inpainted:0` and `attention:0` to the results of `Network.run`.

    Args:
        pixels: value of `inpainted:0`.
        attention: value of `attention:0`.
        size: height and width of the painted part in pixels.

    Raises:
        InpainterFailed: code inpainter_bad_graph.
    """
    picture = _check_output(pixels, RESULT, [(1, *size, 3)])
    weights = _check_output(attention, ATTENTION, [(1, GRID, GRID, CELLS), (1, CELLS, CELLS)])
    return np.clip(picture[0], 0, 255), weights.reshape(CELLS, CELLS)


def _check_output(
    value: NDArray[np.generic], name: str, shapes: list[tuple[int, ...]]
) -> NDArray[np.float32]:
    """Return the output as float32. Raise InpainterFailed if its shape or numbers are wrong."""
    array = np.asarray(value)
    if array.shape not in shapes:
        expected = " or ".join(map(str, shapes))
        raise build_graph_error(f"{name} has the shape {array.shape}, not {expected}")
    if array.dtype.kind not in "fui":
        raise build_graph_error(f"{name} has the type {array.dtype}, which is not a number")
    numbers = array.astype(np.float32, copy=False)
    if not np.isfinite(numbers).all():
        raise build_graph_error(f"{name} holds numbers that are not finite")
    return numbers


def build_graph_error(reason: str) -> InpainterFailed:
    """Return the error for a graph that is not HiFill's."""
    return InpainterFailed(
        "HiFill does not work on this site. Choose PatchMatch, and tell the site's administrator.",
        code="inpainter_bad_graph",
        user_can_fix=False,
        detail=f"HiFill's network can't be used: {reason}. Run `python manage.py weights verify`.",
    )


def build_import_error(runtime: str, package: str, reason: object) -> InpainterFailed:
    """Return the error for a runtime that can't be imported."""
    return InpainterFailed(
        "HiFill does not work on this site. Choose PatchMatch, and tell the site's administrator.",
        code="inpainter_unavailable",
        user_can_fix=False,
        detail=f"HiFill needs {runtime}, which does not load here ({reason}): install it"
        f" (`pip install {package}`).",
    )


def build_crash_error(reason: object) -> InpainterFailed:
    """Return the error for a runtime that failed while it ran the network."""
    return InpainterFailed(
        "HiFill stopped while it filled the hole. Try again, or choose PatchMatch.",
        detail=f"HiFill's network stopped: {reason}",
        code="inpainter_crashed",
        permanent=False,
        user_can_fix=False,
    )
