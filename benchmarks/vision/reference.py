"""The reference that removal is compared with: HiFill as in its authors' application.

It follows the paper (Yi et al., CVPR 2020, arXiv 2005.09704, section 3.2) and what is known of the
released application. For every request it parses the graph, stretches the photo to a square of a
multiple of 512, runs the network at 512 x 512, multiplies the dense attention with all patches of
the residual, which do not overlap, and truncates.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

NETWORK_SIDE = 512
GRID = 32
LEAST_MULTIPLE = 6
"""As in the application: a square of at least 3072."""

_Floats = NDArray[np.float32]


class Reference:
    """The dense pipeline.

    Args:
        graph: the frozen graph.
        keep_session: parse the graph once, at the first photo, instead of for each photo.
        least_multiple: the square's side is at least this multiple of 512.

    Attributes:
        network_seconds: the seconds that the network took for the last photo.
    """

    def __init__(
        self, graph: Path, *, keep_session: bool = False, least_multiple: int = LEAST_MULTIPLE
    ) -> None:
        self._graph = graph
        self._keep = keep_session
        self._least_multiple = least_multiple
        self._session: Any = None
        self.network_seconds = 0.0

    def remove(self, photo: NDArray[np.uint8], hole: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Return the photo with its hole filled.

        Args:
            photo: [H,W,3] uint8 BGR.
            hole: [H,W] bool.

        Returns [H,W,3] uint8.
        """
        stretched = _stretch(photo, hole, self._least_multiple)
        painted, attention, soft = self._run(stretched)
        fill = _aggregate(stretched, painted, attention)
        height, width = hole.shape
        fill = _resize(np.clip(fill, 0, 255), width, height)
        blend = _resize(soft, width, height)[:, :, np.newaxis]
        result: NDArray[np.uint8] = (fill * blend + photo * (1 - blend)).astype(np.uint8)
        return result

    def _run(self, stretched: "_Stretched") -> tuple[_Floats, _Floats, _Floats]:
        session = self._session or _parse_graph(self._graph)
        feed = {
            "img:0": stretched.small[np.newaxis],
            "mask:0": stretched.small_hole[np.newaxis, :, :, np.newaxis],
        }
        start = time.perf_counter()
        outputs = session.run(["inpainted:0", "attention:0", "mask_processed:0"], feed)
        self.network_seconds = time.perf_counter() - start
        if self._keep:
            self._session = session
        else:
            session.close()
        painted, attention, soft = (np.asarray(output, np.float32)[0] for output in outputs)
        return painted, attention.reshape(GRID * GRID, GRID * GRID), soft[:, :, 0]


@dataclass(frozen=True, eq=False)
class _Stretched:
    """The photo as input of the network and the aggregation; float32, 0..255, 1 = hole."""

    large: _Floats
    large_hole: _Floats
    small: _Floats
    small_hole: _Floats


def _stretch(photo: NDArray[np.uint8], hole: NDArray[np.bool_], least: int) -> _Stretched:
    multiple = max(least, -(-max(hole.shape) // NETWORK_SIDE))
    side = multiple * NETWORK_SIDE
    large = _resize(photo.astype(np.float32), side, side)
    marked = hole.astype(np.float32)
    cells = large.reshape(NETWORK_SIDE, multiple, NETWORK_SIDE, multiple, 3)
    return _Stretched(
        large=large,
        large_hole=_resize_hole(marked, side),
        small=cells.mean(axis=(1, 3)),
        small_hole=_resize_hole(marked, NETWORK_SIDE),
    )


def _aggregate(stretched: _Stretched, painted: _Floats, attention: _Floats) -> _Floats:
    """Return the picture plus residuals, in each cell the weighted sum of all cells' residuals."""
    side = len(stretched.large)
    known = 1 - stretched.large_hole[:, :, np.newaxis]
    residual = (stretched.large - _resize(stretched.small, side, side)) * known
    cell = side // GRID
    patches = residual.reshape(GRID, cell, GRID, cell, 3).transpose(0, 2, 1, 3, 4)
    summed = attention @ patches.reshape(GRID * GRID, -1)
    whole = summed.reshape(GRID, GRID, cell, cell, 3).transpose(0, 2, 1, 3, 4)
    return _resize(painted, side, side) + whole.reshape(side, side, 3)


def _resize(picture: _Floats, width: int, height: int) -> _Floats:
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _resize_hole(hole: _Floats, side: int) -> _Floats:
    return cv2.resize(hole, (side, side), interpolation=cv2.INTER_NEAREST)  # type: ignore[return-value]


def _parse_graph(path: Path) -> Any:
    import tensorflow

    v1 = tensorflow.compat.v1
    definition = v1.GraphDef()
    graph = tensorflow.Graph()
    definition.ParseFromString(path.read_bytes())
    with graph.as_default():
        tensorflow.import_graph_def(definition, name="")
    return v1.Session(graph=graph, config=v1.ConfigProto(device_count={"GPU": 0}))
