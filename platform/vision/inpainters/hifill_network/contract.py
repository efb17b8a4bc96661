"""What goes into HiFill's network and comes out of it, in whichever form it runs."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.errors import InpainterFailed

SIDE = 512
GRID = 32
CELLS = GRID * GRID
PICTURE = "img:0"
HOLE = "mask:0"
PAINTED = "inpainted:0"
ATTENTION = "attention:0"
WINDOW = "window:0"
OUTPUTS = (PAINTED, ATTENTION)


class Network(Protocol):
    """The network in one form, loaded."""

    def run(
        self, picture: NDArray[np.float32], hole: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One pass.

        Args:
            picture: [512,512,3] float32 BGR, 0..255.
            hole: [512,512] bool.

        Returns:
            The filled picture, [512,512,3] float32 BGR clipped to 0..255, not to be relied on
            outside the hole; and the attention, [1024,1024] float32, row = cell to fill, column =
            cell to take from.

        Raises:
            InpainterFailed: codes inpainter_bad_graph (outputs of another form) and
                inpainter_crashed (the runtime's own errors, as for want of memory).
        """


def as_inputs(
    picture: NDArray[np.float32], hole: NDArray[np.bool_]
) -> dict[str, NDArray[np.generic]]:
    """What is fed to `img:0` and `mask:0`."""
    return {
        PICTURE: np.ascontiguousarray(picture)[np.newaxis],
        HOLE: hole[np.newaxis, :, :, np.newaxis].astype(np.float32),
    }


def as_outputs(
    filled: NDArray[np.generic],
    attention: NDArray[np.generic],
    size: tuple[int, ...] = (SIDE, SIDE),
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """`inpainted:0` and `attention:0` as `Network.run` gives them.

    Args:
        filled: `inpainted:0`.
        attention: `attention:0`.
        size: height and width of what is painted.

    Raises:
        InpainterFailed: code inpainter_bad_graph.
    """
    painted = _checked(filled, PAINTED, [(1, *size, 3)])
    weights = _checked(attention, ATTENTION, [(1, GRID, GRID, CELLS), (1, CELLS, CELLS)])
    return np.clip(painted[0], 0, 255), weights.reshape(CELLS, CELLS)


def _checked(
    given: NDArray[np.generic], name: str, shapes: list[tuple[int, ...]]
) -> NDArray[np.float32]:
    """The output as float32. Raises InpainterFailed where its shape or numbers can't be right."""
    array = np.asarray(given)
    if array.shape not in shapes:
        raise bad_graph(f"{name} came as {array.shape}, not as {' or '.join(map(str, shapes))}")
    if array.dtype.kind not in "fui":
        raise bad_graph(f"{name} came as {array.dtype}, not as numbers")
    numbers = array.astype(np.float32, copy=False)
    if not np.isfinite(numbers).all():
        raise bad_graph(f"{name} holds numbers that are not finite")
    return numbers


def bad_graph(reason: str) -> InpainterFailed:
    """The failure of a graph that is not HiFill's."""
    return InpainterFailed(
        f"HiFill's network can't be used: {reason}. Run `python manage.py weights verify`, or"
        " choose PatchMatch.",
        code="inpainter_bad_graph",
        user_can_mend=False,
    )


def unavailable(runtime: str, package: str, reason: object) -> InpainterFailed:
    """The failure of a runtime that does not load."""
    return InpainterFailed(
        f"HiFill needs {runtime}, which does not load here ({reason}): install it"
        f" (`pip install {package}`), or choose PatchMatch.",
        code="inpainter_unavailable",
        user_can_mend=False,
    )


def crashed(reason: object) -> InpainterFailed:
    """The failure of a runtime in the middle of its work."""
    return InpainterFailed(
        f"HiFill's network stopped: {reason}",
        code="inpainter_crashed",
        permanent=False,
        user_can_mend=False,
    )
