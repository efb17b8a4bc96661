"""An inpainter of the table: a network fills at 512 x 512, the photo supplies the fine detail."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.inpainters import detail
from vision.inpainters.base import require_source, to_hole
from vision.inpainters.learned.check import check_network
from vision.inpainters.learned.check_notes import build_fault_error
from vision.inpainters.learned.contracts import SIDE, Contract
from vision.inpainters.learned.network import LearnedNetwork
from vision.inpainters.scaling import fit_size, resize_hole, resize_picture
from vision.inpainters.square import Square
from vision.inpainters.windows import fill_windows
from vision.progress import Checkpoint, scale_checkpoint

SHARE_OF_NETWORK = 0.6
"""The network's share of the time; the rest is spent on detail."""


class LearnedInpainter:
    """Fills holes with a network of the table; detail is copied from the crop itself.

    The network is loaded at once, so create it in the process that uses it.

    Args:
        contract: the network's inputs and outputs.
        model: its file.
        folders: where the notes of checks lie.

    Raises:
        InpainterFailed: codes inpainter_unavailable; inpainter_bad_graph, also if the network did
            not pass its check; inpainter_crashed.
    """

    max_parallel_regions = 1

    def __init__(self, contract: Contract, model: Path, folders: tuple[Path, ...]) -> None:
        self.name = contract.name
        note = check_network(contract, model, folders)
        if note.fault:
            raise build_fault_error(contract, note)
        self._network = LearnedNetwork(contract, model)

    def fill(
        self, crop: NDArray[np.uint8], mask: NDArray[np.uint8], *, checkpoint: Checkpoint
    ) -> NDArray[np.uint8]:
        """See `Inpainter.fill`. Pixels outside the hole are returned unchanged.

        The crop is padded to a square by mirroring, never stretched. A long hole is filled in up to
        four squares that fade into each other, with one run of the network each.

        Raises:
            InpainterFailed: codes inpainter_no_source, and those of `LearnedNetwork.run`.
        """
        checkpoint(0.0)
        return fill_windows(crop, to_hole(crop, mask), self._fill_window, checkpoint)

    def _fill_window(
        self, picture: NDArray[np.uint8], hole: NDArray[np.bool_], checkpoint: Checkpoint
    ) -> None:
        """Fill the hole of `picture` in place."""
        size = fit_size(len(hole), hole.shape[1], SIDE)
        small = resize_picture(picture, *size).copy()
        small_hole = resize_hole(hole, *size)
        self._fill_small(small, small_hole)
        checkpoint(SHARE_OF_NETWORK)
        if size != hole.shape:
            rest = scale_checkpoint(checkpoint, SHARE_OF_NETWORK, 1.0)
            small = detail.enlarge_fill(picture, hole, small, small_hole, rest)
        picture[hole] = small[hole]

    def _fill_small(self, picture: NDArray[np.uint8], hole: NDArray[np.bool_]) -> None:
        """Fill the hole of a picture with sides up to 512 in place."""
        square = Square(picture, hole)
        padded, padded_hole = square.resize(SIDE)
        require_source(padded_hole)
        result = self._network.run(padded, padded_hole)
        fill = resize_picture(result, square.side, square.side)
        first = np.zeros(1, np.intp)
        square.paint(first, first, fill[np.newaxis].astype(np.float32))
