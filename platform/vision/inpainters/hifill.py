"""HiFill: a network fills the hole at 512 x 512; the photo itself supplies the fine detail.

Yi, Tang, Azizi, Jang, Xu: Contextual Residual Aggregation for Ultra High-Resolution Image
Inpainting, CVPR 2020, arXiv 2005.09704.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.inpainters.base import require_source, to_hole
from vision.inpainters.hifill_network.contract import SIDE
from vision.inpainters.hifill_network.loading import load_network
from vision.inpainters.residual import aggregate
from vision.inpainters.scaling import resize_picture
from vision.inpainters.square import Square
from vision.inpainters.windows import fill_windows
from vision.progress import Checkpoint, scale_checkpoint

SHARE_BEFORE_NETWORK = 0.05
SHARE_AFTER_NETWORK = 0.6


class HiFillInpainter:
    """HiFill with contextual residual aggregation at the crop's resolution.

    The network is loaded at once, so create it in the process that uses it. See `load_network`.

    Args:
        graph_path: the frozen graph.
        folders: where its ONNX model may lie; by default beside the graph.
    """

    name = "hifill"
    max_parallel_regions = 1

    def __init__(self, graph_path: Path, folders: Sequence[Path] = ()) -> None:
        self._graph = load_network(graph_path, folders or [graph_path.parent])

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """See `Inpainter.fill`. Pixels outside the hole are returned unchanged.

        The crop is padded to a square by mirroring, never stretched. A long hole is filled in up to
        four squares that fade into each other, with one run of the network each. Besides the result
        and the network, memory is needed for the hole and for tiles of limited size.

        Raises:
            InpainterFailed: codes inpainter_no_source, and those of `Network.run`.
        """
        checkpoint(0.0)
        return fill_windows(crop, to_hole(crop, mask), self._fill_window, checkpoint)

    def _fill_window(
        self, picture: NDArray[np.uint8], hole: NDArray[np.bool_], checkpoint: Checkpoint
    ) -> None:
        """Fill the hole of `picture` in place."""
        square = Square(picture, hole)
        small, small_hole = square.resize(SIDE)
        low = small.astype(np.float32)
        require_source(small_hole)
        checkpoint(SHARE_BEFORE_NETWORK)
        output, attention = self._graph.run(np.ascontiguousarray(low[:, :, ::-1]), small_hole)
        checkpoint(SHARE_AFTER_NETWORK)
        # The network's output outside the hole is undefined.
        fill = np.where(small_hole[:, :, np.newaxis], output[:, :, ::-1], low)
        size = min(SIDE, square.side)
        aggregate(
            square,
            resize_picture(low, size, size),
            resize_picture(fill, size, size),
            attention,
            checkpoint=scale_checkpoint(checkpoint, SHARE_AFTER_NETWORK, 1.0),
        )
